"""Broadcasts are drafted, approved by somebody else, sent through the sender, and receipted town by town."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.outreach.models import Broadcast, Receipt
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.messages import services as messages
from bianwang.platform.messages.models import Message
from bianwang.platform.places.models import Organisation, Party
from bianwang.platform.places.queries import bureau
from bianwang.platform.workflow.queries import deadline, limit
from bianwang.platform.workflow.services import advance, start

COLUMNS = ("title", "text", "play_at", "times", "is_demo")


@transaction.atomic
def draft_broadcast(user: User, values: Mapping[str, Any]) -> Broadcast:
    """Draft a broadcast, which waits for approval. Raises PermissionDenied, ValidationError."""
    access.require(user, "outreach.broadcast")
    towns = list(values["towns"])
    broadcast = Broadcast(**{name: values[name] for name in COLUMNS if name in values})
    broadcast.owner, broadcast.drafted_by = bureau(), user
    if broadcast.play_at < now():
        raise ValidationError({"play_at": "播出时间不能早于现在。"})
    if not towns:
        raise ValidationError({"towns": "请选择播出镇街。"})
    broadcast.full_clean(exclude=["state", "state_since", "due_at"])
    broadcast.due_at = broadcast.play_at
    names = "、".join(town.name for town in towns)
    start(broadcast, by=user, verb="outreach.broadcast_draft", changes={"towns": (None, names)})
    broadcast.towns.set(towns)
    return broadcast


@transaction.atomic
def approve_broadcast(broadcast: Broadcast, user: User, reason: str = "") -> None:
    """Approve: one message to each town at the time of playing, and a receipt that its office owes."""
    decided = {"decided_by": user, "decided_at": now()}
    advance(broadcast, "approve", user, reason=reason, fields=decided)
    owed = deadline(limit("outreach.broadcast_receipt"), broadcast.play_at)
    for town in broadcast.towns.order_by("code"):
        office = Organisation.objects.filter(territory=town, level=Organisation.Level.TOWN, is_active=True).first()
        if office is None:
            raise ValidationError(f"{town.name}没有登记镇街办事机构，无人回执，请先在“单位与区域”登记。")
        messages.send(
            broadcast.key(town.code),
            Message.Channel.BROADCAST,
            town.name,
            f"{broadcast.text}（播 {broadcast.times} 遍）",
            owner=broadcast.owner,
            about=f"村村通广播：{broadcast.title}",
            at=broadcast.play_at,
        )
        receipt = Receipt(broadcast=broadcast, town=town, office=Party.objects.get(pk=office.pk), due_at=owed)
        start(receipt, by=user, verb="outreach.receipt_owed")


def refuse_broadcast(broadcast: Broadcast, user: User, reason: str) -> None:
    """Do not approve; another draft may follow."""
    advance(broadcast, "refuse", user, reason=reason, fields={"decided_by": user, "decided_at": now()})


@transaction.atomic
def cancel_broadcast(broadcast: Broadcast, user: User, reason: str) -> None:
    """Call it back before it is played; its messages have not left yet."""
    advance(broadcast, "cancel", user, reason=reason)
    receipts = list(broadcast.receipts.select_related("town"))
    called = messages.cancel([broadcast.key(receipt.town.code) for receipt in receipts])
    if called < len(receipts):
        raise ValidationError("有消息已经发出，不能再取消，请电话通知镇街。")
    for receipt in receipts:
        advance(receipt, "cancel", None)


def receipt_played(receipt: Receipt, user: User, played_at: datetime, speakers: int | None) -> None:
    """It was played there."""
    if played_at > now():
        raise ValidationError({"played_at": "实际播出时间不能晚于现在。"})
    advance(receipt, "played", user, fields={"played_at": played_at, "speakers": speakers})
