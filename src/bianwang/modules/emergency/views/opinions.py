"""Pages of public opinion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.urls import reverse, reverse_lazy

from bianwang.modules.emergency import services
from bianwang.modules.emergency.forms.after import AnswerForm, JudgeForm, OpinionForm
from bianwang.modules.emergency.models import Opinion
from bianwang.modules.emergency.services.opinions import JUDGED
from bianwang.modules.emergency.views.editing import VersionedForm
from bianwang.modules.emergency.views.events import EventForm
from bianwang.platform import access
from bianwang.platform.ui.cells import fact
from bianwang.platform.ui.forms import refusals_in_form
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, StepForm
from bianwang.platform.ui.pages import Crumb

OPINIONS: Sequence[Crumb] = (("舆情", reverse_lazy("emergency:opinions")),)


class OpinionNew(EventForm):
    """Keep what is said."""

    title = "登记舆情"
    permission = "emergency.opinion"
    form_class = OpinionForm
    submit = "登记"

    def save(self, form: Any) -> Opinion:
        with refusals_in_form():
            return services.note_opinion(self.user, self.object, form.values())

    def done(self, result: Opinion) -> str:
        return f"已登记“{result}”。"


class OpinionEdit(VersionedForm):
    """Judge it again."""

    title = "研判更新"
    permission = "emergency.opinion"
    form_class = JudgeForm

    def get_object(self) -> Opinion:
        return access.get(self.user, Opinion, self.kwargs["pk"], self.permission, related=("event",))

    def get_crumbs(self) -> Sequence[Crumb]:
        return [*OPINIONS, (str(self.object), self.object.get_absolute_url())]

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in (*JUDGED, "version")}

    def write(self, form: Any) -> Opinion:
        services.judge_opinion(self.object, self.user, form.values(), form.cleaned_data["version"])
        return self.object  # type: ignore[no-any-return]


class OpinionPage(ObjectPage):
    """One thread of talk."""

    model = Opinion
    permission = "emergency.view"
    select: ClassVar[Sequence[str]] = ("event", "entered_by", "answered_by")
    crumbs = OPINIONS
    step_forms: ClassVar[dict[str, type[StepForm]]] = {"answer": AnswerForm}

    def facts(self) -> Sequence[Facts]:
        row: Opinion = self.object
        word, colour = row.standing
        seen = [
            fact("事件", str(row.event), "link", href=row.event.get_absolute_url()),
            fact("来源平台", row.platform_name),
            fact("链接", row.url, "link", href=row.url) if row.url else fact("链接", ""),
            fact("发现时间", row.seen_at, "datetime"),
            fact("主要内容", row.summary),
            fact("登记人", row.entered_by.name),
        ]
        judged = [
            fact("热度", row.get_heat_display()),
            fact("走势", row.get_trend_display()),
            fact("研判", row.get_truth_display()),
            fact("责任单位或责任人", row.responsible),
        ]
        answered = [
            fact("回应情况", word, "badge", colour=colour),
            fact("回应时限", row.due_at, "datetime"),
            fact("回应方式", row.form_name),
            fact("回应时间", row.answered_at, "datetime"),
            fact("回应内容", row.answer),
            fact("回应登记人", row.answered_by.name if row.answered_by else ""),
        ]
        return [Facts("舆情", seen), Facts("研判", judged), Facts("回应", answered)]

    def actions(self) -> Sequence[Action]:
        if not access.can(self.user, "emergency.opinion"):
            return []
        return [Action("研判更新", reverse("emergency:opinion_edit", args=[self.object.pk]), "edit")]
