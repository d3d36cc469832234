"""Pages of notices, check-ins, key periods and daily reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.urls import reverse, reverse_lazy

from bianwang.modules.committee import services, watch_forms as forms, watching
from bianwang.modules.committee.models import Call, CheckIn, KeyPeriod, Receipt, RiskNotice, Task, ZeroReport
from bianwang.modules.committee.services.notices import audience_words
from bianwang.modules.committee.watch_lists import RESULT_COLOURS
from bianwang.platform import access
from bianwang.platform.ui.cells import Column, fact, state_column
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepForm, StepService

NOTICES = (("风险提示", reverse_lazy("committee:notices")),)
RECEIPTS = (("风险提示回执", reverse_lazy("committee:receipts")),)
CHECK_INS = (("视频调度", reverse_lazy("committee:check_ins")),)
PERIODS = (("重要节点", reverse_lazy("committee:periods")),)
ZERO_REPORTS = (("每日零报告", reverse_lazy("committee:zero_reports")),)

_SHOWN = 50


class NoticeNew(FormPage):
    """Issue a notice."""

    title = "发布风险提示"
    permission = "committee.assign"
    form_class = forms.NoticeForm
    submit = "发布"
    intro = "发布后进入接收单位的待办，逐家记录送达、已阅、已落实。没有账号的单位显示未送达，请电话通知后登记。"
    crumbs = NOTICES

    def save(self, form: Any) -> RiskNotice:
        data = form.cleaned_data
        units, picked = list(data["units"]), []
        if data["to_enterprises"]:
            picked = watching.enterprises(self.user, list(data["towns"]), data["sectors"], data["risks"])
        if not units and not picked:
            raise ValidationError("没有符合条件的接收单位，请选择成员单位，或勾选“同时发给企业”并放宽条件。")
        audience = audience_words(units, form.filters(), len(picked))
        notice = services.issue(self.user, form.values(), audience, [*units, *picked])
        services.deliver_pending(notice)
        return notice

    def done(self, result: RiskNotice) -> str:
        return f"已发布“{result}”，接收单位 {result.receipts.count()} 家。"


class NoticePage(ObjectPage):
    """One notice, how far it has come, and who is silent."""

    model = RiskNotice
    permission = "committee.overview"
    select: ClassVar[Sequence[str]] = ("made_by",)
    crumbs = NOTICES
    template = "committee/notice.html"

    def facts(self) -> Sequence[Facts]:
        row = self.object
        return [
            Facts(
                "风险提示",
                [
                    fact("类别", row.kind_name),
                    fact("落实时限", row.answer_by, "datetime"),
                    fact("发送范围", row.audience),
                    fact("发布人", row.made_by.name),
                    fact("发布时间", row.made_at, "datetime"),
                ],
            ),
            Facts("提示内容", [fact(row.title, row.content)]),
        ]

    def related(self) -> Sequence[Related]:
        rows = access.visible(self.user, Receipt, "committee.view").filter(notice=self.object).exclude(state="done")
        more = list_url("committee:receipts", notice=self.object.pk, open="1")
        found = rows.select_related("unit", "notice").order_by("state", "pk")[:_SHOWN]
        return [Related("还没有落实的单位", _SILENT, found, more=more, empty="都已落实。")]

    def actions(self) -> Sequence[Action]:
        if access.can(self.user, "committee.assign"):
            return [Action("提醒未落实单位", reverse("committee:notice_remind", args=[self.object.pk]), "bell")]
        return []

    def extra(self) -> dict[str, Any]:
        return {"shares": watching.receipts(self.user, self.object)}


class RemindPage(FormPage):
    """Remind everybody who is silent."""

    title = "提醒未落实单位"
    permission = "committee.assign"
    form_class = forms.NothingForm
    submit = "提醒"
    intro = "向已送达而未落实的单位提醒一次，记入各单位回执的“经过”；一小时内提醒过的不重复提醒。"

    def get_object(self) -> RiskNotice:
        return access.get(self.user, RiskNotice, self.kwargs["pk"], "committee.assign")

    def get_crumbs(self) -> Any:
        return [*NOTICES, (str(self.object), self.object.get_absolute_url())]

    def save(self, form: Any) -> RiskNotice:
        self.reminded = services.remind(self.object, self.user)
        return self.object  # type: ignore[no-any-return]

    def done(self, result: RiskNotice) -> str:
        return f"已提醒 {self.reminded} 家单位。"


class ReceiptPage(ObjectPage):
    """A notice as one recipient has it."""

    model = Receipt
    permission = "committee.view"
    select: ClassVar[Sequence[str]] = ("notice__made_by", "unit")
    crumbs = RECEIPTS
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {"done": forms.MeasuresForm}
    step_services: ClassVar[Mapping[str, StepService]] = {"phone": services.phone, "read": services.confirm}

    def facts(self) -> Sequence[Facts]:
        row, notice = self.object, self.object.notice
        return [
            Facts(
                "风险提示",
                [
                    fact("编号", notice.number),
                    fact("类别", notice.kind_name),
                    fact("落实时限", notice.answer_by, "datetime"),
                    fact("发布时间", notice.made_at, "datetime"),
                ],
            ),
            Facts("提示内容", [fact(notice.title, notice.content)]),
            Facts(
                "回执",
                [
                    fact("接收单位", row.unit.name),
                    fact("送达时间", row.delivered_at, "datetime"),
                    fact("已阅时间", row.read_at, "datetime"),
                    fact("落实时间", row.done_at, "datetime"),
                    fact("落实情况", row.measures),
                    fact("提醒次数", row.reminders, "number", unit="次"),
                ],
            ),
        ]


class CheckInNew(FormPage):
    """Enter a check-in."""

    title = "登记视频调度"
    permission = "committee.assign"
    form_class = forms.CheckInForm
    submit = "登记"
    crumbs = CHECK_INS

    def save(self, form: Any) -> CheckIn:
        data = dict(form.cleaned_data)
        return services.call_units(self.user, data, data.pop("units"))

    def done(self, result: CheckIn) -> str:
        return f"已登记“{result}”，点名后请“记录应答”。"


class CheckInPage(ObjectPage):
    """One check-in and who answered."""

    model = CheckIn
    permission = "committee.overview"
    select: ClassVar[Sequence[str]] = ("made_by",)
    crumbs = CHECK_INS

    def facts(self) -> Sequence[Facts]:
        row = self.object
        return [
            Facts(
                "调度情况",
                [
                    fact("调度时间", row.called_at, "datetime"),
                    fact("迟到标准", f"超过 {row.late_after} 分钟应答"),
                    fact("登记人", row.made_by.name),
                    fact("调度要求", row.note),
                ],
            )
        ]

    def related(self) -> Sequence[Related]:
        calls = access.visible(self.user, Call, "committee.units").filter(check_in=self.object).select_related("unit")
        tasks = access.visible(self.user, Task, "committee.overview").filter(check_in=self.object)
        add = None
        if access.can(self.user, "committee.assign"):
            add = ("交办任务", f"{reverse('committee:task_new')}?check_in={self.object.pk}")
        more = list_url("committee:calls", check_in=self.object.pk)
        return [
            Related("应答情况", _CALL, calls, more=more),
            Related("交办的任务", _TASK, tasks, add=add, empty="发现的问题还没有交办任务。"),
        ]

    def actions(self) -> Sequence[Action]:
        if access.can(self.user, "committee.assign"):
            return [Action("记录应答", reverse("committee:calls_record", args=[self.object.pk]), "pencil")]
        return []


class CallsPage(FormPage):
    """Who answered, and what was wrong."""

    title = "记录应答"
    permission = "committee.assign"
    form_class = forms.CallsForm
    template = "committee/attendance.html"

    def get_object(self) -> CheckIn:
        return access.get(self.user, CheckIn, self.kwargs["pk"], "committee.assign")

    def get_crumbs(self) -> Any:
        return [*CHECK_INS, (str(self.object), self.object.get_absolute_url())]

    def form_kwargs(self) -> dict[str, Any]:
        return {"rows": list(self.object.calls.select_related("unit"))}

    def save(self, form: Any) -> CheckIn:
        services.record_calls(self.object, self.user, form.found())
        return self.object  # type: ignore[no-any-return]


class PeriodNew(FormPage):
    """Enter a key period."""

    title = "登记重要节点"
    permission = "committee.assign"
    form_class = forms.PeriodForm
    submit = "登记"
    intro = "期间每个报送单位每日一份零报告，到日进入待办；截止时间一过没有报的列为漏报。"
    crumbs = PERIODS

    def save(self, form: Any) -> KeyPeriod:
        data = dict(form.cleaned_data)
        return services.open_period(self.user, data, data.pop("units"))

    def done(self, result: KeyPeriod) -> str:
        return f"已登记“{result}”，应报零报告 {result.reports.count()} 份。"


class PeriodPage(ObjectPage):
    """One key period and what is missing."""

    model = KeyPeriod
    permission = "committee.overview"
    select: ClassVar[Sequence[str]] = ("made_by",)
    crumbs = PERIODS

    def facts(self) -> Sequence[Facts]:
        row = self.object
        counts = {
            name: access.visible(self.user, ZeroReport, "committee.units").filter(condition, period=row).count()
            for name, condition in (("due", watching.report_due()), ("in_time", watching.reported_in_time()))
        }
        urls = {name: list_url("committee:zero_reports", period=row.pk, **{name: "1"}) for name in counts}
        return [
            Facts(
                "重要节点",
                [
                    fact("开始日期", row.first_day),
                    fact("结束日期", row.last_day),
                    fact("每日报送截止", row.due_time.strftime("%H:%M")),
                    fact("已到截止", counts["due"], "number", href=urls["due"], unit="份"),
                    fact("按时报送", counts["in_time"], "number", href=urls["in_time"], unit="份"),
                    fact("登记人", row.made_by.name),
                ],
            ),
            Facts("工作要求", [fact(row.name, row.measures)]),
        ]

    def related(self) -> Sequence[Related]:
        rows = access.visible(self.user, ZeroReport, "committee.units").filter(watching.missing(), period=self.object)
        more = list_url("committee:zero_reports", period=self.object.pk, missing="1")
        found = rows.select_related("unit", "period")[:_SHOWN]
        every = list_url("committee:zero_reports", period=self.object.pk)
        events = access.visible(self.user, ZeroReport, "committee.units").filter(period=self.object, outcome="event")
        return [
            Related("漏报", _MISSING, found, more=more, empty="没有漏报。"),
            Related("有情况的", _EVENT, events.select_related("unit"), more=every, empty="没有单位报告情况。"),
        ]


class ZeroReportPage(ObjectPage):
    """What one unit reported of one day."""

    model = ZeroReport
    permission = "committee.units"
    select: ClassVar[Sequence[str]] = ("period", "unit", "reported_by")
    crumbs = ZERO_REPORTS

    def facts(self) -> Sequence[Facts]:
        row = self.object
        word, colour = row.standing
        return [
            Facts(
                "零报告",
                [
                    fact("重要节点", row.period.name),
                    fact("报送单位", row.unit.name),
                    fact("日期", row.day),
                    fact("报送截止", row.due_at, "datetime"),
                    fact("报送", word, "badge", colour=colour),
                    fact("报送时间", row.reported_at, "datetime"),
                    fact("报送人", row.reported_by.name if row.reported_by else ""),
                    fact("当日情况", row.get_outcome_display()),
                    fact("情况说明", row.text),
                ],
            ),
            Facts("工作要求", [fact(row.period.name, row.period.measures)]),
        ]

    def actions(self) -> Sequence[Action]:
        row = self.object
        if row.reported_at is None and access.can(self.user, "committee.answer"):
            return [Action("报送", reverse("committee:report_day", args=[row.pk]), "send")]
        return []


class ReportDay(FormPage):
    """The unit fills in its report of a day."""

    title = "报送零报告"
    permission = "committee.answer"
    form_class = forms.ZeroReportForm
    submit = "报送"

    def get_object(self) -> ZeroReport:
        return access.get(
            self.user, ZeroReport, self.kwargs["pk"], self.permission, related=("period", "unit", "reported_by")
        )

    def get_crumbs(self) -> Any:
        return [*ZERO_REPORTS, (str(self.object), self.object.get_absolute_url())]

    def save(self, form: Any) -> ZeroReport:
        services.report_day(self.object, self.user, form.cleaned_data["outcome"], form.cleaned_data["text"])
        return self.object  # type: ignore[no-any-return]

    def done(self, result: ZeroReport) -> str:
        return f"已报送“{result}”，{result.standing[0]}。"


_SILENT = (
    Column("unit", "单位", "unit.name", link=lambda row: row.get_absolute_url()),
    state_column(),
    Column("delivered_at", "送达时间", kind="datetime"),
    Column("read_at", "已阅时间", kind="datetime"),
    Column("reminders", "提醒次数", kind="number"),
)
_CALL = (
    Column("unit", "单位", "unit.name"),
    Column("result", "应答情况", kind="badge", colour=lambda row: RESULT_COLOURS.get(row.result, "")),
    Column("minutes", "应答分钟", kind="number"),
    Column("issue", "发现问题"),
)
_TASK = (Column("number", "编号", kind="link"), Column("title", "任务"), Column("deadline", "完成时限", kind="date"))
_MISSING = (
    Column("unit", "单位", "unit.name", link=lambda row: row.get_absolute_url()),
    Column("day", "日期", kind="date"),
    Column("due_at", "报送截止", kind="datetime"),
)
_EVENT = (
    Column("unit", "单位", "unit.name", link=lambda row: row.get_absolute_url()),
    Column("day", "日期", kind="date"),
    Column("text", "情况说明"),
)
