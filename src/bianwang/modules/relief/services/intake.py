"""A household's own report: sealed until the code that was sent to its telephone comes back."""

from __future__ import annotations

import secrets as random
from datetime import timedelta

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F

from bianwang.modules.relief.models import Claim, Intake, Programme
from bianwang.modules.relief.persons import Person
from bianwang.modules.relief.services.claims import Household, enter
from bianwang.modules.relief.services.secrets import digest
from bianwang.platform.clock import now
from bianwang.platform.crypto import seal, unseal
from bianwang.platform.ledger.context import acting
from bianwang.platform.messages.services import send
from bianwang.platform.places.models import Organisation, Party

SELF = "本户自报"
"""All that the ledger learns of who reported."""
LIFETIME = timedelta(minutes=30)
MOST_ATTEMPTS = 5
MOST_A_DAY = 5
"""Codes that one telephone gets in a day."""


class _Kept(msgspec.Struct, frozen=True):
    village: int
    people: tuple[Person, ...]
    phone: str
    account: str
    situation: str
    rooms: int
    days: int


@transaction.atomic
def begin(programme: Programme, village: Organisation, household: Household) -> Intake:
    """Keep what was sent and send the code. Raises ValidationError."""
    known = digest("phone", household.phone)
    moment = now()
    if Intake.objects.filter(phone_digest=known, made_at__gt=moment - timedelta(days=1)).count() >= MOST_A_DAY:
        raise ValidationError("这个手机号码今天已获取多次确认码，请明天再试，或请村（社）代为登记。")
    kept = _Kept(
        village.pk,
        tuple(household.people),
        household.phone,
        household.account,
        household.situation,
        household.rooms,
        household.days,
    )
    token, code = random.token_urlsafe(24), f"{random.randbelow(1_000_000):06d}"
    row = Intake.objects.create(
        token=token,
        programme=programme,
        phone_digest=known,
        code_digest=digest("code", token, code),
        sealed=seal(msgspec.json.encode(kept)),
        made_at=moment,
    )
    minutes = int(LIFETIME.total_seconds() // 60)
    with acting(None, SELF):
        send(
            f"relief.intake:{row.pk}",
            "sms",
            household.phone,
            f"救助申请确认码 {code}，{minutes} 分钟内有效。不是您本人填报的，请不要告诉他人。",
            owner=programme.owner,
            about="救助自报确认码",
        )
    return row


def confirm(token: str, code: str) -> Claim:
    """The code came back: the claim is entered. Raises ValidationError; a wrong code is counted."""
    row = Intake.objects.filter(token=token, made_at__gt=now() - LIFETIME).select_related("programme__owner").first()
    if row is None:
        raise ValidationError("确认码已过期或已使用，请重新填报。")
    if not Intake.objects.filter(pk=row.pk, attempts__lt=MOST_ATTEMPTS).update(attempts=F("attempts") + 1):
        raise ValidationError("确认码输错次数过多，请重新填报。")
    if digest("code", token, code.strip()) != row.code_digest:
        raise ValidationError({"code": "确认码不对，请核对短信后重填。"})
    kept = msgspec.json.decode(unseal(bytes(row.sealed)), type=_Kept)
    household = Household(kept.people, kept.phone, kept.account, kept.situation, kept.rooms, kept.days)
    with transaction.atomic(), acting(None, SELF):
        if not Intake.objects.filter(pk=row.pk).delete()[0]:
            raise ValidationError("确认码已过期或已使用，请重新填报。")
        return enter(row.programme, Party.objects.get(pk=kept.village), household, by=None)


def forget_old() -> None:
    """What was never confirmed is gone after a day; the loop calls this."""
    Intake.objects.filter(made_at__lt=now() - timedelta(days=1)).delete()
