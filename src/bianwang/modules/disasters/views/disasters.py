"""Pages of a disaster."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.urls import reverse, reverse_lazy

from bianwang.modules.disasters import forms, services, sheet_forms, showing
from bianwang.modules.disasters.lists.disasters import PHASE_COLOURS
from bianwang.modules.disasters.models import Disaster
from bianwang.modules.disasters.services.register import COLUMNS
from bianwang.modules.disasters.units import struck
from bianwang.modules.emergency.models import Event
from bianwang.platform import access
from bianwang.platform.registry import registry
from bianwang.platform.ui.cells import fact
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related
from bianwang.platform.ui.pages import Crumb
from bianwang.platform.ui.templatetags.bian import moment

DISASTERS = (("灾情", reverse_lazy("disasters:list")),)


class Register(FormPage):
    """Enter a disaster."""

    title = "登记灾害"
    permission = "disasters.register"
    form_class = forms.RegisterForm
    submit = "登记"
    intro = "登记后每个受灾镇街收到填报任务，初报时限从区局得知时起算。没有填报的镇街算未报，不算 0。"
    crumbs = DISASTERS

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> Disaster:
        return services.register(self.user, form.values(), form.cleaned_data["towns"])

    def done(self, result: Disaster) -> str:
        report = result.reports.get()
        return f"已登记“{result}”，请在{moment(report.limit_at)}前初报。"


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

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

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


class Towns(DisasterForm):
    """Further towns are struck."""

    title = "增加受灾镇街"
    form_class = sheet_forms.TownsForm
    submit = "增加"
    intro = "新增的镇街立即收到正在汇总的这一报的填报任务。"

    def form_kwargs(self) -> dict[str, Any]:
        return {"disaster": self.object}

    def save(self, form: Any) -> Disaster:
        with refusals_in_form():
            services.add_towns(self.object, self.user, form.cleaned_data["towns"])
        return self.object  # type: ignore[no-any-return]

    def done(self, result: Disaster) -> str:
        return f"已增加受灾镇街，“{result}”现有 {struck(result).count()} 个。"


class Recheck(DisasterForm):
    """What was verified proves wrong."""

    title = "重新核报"
    permission = "disasters.file"
    form_class = forms.ReasonForm
    submit = "重新核报"
    intro = "原核报保留不变；各镇街重新填报，另出一份核报，统计以最新一报为准。"

    def save(self, form: Any) -> str:
        with refusals_in_form():
            report = services.recheck(self.object, self.user, form.cleaned_data["reason"])
        return report.get_absolute_url()

    def done(self, result: str) -> str:
        return f"“{self.object}”已转入重新核报。"


class DisasterPage(ObjectPage):
    """One disaster with its reports, or the sheets of the reader's own town."""

    model = Disaster
    permission = "disasters.view"
    select: ClassVar[Sequence[str]] = ("territory", "registered_by", "event")
    crumbs = DISASTERS
    template = "disasters/disaster.html"

    def facts(self) -> Sequence[Facts]:
        row: Disaster = self.object
        names = struck(row).values_list("name", flat=True)
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
                    fact("灾情稳定时间", row.stable_at, "datetime"),
                    fact("救灾应急响应", "已启动" if row.has_response else "未启动"),
                    fact("突发事件", str(row.event or ""), href=self._event(row)),
                    fact("受灾镇街", "、".join(names)),
                    fact("灾害过程", row.description),
                    fact("登记人", row.registered_by.name),
                ],
            )
        ]

    def _event(self, row: Disaster) -> str:
        """A link only where the reader will be let in."""
        if row.event is None or "emergency" not in registry() or not access.can(self.user, "emergency.view"):
            return ""
        found = access.visible(self.user, Event, "emergency.view").filter(pk=row.event.pk).exists()
        return row.event.get_absolute_url() if found else ""

    def related(self) -> Sequence[Related]:
        if access.can(self.user, "disasters.reports"):
            return [showing.reports_of(self.object, self.user), *showing.ledgers_of(self.object, self.user)]
        if access.can(self.user, "disasters.figures"):
            return [showing.sheets_of(self.object, self.user), *showing.ledgers_of(self.object, self.user)]
        return []

    def actions(self) -> Sequence[Action]:
        row, key, found = self.object, [self.object.pk], []
        if row.is_open and access.can(self.user, "disasters.register"):
            found += [
                Action("增加镇街", reverse("disasters:towns", args=key), "plus"),
                Action("更正", reverse("disasters:correct", args=key), "edit"),
                Action("撤销", reverse("disasters:revoke", args=key), "ban"),
            ]
        if row.phase == Disaster.Phase.VERIFIED and access.can(self.user, "disasters.file"):
            found.append(Action("重新核报", reverse("disasters:recheck", args=key), "refresh"))
        return found
