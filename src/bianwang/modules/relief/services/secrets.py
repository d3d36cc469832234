"""Identity numbers, telephones and accounts of households: sealed when written, every reading told to the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.relief.models import Batch, Claim, Line, Secret
from bianwang.modules.relief.persons import Person
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.config import ConfigError
from bianwang.platform.crypto import blind_index, seal, unseal
from bianwang.platform.ledger.services import record


class Numbers(msgspec.Struct, frozen=True):
    """What few may read of a household, bound to its claim so that texts cannot be exchanged between rows."""

    claim: str
    phone: str
    account: str
    people: tuple[Person, ...]

    def __repr__(self) -> str:
        """Nothing, so that no log or page of an error tells."""
        return "Numbers(…)"


def digest(*parts: str) -> str:
    """By what we know a number again without reading it."""
    return blind_index("relief", *parts)


def sealed(claim: Claim, numbers: Numbers) -> Secret:
    """The row that keeps them, not saved yet."""
    return Secret(claim=claim, sealed=seal(msgspec.json.encode(numbers)), sealed_at=now())


def replace_account(claim: Claim, account: str) -> None:
    """Another account; the caller has taken the step that tells the ledger."""
    fresh = msgspec.structs.replace(opened(claim), account=account)
    Secret.objects.filter(claim=claim).update(sealed=seal(msgspec.json.encode(fresh)), sealed_at=now())


@transaction.atomic
def read_numbers(user: User, claim: Claim, reason: str) -> Numbers:
    """One household's numbers, for a stated reason; the ledger row stands before anything is opened.

    Raises PermissionDenied or Http404 (access door), ValidationError without a reason.
    """
    access.check(user, Claim, claim.pk, "relief.clear")
    if len(reason.strip()) < 4:
        raise ValidationError({"reason": "请写明查看的理由，至少四个字。"})
    record("relief.read_numbers", claim, owner=claim.owner_id, reason=reason.strip())
    return opened(claim)


@transaction.atomic
def bank_rows(user: User, batch: Batch) -> Sequence[tuple[Line, Numbers]]:
    """What the bank needs, line by line; taking it out is told to the ledger."""
    access.check(user, Batch, batch.pk, "relief.pay")
    lines = list(batch.lines.filter(state=Line.State.PENDING).select_related("claim__secret").order_by("pk"))
    if not lines:
        raise ValidationError("这个批次没有待付的款项，不用再导出。")
    record("relief.bank_file", batch, owner=batch.owner_id, changes={"lines": (None, len(lines))})
    return [(line, opened(line.claim)) for line in lines]


def opened(claim: Claim) -> Numbers:
    """The numbers themselves. Raises ValidationError when they cannot be those of the claim."""
    try:
        found = msgspec.json.decode(unseal(bytes(claim.secret.sealed)), type=Numbers)
    except ConfigError as error:
        raise ValidationError(str(error)) from error
    if found.claim != claim.number:
        raise ValidationError(f"{claim.number} 的身份和账号信息与申请不符，数据可能被改动过，请联系系统管理员。")
    return found


def once_keys(people: Iterable[Person], loss: str) -> dict[str, Person]:
    """By the key that makes help for one loss unique: who it is."""
    return {digest("once", person.id_number, loss): person for person in people}
