"""What indicators and reports count of inspections, for the whole district."""

from __future__ import annotations

from django.db.models import Q

from bianwang.modules.enforcement.figures import DIRECT
from bianwang.modules.enforcement.models import Plan, Visit
from bianwang.modules.enforcement.queries import DONE, completion, plan_on
from bianwang.platform.measures import Measured, Rows, count, share
from bianwang.platform.period import Period
from bianwang.platform.ui.lists import list_url

_OURS = "直管企业"


def plan_completion(period: Period) -> Measured:
    """计划完成率: distinct planned enterprises inspected in the plan's year ÷ those planned, never visits."""
    plan = _plan(period)
    if plan is None:
        return _no_plan(period)
    done = completion(plan, period.last)
    items = {"plan": plan.pk, "on": period.last}
    part = Rows("已检查的计划企业", done.part, list_url("enforcement:items", **items, inspected=1))
    whole = Rows("计划企业", done.whole, list_url("enforcement:items", **items))
    missing = f"“{plan}”还没有列入企业，请调整计划。"
    return share(part, whole, missing=missing, scope=_OURS, note=f"按“{plan}”，截至 {period.last}")


def planned_enterprises(period: Period) -> Measured:
    """Enterprises of the plan that was in force on the last day."""
    plan = _plan(period)
    if plan is None:
        return _no_plan(period)
    url = list_url("enforcement:items", plan=plan.pk, on=period.last)
    return count(Rows("计划企业", plan.items.count(), url), scope=_OURS, note=f"按“{plan}”")


def direct_visits(period: Period) -> Measured:
    """家次 of the bureau at enterprises that it supervises directly."""
    return _visits(period, "对直管企业的检查", DIRECT, _OURS, scope="direct")


def visits(period: Period) -> Measured:
    """家次 of all units."""
    return _visits(period, "检查", Q(), "全区")


def _plan(period: Period) -> Plan | None:
    return plan_on(Plan.objects.all(), period.year, period.last)


def _no_plan(period: Period) -> Measured:
    words = f"到 {period.last} 没有已批准的{period.year}年度检查计划，请在“年度检查计划”编制并报批。"
    return Measured(None, scope=_OURS, missing=words)


def _visits(period: Period, name: str, which: Q, whose: str, **query: str) -> Measured:
    rows = Visit.objects.filter(DONE & which, period.days("date")).order_by()
    url = list_url("enforcement:list", **period.query("date"), state="done", **query)
    return count(Rows(name, rows.count(), url), scope=whose)
