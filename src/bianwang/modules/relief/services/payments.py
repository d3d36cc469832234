"""Batches for the bank and what came of them. Each claim has one line that waits or is paid: nobody is paid twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.relief.models import Batch, Claim, Fund, Line, Programme
from bianwang.modules.relief.queries import funds as money
from bianwang.modules.relief.services.writing import take_numbers
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.ledger.models import Entry
from bianwang.platform.ledger.services import draft
from bianwang.platform.workflow.services import advance, start


@transaction.atomic
def make_batch(user: User, programme: Programme, fund: Fund, request: str, *, is_demo: bool = False) -> Batch:
    """Everything of a programme that is approved and waits, as one batch; the same request again is the same batch.

    One transaction: after a power cut there is the whole batch or none. Raises PermissionDenied, ValidationError.
    """
    access.require(user, "relief.pay")
    fund = Fund.objects.select_for_update().get(pk=fund.pk)
    known = Batch.objects.filter(request=request).first()
    if known is not None:
        return known
    claims = list(money.payable(programme).select_related("owner").order_by("owner", "pk"))
    if not claims:
        raise ValidationError("这个项目没有待拨付的申请；银行退回的须先更正账号。")
    total = sum((claim.amount for claim in claims), Decimal(0))
    _check_money(fund, programme, total)
    batch = Batch(
        owner=programme.owner,
        number=take_numbers("batch")[0],
        programme=programme,
        fund=fund,
        request=request,
        households=len(claims),
        amount=total,
        made_by=user,
        made_at=now(),
        is_demo=is_demo,
    )
    batch.clean_fields(exclude=["state", "state_since"])
    start(batch, by=user, verb="relief.batch", changes={"households": (None, len(claims)), "amount": (None, total)})
    Line.objects.bulk_create(
        [
            Line(batch=batch, claim=claim, number=f"{batch.number}-{place:04d}", amount=claim.amount)
            for place, claim in enumerate(claims, 1)
        ],
        batch_size=500,
    )
    told = {"batch": (None, batch.number)}
    rows = [draft("relief.batch_line", claim, owner=claim.owner_id, changes=told) for claim in claims]
    Entry.objects.bulk_create(rows, batch_size=500)
    return batch


@transaction.atomic
def settle(user: User, results: Iterable[Mapping[str, Any]]) -> None:
    """Enter what the bank reports ({number, is_paid, day, reason}). The same result again changes nothing.

    Raises PermissionDenied, ValidationError for an unknown line or another result than before.
    """
    access.require(user, "relief.pay")
    wanted = {row["number"]: row for row in results}
    batches = Batch.objects.filter(lines__number__in=wanted).order_by("pk").values_list("pk", flat=True)
    held = Batch.objects.select_for_update().in_bulk(list(batches))
    lines = Line.objects.filter(number__in=wanted).select_related("claim__programme")
    found = {line.number: line for line in lines}
    for number, row in wanted.items():
        if number not in found:
            raise ValidationError(f"没有付款编号“{number}”，请使用本平台导出的编号。")
        _settle_line(found[number], bool(row["is_paid"]), row["day"] or today(), (row["reason"] or "").strip())
    for batch in held.values():
        if batch.state == "made" and not batch.lines.filter(state=Line.State.PENDING).exists():
            advance(batch, "finish", None)


@transaction.atomic
def void(batch: Batch, user: User, reason: str) -> None:
    """Nothing of it was sent to the bank; its claims wait again."""
    row = Batch.objects.select_for_update().get(pk=batch.pk)
    advance(row, "void", user, reason=reason)
    lines = list(row.lines.filter(state=Line.State.PENDING).select_related("claim"))
    row.lines.filter(state=Line.State.PENDING).update(state=Line.State.VOID)
    told = {"batch": (row.number, None)}
    Entry.objects.bulk_create(
        [draft("relief.batch_unline", line.claim, owner=line.claim.owner_id, changes=told) for line in lines],
        batch_size=500,
    )
    batch.state = row.state


def result_error(line: Line | None, is_paid: bool | None, day: date | None) -> str:
    """Why a result cannot be entered, in words, or ''."""
    if line is None:
        return "没有这个付款编号，请使用本平台导出的编号。"
    if line.state == Line.State.VOID:
        return "这笔款项的批次已作废。"
    if is_paid is not None and line.state != Line.State.PENDING and line.state != _state(is_paid):
        return f"这笔款项已登记为“{line.get_state_display()}”，与本次结果不同，请与银行核对。"
    return "入账日期不能晚于今天。" if day and day > today() else ""


def _settle_line(line: Line, is_paid: bool, day: date, reason: str) -> None:
    refusal = result_error(line, is_paid, day)
    if refusal:
        raise ValidationError(f"{line.number}：{refusal}")
    if line.state != Line.State.PENDING:
        return
    claim: Claim = line.claim
    if is_paid:
        Line.objects.filter(pk=line.pk).update(state=Line.State.PAID, paid_on=day)
        advance(claim, "pay", None, fields={"paid_on": day, "bounced": "", "escalation": 0})
    else:
        words = reason or "银行退回，未写原因"
        Line.objects.filter(pk=line.pk).update(state=Line.State.RETURNED, reason=words[:200])
        advance(claim, "bounce", None, reason=words, fields={"bounced": words[:200]})


def _state(is_paid: bool) -> str:
    return Line.State.PAID if is_paid else Line.State.RETURNED


def _check_money(fund: Fund, programme: Programme, total: Decimal) -> None:
    left = money.left_for(fund, programme)
    if total > left:
        raise ValidationError(
            f"“{fund}”分配给“{programme}”的资金还可用 {left:,.2f} 元，本批需 {total:,.2f} 元，请先登记到账并分配资金。"
        )
