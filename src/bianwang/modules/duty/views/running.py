"""Pages of swaps, hand-overs, open matters, the log and spot checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.urls import reverse, reverse_lazy

from bianwang.modules.duty import forms_running as forms, services
from bianwang.modules.duty.forms import NothingForm
from bianwang.modules.duty.models import Answer, Handover, LogEntry, Matter, Seat, Swap
from bianwang.platform import access
from bianwang.platform.ui.cells import Column, fact
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepForm, StepService

SWAPS = (("换班", reverse_lazy("duty:swaps")),)
HANDOVERS = (("交接班", reverse_lazy("duty:handovers")),)
MATTERS = (("待续事项", reverse_lazy("duty:matters")),)
LOG = (("值班日志", reverse_lazy("duty:log")),)
ANSWERS = (("查岗应答", reverse_lazy("duty:answers")),)


class SwapNew(FormPage):
    """Ask for a swap."""

    title = "换班"
    permission = "duty.keep"
    form_class = forms.SwapForm
    submit = "提出"
    intro = "对方在待办里同意后，由负责人批准才生效，班次的“经过”里都有记录。"

    def get_object(self) -> Seat:
        related = ("person", "shift__post__owner", "shift__roster")
        return access.get(self.user, Seat, self.kwargs["pk"], self.permission, related=related)

    def get_crumbs(self) -> Any:
        return [*SWAPS, (str(self.object.shift), self.object.shift.get_absolute_url())]

    def form_kwargs(self) -> dict[str, Any]:
        return {"seat": self.object}

    def save(self, form: Any) -> Swap:
        data = form.cleaned_data
        with refusals_in_form():
            return services.ask_swap(self.object, self.user, data["taker"], data["reason"], back=data["back"])

    def done(self, result: Swap) -> str:
        return f"已提出“{result}”，等{result.taker}同意。"


class SwapPage(ObjectPage):
    """One swap."""

    model = Swap
    permission = "duty.view"
    select: ClassVar[Sequence[str]] = (
        "seat__shift__post__owner",
        "seat__shift__roster",
        "back__shift__post__owner",
        "back__shift__roster",
        "giver",
        "taker__user",
        "asked_by",
    )
    crumbs = SWAPS
    step_services: ClassVar[Mapping[str, StepService]] = {
        "accept": services.accept_swap,
        "approve": services.approve_swap,
    }

    def facts(self) -> Sequence[Facts]:
        swap = self.object
        back = swap.back.shift if swap.back else None
        return [
            Facts(
                "换班",
                [
                    fact("申请人", swap.giver.name),
                    fact("替班人", swap.taker.name),
                    fact("让出的班", swap.seat.shift, href=swap.seat.shift.get_absolute_url()),
                    fact("换回的班", back, href=back.get_absolute_url()) if back else fact("换回的班", "不换回"),
                    fact("事由", swap.reason),
                    fact("提出时间", swap.asked_at, "datetime"),
                ],
            )
        ]


class HandoverPage(ObjectPage):
    """One hand-over: what happened, what goes on, who signed."""

    model = Handover
    permission = "duty.view"
    select: ClassVar[Sequence[str]] = ("shift__post__owner", "shift__roster", "written_by", "signed_by")
    crumbs = HANDOVERS
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {"write": forms.HandOverForm}
    step_services: ClassVar[Mapping[str, StepService]] = {"sign": services.take_over}

    def facts(self) -> Sequence[Facts]:
        row = self.object
        return [
            Facts(
                "交接班",
                [
                    fact("交班班次", row.shift, href=row.shift.get_absolute_url()),
                    fact("时限", row.due_at, "datetime"),
                    fact("交班人", row.written_by.name if row.written_by else ""),
                    fact("交班时间", row.written_at, "datetime"),
                    fact("接班人", row.signed_by.name if row.signed_by else ""),
                    fact("接班时间", row.signed_at, "datetime"),
                ],
            ),
            Facts("本班情况", [fact("情况", row.summary)]),
        ]

    def related(self) -> Sequence[Related]:
        row = self.object
        if row.state == "owed":
            mine = access.visible(self.user, Matter, self.permission)
            rows = mine.filter(post=row.shift.post, closed_at__isnull=True)
            title = "交班时将自动移交的事项"
        else:
            rows, title = row.matters.all(), "移交的待续事项"
        more = list_url("duty:matters", post=row.shift.post_id)
        return [Related(title, _MATTER, rows, more=more, empty="没有待续事项。")]


class MatterPage(ObjectPage):
    """One matter and the hand-overs that carried it."""

    model = Matter
    permission = "duty.view"
    select: ClassVar[Sequence[str]] = ("post__owner", "opened_by", "closed_by")
    crumbs = MATTERS

    def facts(self) -> Sequence[Facts]:
        row = self.object
        return [
            Facts(
                "待续事项",
                [
                    fact("事项", row.text),
                    fact("岗位", row.post, href=row.post.get_absolute_url()),
                    fact("提出人", row.opened_by.name),
                    fact("提出时间", row.opened_at, "datetime"),
                    fact("办结人", row.closed_by.name if row.closed_by else ""),
                    fact("办结时间", row.closed_at, "datetime"),
                    fact("办理结果", row.outcome),
                ],
            )
        ]

    def related(self) -> Sequence[Related]:
        rows = self.object.handovers.select_related("shift__post__owner")
        return [Related("移交经过", _HANDOVER, rows, empty="还没有移交过。")]

    def actions(self) -> Sequence[Action]:
        if self.object.closed_at or not access.scope_of(self.user, "duty.keep").includes(self.object.post.owner_id):
            return []
        return [Action("办结", reverse("duty:matter_close", args=[self.object.pk]), "check")]


class MatterNew(FormPage):
    """Note something that goes on."""

    title = "登记待续事项"
    permission = "duty.keep"
    form_class = forms.MatterForm
    crumbs = MATTERS

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> Matter:
        return services.open_matter(form.cleaned_data["post"], self.user, form.cleaned_data["text"])


class MatterClose(FormPage):
    """Tick a matter off."""

    title = "办结"
    permission = "duty.keep"
    form_class = forms.OutcomeForm
    submit = "办结"

    def get_object(self) -> Matter:
        return access.get(self.user, Matter, self.kwargs["pk"], self.permission, related=("post__owner",))

    def get_crumbs(self) -> Any:
        return [*MATTERS, (str(self.object), self.object.get_absolute_url())]

    def save(self, form: Any) -> Matter:
        with refusals_in_form():
            services.close_matter(self.object, self.user, form.cleaned_data["outcome"])
        return self.object  # type: ignore[no-any-return]


class LogNew(FormPage):
    """Write a line of the log, or a correction of one."""

    permission = "duty.keep"
    form_class = forms.LogForm

    def get_title(self) -> str:
        return "更正日志" if self.object else "记一条"

    def get_crumbs(self) -> Any:
        return [*LOG, (str(self.object), self.object.get_absolute_url())] if self.object else LOG

    def get_object(self) -> LogEntry | None:
        if "pk" not in self.kwargs:
            return None
        return access.get(self.user, LogEntry, self.kwargs["pk"], self.permission, related=("post__owner", "made_by"))

    def initial(self) -> dict[str, Any]:
        if self.object is None:
            return {}
        return {"kind": self.object.kind, "happened_at": self.object.happened_at, "text": self.object.text}

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "fixed": self.object is not None}

    def save(self, form: Any) -> LogEntry:
        data = form.cleaned_data
        post = self.object.post if self.object else data["post"]
        with refusals_in_form():
            return services.write_log(
                self.user, post, data["kind"], data["happened_at"], data["text"], corrects=self.object
            )


class EntryPage(ObjectPage):
    """One line of the log with its corrections."""

    model = LogEntry
    permission = "duty.view"
    template = "duty/entry.html"
    select: ClassVar[Sequence[str]] = ("post__owner", "made_by", "corrects")
    crumbs = LOG

    def facts(self) -> Sequence[Facts]:
        row = self.object
        more = [fact("更正哪一条", row.corrects, href=row.corrects.get_absolute_url())] if row.corrects else []
        return [
            Facts(
                "日志",
                [
                    fact("内容", row.text),
                    fact("类别", row.kind_name),
                    fact("发生时间", row.happened_at, "datetime"),
                    fact("岗位", row.post, href=row.post.get_absolute_url()),
                    fact("记录人", row.made_by.name),
                    fact("记录时间", row.made_at, "datetime"),
                    *more,
                ],
            )
        ]

    def related(self) -> Sequence[Related]:
        return [Related("更正", _ENTRY, self.object.corrections.select_related("made_by"), empty="没有更正。")]

    def actions(self) -> Sequence[Action]:
        if self.object.made_by_id != self.user.pk:
            return []
        return [Action("更正", reverse("duty:correct", args=[self.object.pk]), "edit")]


class CheckNew(FormPage):
    """Send a spot check."""

    title = "查岗"
    permission = "duty.check"
    form_class = forms.CheckForm
    submit = "查岗"
    intro = "向所选单位此刻在班的人发消息和待办，对方点“我在岗”即应答；没有人在班的记未应答。"
    crumbs = ANSWERS

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> str:
        data = form.cleaned_data
        drawn = bool(data["count"])
        units = services.draw_units(self.user, data["count"]) if drawn else list(data["units"])
        services.check_units(self.user, units, note=data["note"], is_drawn=drawn)
        self.names = "、".join(unit.name for unit in units)
        return reverse("duty:answers")

    def done(self, result: str) -> str:
        return f"已向{self.names}查岗。"


class AnswerPage(ObjectPage):
    """One unit's answer."""

    model = Answer
    permission = "duty.view"
    select: ClassVar[Sequence[str]] = ("check_round__asked_by", "unit", "person", "answered_by")
    crumbs = ANSWERS

    def facts(self) -> Sequence[Facts]:
        row, check = self.object, self.object.check_round
        word, colour = row.standing
        return [
            Facts(
                "查岗",
                [
                    fact("单位", row.unit.name),
                    fact("在班人员", row.person.name if row.person else "无人在班"),
                    fact("查岗时间", check.asked_at, "datetime"),
                    fact("查岗人", check.asked_by.name),
                    fact("时限", check.minutes, "number", unit="分钟"),
                    fact("应答", word, "badge", colour=colour),
                    fact("应答时间", row.answered_at, "datetime"),
                    fact("用时", row.seconds, "number", unit="秒"),
                    fact("应答人", row.answered_by.name if row.answered_by else ""),
                    fact("要求", check.note),
                ],
            )
        ]

    def actions(self) -> Sequence[Action]:
        if self.object.answered_at or not services.may_answer(self.object, self.user):
            return []
        return [Action("我在岗", reverse("duty:here", args=[self.object.pk]), "user-check")]


