"""Messages are entered here and sent by the loop: never lost, and each key once as far as its receiver knows keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.models import Entry
from bianwang.platform.ledger.services import Changes, draft, record
from bianwang.platform.messages.models import Message
from bianwang.platform.messages.recipients import masked, opened, put_away
from bianwang.platform.messages.senders import Outgoing, SendError, sender
from bianwang.platform.places.models import Party

MOST_ATTEMPTS = 8
CLAIM = timedelta(minutes=1)
"""How long a message stays claimed by a process that says nothing more."""
RUN_SECONDS = 1.0
_TOGETHER = 200
"""Rows in one statement."""
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=1)
_SECRET = frozenset({"recipient"})
_State = Message.State


@transaction.atomic
def send(
    key: str,
    channel: str,
    recipient: str,
    text: str,
    *,
    owner: Party,
    about: str = "",
    at: datetime | None = None,
) -> Message:
    """Enter a message in the caller's transaction; it is sent from `at` on (default: at once).

    The same key again is the same message and changes nothing. Raises ValidationError.
    """
    known = Message.objects.filter(key=key).first()
    if known is not None:
        return known
    message = _message(key, channel, recipient.strip(), text, owner=owner, about=about, at=at or now())
    message.clean_fields(exclude=["sealed", "sent_at"])
    try:
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        return Message.objects.get(key=key)  # another process was first
    record("messages.send", message, owner=owner, changes=_told(message, recipient), secret=_SECRET)
    return message


@dataclass(frozen=True)
class Text:
    """One of many texts that are entered together."""

    key: str
    recipient: str
    text: str


@transaction.atomic
def send_texts(texts: Sequence[Text], *, owner: Party, about: str = "") -> dict[str, Message]:
    """Enter many text messages in the caller's transaction in a few statements; returns them by key.

    A key that is known already is that message, as in `send`.
    """
    moment, sms = now(), Message.Channel.SMS
    known = {row.key: row for row in Message.objects.filter(key__in=[row.key for row in texts])}
    fresh = [row for row in texts if row.key not in known]
    made = [
        _message(row.key, sms, row.recipient.strip(), row.text, owner=owner, about=about, at=moment) for row in fresh
    ]
    Message.objects.bulk_create(made, batch_size=_TOGETHER)
    drafts = [
        draft("messages.send", message, owner=owner, changes=_told(message, row.recipient), secret=_SECRET)
        for message, row in zip(made, fresh, strict=True)
    ]
    Entry.objects.bulk_create(drafts, batch_size=_TOGETHER)
    return known | {row.key: row for row in made}


@transaction.atomic
def cancel(keys: Sequence[str]) -> int:
    """Call back what nobody has begun to send; returns how many."""
    count = 0
    for message in Message.objects.filter(key__in=keys, state=_State.WAITING):
        if Message.objects.filter(pk=message.pk, state=_State.WAITING).update(state=_State.CANCELLED, sealed=None):
            _tell("messages.cancel", message, _State.CANCELLED)
            count += 1
    return count


@transaction.atomic
def retry(user: User, rows: Sequence[Message]) -> int:
    """Let failed messages be tried anew; returns how many. Raises PermissionDenied, ValidationError."""
    access.require(user, "messages.retry")
    allowed = access.visible(user, Message, "messages.retry")
    count = 0
    for message in allowed.filter(pk__in=[row.pk for row in rows], state=_State.FAILED):
        fresh = {"state": _State.WAITING, "next_at": now(), "attempts": 1, "error": ""}
        # One attempt stays counted: the sender must look for the key.
        if Message.objects.filter(pk=message.pk, state=_State.FAILED).update(**fresh):
            _tell("messages.retry", message, _State.WAITING)
            count += 1
    if not count:
        raise ValidationError("所选消息都不是发送失败的，不用重发。")
    return count


def deliver() -> None:
    """Send what is due; the loop calls this. Several processes may."""
    through, until = sender(), monotonic() + RUN_SECONDS
    due = Message.objects.filter(state__in=[_State.WAITING, _State.SENDING], next_at__lte=now()).order_by("next_at")
    for message in due[:200]:
        if monotonic() > until:
            return
        if not _claim(message):
            continue
        try:
            out = Outgoing(message.key, message.channel, opened(message), message.text)
            through.send(out, again=message.attempts > 1, until=message.next_at)
        except SendError as error:
            _failed(message, str(error))
        else:
            _settle(message, "messages.sent", state=_State.SENT, sent_at=now(), error="", sealed=None)


def _message(key: str, channel: str, recipient: str, text: str, *, owner: Party, about: str, at: datetime) -> Message:
    """The row, not saved yet."""
    return Message(
        key=key,
        channel=channel,
        recipient_mask=masked(channel, recipient),
        sealed=put_away(key, recipient),
        text=text.strip(),
        about=about,
        owner_id=owner.pk,
        created_at=now(),
        next_at=at,
    )


def _told(message: Message, recipient: str) -> Changes:
    return {"channel": (None, message.get_channel_display()), "recipient": (None, recipient)}


def _claim(message: Message) -> bool:
    """Whether this process is the one that sends it now. Nothing of it can be forgotten: the attempt is counted."""
    fresh = {"state": _State.SENDING, "next_at": now() + CLAIM, "attempts": message.attempts + 1}
    seen = {"state": message.state, "next_at": message.next_at}
    if Message.objects.filter(pk=message.pk, **seen).update(**fresh) != 1:
        return False
    for name, value in fresh.items():
        setattr(message, name, value)
    return True


def _failed(message: Message, error: str) -> None:
    """Later again, later and later; in the end a person decides."""
    if message.attempts >= MOST_ATTEMPTS:
        _settle(message, "messages.fail", state=_State.FAILED, error=error[:300])
        return
    pause = min(_FIRST_PAUSE * 2 ** (message.attempts - 1), _LONGEST_PAUSE)
    _own(message).update(state=_State.WAITING, next_at=now() + pause, error=error[:300])


@transaction.atomic
def _settle(message: Message, verb: str, *, state: str, **values: object) -> None:
    """The end of a message; nothing when the claim ran out and another process has gone on."""
    if _own(message).update(state=state, **values):
        _tell(verb, message, state)


def _own(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(pk=message.pk, state=_State.SENDING, next_at=message.next_at)


def _tell(verb: str, message: Message, state: str) -> None:
    changes = {"state": (message.get_state_display(), _State(state).label)}
    record(verb, message, owner=message.owner_id, changes=changes)
