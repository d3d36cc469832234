"""回避: declared for an enterprise, withdrawn with a reason; both stay."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bianwang.modules.enforcement import units
from bianwang.modules.enforcement.models import Recusal
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.services import record
from bianwang.platform.places.models import Enterprise, Party
from bianwang.platform.places.queries import bureau
from bianwang.platform.workflow.errors import Conflict


@transaction.atomic
def recuse(user: User, officer: User, enterprise: Enterprise, reason: str) -> Recusal:
    """Declare that an officer has a conflict with an enterprise. Raises ValidationError if he has already."""
    owner = bureau()
    access.check(user, Party, owner.pk, "enforcement.plan")
    access.check(user, Enterprise, enterprise.pk, "enforcement.plan")
    if not units.certified().filter(pk=officer.pk).exists():
        raise ValidationError({"officer": "只有登记有执法证号的人员才参加抽取，请核对。"})
    if not reason.strip():
        raise ValidationError({"reason": "请写明回避的理由。"})
    made = Recusal(
        owner_id=owner.pk, officer=officer, enterprise=enterprise, reason=reason.strip(), made_by=user, made_at=now()
    )
    made.clean_fields(exclude=["owner", "officer", "enterprise", "made_by", "withdrawn_by", "withdrawn_at"])
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError({"enterprise": f"{officer.name}已登记回避“{enterprise}”。"}) from error
    told = {"执法人员": (None, officer.name), "企业": (None, enterprise.name)}
    record("enforcement.recuse", made, owner=owner.pk, changes=told, reason=made.reason)
    return made


@transaction.atomic
def withdraw_recusal(recusal: Recusal, user: User, reason: str) -> Recusal:
    """The conflict is over: from now on the officer may be drawn for the enterprise again."""
    access.check(user, Recusal, recusal.pk, "enforcement.plan")
    if not reason.strip():
        raise ValidationError({"reason": "请写明为什么撤回。"})
    fresh = Recusal.objects.select_for_update(of=("self",)).select_related("officer", "enterprise").get(pk=recusal.pk)
    if fresh.withdrawn_at:
        raise Conflict("这条回避已经撤回，请刷新页面。")
    fresh.withdrawn_by, fresh.withdrawn_at, fresh.withdrawal = user, now(), reason.strip()
    fresh.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawal"])
    told = {"回避": ("有效", "已撤回")}
    record("enforcement.withdraw_recusal", fresh, owner=fresh.owner_id, changes=told, reason=fresh.withdrawal)
    return fresh
