"""A household appeals; the bureau hears it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.relief.models import Appeal, Claim
from bianwang.modules.relief.services import claims
from bianwang.modules.relief.services.writing import take_numbers
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.workflow.services import advance, start
from bianwang.platform.workflow.table import Deadline


@transaction.atomic
def file(claim: Claim, user: User, ground: str) -> Appeal:
    """Enter the appeal of a household whose claim was refused, or granted with less than it asked for."""
    if not ground.strip():
        raise ValidationError({"ground": "请写明申诉理由。"})
    appeal = Appeal(claim=claim, number=take_numbers("appeal")[0], ground=ground.strip(), filed_at=now())
    advance(claim, "appeal", user, reason=ground)
    start(appeal, by=user, verb="relief.appeal_file", deadline=Deadline("relief.appeal"))
    return appeal


@transaction.atomic
def uphold(appeal: Appeal, user: User, reason: str) -> None:
    """The household is right: the town checks the claim again."""
    advance(appeal, "uphold", user, reason=reason, fields={"finding": reason.strip(), "decided_by": user})
    claims.reopen(Claim.objects.select_related("programme", "secret").get(pk=appeal.claim_id), reason)


def dismiss(appeal: Appeal, user: User, reason: str) -> None:
    """What was found stands."""
    advance(appeal, "dismiss", user, reason=reason, fields={"finding": reason.strip(), "decided_by": user})
