"""What money there is, for what, and how long it has rested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from bianwang.modules.relief.amounts import Rest, resting
from bianwang.modules.relief.models import Claim, Fund, FundEntry, Line, Programme
from bianwang.platform.clock import today
from bianwang.platform.workflow.queries import limit

_NOTHING = Decimal(0)
_Kind, _State = FundEntry.Kind, Line.State


@dataclass(frozen=True)
class Standing:
    """One fund's figures; `rested` is what has lain longer than the limit."""

    received: Decimal
    allotted: Decimal
    pending: Decimal
    paid: Decimal
    rests: Sequence[Rest]
    most_days: int

    @property
    def balance(self) -> Decimal:
        """What is left."""
        return self.received - self.paid

    @property
    def unallotted(self) -> Decimal:
        """What is set apart for nothing yet."""
        return self.received - self.allotted

    @property
    def rested(self) -> Decimal:
        """What was received longer ago than the limit and is still there."""
        first = today() - timedelta(days=self.most_days)
        return sum((rest.amount for rest in self.rests if rest.day < first), _NOTHING)

    @property
    def oldest_days(self) -> int | None:
        """Days since the oldest money that is still there came."""
        return (today() - self.rests[0].day).days if self.rests else None


def payable(programme: Programme) -> QuerySet[Claim]:
    """Approved claims in no living line, whose account the bank has not refused."""
    taken = Line.objects.filter(state__in=(_State.PENDING, _State.PAID)).values("claim")
    return Claim.objects.filter(programme=programme, state="approved", bounced="").exclude(pk__in=taken)


def left_for(fund: Fund, programme: Programme) -> Decimal:
    """What of a fund is set apart for a programme and not in a batch yet."""
    allotted = _sum(fund.entries.filter(kind=_Kind.ALLOTMENT, programme=programme))
    used = Line.objects.filter(batch__fund=fund, batch__programme=programme)
    return allotted - _sum(used.filter(state__in=(_State.PENDING, _State.PAID)))


def standing(fund: Fund) -> Standing:
    """The figures of one fund."""
    return standings([fund])[fund.pk]


def standings(funds: Sequence[Fund]) -> dict[int, Standing]:
    """The figures of several funds, with three queries."""
    keys = [fund.pk for fund in funds]
    receipts: dict[int, list[Rest]] = {key: [] for key in keys}
    allotted: dict[int, Decimal] = dict.fromkeys(keys, _NOTHING)
    for entry in FundEntry.objects.filter(fund__in=keys):
        if entry.kind == _Kind.RECEIPT:
            receipts[entry.fund_id].append(Rest(entry.day, entry.amount))
        else:
            allotted[entry.fund_id] += entry.amount
    paid, pending = _lines(keys, _State.PAID), _lines(keys, _State.PENDING)
    most = int(limit("relief.rest").value)
    return {
        key: Standing(
            sum((rest.amount for rest in receipts[key]), _NOTHING),
            allotted[key],
            pending.get(key, _NOTHING),
            paid.get(key, _NOTHING),
            resting(receipts[key], paid.get(key, _NOTHING)),
            most,
        )
        for key in keys
    }


def _lines(keys: Sequence[int], state: str) -> dict[int, Decimal]:
    rows = Line.objects.filter(batch__fund__in=keys, state=state).order_by()
    return dict(rows.values_list("batch__fund").annotate(total=Sum("amount")))


def _sum(rows: QuerySet[Any]) -> Decimal:
    found = rows.order_by().aggregate(total=Sum("amount"))["total"]
    return found or _NOTHING
