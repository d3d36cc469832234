"""What indicators and reports count of accidents, for the whole district. `year="before"`: the year before."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet, Sum

from bianwang.modules.accidents.models import Accident, Gdp
from bianwang.modules.accidents.queries import COUNTED, LARGE, death_rate, decline
from bianwang.platform import measures
from bianwang.platform.measures import Measured, Rows
from bianwang.platform.period import Period
from bianwang.platform.ui.lists import list_url

_SCOPE = "全区"


def count(period: Period, *, year: str = "") -> Measured:
    """Accidents that happened."""
    when = _when(period, year)
    return measures.count(Rows("生产安全事故", _happened(when).count(), _url(when)), scope=_SCOPE)


def large(period: Period) -> Measured:
    """较大以上: of the third grade or graver."""
    rows = Rows("较大以上事故", _happened(period).filter(LARGE).count(), _url(period, large=1))
    return measures.count(rows, scope=_SCOPE)


def deaths(period: Period, *, year: str = "") -> Measured:
    """People who died."""
    return _people(_when(period, year), "deaths", "有死亡的事故", "fatal")


def injuries(period: Period) -> Measured:
    """People who were seriously hurt, acute industrial poisoning included."""
    return _people(period, "injuries", "有重伤的事故", "injured")


def gdp(period: Period, *, year: str = "") -> Measured:
    """The district's GDP of the year, in 亿元."""
    when = _when(period, year)
    row = Gdp.objects.filter(year=when.year).first()
    if row is None:
        return Measured(None, scope=_SCOPE, missing=_no_gdp(when.year))
    return Measured(row.value, (_gdp_rows(row),), scope=_SCOPE, note=f"{row.get_basis_display()}，{row.source}")


def decline_per_gdp(period: Period) -> Measured:
    """By how many per cent deaths per 亿元 of GDP went down against the same days of the year before.

    Numerator and denominator are the rates of this year and of the year before; two price bases are not compared.
    """
    before = period.before()
    dead, dead_before = deaths(period), deaths(before)
    found = {row.year: row for row in Gdp.objects.filter(year__in=(period.year, before.year), value__gt=0)}
    this, last = found.get(period.year), found.get(before.year)
    rows = (*dead.rows, *dead_before.rows, *(_gdp_rows(row) for row in (this, last) if row))
    if this is None or last is None:
        lacking = [year for year in (before.year, period.year) if year not in found]
        return Measured(None, rows, scope=_SCOPE, missing=_no_gdp(*lacking))
    if this.basis != last.basis:
        words = f"{last.year}年是{last.get_basis_display()}，{this.year}年是{this.get_basis_display()}"
        missing = f"两年地区生产总值的口径不同（{words}），请在“地区生产总值”改为同一口径。"
        return Measured(None, rows, scope=_SCOPE, missing=missing)
    rate, rate_before = (death_rate(int(of.value or 0), row.value) for of, row in ((dead, this), (dead_before, last)))
    parts = (f"{row.year}年死亡 {of.value} 人、{row.value:f} 亿元" for of, row in ((dead, this), (dead_before, last)))
    note = f"{'；'.join(parts)}；地区生产总值均为{this.get_basis_display()}"
    missing = "" if rate_before else f"{last.year}年同期没有死亡，没有下降比例，请按不适用处理。"
    return Measured(decline(rate, rate_before), rows, rate, rate_before, _SCOPE, note, missing)


def _when(period: Period, year: str) -> Period:
    return {"": period, "before": period.before()}[year]


def _happened(period: Period) -> QuerySet[Accident]:
    return Accident.objects.filter(COUNTED, period.moments("occurred_at")).order_by()


def _people(period: Period, column: str, name: str, flag: str) -> Measured:
    some = Count("pk", filter=Q(**{f"{column}__gt": 0}))
    found = _happened(period).aggregate(people=Sum(column), rows=some)
    return Measured(found["people"] or 0, (Rows(name, found["rows"], _url(period, **{flag: 1})),), scope=_SCOPE)


def _url(period: Period, **more: int) -> str:
    return list_url("accidents:list", **period.query("occurred"), counted=1, **more)


def _gdp_rows(row: Gdp) -> Rows:
    return Rows(str(row), 1, list_url("accidents:gdp", year=row.year))


def _no_gdp(*years: int) -> str:
    return f"没有{'、'.join(f'{year}年' for year in years)}的地区生产总值，请在“事故统计”的“地区生产总值”录入。"
