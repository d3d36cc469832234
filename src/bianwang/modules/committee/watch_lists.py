"""The lists of notices, receipts, check-ins, key periods and daily reports."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from bianwang.modules.committee import watching
from bianwang.modules.committee.models import Call, CheckIn, KeyPeriod, Receipt, RiskNotice, ZeroReport
from bianwang.modules.committee.pack import kind_choices
from bianwang.modules.committee.units import choices as unit_choices
from bianwang.modules.committee.workflow import RECEIPT, UNANSWERED
from bianwang.platform import access
from bianwang.platform.ui.cells import Column, due_column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, InTerritory, Owner, Search
from bianwang.platform.ui.lists import Button, ListPage, list_url

RESULT_COLOURS = {"online": "green", "late": "orange", "absent": "red"}


def _notices(user: Any) -> list[tuple[int, str]]:
    """Notices of which the user sees a receipt."""
    seen = access.visible(user, Receipt, "committee.view").order_by().values("notice")
    rows = RiskNotice.objects.filter(pk__in=seen).order_by("-pk")
    return [(pk, f"{number} {title}") for pk, number, title in rows.values_list("pk", "number", "title")[:200]]


def _check_ins(user: Any) -> list[tuple[int, str]]:
    seen = access.visible(user, Call, "committee.units").order_by().values("check_in")
    return list(CheckIn.objects.filter(pk__in=seen).values_list("pk", "title")[:200])


def _periods(user: Any) -> list[tuple[int, str]]:
    seen = access.visible(user, ZeroReport, "committee.units").order_by().values("period")
    return list(KeyPeriod.objects.filter(pk__in=seen).values_list("pk", "name")[:200])


class NoticeList(ListPage):
    """Risk notices, newest first."""

    model = RiskNotice
    permission = "committee.overview"
    title = "风险提示"
    columns = (
        Column("number", "编号", kind="link", sort="pk"),
        Column("title", "标题"),
        Column("kind", "类别", "kind_name", sort="kind"),
        Column("made_at", "发布时间", kind="datetime", sort="made_at"),
        Column("answer_by", "落实时限", kind="datetime", sort="answer_by"),
        Column("recipients", "接收", kind="number", link=lambda row: list_url("committee:receipts", notice=row.pk)),
        Column(
            "answered",
            "已落实",
            kind="number",
            link=lambda row: list_url("committee:receipts", notice=row.pk, state="done"),
        ),
        Column(
            "silent", "未落实", kind="number", link=lambda row: list_url("committee:receipts", notice=row.pk, open="1")
        ),
        Column("audience", "发送范围", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="编号或标题", fields=("number", "title")),
        Choice("kind", "类别", choices=lambda user: kind_choices()),
        DateRange("issued", "发布日期", field="made_at"),
    )
    empty = "还没有风险提示。遇恶劣天气、节假日或行业风险，点“发布风险提示”。"
    buttons = (Button("发布风险提示", "committee:notice_new", "committee.assign"),)

    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = (
            super()
            .rows()
            .annotate(
                recipients=Count("receipts"),
                answered=Count("receipts", filter=Q(receipts__state="done")),
                silent=Count("receipts", filter=Q(receipts__state__in=UNANSWERED)),
            )
        )
        return rows


class ReceiptList(ListPage):
    """Receipts of notices: of one's own unit, of the enterprises in its area, or all."""

    model = Receipt
    permission = "committee.view"
    title = "风险提示回执"
    columns = (
        Column("notice", "风险提示", kind="link", sort="notice"),
        Column("unit", "接收单位", "unit.name", sort="unit__pinyin"),
        state_column(),
        due_column(),
        Column("delivered_at", "送达时间", kind="datetime", sort="delivered_at"),
        Column("read_at", "已阅时间", kind="datetime", sort="read_at"),
        Column("done_at", "落实时间", kind="datetime", sort="done_at"),
        Column("measures", "落实情况", default=False),
        Column("reminders", "提醒次数", kind="number", sort="reminders"),
        Column("is_demo", "演示数据", "notice.is_demo", kind="flag", default=False),
    )
    filters = (
        Search(title="编号、标题或单位", fields=("notice__number", "notice__title", "unit__name", "unit__initials")),
        Choice("notice", "风险提示", choices=_notices),
        Choice("state", "状态", choices=tuple(RECEIPT.choices())),
        Choice("unit", "成员单位", choices=unit_choices),
        InTerritory(field="unit"),
        DateRange("issued", "发布日期", field="notice__made_at"),
        DateRange("answer_by", "落实时限", field="notice__answer_by"),
        Flag("open", "未落实", where=Q(state__in=UNANSWERED)),
        Flag("overdue", "逾期未落实", where=lambda user: watching.unanswered()),
        Flag("delivered", "已送达", where=~Q(state="pending")),
        Flag("read", "已阅", where=Q(state__in=("read", "done"))),
        Flag("due", "已到期", where=lambda user: watching.answer_due()),
        Flag("in_time", "按期落实", where=lambda user: watching.answered_in_time()),
        Owner(title="接收单位", field="unit"),
    )
    related = ("notice", "unit")
    empty = "还没有风险提示。安委会办公室发布后会出现在这里和“待办”里。"


