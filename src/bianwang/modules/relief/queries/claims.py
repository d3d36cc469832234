"""Counts of claims: what waits, how timely the money came, and the year's statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.http import Http404

from bianwang.modules.relief.models import Claim, Person, Programme
from bianwang.modules.relief.workflow import GRANTED, TIMED
from bianwang.platform import access
from bianwang.platform.clock import now, today
from bianwang.platform.period import Period
from bianwang.platform.places.models import Organisation
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.search import LIMIT, Hit

WAYS = {"decision": "pay_by", "arrival": "funded_pay_by"}
"""From when the time to pay is counted, and the column that keeps its last day."""


def came_due(as_of: date, column: str = "pay_by") -> Q:
    """Granted households whose last day has come by a day, or that were paid before it.

    Who withdrew after the day still stood on it, so that a day says later what it said then.
    """
    stood = Q(state__in=GRANTED) | Q(state="withdrawn", state_since__gte=Period(as_of, as_of).end)
    there = Q(**{f"{column}__isnull": False})
    return stood & there & (Q(**{f"{column}__lte": as_of}) | Q(paid_on__lte=as_of))


def in_time(as_of: date, column: str = "pay_by") -> Q:
    """Of those, the ones that were paid in time."""
    return came_due(as_of, column) & Q(paid_on__lte=as_of) & Q(paid_on__lte=F(column))


@dataclass(frozen=True)
class Share:
    """A rate with the addresses of the rows behind both of its numbers."""

    name: str
    part: int
    whole: int
    rows: QuerySet[Claim]
    """The households of the whole."""
    part_url: str
    whole_url: str

    @property
    def percent(self) -> Decimal | None:
        """In hundred; None where nothing was due."""
        return Decimal(self.part * 100) / self.whole if self.whole else None


def timeliness(user: Any, year: int, as_of: date | None = None, way: str = "decision") -> Share:
    """及时率 of the programmes of a year, as of a day (default: today)."""
    day, column = as_of or today(), WAYS[way]
    due = access.visible(user, Claim, "relief.view").filter(came_due(day, column), programme__year=year)
    name = "自然灾害救助及时率" if way == "decision" else "资金到位后拨付及时率"
    params = {"year": year, "as_of": day.isoformat()}
    return Share(
        name,
        due.filter(in_time(day, column)).count(),
        due.count(),
        due,
        list_url("relief:list", **{f"in_time_{way}": 1}, **params),
        list_url("relief:list", **{f"due_{way}": 1}, **params),
    )


@dataclass(frozen=True)
class Total:
    """What was granted and paid under one heading."""

    name: str
    households: int
    persons: int
    granted: Decimal
    paid: Decimal
    url: str
    paid_url: str


def totals(user: Any, year: int, by: str) -> Sequence[Total]:
    """Granted households of a year by `programme`, `disaster` or `town`; the last row is the sum."""
    rows = access.visible(user, Claim, "relief.view").filter(programme__year=year, state__in=GRANTED).order_by()
    grouped = {"programme": _by_programme, "disaster": _by_disaster, "town": _by_town}[by](rows, year)
    return [*grouped, _total("合计", rows, year)]


def _by_programme(rows: QuerySet[Claim], year: int) -> list[Total]:
    found = Programme.objects.filter(pk__in=rows.values("programme")).order_by("pk")
    return [_total(row.name, rows.filter(programme=row), year, programme=row.pk) for row in found]


def _by_disaster(rows: QuerySet[Claim], year: int) -> list[Total]:
    found = []
    seen = dict(rows.values_list("programme__disaster", "programme__disaster__name").distinct())
    for key, name in sorted(seen.items(), key=lambda pair: (pair[0] is None, pair[0])):
        inside = rows.filter(programme__disaster=key) if key else rows.filter(programme__disaster__isnull=True)
        found.append(_total(name or "按年度救助", inside, year, disaster=key or "none"))
    return found


def _by_town(rows: QuerySet[Claim], year: int) -> list[Total]:
    found = []
    towns = Organisation.objects.filter(level=Organisation.Level.TOWN, territory__isnull=False).order_by("code")
    for name, path, code in towns.values_list("name", "territory__path", "territory__code"):
        inside = rows.filter(owner__organisation__territory__path__startswith=path)
        total = _total(name, inside, year, territory=code)
        if total.households:
            found.append(total)
    return found


def _total(name: str, rows: QuerySet[Claim], year: int, **params: Any) -> Total:
    paid = Q(paid_on__isnull=False)
    found = rows.aggregate(n=Count("pk"), p=Sum("persons"), a=Sum("amount"), d=Sum("amount", filter=paid))
    return Total(
        name,
        found["n"],
        found["p"] or 0,
        found["a"] or Decimal(0),
        found["d"] or Decimal(0),
        list_url("relief:list", year=year, granted=1, **params),
        list_url("relief:list", year=year, paid=1, **params),
    )


def elsewhere(user: Any, claim: Claim) -> QuerySet[Claim]:
    """Other claims that stand for anybody of the household: allowed, but whoever decides should know."""
    digests = Person.objects.filter(claim=claim).values("digest")
    others = Person.objects.filter(digest__in=digests, once__isnull=False).exclude(claim=claim).values("claim")
    return access.visible(user, Claim, "relief.view").filter(pk__in=others).select_related("programme", "owner")


def by_token(token: str) -> Programme:
    """The programme of a public link. Raises Http404."""
    found = Programme.objects.filter(token=token).select_related("owner").first()
    if found is None:
        raise Http404("没有这个填报链接，请核对后重新打开。")
    return found


def villages(user: Any = None) -> QuerySet[Organisation]:
    """Active villages, all or those where the user reports."""
    rows = Organisation.objects.filter(level=Organisation.Level.VILLAGE, is_active=True)
    if user is not None:
        rows = access.visible(user, Organisation, "relief.report").filter(pk__in=rows.values("pk"))
    return rows.select_related("territory__parent").order_by("code")


def programme(pk: int) -> Programme:
    """One programme: what the district grants is no secret. Raises Http404."""
    found = Programme.objects.filter(pk=pk).first()
    if found is None:
        raise Http404(f"没有编号为 {pk} 的救助项目。")
    return found


def programme_choices(user: Any = None) -> list[tuple[int, str]]:
    """Programmes for filters: their names are no secret."""
    return list(Programme.objects.order_by("-pk").values_list("pk", "name")[:200])


def year_choices(user: Any = None) -> list[tuple[int, str]]:
    """Years in which there is a programme."""
    years = Programme.objects.order_by("-year").values_list("year", flat=True).distinct()
    return [(year, f"{year}年") for year in years]


def assess_count(user: Any) -> int:
    """Households that wait for the village."""
    return access.visible(user, Claim, "relief.assess").filter(state="reported").count()


def check_count(user: Any) -> int:
    """Households that wait for the town."""
    return access.visible(user, Claim, "relief.check").filter(state="submitted").count()


def decide_count(user: Any) -> int:
    """Households that wait for the bureau."""
    return access.visible(user, Claim, "relief.decide").filter(state="checked").count()


def pay_count(user: Any) -> int:
    """Households that wait for their money."""
    return access.visible(user, Claim, "relief.pay").filter(state="approved").count()


def overdue() -> Q:
    """Whoever has to act is late."""
    return Q(state__in=TIMED, due_at__lt=now())


def overdue_count(user: Any) -> int:
    """Households that wait longer than allowed."""
    return access.visible(user, Claim, "relief.view").filter(overdue()).count()


def search(user: Any, text: str) -> list[Hit]:
    """Claims by number or by the head of the household."""
    rows = access.visible(user, Claim, "relief.view").filter(Q(number__icontains=text) | Q(head__icontains=text))
    return [
        Hit(f"{row.number} {row.head}", f"{row.programme} · {row.owner} · {row.state_row.name}", row.get_absolute_url())
        for row in rows.select_related("programme", "owner").order_by("-pk")[:LIMIT]
    ]
