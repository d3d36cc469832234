"""What indicators and reports count of publicity, surveys and the hotline, for the whole district."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from bianwang.modules.outreach.models import Call, ChannelCount, Pilot, Survey
from bianwang.modules.outreach.pack import choices
from bianwang.modules.outreach.queries.calls import COUNTED
from bianwang.modules.outreach.queries.publicity import as_of
from bianwang.modules.outreach.queries.surveys import CONTENT, KNOWS, result
from bianwang.modules.outreach.questionnaire import Question
from bianwang.platform.measures import Measured, Rows, count, unknown
from bianwang.platform.period import Period
from bianwang.platform.ui.lists import list_url

_SCOPE = "全区"


def awareness(period: Period) -> Measured:
    """知晓率 by the last survey of the period that asked what people know."""
    return _surveyed(period, KNOWS, lambda question: not question.is_rating)


def satisfaction(period: Period) -> Measured:
    """满意度 by the last survey of the period that asked how content people are."""
    return _surveyed(period, CONTENT, lambda question: question.is_rating)


def pilots(period: Period) -> Measured:
    """Technologies on trial or in use on the last day."""
    rows = Pilot.objects.filter(as_of(period.last)).order_by().count()
    url = list_url("outreach:pilots", as_of=period.last)
    return count(Rows("技术应用试点", rows, url), scope=_SCOPE, note=f"截至 {period.last} 在用")


def channel(period: Period, *, code: str) -> Measured:
    """How much went through one channel (`outreach.yaml`), in the unit of that channel."""
    name = dict(choices("channels")).get(code)
    if name is None:
        return unknown("code", code)
    rows = ChannelCount.objects.filter(period.days("month"), channel=code)
    found = rows.aggregate(total=Coalesce(Sum("count"), 0), rows=Count("pk"))
    url = list_url("outreach:channels", channel=code, **period.query("month"))
    return Measured(found["total"], (Rows(name, found["rows"], url),), scope=_SCOPE)


def calls(period: Period, *, category: str = "") -> Measured:
    """Calls, letters and visits; of one category (`Call.Category`), or all when empty."""
    if not category:
        return _calls(period, "来电来件", Q())
    if category not in Call.Category.values:
        return unknown("category", category)
    return _calls(period, Call.Category(category).label, Q(category=category), category=category)


def filed(period: Period) -> Measured:
    """Reports that became cases."""
    return _calls(period, "立案的举报", Q(is_filed=True), filed="1")


def _calls(period: Period, name: str, which: Q, **query: str) -> Measured:
    rows = Call.objects.filter(COUNTED & which, period.moments("received_at")).order_by()
    url = list_url("outreach:list", **period.query("received"), counted=1, **query)
    return count(Rows(name, rows.count(), url), scope=_SCOPE)


def _surveyed(period: Period, name: str, asks: Callable[[Question], bool]) -> Measured:
    surveys = Survey.objects.filter(period.days("closes_on")).exclude(state="draft").order_by("-closes_on", "-pk")
    survey = next((row for row in surveys if any(map(asks, row.parsed))), None)
    if survey is None:
        return Measured(None, missing=f"本期没有截止的问卷可算{name}，请在“问卷调查”编制并回收。")
    found = result(survey, period.last)
    rate = next((row for row in found.rates if row.name == name), None)
    if rate is None:
        return Measured(None, scope=survey.target, missing=f"“{survey}”{found.refusal}")
    part, whole = Rows(name, rate.count, rate.url), Rows("有效答卷", rate.of, rate.whole_url)
    note = f"“{survey}”，样本 {rate.of} 份，95%置信区间 {rate.interval}"
    return Measured(Decimal(100 * rate.count) / rate.of, (part, whole), rate.count, rate.of, survey.target, note)
