"""After the decision: payments, instalments, urging, the court, closure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.penalties.accounts import account
from bianwang.modules.penalties.models import Case, Instalment, Payment
from bianwang.modules.penalties.pack import ceiling
from bianwang.modules.penalties.services.steps import checked_day, saved, take, written
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today


@transaction.atomic
def pay(
    case: Case, user: User, *, kind: str, way: str, amount: Decimal, day: date, receipt: str, reason: str = ""
) -> Payment:
    """Money came in, against a receipt; never more than is owed that day."""
    Case.objects.select_for_update().get(pk=case.pk)
    on = checked_day(day, "day", since=case.served_on)
    number = written(receipt, "receipt", "请填写票据号。")
    if Payment.objects.filter(receipt=number).exists():
        raise ValidationError({"receipt": f"票据号“{number}”已经登记过。"})
    owed = account(case, on).due(kind) if kind in Payment.Kind.values else Decimal(0)
    if not 0 < amount <= owed:
        raise ValidationError({"amount": f"截至 {on} 该款项应缴 {owed:,} 元，登记金额应大于零且不超过它。"})
    if way == Payment.Way.SPOT:
        _on_the_spot(case, on, amount, reason)
    row = Payment(case=case, kind=kind, way=way, amount=amount, day=on, receipt=number, recorded_by=user)
    told = {"payment": (None, f"{row} {row.get_way_display()} {number}")}
    take(case, "pay", user, reason=reason, changes=told, make=lambda: saved(row, "handed_in_on", "banked_on"))
    return row


def bank(case: Case, user: User, payment: Payment, handed_in_on: date, banked_on: date | None) -> None:
    """Money collected on the spot reached the office, and the bank."""
    if payment.case_id != case.pk or payment.way != Payment.Way.SPOT or payment.banked_on:
        raise ValidationError({"payment": "请选择本案待上缴的当场收缴款。"})
    first = checked_day(handed_in_on, "handed_in_on", since=payment.day)
    last = checked_day(banked_on, "banked_on", since=first) if banked_on else None

    def keep() -> None:
        Payment.objects.filter(pk=payment.pk).update(handed_in_on=first, banked_on=last)

    told = {"payment": (str(payment), f"{first} 交机关，{last or '待'} 缴银行")}
    take(case, "bank", user, changes=told, make=keep)


def instal(case: Case, user: User, parts: Sequence[tuple[date, Decimal]], reason: str) -> None:
    """Let the fine be paid later or in parts, which together are the fine."""
    if not parts or any(day < (case.pay_by or day) or amount <= 0 for day, amount in parts):
        raise ValidationError({"parts": f"每期写“日期 金额”，日期不早于原缴款期限 {case.pay_by}，金额大于零。"})
    if sum(amount for _, amount in parts) != case.fine:
        raise ValidationError({"parts": f"各期金额之和应等于罚款 {case.fine:,} 元。"})
    rows = [Instalment(case=case, day=day, amount=amount) for day, amount in sorted(parts)]

    def keep() -> None:
        for row in rows:
            saved(row)

    told = {"instalments": (None, "、".join(map(str, rows)))}
    take(case, "instal", user, reason=reason, changes=told, make=keep, pay_by=rows[-1].day)


def urge(case: Case, user: User, day: date | None = None) -> None:
    """The letter that comes before the court."""
    take(case, "urge", user, urged_on=checked_day(day, "day", since=case.pay_by))


def enforce(case: Case, user: User, reason: str = "") -> None:
    """Ask the court."""
    take(case, "enforce", user, reason=reason)


def close(case: Case, user: User, reason: str = "") -> None:
    """Everything is done and on file."""
    take(case, "close", user, reason=reason, closed_on=today())


def _on_the_spot(case: Case, day: date, amount: Decimal, reason: str) -> None:
    if case.procedure != Case.Procedure.SUMMARY:
        raise ValidationError({"way": "普通程序的罚款由银行代收，不能当场收缴。"})
    top = ceiling("collect", case.respondent_kind, day).value
    if amount > top and len(reason.strip()) < 4:
        words = f"超过 {top:,} 元的罚款，只有不当场收缴事后难以执行的才能当场收缴，请写明理由。"
        raise ValidationError({"reason": words})
