"""What is counted of third parties: service, findings, hazards and money, each with its rows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from bianwang.modules.standardisation import pack
from bianwang.modules.standardisation.models import Agency, AgencyPayment, Contract, ServiceFinding, ServiceVisit
from bianwang.modules.standardisation.thirdparty_workflow import DONE
from bianwang.platform import access
from bianwang.platform.ui.cells import show

_MONEY: DecimalField[Decimal, Decimal] = DecimalField(max_digits=12, decimal_places=2)

CONFIRMED = Q(hazard__grade__in=("general", "major")) & ~Q(hazard__state="revoked")
"""Findings whose hazard somebody else has graded and nobody has withdrawn."""


def with_service(agencies: QuerySet[Agency]) -> QuerySet[Agency]:
    """Agencies with their visits, findings, confirmed hazards and payments."""
    visits = ServiceVisit.objects.filter(contract__agency=OuterRef("pk"), state__in=DONE)
    findings = ServiceFinding.objects.filter(visit__contract__agency=OuterRef("pk"), visit__state__in=DONE)
    payments = AgencyPayment.objects.filter(contract__agency=OuterRef("pk"))
    return agencies.annotate(
        visit_count=_count(visits, "contract__agency"),
        finding_count=_count(findings, "visit__contract__agency"),
        confirmed_count=_count(findings.filter(CONFIRMED), "visit__contract__agency"),
        paid=_sum(payments, "contract__agency"),
    )


def with_payments(contracts: QuerySet[Contract]) -> QuerySet[Contract]:
    """Contracts with what was paid, and what waits to be paid."""
    payments = AgencyPayment.objects.filter(contract=OuterRef("pk"))
    return contracts.annotate(paid=_sum(payments, "contract"), visit_count=Count("visits", Q(visits__state__in=DONE)))


def per_visit(agency: Any) -> str:
    """Findings a visit, of an agency from `with_service`."""
    return f"{agency.finding_count / agency.visit_count:.1f}" if agency.visit_count else "—"


def confirmed_rate(agency: Any) -> str:
    """The share of findings that became confirmed hazards."""
    return f"{agency.confirmed_count * 100 / agency.finding_count:.1f}%" if agency.finding_count else "—"


def used(paid: Decimal, amount: Decimal) -> str:
    """How much of a sum was paid, in per cent."""
    return f"{paid * 100 / amount:.1f}%" if amount else "—"


@dataclass(frozen=True)
class LineUse:
    """A budget line's contracts: how many, how much, how much of it paid."""

    name: str
    code: str
    contracts: int
    amount: Decimal
    paid: Decimal

    @property
    def amount_money(self) -> str:
        """The sum of the contracts as people read it."""
        return show(self.amount, "money")

    @property
    def paid_money(self) -> str:
        """The sum of the payments as people read it."""
        return show(self.paid, "money")

    @property
    def rate(self) -> str:
        """Paid of agreed."""
        return used(self.paid, self.amount)


def line_uses(user: Any) -> list[LineUse]:
    """Contracts by budget line, for those who may see them."""
    if not access.can(user, "standardisation.third_party"):
        return []
    contracts = access.visible(user, Contract, "standardisation.third_party").order_by()
    agreed = {
        code: (number, amount)
        for code, number, amount in contracts.values("budget_line")
        .annotate(number=Count("pk"), total=Sum("amount"))
        .values_list("budget_line", "number", "total")
    }
    payments = AgencyPayment.objects.filter(contract__in=contracts.values("pk")).order_by()
    paid = dict(payments.values("contract__budget_line").annotate(total=Sum("amount")).values_list(
        "contract__budget_line", "total"
    ))  # fmt: skip
    return [
        LineUse(name, code, agreed[code][0], agreed[code][1], paid.get(code, Decimal(0)))
        for code, name in pack.line_choices()
        if code in agreed
    ]


def _count(rows: QuerySet[Any], group: str) -> Coalesce:
    found = rows.order_by().values(group).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(found), 0)


def _sum(rows: QuerySet[Any], group: str) -> Coalesce:
    found = rows.order_by().values(group).annotate(total=Sum(F("amount"))).values("total")
    return Coalesce(Subquery(found), Decimal(0), output_field=_MONEY)
