"""Rewards: applied for, approved by somebody else, paid against a receipt by a third."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.outreach import rewards
from bianwang.modules.outreach.models import Call, Reward
from bianwang.modules.outreach.pack import band
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.workflow.services import advance, start


@transaction.atomic
def apply_reward(call: Call, user: User, values: Mapping[str, Any]) -> Reward:
    """Ask for the reward of a true report; the amount follows from the district pack of the day it came in.

    Raises ValidationError, and what the workflow raises.
    """
    claim = rewards.Claim(
        fine=values.get("fine"),
        grade=values.get("grade", ""),
        people=values.get("people") or 0,
        proposed=values.get("proposed"),
    )
    row = band(values["band"], call.day)
    joint = values.get("joint") or 1
    try:
        total = rewards.amount(claim, row)
        rewards.shares(total, joint)
    except ValueError as error:
        raise ValidationError(str(error)) from error
    advance(call, "reward", user, changes={"reward": (None, f"{row.name} {total}元")})
    used: dict[str, dict[str, Any]] = {
        "fine": {"fine": claim.fine},
        "people": {"grade": claim.grade, "people": claim.people},
        "range": {},
    }
    basis = used[row.way]
    reward = Reward(call=call, band=row.code, joint=joint, amount=total, applied_by=user, applied_at=now(), **basis)
    reward.clean_fields(exclude=["state", "state_since", "decided_by", "decided_at", "paid_by", "paid_at"])
    start(reward, by=user, verb="outreach.reward_apply", changes={"amount": (None, str(total))})
    return reward


def approve_reward(reward: Reward, user: User, reason: str = "") -> None:
    """Approve; never one's own application."""
    advance(reward, "approve", user, reason=reason, fields={"decided_by": user, "decided_at": now()})


def refuse_reward(reward: Reward, user: User, reason: str) -> None:
    """Do not approve; another application may follow."""
    advance(reward, "refuse", user, reason=reason, fields={"decided_by": user, "decided_at": now()})


def pay_reward(reward: Reward, user: User, receipt: str) -> None:
    """Paid, with the receipt's number."""
    if not receipt.strip():
        raise ValidationError({"receipt": "请填写领取凭证号。"})
    fields = {"paid_by": user, "paid_at": now(), "receipt": receipt.strip()}
    advance(reward, "pay", user, fields=fields)
