"""Programmes are set up, money comes and is set apart, people give."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.disasters.models import Disaster
from bianwang.modules.relief.models import Claim, Donation, Fund, FundEntry, Programme
from bianwang.modules.relief.pack import kind, policy
from bianwang.modules.relief.queries import funds as money
from bianwang.modules.relief.services.writing import create, last_day, take_numbers
from bianwang.modules.relief.workflow import GRANTED
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.ledger.services import record
from bianwang.platform.places.queries import bureau
from bianwang.platform.workflow.errors import Refused


@transaction.atomic
def open_programme(user: User, values: Mapping[str, Any], *, is_demo: bool = False) -> Programme:
    """Set up help of a kind for a disaster or a year ({name, kind, year, disaster, policy_date})."""
    access.require(user, "relief.programme")
    row = kind(values["kind"])
    disaster: Disaster | None = values.get("disaster")
    if row.yearly != (disaster is None):
        words = "按年度救助，不选灾害。" if row.yearly else "请选择是哪次灾害。"
        raise ValidationError({"disaster": f"{row.name}{words}"})
    try:
        policy(row.code, values["policy_date"])
    except Refused as error:
        raise ValidationError({"policy_date": str(error)}) from error
    scope = f"d{disaster.pk}" if disaster else f"y{values['year']}"
    known = Programme.objects.filter(kind=row.code, scope=scope).first()
    if known is not None:
        raise ValidationError({"kind": f"这次灾害或年度已有“{known}”，不能重复设立。"})
    programme = Programme(
        owner=bureau(),
        name=values["name"].strip() or _name(disaster, values["year"], row.name),
        kind=row.code,
        year=values["year"],
        disaster=disaster,
        scope=scope,
        policy_date=values["policy_date"],
        token=secrets.token_urlsafe(24),
        made_by=user,
        made_at=now(),
        is_demo=is_demo,
    )
    create(programme, "relief.programme", name=programme.name, policy_date=programme.policy_date)
    return programme


@transaction.atomic
def set_open(programme: Programme, user: User, *, is_open: bool) -> None:
    """Take claims, or no more."""
    access.check(user, Programme, programme.pk, "relief.programme")
    if not Programme.objects.filter(pk=programme.pk).exclude(is_open=is_open).update(is_open=is_open):
        return
    words = ("停止受理", "受理中") if is_open else ("受理中", "停止受理")
    record("relief.programme_open", programme, owner=programme.owner_id, changes={"is_open": words})


@transaction.atomic
def open_fund(user: User, values: Mapping[str, Any], *, is_demo: bool = False) -> Fund:
    """A new pot ({name, source, document})."""
    access.require(user, "relief.pay")
    fund = Fund(owner=bureau(), is_demo=is_demo, **values)
    create(fund, "relief.fund", name=fund.name, source=fund.get_source_display())
    return fund


@transaction.atomic
def receive(user: User, fund: Fund, amount: Decimal, day: date, note: str = "") -> FundEntry:
    """Money came."""
    access.check(user, Fund, fund.pk, "relief.pay")
    return _receive(fund, amount, day, note)


@transaction.atomic
def allot(user: User, fund: Fund, programme: Programme, amount: Decimal, day: date, note: str = "") -> FundEntry:
    """Set money apart for a programme; from then on its approved households can be paid."""
    access.check(user, Fund, fund.pk, "relief.pay")
    held = Fund.objects.select_for_update().get(pk=fund.pk)
    left = money.standing(held).unallotted
    if amount > left:
        raise ValidationError({"amount": f"“{held}”未分配的资金只有 {left:,.2f} 元。"})
    entry = FundEntry(fund=held, kind=FundEntry.Kind.ALLOTMENT, day=day, amount=amount, programme=programme, note=note)
    _enter(entry, "relief.allot", programme=programme.name)
    waiting = Claim.objects.filter(programme=programme, state__in=GRANTED, funded_pay_by__isnull=True)
    for decided in waiting.order_by().values_list("decided_on", flat=True).distinct():
        until = last_day("relief.pay_arrival", max(decided or day, day))
        waiting.filter(decided_on=decided).update(funded_pay_by=until)
    return entry


@transaction.atomic
def take_donation(
    user: User, values: Mapping[str, Any], fund: Fund | None = None, *, is_demo: bool = False
) -> Donation:
    """Enter what somebody gave; money becomes a receipt of a donation fund. Raises ValidationError."""
    access.require(user, "relief.donate")
    row = Donation(owner=bureau(), number=take_numbers("donation")[0], is_demo=is_demo, **values)
    if row.received_on > today():
        raise ValidationError({"received_on": "接收日期不能晚于今天。"})
    if row.kind == Donation.Kind.GOODS and not row.goods.strip():
        raise ValidationError({"goods": "捐物请写明物资名称、数量和单位。"})
    if row.kind == Donation.Kind.MONEY:
        if fund is None or fund.source != Fund.Source.DONATION:
            raise ValidationError({"fund": "捐款请选择存入的捐赠资金。"})
        row.entry = _receive(fund, row.amount, row.received_on, f"捐款 {row.number}")
    create(row, "relief.donation", kind=row.get_kind_display(), amount=row.amount, receipt=row.receipt)
    return row


@transaction.atomic
def publish(user: User, rows: Sequence[Donation]) -> int:
    """Put donations on the published list; returns how many are new there."""
    access.require(user, "relief.donate")
    count = 0
    for row in access.visible(user, Donation, "relief.donate").filter(pk__in=[row.pk for row in rows]):
        if Donation.objects.filter(pk=row.pk, is_published=False).update(is_published=True):
            record("relief.publish", row, owner=row.owner_id, changes={"is_published": ("否", "是")})
            count += 1
    return count


def _receive(fund: Fund, amount: Decimal, day: date, note: str) -> FundEntry:
    entry = FundEntry(fund=fund, kind=FundEntry.Kind.RECEIPT, day=day, amount=amount, note=note)
    _enter(entry, "relief.receipt")
    return entry


def _enter(entry: FundEntry, verb: str, **told: Any) -> None:
    if entry.day > today():
        raise ValidationError({"day": "日期不能晚于今天。"})
    if entry.amount <= 0:
        raise ValidationError({"amount": "金额应大于零。"})
    create(entry, verb, amount=entry.amount, day=entry.day, **told)


def _name(disaster: Disaster | None, year: int, kind_name: str) -> str:
    return f"{disaster.name if disaster else f'{year}年'}{kind_name}"[:100]
