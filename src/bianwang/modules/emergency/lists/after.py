"""Lists of what follows an event: watch days, public opinion, reviews and measures."""

from __future__ import annotations

from bianwang.modules.emergency.models import Measure, Opinion, Review, WatchDay
from bianwang.modules.emergency.pack.opinions import platform_choices
from bianwang.modules.emergency.queries import events as queries
from bianwang.platform.ui.cells import Column, due_column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, Search
from bianwang.platform.ui.lists import ListPage

STANDING = Column("standing", "时效", lambda row: row.standing[0], kind="badge", colour=lambda row: row.standing[1])


class WatchList(ListPage):
    """Days on which somebody has to look, or has looked."""

    model = WatchDay
    permission = "emergency.view"
    title = "盯守检查"
    columns = (
        Column("day", "日期", kind="link", sort="day"),
        Column("event", "事件", "event.name", link=lambda row: row.event.get_absolute_url()),
        Column("standing", "情况", lambda row: row.standing[0], kind="badge", colour=lambda row: row.standing[1]),
        Column("outcome", "检查结果", sort="outcome"),
        Column("seen", "检查时间", "note.happened_at", kind="datetime"),
        Column("text", "检查情况", "note.text"),
        Column("checked_by", "登记人", "checked_by.name"),
        due_column(),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="事件名称或编号", fields=("event__name", "event__number")),
        Choice("state", "状态", choices=lambda user: WatchDay.workflow.choices()),
        Choice("outcome", "检查结果"),
        DateRange("day", "日期", field="due_at"),
        Flag("overdue", "逾期未检查", where=lambda user: queries.unwatched()),
    )
    related = ("event", "note", "checked_by")
    sort = "-day"
    empty = "还没有盯守检查。事件“处置结束，转入盯守”后，平台每天列出一次应做的检查。"


class OpinionList(ListPage):
    """Public opinion of all events."""

    model = Opinion
    permission = "emergency.view"
    title = "舆情"
    columns = (
        Column("summary", "主要内容", kind="link"),
        Column("event", "事件", "event.name", link=lambda row: row.event.get_absolute_url()),
        Column("platform", "来源平台", "platform_name", sort="platform"),
        Column("seen_at", "发现时间", kind="datetime", sort="seen_at"),
        Column("heat", "热度", kind="badge", sort="heat"),
        Column("trend", "走势", sort="trend"),
        Column("truth", "研判", kind="badge", sort="truth"),
        Column("standing", "回应", lambda row: row.standing[0], kind="badge", colour=lambda row: row.standing[1]),
        Column("answered_at", "回应时间", kind="datetime", sort="answered_at"),
        Column("form", "回应方式", "form_name", default=False),
        Column("answer", "回应内容", default=False),
        Column("responsible", "责任单位或责任人", default=False),
        Column("url", "链接", default=False),
        due_column(title="回应时限"),
    )
    filters = (
        Search(title="内容、事件或责任人", fields=("summary", "event__name", "event__number", "responsible")),
        Choice("state", "状态", choices=lambda user: Opinion.workflow.choices()),
        Choice("platform", "来源平台", choices=lambda user: platform_choices()),
        Choice("heat", "热度"),
        Choice("truth", "研判"),
        DateRange("seen", "发现日期", field="seen_at"),
        Flag("overdue", "逾期未回应", where=lambda user: queries.unanswered_opinions()),
    )
    related = ("event",)
    sort = "-seen_at"
    empty = "还没有舆情。在事件页面的“舆情”一栏点“登记舆情”。"


class ReviewList(ListPage):
    """Reviews of events."""

    model = Review
    permission = "emergency.view"
    title = "总结评估"
    columns = (
        Column("event", "事件", "event.name", kind="link"),
        Column("number", "编号", "event.number", sort="event"),
        Column("ended_at", "处置结束", "event.ended_at", kind="datetime", sort="event__ended_at"),
        state_column(),
        due_column(title="印发期限"),
        Column("issued_at", "印发时间", kind="datetime", sort="issued_at"),
        STANDING,
        Column("drafted_by", "起草人", "drafted_by.name"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="事件名称或编号", fields=("event__name", "event__number")),
        Choice("state", "状态", choices=lambda user: Review.workflow.choices()),
        DateRange("issued", "印发日期", field="issued_at"),
        Flag("overdue", "逾期未印发", where=lambda user: queries.unissued()),
    )
    related = ("event", "drafted_by")
    sort = "-pk"
    empty = "还没有总结评估。启动过响应的事件处置结束后自动列入，其他事件在事件页面点“总结评估”。"


class MeasureList(ListPage):
    """What is to be done better."""

    model = Measure
    permission = "emergency.measures"
    title = "改进措施"
    columns = (
        Column("text", "改进措施", kind="link"),
        Column("event", "事件", "review.event.name"),
        Column("owner", "责任单位", "owner.name", sort="owner__pinyin"),
        Column("day", "完成期限", kind="date", sort="day"),
        Column("standing", "情况", lambda row: row.standing[0], kind="badge", colour=lambda row: row.standing[1]),
        Column("done_at", "落实时间", kind="datetime", sort="done_at"),
        Column("result", "落实情况"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="措施、事件或单位", fields=("text", "review__event__name", "owner__name")),
        Choice("state", "状态", choices=lambda user: Measure.workflow.choices()),
        DateRange("done", "落实日期", field="done_at"),
        Flag("overdue", "逾期未落实", where=lambda user: queries.unimproved()),
    )
    related = ("review__event", "owner")
    sort = "day"
    empty = "还没有改进措施。在总结评估页面点“增加措施”，印发后由责任单位落实。"
