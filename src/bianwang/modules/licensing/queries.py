"""What is counted and found: late applications, licences that run out, search, and the figures of a year."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import QueryDict

from bianwang.modules.licensing import pack
from bianwang.modules.licensing.models import Application, Licence
from bianwang.modules.licensing.validity import months_before
from bianwang.modules.licensing.workflow import PENDING
from bianwang.platform import access
from bianwang.platform.clock import now, today
from bianwang.platform.ui.search import LIMIT, Hit

DECIDED = Q(decided_on__isnull=False)
ON_TIME = DECIDED & Q(spent_days__lte=F("limit_days") + F("extended_days"))
LATE = DECIDED & Q(spent_days__gt=F("limit_days") + F("extended_days"))


def overdue() -> Q:
    """Applications whose limit has run out while the bureau had to act."""
    return Q(state__in=PENDING, due_at__lt=now())


def ending() -> Q:
    """Licences whose end was announced, and those that ran out and are neither renewed nor cancelled."""
    return Q(state="expired") | Q(state="valid", reminded__isnull=False)


def ending_within(months: int) -> Q:
    """Licences in force that end within so many months."""
    present = today()
    return Q(state="valid", valid_to__gte=present, valid_to__lte=months_before(present, -months))


def overdue_count(user: Any) -> int:
    """Applications that are late."""
    return access.visible(user, Application, "licensing.view").filter(overdue()).count()


def ending_count(user: Any) -> int:
    """Licences that somebody has to renew or cancel."""
    return access.visible(user, Licence, "licensing.view").filter(ending()).count()


def search(user: Any, text: str) -> list[Hit]:
    """Licences by number or holder, then applications by number."""
    if not access.can(user, "licensing.view"):
        return []
    match = Q(number__icontains=text) | Q(owner__name__icontains=text)
    licences = access.visible(user, Licence, "licensing.view").filter(match).select_related("owner").order_by("-pk")
    rows = access.visible(user, Application, "licensing.view").filter(number__icontains=text)
    hits = [
        Hit(str(row), f"{row.state_row.name} · {row.owner.name}", row.get_absolute_url()) for row in licences[:LIMIT]
    ]
    rows = rows.select_related("owner").order_by("-pk")
    return hits + [
        Hit(str(row), f"{row.state_row.name} · {row.owner.name}", row.get_absolute_url()) for row in rows[:LIMIT]
    ]


@dataclass(frozen=True)
class Figure:
    """A number with the query of its rows."""

    name: str
    value: int
    query: str
    unit: str = "件"


@dataclass(frozen=True)
class KindRow:
    """One kind in a year."""

    name: str
    figures: list[Figure]
    average: str
    rate: str
    query: str


@dataclass(frozen=True)
class Statistics:
    """A year's figures; the kinds add up to the whole."""

    year: int
    figures: list[Figure]
    whole: KindRow
    kinds: list[KindRow]


@dataclass(frozen=True)
class _Row:
    kind: str
    decision: str
    spent: int
    on_time: bool


def statistics(user: Any, year: int) -> Statistics:
    """What was decided in a year, from one query; and how many were taken on and not taken on."""
    rows = access.visible(user, Application, "licensing.statistics")
    names = ("kind", "decision", "spent_days", "limit_days", "extended_days")
    found: Iterable[Any] = rows.filter(DECIDED, decided_on__year=year).order_by().values_list(*names)
    decided = [
        _Row(kind, decision, spent, spent <= limit + extended) for kind, decision, spent, limit, extended in found
    ]
    submitted = Figure("收到申请", _count(rows, submitted_on__year=year), _between(year, "submitted"))
    accepted = Figure("受理", _count(rows, accepted_on__year=year), _between(year, "accepted"))
    kinds = [
        _kind(year, name, [row for row in decided if row.kind == code], kind=code) for code, name in pack.kind_choices()
    ]
    return Statistics(
        year, [submitted, accepted], _kind(year, "合计", decided), [row for row in kinds if row.figures[0].value]
    )


def years(user: Any) -> list[int]:
    """The years that have applications, and this one, the newest first."""
    rows = access.visible(user, Application, "licensing.statistics").order_by("submitted_on")
    first = rows.values_list("submitted_on", flat=True).first()
    this = today().year
    return list(range(this, (first.year if first else this) - 1, -1))


def _kind(year: int, name: str, rows: list[_Row], **extra: str) -> KindRow:
    def figure(title: str, found: Iterable[_Row], **more: str) -> Figure:
        return Figure(title, sum(1 for _ in found), _between(year, "decided", **extra, **more))

    number, on_time = len(rows), sum(row.on_time for row in rows)
    return KindRow(
        name,
        [
            figure("办结", rows),
            figure("准予", (row for row in rows if row.decision == "granted"), decision="granted"),
            figure("不予", (row for row in rows if row.decision == "refused"), decision="refused"),
            figure("按期", (row for row in rows if row.on_time), ontime="1"),
            figure("超期", (row for row in rows if not row.on_time), late="1"),
        ],
        f"{sum(row.spent for row in rows) / number:.1f}" if number else "—",
        f"{100 * on_time / number:.1f}%" if number else "—",
        _between(year, "decided", **extra),
    )


def _count(rows: QuerySet[Any], **where: Any) -> int:
    return rows.filter(**where).count()


def _between(year: int, name: str, **extra: str) -> str:
    made = QueryDict(mutable=True)
    first, last = date(year, 1, 1), date(year, 12, 31)
    made.update({f"{name}_from": first.isoformat(), f"{name}_to": last.isoformat(), **extra})
    return made.urlencode()
