"""Reads of plans, campaigns and visits for others and for the pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.http import Http404

from bianwang.modules.enforcement import planning
from bianwang.modules.enforcement.limits import year_of
from bianwang.modules.enforcement.models import Campaign, Plan, PlanItem, Visit
from bianwang.modules.enforcement.planning import Share
from bianwang.modules.hazards.models import Hazard
from bianwang.modules.hazards.queries import COUNTED
from bianwang.platform import access
from bianwang.platform.calendar.queries import working_days_between
from bianwang.platform.clock import SHANGHAI, today
from bianwang.platform.places.models import Enterprise, Party
from bianwang.platform.registry import registry
from bianwang.platform.ui.search import LIMIT, Hit

DONE = Q(state=Visit.State.DONE)
STATUTORY = DONE & Q(is_statutory=True)
OVER_WAITING = Q(is_over=True, over_at__isnull=True)


def day_of(text: str) -> date | None:
    """A day out of a URL; None for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def statutory_days(year: int) -> int:
    """国家法定工作日 of a year, as the platform's calendar has it."""
    return working_days_between(date(year - 1, 12, 31), date(year, 12, 31))


def search(user: Any, text: str) -> list[Hit]:
    """Visits by the enterprise's name, the newest first."""
    if not access.can(user, "enforcement.view"):
        return []
    rows = access.visible(user, Visit, "enforcement.view").filter(enterprise__name__icontains=text)
    found = rows.select_related("enterprise", "unit")[:LIMIT]
    return [Hit(str(row), f"检查 · {row.get_state_display()} · {row.unit}", row.get_absolute_url()) for row in found]


def over_count(user: Any) -> int:
    """Visits beyond the ceiling that wait for approval."""
    return access.visible(user, Visit, "enforcement.view").filter(OVER_WAITING).count()


def campaigns() -> QuerySet[Campaign]:
    """All campaigns: every unit reports under their names."""
    return Campaign.objects.all()


def sees_hazards(user: Any) -> bool:
    """Whether the user is shown which hazards visits found: with the register switched on and open to him."""
    return "hazards" in registry() and access.can(user, "hazards.view")


def hazards_found(user: Any, **where: Any) -> QuerySet[Hazard]:
    """Hazards of the register that were found at visits, without those entered by mistake; none where not shown."""
    if not sees_hazards(user):
        return Hazard.objects.none()
    return access.visible(user, Hazard, "hazards.view").filter(COUNTED, **where)


def campaign(pk: int) -> Campaign:
    """One campaign. Raises Http404."""
    found = campaigns().filter(pk=pk).first()
    if found is None:
        raise Http404(f"没有编号为 {pk} 的专项行动。")
    return found


def unit_choices(user: Any) -> list[tuple[int, str]]:
    """Units that have reported visits, whoever may see these: asking each reads one row of an index."""
    reported = Exists(Visit.objects.filter(unit=OuterRef("pk")).order_by())
    return list(Party.objects.filter(reported).values_list("pk", "name"))


def plan_choices(user: Any) -> list[tuple[int, str]]:
    """Plans that the user may see, in words."""
    return [(plan.pk, str(plan)) for plan in access.visible(user, Plan, "enforcement.plan_view")]


def plan_on(rows: QuerySet[Plan], year: int, on: date) -> Plan | None:
    """The version of a year's plan that was in force at the end of a day: the last one approved until then."""
    until = datetime.combine(on + timedelta(days=1), time(), SHANGHAI)
    approved = rows.filter(year=year, approved_at__isnull=False, approved_at__lt=until)
    return approved.order_by("-approved_at", "-number").first()


def inspected(on: date | None = None) -> Exists:
    """Whether a plan item's enterprise had an inspection of law by the plan's unit in the plan's year."""
    visits = Visit.objects.filter(
        STATUTORY,
        enterprise=OuterRef("enterprise"),
        unit=OuterRef("plan__owner"),
        date__year=OuterRef("plan__year"),
        date__lte=on or today(),
    )
    return Exists(visits.order_by())


def completion(plan: Plan, on: date | None = None) -> Share:
    """计划完成率 of a version up to a day: distinct enterprises, in two queries."""
    planned = set(plan.items.values_list("enterprise", flat=True))
    first, last = year_of(date(plan.year, 1, 1))
    until = min(last, on or today())
    visits = Visit.objects.filter(STATUTORY, unit=plan.owner_id, date__gte=first, date__lte=until)
    return planning.completion(planned, set(visits.order_by().values_list("enterprise", flat=True).distinct()))


def progress(plan: Plan) -> list[dict[str, Any]]:
    """Month by month: enterprises planned, of these inspected in the year, times and working days. One query."""
    rows = plan.items.annotate(was_inspected=inspected()).order_by()
    found: dict[int, dict[str, Any]] = {
        row["month"]: dict(row)
        for row in rows.values("month").annotate(
            planned=Count("pk"),
            done=Count("pk", filter=Q(was_inspected=True)),
            visits=Sum("times"),
            workdays=Sum(F("times") * F("days")),
        )
    }
    empty = {"planned": 0, "done": 0, "visits": 0, "workdays": 0}
    months = [found.get(month, {"month": month, **empty}) for month in range(1, 13)]
    return [{**row, "left": row["planned"] - row["done"]} for row in months]


def by_kind(plan: Plan) -> list[dict[str, Any]]:
    """重点 and 一般: enterprises, visits and working days."""
    rows = (
        plan.items.order_by()
        .values("kind")
        .annotate(planned=Count("pk"), visits=Sum("times"), workdays=Sum(F("times") * F("days")))
    )
    words = dict(PlanItem.Kind.choices)
    return [{**row, "name": words[row["kind"]]} for row in sorted(rows, key=lambda row: row["kind"], reverse=True)]


def drawable(user: Any, *, direct_only: bool) -> Sequence[Enterprise]:
    """Enterprises from which a draw may be made."""
    rows = access.visible(user, Enterprise, "enforcement.plan").filter(is_active=True)
    return list((rows.filter(is_direct=True) if direct_only else rows).order_by("credit_code"))