class HerePage(FormPage):
    """The one button."""

    title = "我在岗"
    permission = "duty.keep"
    form_class = NothingForm
    submit = "我在岗"

    def get_object(self) -> Answer:
        related = ("check_round", "unit", "person")
        answer = access.get(self.user, Answer, self.kwargs["pk"], self.permission, related=related)
        if not services.may_answer(answer, self.user):
            raise PermissionDenied(f"要由{answer.person or answer.unit}本人应答。")
        return answer

    def get_crumbs(self) -> Any:
        return [*ANSWERS, (str(self.object), self.object.get_absolute_url())]

    def save(self, form: Any) -> Answer:
        with refusals_in_form():
            services.answer_check(self.object, self.user)
        return self.object  # type: ignore[no-any-return]

    def done(self, result: Answer) -> str:
        return f"已应答，{result.standing[0]}。"


_MATTER = (
    Column("text", "事项", kind="link"),
    Column("opened_at", "提出时间", kind="datetime"),
    Column("closed_at", "办结时间", kind="datetime"),
    Column("outcome", "办理结果"),
)
_HANDOVER = (
    Column("shift", "交班班次", "shift", kind="link"),
    Column("written_at", "交班时间", kind="datetime"),
    Column("signed_at", "接班时间", kind="datetime"),
)
_ENTRY = (
    Column("text", "内容", kind="link"),
    Column("made_by", "记录人", "made_by.name"),
    Column("made_at", "记录时间", kind="datetime"),
)
