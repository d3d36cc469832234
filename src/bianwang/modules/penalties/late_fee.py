"""加处罚款: what is added to a fine that is not paid in time. Plain arithmetic, to the cent.

Every day after the last day of payment costs a share of what is overdue at its beginning, never more in all than
the fine itself; days on which the clock stands (复议, 诉讼) cost nothing (行政处罚法 art. 72, 73).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from bianwang.modules.penalties.spans import Span, stands

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Part:
    """An amount on a day: an instalment and its last day, or a payment."""

    day: date
    amount: Decimal


def outstanding(schedule: Sequence[Part], payments: Sequence[Part], day: date) -> Decimal:
    """What is overdue when `day` begins: instalments whose last day has passed, less what was paid before.

    >>> outstanding([Part(date(2026, 3, 10), Decimal(100))], [Part(date(2026, 3, 11), Decimal(40))], date(2026, 3, 12))
    Decimal('60')
    """
    due = sum((part.amount for part in schedule if part.day < day), Decimal(0))
    paid = sum((part.amount for part in payments if part.day < day), Decimal(0))
    return max(due - paid, Decimal(0))


def late_fee(
    schedule: Sequence[Part], payments: Sequence[Part], rate: Decimal, as_of: date, spans: Sequence[Span] = ()
) -> Decimal:
    """What has been added up to and including `as_of`.

    >>> late_fee([Part(date(2026, 3, 10), Decimal(1000))], [], Decimal("0.03"), date(2026, 3, 12))
    Decimal('60.00')
    """
    if not schedule:
        return Decimal("0.00")
    principal = sum((part.amount for part in schedule), Decimal(0))
    day, fee = min(part.day for part in schedule), Decimal(0)
    last_change = max(part.day for part in (*schedule, *payments)) + timedelta(days=1)
    while day < as_of and fee < principal:
        day += timedelta(days=1)
        owed = outstanding(schedule, payments, day)
        if not owed and day > last_change:
            break
        if not stands(spans, day):
            fee += owed * rate
    return min(fee, principal).quantize(CENT, ROUND_HALF_UP)
