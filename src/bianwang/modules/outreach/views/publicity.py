"""Pages of publicity: entering and changing, one page each, and the year's figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy

from bianwang.modules.outreach.forms import publicity as forms
from bianwang.modules.outreach.models import Campaign, ChannelCount, Event, Pilot
from bianwang.modules.outreach.queries import petitions, publicity as queries, surveys
from bianwang.modules.outreach.services import publicity as services
from bianwang.platform import access
from bianwang.platform.ui.cells import Column, fact
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related
from bianwang.platform.ui.pages import Page

_CAMPAIGNS = (("主题活动", reverse_lazy("outreach:campaigns")),)
_EVENTS = (("宣传活动", reverse_lazy("outreach:events")),)
_CHANNELS = (("宣传渠道", reverse_lazy("outreach:channels")),)
_PILOTS = (("技术应用试点", reverse_lazy("outreach:pilots")),)


class _Entry(FormPage):
    """Something new, or with a `pk` in the URL something to change; `files` names the field of attachments."""

    permission = "outreach.publish"
    model: type[Model]
    service: Callable[..., Any]
    files: str = ""

    def get_object(self) -> Any:
        pk = self.kwargs.get("pk")
        return access.get(self.user, self.model, pk, self.permission) if pk else None

    def initial(self) -> dict[str, Any]:
        fields: Any = self.form_class
        names = [name for name in fields.base_fields if name != self.files]
        return {name: getattr(self.object, name) for name in names} if self.object else {}

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> Any:
        values = dict(form.cleaned_data)
        more = [values.pop(self.files)] if self.files else []
        return type(self).service(self.object or self.model(), self.user, values, *more)

    def get_title(self) -> str:
        return f"{'修改' if self.object else '登记'}{self.model._meta.verbose_name}"


class CampaignEntry(_Entry):
    """Open or change a campaign."""

    permission = "outreach.campaign"
    model = Campaign
    form_class = forms.CampaignForm
    service = services.save_campaign
    crumbs = _CAMPAIGNS

    def get_object(self) -> Any:
        return queries.campaign(self.kwargs["pk"]) if "pk" in self.kwargs else None


class EventEntry(_Entry):
    """Enter or change an event."""

    model = Event
    form_class = forms.EventForm
    service = services.save_event
    files = "photos"
    crumbs = _EVENTS


class ChannelEntry(_Entry):
    """Enter or change a month's count."""

    model = ChannelCount
    form_class = forms.ChannelForm
    service = services.save_channel
    files = "evidence"
    crumbs = _CHANNELS


class PilotEntry(_Entry):
    """Enter or change a pilot."""

    model = Pilot
    form_class = forms.PilotForm
    service = services.save_pilot
    crumbs = _PILOTS


class _Shown(ObjectPage):
    """A page of something that its unit may change."""

    permission = "outreach.publicity"
    change: str = ""
    """URL name of the page that changes it."""

    def actions(self) -> Sequence[Action]:
        if access.visible(self.user, self.model, "outreach.publish").filter(pk=self.object.pk).exists():
            return [Action("修改", reverse(self.change, args=[self.object.pk]), "pencil")]
        return []


class CampaignPage(_Shown):
    """One campaign, with the events that the user may see."""

    model = Campaign
    crumbs = _CAMPAIGNS
    change = "outreach:campaign_change"

    def _object(self, pk: int) -> Campaign:
        return queries.campaign(pk)

    def actions(self) -> Sequence[Action]:
        if access.can(self.user, "outreach.campaign"):
            return [Action("修改", reverse(self.change, args=[self.object.pk]), "pencil")]
        return []

    def facts(self) -> Sequence[Facts]:
        row: Campaign = self.object
        rows = [
            fact("主题", row.theme_name),
            fact("开始日期", row.first_day, "date"),
            fact("结束日期", row.last_day, "date"),
            fact("牵头单位", row.owner.name),
            fact("说明", row.note),
        ]
        return [Facts("主题活动", rows)]

    def related(self) -> Sequence[Related]:
        events = access.visible(self.user, Event, self.permission).filter(campaign=self.object).select_related("unit")
        more = list_url("outreach:events", campaign=self.object.pk)
        return [Related("宣传活动", _EVENT, events[:50], more=more, empty="还没有单位登记这个主题的活动。")]


_EVENT = (
    Column("topic", "主题内容", kind="link"),
    Column("day", "日期", kind="date"),
    Column("unit", "主办单位", "unit.name"),
    Column("audience", "受众", kind="number", unit="人"),
)


class EventPage(_Shown):
    """One event."""

    model = Event
    select: ClassVar[Sequence[str]] = ("unit", "campaign", "made_by")
    crumbs = _EVENTS
    change = "outreach:event_change"

    def facts(self) -> Sequence[Facts]:
        row: Event = self.object
        campaign = row.campaign
        rows = [
            fact("主办单位", row.unit.name),
            fact("日期", row.day, "date"),
            fact("形式", row.kind_name),
            fact("五进", row.setting_name),
            fact("地点", row.place),
            fact("主题内容", row.topic),
            fact("主讲人", row.speaker),
            fact("受众人数", row.audience, "number", unit="人"),
            fact("主题活动", campaign.name if campaign else "", href=campaign.get_absolute_url() if campaign else ""),
            fact("活动情况", row.note),
            fact("登记人", row.made_by.name),
        ]
        return [Facts("活动", rows)]


class ChannelPage(_Shown):
    """One month of one channel."""

    model = ChannelCount
    select: ClassVar[Sequence[str]] = ("unit", "made_by")
    crumbs = _CHANNELS
    change = "outreach:channel_change"

    def facts(self) -> Sequence[Facts]:
        row: ChannelCount = self.object
        rows = [
            fact("报送单位", row.unit.name),
            fact("渠道", row.channel_name),
            fact("月份", f"{row.month:%Y-%m}"),
            fact("数量", row.count, "number"),
            fact("说明", row.note),
            fact("登记人", row.made_by.name),
        ]
        return [Facts("渠道用量", rows)]


class PilotPage(_Shown):
    """One technology."""

    model = Pilot
    select: ClassVar[Sequence[str]] = ("owner", "enterprise", "made_by")
    crumbs = _PILOTS
    change = "outreach:pilot_change"

    def facts(self) -> Sequence[Facts]:
        row: Pilot = self.object
        rows = [
            fact("技术", row.technology),
            fact("牵头单位", row.owner.name),
            fact("试点企业", row.enterprise.name if row.enterprise else ""),
            fact("阶段", row.get_stage_display()),
            fact("开始日期", row.started_on, "date"),
            fact("停用日期", row.ended_on, "date"),
            fact("成效", row.result),
            fact("登记人", row.made_by.name),
        ]
        return [Facts("试点", rows)]


class Statistics(Page):
    """A year's figures of publicity; each leads to its rows."""

    title = "宣教统计"
    permission = "outreach.publicity"
    template = "outreach/publicity.html"
    crumbs = _EVENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        years = queries.years(self.user)
        wanted = request.GET.get("year", "")
        year = int(wanted) if wanted.isdecimal() and 2000 <= int(wanted) <= years[0] else years[0]
        return self.render(
            year=year,
            years=years if year in years else [*years, year],
            day=queries.last_day(year),
            figures=[
                *queries.figures(self.user, year),
                *surveys.year_figures(self.user, year),
                *petitions.year_figures(self.user, year),
            ],
            groups=queries.groups(self.user, year),
            petitions=petitions.by_category(self.user, year),
        )
