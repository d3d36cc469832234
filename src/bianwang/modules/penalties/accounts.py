"""What a case owes on a day: the fine, what was taken away, and the late fee, each with what has come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bianwang.modules.penalties.late_fee import Part, late_fee, outstanding
from bianwang.modules.penalties.pack import late_fee_on
from bianwang.modules.penalties.timing import spans

_ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Account:
    """The state of a case's money on a day. Amounts in yuan."""

    fine: Decimal
    confiscated: Decimal
    late: Decimal
    fine_paid: Decimal
    confiscated_paid: Decimal
    late_paid: Decimal
    is_overdue: bool
    """Whether a part is owed whose last day has passed."""

    @property
    def fine_due(self) -> Decimal:
        """Of the fine."""
        return self.fine - self.fine_paid

    @property
    def confiscated_due(self) -> Decimal:
        """Of what was taken away."""
        return self.confiscated - self.confiscated_paid

    @property
    def late_due(self) -> Decimal:
        """Of the late fee."""
        return self.late - self.late_paid

    @property
    def is_owed(self) -> bool:
        """Whether anything is."""
        return self.fine_due + self.confiscated_due + self.late_due > 0

    def due(self, kind: str) -> Decimal:
        """What is owed of one kind of payment."""
        owed: Decimal = {"fine": self.fine_due, "late": self.late_due, "confiscated": self.confiscated_due}[kind]
        return owed


def account(case: Any, day: date) -> Account:
    """What is owed when a day ends. Before the decision is served nothing is."""
    if case.served_on is None:
        return Account(_ZERO, _ZERO, _ZERO, _ZERO, _ZERO, _ZERO, is_overdue=False)
    fine, payments = case.fine or _ZERO, list(case.payments.all())
    paid = {
        kind: sum((row.amount for row in payments if row.kind == kind), _ZERO)
        for kind in ("fine", "late", "confiscated")
    }
    schedule = [Part(row.day, row.amount) for row in case.instalments.all()]
    if not schedule and fine and case.pay_by:
        schedule = [Part(case.pay_by, fine)]
    parts = [Part(row.day, row.amount) for row in payments if row.kind == "fine"]
    late = _ZERO
    if schedule:
        first = min(part.day for part in schedule)
        late = late_fee(schedule, parts, late_fee_on(first).rate, day, spans(case, "late_fee", case.served_on))
    is_late = case.confiscated > paid["confiscated"] and case.pay_by is not None and day > case.pay_by
    return Account(
        fine,
        case.confiscated,
        late,
        paid["fine"],
        paid["confiscated"],
        paid["late"],
        is_overdue=outstanding(schedule, parts, day) > 0 or is_late,
    )
