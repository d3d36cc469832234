"""Pages of a disaster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.urls import reverse, reverse_lazy

from bianwang.modules.disasters import forms, services
from bianwang.modules.disasters.lists.disasters import PHASE_COLOURS
from bianwang.modules.disasters.models import Disaster
from bianwang.modules.disasters.services.register import COLUMNS
from bianwang.modules.disasters.units import towns
from bianwang.platform import access
from bianwang.platform.ui.cells import fact
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.objects import Action, Facts, ObjectPage
from bianwang.platform.ui.pages import Crumb

DISASTERS = (("灾情", reverse_lazy("disasters:list")),)


class Register(FormPage):
    """Enter a disaster."""

    title = "登记灾害"
    permission = "disasters.register"
    form_class = forms.RegisterForm
    submit = "登记"
    crumbs = DISASTERS

    def save(self, form: Any) -> Disaster:
        return services.register(self.user, form.values(), form.cleaned_data["towns"])

    def done(self, result: Disaster) -> str:
        return f"已登记“{result}”。"


class DisasterForm(FormPage):
    """A form about one disaster."""

    permission = "disasters.register"

    def get_object(self) -> Disaster:
        return access.get(self.user, Disaster, self.kwargs["pk"], self.permission)

    def get_crumbs(self) -> Sequence[Crumb]:
        return [*DISASTERS, (str(self.object), self.object.get_absolute_url())]


class Correct(DisasterForm):
    """Put right what was entered."""

    title = "更正登记"
    form_class = forms.CorrectForm

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in COLUMNS}

    def save(self, form: Any) -> Disaster:
        with refusals_in_form():
            services.correct(self.object, self.user, form.values(), form.cleaned_data["reason"])
        return self.object  # type: ignore[no-any-return]


class Revoke(DisasterForm):
    """Withdraw it."""

    title = "撤销登记"
    form_class = forms.ReasonForm
    submit = "撤销"
    intro = "只撤销误登记的灾害。撤销后记录保留，不再计入统计，也不再要求报送。"

    def save(self, form: Any) -> Disaster:
        with refusals_in_form():
            services.revoke(self.object, self.user, form.cleaned_data["reason"])
        return self.object  # type: ignore[no-any-return]

    def done(self, result: Disaster) -> str:
        return f"已撤销“{result}”。"


class DisasterPage(ObjectPage):
    """One disaster."""

    model = Disaster
    permission = "disasters.view"
    select: ClassVar[Sequence[str]] = ("territory", "registered_by")
    crumbs = DISASTERS
    template = "disasters/disaster.html"

    def facts(self) -> Sequence[Facts]:
        row: Disaster = self.object
        struck = towns().filter(pk__in=row.concerned.values("pk")).values_list("name", flat=True)
        return [
            Facts(
                "基本情况",
                [
                    fact("阶段", row.get_phase_display(), "badge", colour=PHASE_COLOURS[row.phase]),
                    fact("灾害种类", row.kind_name),
                    fact("发生地", row.territory.name),
                    fact("发生时间", row.began_at, "datetime"),
                    fact("结束时间", row.ended_at, "datetime"),
                    fact("区局得知时间", row.known_at, "datetime"),
                    fact("受灾镇街", "、".join(struck)),
                    fact("灾害过程", row.description),
                    fact("登记人", row.registered_by.name),
                ],
            )
        ]

    def actions(self) -> Sequence[Action]:
        if not self.object.is_open or not access.can(self.user, "disasters.register"):
            return []
        key = [self.object.pk]
        return [
            Action("更正", reverse("disasters:correct", args=key), "edit"),
            Action("撤销", reverse("disasters:revoke", args=key), "ban"),
        ]