class CheckInList(ListPage):
    """Video check-ins, newest first."""

    model = CheckIn
    permission = "committee.overview"
    title = "视频调度"
    columns = (
        Column("title", "调度主题", kind="link", sort="title"),
        Column("called_at", "调度时间", kind="datetime", sort="called_at"),
        Column("called", "调度单位", kind="number", link=lambda row: list_url("committee:calls", check_in=row.pk)),
        Column(
            "online",
            "在线",
            kind="number",
            link=lambda row: list_url("committee:calls", check_in=row.pk, result="online"),
        ),
        Column(
            "late", "迟到", kind="number", link=lambda row: list_url("committee:calls", check_in=row.pk, result="late")
        ),
        Column(
            "absent",
            "未应答",
            kind="number",
            link=lambda row: list_url("committee:calls", check_in=row.pk, result="absent"),
        ),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (Search(title="调度主题", fields=("title",)), DateRange("called", "调度日期", field="called_at"))
    sort = "-called_at"
    empty = "还没有视频调度。点“登记视频调度”，点名后记录各单位几分钟应答、发现什么问题。"
    buttons = (Button("登记视频调度", "committee:check_in_new", "committee.assign"),)

    def rows(self) -> QuerySet[Any]:
        counts = {code: Count("calls", filter=Q(calls__result=code)) for code in Call.Result.values}
        rows: QuerySet[Any] = super().rows().annotate(called=Count("calls"), **counts)
        return rows


class CallList(ListPage):
    """How units answered."""

    model = Call
    permission = "committee.units"
    title = "调度应答"
    columns = (
        Column("check_in", "视频调度", "check_in.title", sort="check_in"),
        Column("called_at", "调度时间", "check_in.called_at", kind="datetime", sort="check_in__called_at"),
        Column("unit", "单位", "unit.name", sort="unit__pinyin"),
        Column(
            "result", "应答情况", kind="badge", sort="result", colour=lambda row: RESULT_COLOURS.get(row.result, "")
        ),
        Column("minutes", "应答分钟", kind="number", sort="minutes"),
        Column("issue", "发现问题"),
        Column("is_demo", "演示数据", "check_in.is_demo", kind="flag", default=False),
    )
    filters = (
        Search(title="调度主题、单位或问题", fields=("check_in__title", "unit__name", "unit__initials", "issue")),
        Choice("check_in", "视频调度", choices=_check_ins),
        Choice("unit", "单位", choices=unit_choices),
        Choice("result", "应答情况"),
        DateRange("called", "调度日期", field="check_in__called_at"),
        Flag("counted", "已记录", where=~Q(result="")),
        Flag("issues", "有问题", where=~Q(issue="")),
    )
    related = ("check_in", "unit")
    empty = "还没有视频调度的应答记录。"


class PeriodList(ListPage):
    """Key periods, newest first."""

    model = KeyPeriod
    permission = "committee.overview"
    title = "重要节点"
    columns = (
        Column("name", "名称", kind="link", sort="name"),
        Column("first_day", "开始", kind="date", sort="first_day"),
        Column("last_day", "结束", kind="date", sort="last_day"),
        Column("due_time", "每日截止", lambda row: row.due_time.strftime("%H:%M")),
        Column("owed", "应报", kind="number", link=lambda row: list_url("committee:zero_reports", period=row.pk)),
        Column(
            "reported",
            "已报",
            kind="number",
            link=lambda row: list_url("committee:zero_reports", period=row.pk, reported="1"),
        ),
        Column(
            "missing",
            "漏报",
            kind="number",
            link=lambda row: list_url("committee:zero_reports", period=row.pk, missing="1"),
        ),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (Search(title="名称", fields=("name",)), DateRange("first_day", "开始日期"))
    sort = "-first_day"
    empty = "还没有重要节点。春节、两会、国庆等之前点“登记重要节点”，各单位就会每日收到零报告待办。"
    buttons = (Button("登记重要节点", "committee:period_new", "committee.assign"),)

    def rows(self) -> QuerySet[Any]:
        silent = Q(reports__in=ZeroReport.objects.filter(watching.missing()).order_by().values("pk"))
        rows: QuerySet[Any] = (
            super()
            .rows()
            .annotate(
                owed=Count("reports"),
                reported=Count("reports", filter=Q(reports__reported_at__isnull=False)),
                missing=Count("reports", filter=silent),
            )
        )
        return rows


class ZeroReportList(ListPage):
    """Daily reports, the latest day first."""

    model = ZeroReport
    permission = "committee.units"
    title = "每日零报告"
    columns = (
        Column("day", "日期", kind="link", sort="day"),
        Column("period", "重要节点", "period.name", sort="period"),
        Column("unit", "单位", "unit.name", sort="unit__pinyin"),
        Column("standing", "报送", lambda row: row.standing[0], kind="badge", colour=lambda row: row.standing[1]),
        Column("due_at", "报送截止", kind="datetime", sort="due_at"),
        Column("reported_at", "报送时间", kind="datetime", sort="reported_at"),
        Column("outcome", "当日情况", sort="outcome"),
        Column("text", "情况说明"),
        Column("is_demo", "演示数据", "period.is_demo", kind="flag", default=False),
    )
    filters = (
        Search(title="重要节点、单位或情况", fields=("period__name", "unit__name", "unit__initials", "text")),
        Choice("period", "重要节点", choices=_periods),
        Choice("unit", "单位", choices=unit_choices),
        Choice("outcome", "当日情况"),
        DateRange("day", "日期"),
        Flag("missing", "漏报", where=lambda user: watching.missing()),
        Flag("reported", "已报", where=Q(reported_at__isnull=False)),
        Flag("due", "已到截止", where=lambda user: watching.report_due()),
        Flag("in_time", "按时报送", where=lambda user: watching.reported_in_time()),
    )
    related = ("period", "unit")
    sort = "-day"
    empty = "还没有零报告。安委会办公室登记重要节点后，每日应报的会出现在这里。"
