"""A year's money by where it comes from: given, received, paid how, and what rests. 元."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import F, Sum, Value
from django.db.models.functions import Coalesce

from bianwang.modules.budget.models import Payment, Project, Receipt, Source
from bianwang.modules.budget.models.lines import SUPERIOR
from bianwang.modules.budget.pace import WORDS, Colour
from bianwang.modules.budget.printed import shown_wan
from bianwang.modules.budget.queries.funds import Rest, rests
from bianwang.modules.budget.queries.lines import (
    NOTHING,
    Standing,
    colour,
    exact,
    lines_of,
    project_standings,
    standings,
    total,
)
from bianwang.platform.ui.lists import list_url


@dataclass(frozen=True)
class SourceRow:
    """One source of a year as of a day."""

    source: Source
    standing: Standing
    received: Decimal
    direct: Decimal
    transferred: Decimal
    resting: Decimal
    colour: Colour | None
    urls: Mapping[str, str]

    @property
    def word(self) -> str:
        """The colour in words."""
        return WORDS.get(self.colour or "", "")

    @property
    def wan(self) -> dict[str, str]:
        """Its own figures in 万元."""
        names = ("received", "direct", "transferred", "resting")
        return {**self.standing.wan, **{name: shown_wan(getattr(self, name)) for name in names}}


def sources(year: int, on: date) -> list[SourceRow]:
    """Central, municipal and district money of a year in force; what no superior project holds is the district's."""
    projects = Project.objects.filter(line__in=lines_of(year), source__in=SUPERIOR)
    held = project_standings(projects, on)
    by_source = {source: total(held[row.pk] for row in projects if row.source == source) for source in SUPERIOR}
    whole = total(standings(lines_of(year), on).values())
    by_source[Source.DISTRICT] = whole - total(by_source.values())
    paid, received, left = _paid(year, on), _received(year, on), _resting(rests(on))
    return [
        SourceRow(
            source,
            by_source[source],
            received.get(source, NOTHING),
            paid.get((source, Payment.Kind.DIRECT), NOTHING),
            paid.get((source, Payment.Kind.TRANSFER), NOTHING),
            left.get(source, NOTHING),
            colour(by_source[source], year, on),
            _urls(year, source),
        )
        for source in (*SUPERIOR, Source.DISTRICT)
    ]


def _paid(year: int, on: date) -> dict[tuple[str, str], Decimal]:
    rows = Payment.objects.filter(line__in=lines_of(year), day__lte=on).order_by()
    named = rows.annotate(of=Coalesce(F("project__source"), Value(Source.DISTRICT.value)))
    return {(of, kind): exact(amount) for of, kind, amount in named.values_list("of", "kind").annotate(Sum("amount"))}


def _received(year: int, on: date) -> dict[str, Decimal]:
    rows = Receipt.objects.filter(year__year=year, received_on__lte=on).order_by()
    return {source: exact(amount) for source, amount in rows.values_list("source").annotate(Sum("amount"))}


def _resting(found: list[Rest]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for rest in found:
        sums[rest.receipt.source] = sums.get(rest.receipt.source, NOTHING) + rest.amount
    return sums


def _urls(year: int, source: Source) -> dict[str, str]:
    query = {"year": year, "source": source.value}
    payments = {kind: list_url("budget:payments", **query, kind=kind) for kind in Payment.Kind.values}
    return {
        "adjusted": list_url("budget:projects", **query),
        "executed": list_url("budget:payments", **query),
        "direct": payments["direct"],
        "transferred": payments["transfer"],
        "received": list_url("budget:receipts", **query),
        "resting": list_url("budget:receipts", source=source.value, left="1"),
    }
