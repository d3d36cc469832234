"""Superior money that came and has not left again. 元.

The payments of a project, in whatever year, spend the oldest receipt of its code first.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from bianwang.modules.budget.models import Payment, Project, Receipt
from bianwang.modules.budget.queries.lines import NOTHING, exact
from bianwang.platform.clock import today
from bianwang.platform.workflow.queries import limit

_Chain = tuple[int, str]
"""The unit and the code of a project over the years."""


@dataclass(frozen=True)
class Rest:
    """What of a receipt is still at the bureau, and for how many days it has been."""

    receipt: Receipt
    amount: Decimal
    days: int

    @property
    def text(self) -> str:
        """The amount as people read it."""
        return f"{self.amount:,.2f}"

    @property
    def words(self) -> str:
        """The days as people read them."""
        return f"{self.days} 天"


def rests(on: date) -> list[Rest]:
    """What of every receipt had not left by the end of a day, the oldest first; with two queries."""
    rows = Receipt.objects.filter(received_on__lte=on).select_related("year", "project").order_by("received_on", "pk")
    chains: dict[_Chain, list[Receipt]] = defaultdict(list)
    found = []
    for row in rows:
        if row.project is None:
            found.append(Rest(row, row.amount, (on - row.received_on).days))
        else:
            chains[row.year.owner_id, row.project.code].append(row)
    paid = _paid(chains, on)
    for chain, receipts in chains.items():
        found += _left(receipts, paid.get(chain, NOTHING), on)
    return sorted(found, key=lambda rest: (rest.receipt.received_on, rest.receipt.pk))


def undisbursed(on: date) -> list[Rest]:
    """What has rested for as many days as the limit says, or more."""
    most = int(limit("budget.undisbursed", on).value)
    return [rest for rest in rests(on) if rest.days >= most]


def pressing() -> list[Rest]:
    """What rests too long today and belongs to a year that is not settled: somebody can still act."""
    open_years = ~Q(line__year__state="closed")
    alive = set(Project.objects.filter(open_years).values_list("line__year__owner", "code"))
    return [rest for rest in undisbursed(today()) if _is_alive(rest.receipt, alive)]


def _is_alive(row: Receipt, alive: set[_Chain]) -> bool:
    if row.project is None:
        return row.year.state != "closed"
    return (row.year.owner_id, row.project.code) in alive


def _left(receipts: list[Receipt], spent: Decimal, on: date) -> list[Rest]:
    found = []
    for row in receipts:
        kept = max(row.amount - spent, NOTHING)
        spent = max(spent - row.amount, NOTHING)
        if kept:
            found.append(Rest(row, kept, (on - row.received_on).days))
    return found


def _paid(chains: Iterable[_Chain], on: date) -> dict[_Chain, Decimal]:
    codes = {code for _, code in chains}
    rows = Payment.objects.filter(project__code__in=codes, day__lte=on).order_by()
    sums = rows.values_list("line__year__owner", "project__code").annotate(total=Sum("amount"))
    return {(owner, code): exact(amount) for owner, code, amount in sums}
