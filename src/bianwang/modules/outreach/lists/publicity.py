"""The lists of campaigns, events, channel counts and pilots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict

from bianwang.modules.outreach.models import Campaign, ChannelCount, Event, Pilot
from bianwang.modules.outreach.pack import choices
from bianwang.modules.outreach.queries.publicity import as_of, campaigns
from bianwang.platform import access
from bianwang.platform.ui.cells import Column
from bianwang.platform.ui.filters import Choice, DateRange, Filter, Flag, Owner, Search
from bianwang.platform.ui.lists import Button, ListPage


class CampaignList(ListPage):
    """All campaigns; every unit sees them, with the number of the events that it may see."""

    model = Campaign
    permission = "outreach.publicity"
    title = "主题活动"
    columns = (
        Column("name", "名称", kind="link", sort="name"),
        Column("theme", "主题", "theme_name", sort="theme"),
        Column("first_day", "开始日期", kind="date", sort="first_day"),
        Column("last_day", "结束日期", kind="date", sort="last_day"),
        Column("events", "活动", "event_count", kind="number", unit="场", sort="event_count"),
        Column("owner", "牵头单位", "owner.name"),
        Column("note", "说明"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="名称", fields=("name",)),
        Choice("theme", "主题", choices=lambda user: choices("themes")),
        DateRange("first_day", "开始日期"),
    )
    related = ("owner",)
    sort = "-first_day"
    empty = "还没有主题活动。科室负责人或执法人员点“新增主题活动”，各单位再登记各自的宣传活动。"
    buttons = (Button("新增主题活动", "outreach:campaign_new", "outreach.campaign"),)

    def rows(self) -> QuerySet[Any]:
        """Not narrowed to a unit: campaigns are the district's."""
        mine = access.visible(self.user, Event, self.permission).order_by().values("pk")
        return campaigns().annotate(event_count=Count("events", filter=Q(events__in=mine)))


class EventList(ListPage):
    """All events, the newest first."""

    model = Event
    permission = "outreach.publicity"
    title = "宣传活动"
    columns = (
        Column("topic", "主题内容", kind="link", sort="topic"),
        Column("day", "日期", kind="date", sort="day"),
        Column("kind", "形式", "kind_name", sort="kind"),
        Column("setting", "五进", "setting_name", sort="setting"),
        Column("unit", "主办单位", "unit.name", sort="unit__pinyin"),
        Column("place", "地点"),
        Column("speaker", "主讲人", sort="speaker"),
        Column("audience", "受众", kind="number", unit="人", sort="audience", total="audience"),
        Column("campaign", "主题活动", "campaign.name", default=False),
        Column("note", "活动情况", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="内容、地点或主讲人", fields=("topic", "place", "speaker")),
        Choice("campaign", "主题活动", choices=lambda user: [(str(row.pk), row.name) for row in campaigns()]),
        Choice("theme", "主题", field="campaign__theme", choices=lambda user: choices("themes")),
        Choice("kind", "形式", choices=lambda user: choices("event_kinds")),
        Choice("setting", "五进", choices=lambda user: choices("settings")),
        Flag("five", "属于五进", where=~Q(setting="")),
        DateRange("day", "日期"),
        Owner(title="主办单位", field="unit"),
    )
    related = ("unit", "campaign")
    sort = "-day"
    empty = "还没有宣传活动。办完一场点“登记宣传活动”，带上照片。"
    buttons = (Button("登记宣传活动", "outreach:event_new", "outreach.publish"),)


class ChannelList(ListPage):
    """Channels, month by month."""

    model = ChannelCount
    permission = "outreach.publicity"
    title = "宣传渠道"
    columns = (
        Column("channel", "渠道", "channel_name", sort="channel", kind="link"),
        Column("month", "月份", lambda row: f"{row.month:%Y-%m}", sort="month"),
        Column("unit", "报送单位", "unit.name", sort="unit__pinyin"),
        Column("count", "数量", kind="number", sort="count", total="count"),
        Column("note", "说明"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Choice("channel", "渠道", choices=lambda user: choices("channels")),
        DateRange("month", "月份"),
        Owner(title="报送单位", field="unit"),
    )
    related = ("unit",)
    sort = "-month"
    empty = "还没有渠道用量。每月点“登记渠道用量”，填新闻、短信、显示屏等各用了多少。"
    buttons = (Button("登记渠道用量", "outreach:channel_new", "outreach.publish"),)


@dataclass(frozen=True)
class AsOf(Filter):
    """What counted on a day."""

    control: ClassVar[str] = "date"

    def apply(self, rows: QuerySet[Any], params: QueryDict, user: Any) -> QuerySet[Any]:
        try:
            return rows.filter(as_of(date.fromisoformat(params.get(self.name, ""))))
        except ValueError:
            return rows


class PilotList(ListPage):
    """Technology on trial or in use."""

    model = Pilot
    permission = "outreach.publicity"
    title = "技术应用试点"
    columns = (
        Column("name", "名称", kind="link", sort="name"),
        Column("technology", "技术"),
        Column("enterprise", "试点企业", "enterprise.name", sort="enterprise__pinyin"),
        Column("stage", "阶段", sort="stage"),
        Column("started_on", "开始日期", kind="date", sort="started_on"),
        Column("ended_on", "停用日期", kind="date", sort="ended_on"),
        Column("owner", "牵头单位", "owner.name", sort="owner__pinyin"),
        Column("result", "成效", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="名称或技术", fields=("name", "technology")),
        Choice("stage", "阶段"),
        AsOf("as_of", "截至日期在用"),
        DateRange("started_on", "开始日期"),
    )
    related = ("owner", "enterprise")
    sort = "-started_on"
    empty = "还没有技术应用试点。点“登记技术试点”，写明技术、企业和开始日期。"
    buttons = (Button("登记技术试点", "outreach:pilot_new", "outreach.publish"),)
