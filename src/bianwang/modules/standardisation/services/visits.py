"""Service visits: entered, their findings put into the register of hazards, accepted, paid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Sum

from bianwang.modules.hazards import services as hazards
from bianwang.modules.hazards.models import Hazard
from bianwang.modules.standardisation import pack
from bianwang.modules.standardisation.models import AgencyPayment, Contract, Expert, ServiceFinding, ServiceVisit
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now, today
from bianwang.platform.files.services import attach
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Enterprise
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.services import advance, start


@transaction.atomic
def record_visit(
    user: User,
    contract: Contract,
    enterprise: Enterprise,
    experts: Sequence[Expert],
    values: Mapping[str, Any],
    files: Iterable[Any] = (),
    *,
    is_demo: bool = False,
) -> ServiceVisit:
    """Enter a day of service: `day`, `summary`, and `fee` where it is not the contract's price.

    Raises PermissionDenied or Http404 (access door), ValidationError.
    """
    access.check(user, Contract, contract.pk, "standardisation.serve")
    fee = contract.price if values.get("fee") is None else values["fee"]
    if wrong := _visit_faults(contract, experts, values["day"], fee):
        raise ValidationError(wrong)
    visit = ServiceVisit(
        contract=contract,
        enterprise=enterprise,
        day=values["day"],
        summary=values.get("summary", ""),
        fee=fee,
        made_by=user,
        is_demo=is_demo,
    )
    told = {"experts": (None, "、".join(expert.name for expert in experts)), "fee": (None, str(fee))}
    try:
        with transaction.atomic():
            start(visit, by=user, verb="standardisation.visit_create", changes=told)
    except IntegrityError as error:
        raise ValidationError({"day": f"这份合同在 {visit.day} 已登记过对这家企业的服务。"}) from error
    visit.experts.set(experts)
    for file in files:
        attach(visit, file, user=user, label="report")
    return visit


@transaction.atomic
def add_finding(visit: ServiceVisit, user: User, values: Mapping[str, Any]) -> ServiceFinding:
    """Enter what the experts found, while the visit is not accepted yet."""
    access.check(user, ServiceVisit, visit.pk, "standardisation.serve")
    if ServiceVisit.objects.select_for_update().get(pk=visit.pk).state != "entered":
        raise Refused("这次服务已经验收或退回，不能再登记问题。")
    finding = ServiceFinding(visit=visit, **values)
    finding.full_clean(exclude=["visit"])
    finding.save()
    changes = {"finding": (None, finding.title)}
    record("standardisation.finding", visit, owner=visit.contract.owner_id, changes=changes)
    return finding


@transaction.atomic
def transfer(visit: ServiceVisit, user: User, reason: str = "") -> None:
    """Put every finding into the register of hazards, each exactly once."""
    ServiceVisit.objects.select_for_update().get(pk=visit.pk)
    rows = list(visit.findings.select_for_update().filter(hazard__isnull=True).order_by("pk"))
    advance(visit, "transfer", user, reason=reason, changes={"findings": (None, len(rows))})
    moment = min(datetime.combine(visit.day, time(12), SHANGHAI), now())
    for row in rows:
        values = {
            "source": Hazard.Source.EXPERT,
            "title": row.title,
            "category": row.category,
            "description": row.description,
            "place": row.place,
            "found_at": moment,
        }
        row.hazard = hazards.register(user, visit.enterprise, values)
        row.save(update_fields=["hazard"])


def accept(visit: ServiceVisit, user: User, reason: str = "") -> None:
    """The service was rendered; it may be paid."""
    advance(visit, "accept", user, reason=reason)


def reject(visit: ServiceVisit, user: User, reason: str) -> None:
    """It was not, or not as agreed."""
    advance(visit, "reject", user, reason=reason)


@transaction.atomic
def pay(user: User, contract: Contract, visits: Sequence[ServiceVisit], voucher: str) -> AgencyPayment:
    """Pay for accepted visits; the amount is the sum of their fees, and all payments stay below the ceiling.

    Raises PermissionDenied or Http404 (access door), ValidationError, Conflict when a visit was paid already.
    """
    access.check(user, Contract, contract.pk, "standardisation.pay")
    if not voucher.strip():
        raise ValidationError({"voucher": "请填写付款凭证号。"})
    if not visits or any(visit.contract_id != contract.pk for visit in visits):
        raise ValidationError({"visits": "请选择本合同已验收、未付款的服务。"})
    locked = Contract.objects.select_for_update().get(pk=contract.pk)
    amount = sum((visit.fee for visit in visits), Decimal(0))
    paid = locked.payments.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    if paid + amount > locked.ceiling:
        words = f"已付 {paid:.2f} 元，本次 {amount:.2f} 元，合计超过付款上限 {locked.ceiling:.2f} 元，不能付款。"
        raise ValidationError({"visits": words})
    made = AgencyPayment.objects.create(
        contract=locked, amount=amount, voucher=voucher.strip(), paid_on=today(), paid_by=user
    )
    told = {"amount": (None, str(amount)), "visits": (None, "、".join(str(visit) for visit in visits))}
    record("standardisation.payment", made, owner=locked.owner_id, changes=told)
    for visit in visits:
        advance(visit, "pay", None, fields={"payment": made})
    return made


def _visit_faults(contract: Contract, experts: Sequence[Expert], day: date, fee: Decimal) -> dict[str, str]:
    wrong = {}
    if not contract.first_day <= day <= min(contract.last_day, today()):
        wrong["day"] = f"服务日期应在合同期内（{contract.first_day} 至 {contract.last_day}），且不晚于今天。"
    elif contract.agency.qualified_until < day:
        wrong["day"] = f"{contract.agency.name}的资质到 {contract.agency.qualified_until} 为止，当日已过期。"
    elif len(set(experts)) < (needed := pack.agency_rule(day).experts):
        wrong["experts"] = f"每次服务至少 {needed} 名专家，现为 {len(set(experts))} 名。"
    outside = [row.name for row in experts if row.agency_id not in {None, contract.agency_id}]
    if outside:
        wrong["experts"] = f"“{outside[0]}”是其他机构的专家，不能计入这份合同的服务。"
    if fee <= 0:
        wrong["fee"] = "费用要大于 0。"
    return wrong
