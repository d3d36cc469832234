"""Lists of swaps, hand-overs, open matters, the log, and answers to spot checks."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Q

from bianwang.modules.duty import figures, queries
from bianwang.modules.duty.lists import post_choices
from bianwang.modules.duty.models import Answer, Check, Handover, LogEntry, Matter, Swap
from bianwang.modules.duty.pack import kind_choices
from bianwang.modules.duty.units import choices as unit_choices
from bianwang.modules.duty.workflow import HANDOVER, SWAP
from bianwang.platform import access
from bianwang.platform.clock import now
from bianwang.platform.ui.cells import Column, due_column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, Search
from bianwang.platform.ui.lists import Button, ListPage
from bianwang.platform.ui.templatetags.bian import moment


class SwapList(ListPage):
    """Swaps, the latest first."""

    model = Swap
    permission = "duty.view"
    title = "换班"
    columns = (
        Column("day", "日期", "seat.shift.day", kind="link", sort="seat__shift__starts_at"),
        Column("shift", "班次", "seat.shift.name"),
        Column("unit", "单位", "seat.shift.post.owner.name", sort="seat__shift__post__owner__pinyin"),
        Column("giver", "申请人", "giver.name", sort="giver__pinyin"),
        Column("taker", "替班人", "taker.name", sort="taker__pinyin"),
        Column("back", "换回", lambda row: f"{row.back.shift.day} {row.back.shift.name}" if row.back else ""),
        state_column(),
        Column("reason", "事由"),
        Column("asked_at", "提出时间", kind="datetime", sort="asked_at"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="申请人、替班人或事由", fields=("giver__name", "taker__name", "reason")),
        Choice("unit", "单位", field="seat__shift__post__owner", choices=unit_choices),
        Choice("state", "状态", choices=tuple(SWAP.choices())),
        DateRange("asked_at", "提出日期"),
    )
    related = ("seat__shift__post__owner", "giver", "taker", "back__shift")
    sort = "-asked_at"
    empty = "还没有换班。值班表发布后，在自己的班次页面点“换班”提出。"


class HandoverList(ListPage):
    """Hand-overs, the latest first."""

    model = Handover
    permission = "duty.view"
    title = "交接班"
    columns = (
        Column("day", "日期", "shift.day", kind="link", sort="shift__starts_at"),
        Column("shift", "交班班次", "shift.name"),
        Column("unit", "单位", "shift.post.owner.name", sort="shift__post__owner__pinyin"),
        Column("post", "岗位", "shift.post.name"),
        state_column(),
        due_column(),
        Column("written_by", "交班人", "written_by.name"),
        Column("written_at", "交班时间", kind="datetime", sort="written_at"),
        Column("signed_by", "接班人", "signed_by.name"),
        Column("signed_at", "接班时间", kind="datetime", sort="signed_at"),
        Column("is_demo", "演示数据", "shift.roster.is_demo", kind="flag", default=False),
    )
    filters = (
        Choice("unit", "单位", field="shift__post__owner", choices=unit_choices),
        Choice("post", "岗位", field="shift__post", choices=post_choices),
        Choice("state", "状态", choices=tuple(HANDOVER.choices())),
        DateRange("day", "日期", field="shift__day"),
        Flag("late", "逾期未交接", where=lambda user: queries.late()),
    )
    related = ("shift__post__owner", "shift__roster", "written_by", "signed_by")
    sort = "-shift__starts_at"
    empty = "还没有交接班。值班表发布后，每一班结束前平台会请值班人员交班。"


class MatterList(ListPage):
    """What goes on, open first."""

    model = Matter
    permission = "duty.view"
    title = "待续事项"
    columns = (
        Column("text", "事项", kind="link"),
        Column("unit", "单位", "post.owner.name", sort="post__owner__pinyin"),
        Column("post", "岗位", "post.name"),
        Column("opened_at", "提出时间", kind="datetime", sort="opened_at"),
        Column("opened_by", "提出人", "opened_by.name"),
        Column("closed_at", "办结时间", kind="datetime", sort="closed_at"),
        Column("outcome", "办理结果"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="事项或结果", fields=("text", "outcome")),
        Choice("unit", "单位", field="post__owner", choices=unit_choices),
        Choice("post", "岗位", choices=post_choices),
        Flag("open", "未办结", where=Q(closed_at__isnull=True)),
        DateRange("opened_at", "提出日期"),
    )
    related = ("post__owner", "opened_by")
    sort = "-opened_at"
    empty = "没有待续事项。交班时写下的未办完事项会一班一班移交下去，直到办结。"
    buttons = (Button("登记待续事项", "duty:matter_new", "duty.keep"),)


class LogList(ListPage):
    """The duty log, the latest first."""

    model = LogEntry
    permission = "duty.view"
    title = "值班日志"
    columns = (
        Column("happened_at", "时间", kind="datetime", sort="happened_at", link=lambda row: row.get_absolute_url()),
        Column("kind", "类别", "kind_name", sort="kind"),
        Column("text", "内容"),
        Column("corrected", "更正", lambda row: "更正前一条" if row.corrects_id else ""),
        Column("unit", "单位", "post.owner.name", sort="post__owner__pinyin"),
        Column("post", "岗位", "post.name"),
        Column("made_by", "记录人", "made_by.name", sort="made_by__pinyin"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="内容", fields=("text",)),
        Choice("unit", "单位", field="post__owner", choices=unit_choices),
        Choice("post", "岗位", choices=post_choices),
        Choice("kind", "类别", choices=lambda user: kind_choices()),
        DateRange("happened_at", "日期"),
    )
    related = ("post__owner", "made_by")
    sort = "-happened_at"
    empty = "还没有日志。在班人员点“记一条”，手机上也能记。"
    buttons = (Button("记一条", "duty:log_new", "duty.keep"),)


def _rounds(user: Any) -> list[tuple[int, str]]:
    """The latest rounds of spot checks that concern the user, for the filter."""
    seen = access.visible(user, Answer, "duty.view").order_by().values("check_round")
    rows = Check.objects.filter(pk__in=seen)[:100]
    return [(row.pk, moment(row.asked_at)) for row in rows]


class AnswerList(ListPage):
    """How units answered spot checks."""

    model = Answer
    permission = "duty.view"
    title = "查岗应答"
    columns = (
        Column(
            "asked_at",
            "查岗时间",
            "check_round.asked_at",
            kind="datetime",
            sort="check_round__asked_at",
            link=lambda row: row.get_absolute_url(),
        ),
        Column("unit", "单位", "unit.name", sort="unit__pinyin"),
        Column("person", "在班人员", lambda row: row.person.name if row.person else "无人在班"),
        Column("standing", "应答", lambda row: row.standing[0], kind="badge", colour=lambda row: row.standing[1]),
        Column("seconds", "用时", kind="number", unit="秒"),
        Column("due_at", "时限", kind="datetime", sort="due_at"),
        Column("answered_at", "应答时间", kind="datetime", sort="answered_at"),
        Column("is_drawn", "随机抽取", "check_round.is_drawn", kind="flag", default=False),
        Column("is_demo", "演示数据", "check_round.is_demo", kind="flag", default=False),
    )
    filters = (
        Choice("unit", "单位", choices=unit_choices),
        Choice("round", "查岗", field="check_round", choices=_rounds),
        DateRange("asked", "查岗日期", field="check_round__asked_at"),
        Flag("in_time", "按时应答", where=lambda user: figures.in_time()),
        Flag("late", "迟答", where=Q(answered_at__gt=F("due_at"))),
        Flag("missed", "未应答", where=lambda user: Q(answered_at__isnull=True, due_at__lt=now())),
        Flag("counted", "已到时限", where=lambda user: figures.counted()),
    )
    related = ("check_round", "unit", "person")
    sort = "-check_round__asked_at"
    empty = "还没有查岗。值班室点“查岗”，选单位或随机抽取。"
    buttons = (Button("查岗", "duty:check_new", "duty.check"),)
