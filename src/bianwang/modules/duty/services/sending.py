"""Group messages are sent: rows, texts and to-dos for everybody in a few statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bianwang.modules.duty import pack
from bianwang.modules.duty.models import Contact, GroupMessage, Recipient
from bianwang.modules.duty.receipt_links import link
from bianwang.modules.duty.units import own_unit
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.ledger.services import record
from bianwang.platform.messages import services as messages
from bianwang.platform.places.models import Party
from bianwang.platform.todo import services as todo

MOST_RECIPIENTS = 2000
_TOGETHER = 200


@dataclass(frozen=True)
class Target:
    """Somebody to whom a message goes. `phone` empty: no text can be sent, so they are called."""

    unit: int
    name: str
    phone: str
    user: User | None = None
    contact: Contact | None = None


@dataclass(frozen=True)
class Draft:
    """What is to be sent. `key` is of the form, so that a second click is the same message."""

    key: str
    title: str
    text: str
    urgency: str
    minutes: int | None = None
    """Where another rule than the urgency says when a receipt is wanted."""
    source: str = ""
    how: str = ""
    """How somebody answers who gets no link, where it is not on the page of the message."""
    asks_calls: bool = True
    """Whether a call to the silent is asked for when the call tree has come to its end."""
    ends_at: datetime | None = None
    """When the matter is over by itself, so that nobody is asked any more."""


def send_message(by: User, draft: Draft, contacts: Iterable[Contact], *, is_demo: bool = False) -> GroupMessage:
    """Send a text to people of the contact list. The same key again is the same message and sends nothing.

    Raises PermissionDenied, ValidationError.
    """
    access.require(by, "duty.message")
    chosen = {contact.pk for contact in contacts}
    if len(chosen) > MOST_RECIPIENTS:
        raise ValidationError({"groups": f"一次最多发给 {MOST_RECIPIENTS} 人，现选了 {len(chosen)} 人，请分开发送。"})
    rows = access.visible(by, Contact, "duty.message").filter(pk__in=chosen, is_active=True)
    found = list(rows.select_related("user").prefetch_related("numbers").order_by("owner__pinyin", "position", "pk"))
    if len(found) != len(chosen):
        raise ValidationError({"people": "所选联系人有的已停用或不在您的管辖范围内，请重新选择。"})
    return send_to(by, own_unit(by, "duty.message"), draft, [target_of(row) for row in found], is_demo=is_demo)


def send_to(by: User, owner: Party, draft: Draft, targets: Sequence[Target], *, is_demo: bool = False) -> GroupMessage:
    """Send a text to these people for whoever has checked that the user may. Raises ValidationError."""
    try:
        with transaction.atomic():
            known = GroupMessage.objects.filter(key=draft.key).first()
            return known or _send(by, owner, draft, targets, is_demo=is_demo)
    except IntegrityError:
        # The other click of a double click was first.
        found = GroupMessage.objects.filter(key=draft.key).first()
        if found is None:
            raise
        return found


def add_recipients(
    message: GroupMessage, targets: Sequence[Target], due_at: datetime, root: Recipient | None, *, how: str = ""
) -> None:
    """Enter people with their texts and to-dos."""
    last = message.recipients.order_by("-number").values_list("number", flat=True).first() or 0
    numbered = list(enumerate(targets, last + 1))
    texts = [
        messages.Text(f"duty-message-{message.pk}-{number}", row.phone, _words(message, number, row, how))
        for number, row in numbered
        if row.phone
    ]
    sent = messages.send_texts(texts, owner=message.owner, about=f"群发：{message.title}")
    moment = now()
    rows = [
        Recipient(
            message=message,
            number=number,
            unit_id=row.unit,
            contact=row.contact,
            name=row.name,
            phone=row.phone,
            user=row.user,
            root=root,
            sms=sent.get(f"duty-message-{message.pk}-{number}"),
            asked_at=moment,
            due_at=due_at,
        )
        for number, row in numbered
    ]
    Recipient.objects.bulk_create(rows, batch_size=_TOGETHER)
    todo.open_all(
        [
            todo.draft(
                row,
                title=f"请回执：{message.title}",
                url=row.get_absolute_url(),
                owner=row.unit_id,
                permission="duty.receive",
                due_at=due_at,
                assignee=row.user,
            )
            for row in rows
            if row.user is not None
        ]
    )


def target_of(contact: Contact) -> Target:
    """Somebody of the contact list (prefetch `numbers`, select `user`)."""
    return Target(contact.owner_id, contact.name, contact.mobile, contact.user, contact)


def _send(by: User, owner: Party, draft: Draft, targets: Sequence[Target], *, is_demo: bool) -> GroupMessage:
    if not targets:
        raise ValidationError({"groups": "请选择分组或联系人，至少一人。"})
    moment = now()
    minutes = draft.minutes or pack.urgency(draft.urgency, today()).minutes
    message = GroupMessage(owner=owner, key=draft.key, title=draft.title.strip(), text=draft.text.strip())
    message.urgency, message.minutes, message.source = draft.urgency, minutes, check_source(draft.source)
    message.asks_calls, message.ends_at = draft.asks_calls, draft.ends_at
    message.sent_at, message.sent_by, message.is_demo = moment, by, is_demo
    message.clean_fields(exclude=["ends_at", "closed_at", "closed_by"])
    message.save(force_insert=True)
    told = {"text": (None, message.text), "recipients": (None, len(targets)), "minutes": (None, minutes)}
    record("duty.message", message, owner=message.owner_id, changes=told)
    add_recipients(message, targets, moment + timedelta(minutes=minutes), None, how=draft.how)
    return message


def check_source(text: str) -> str:
    """An address within the platform, without the host. Raises ValidationError."""
    text = text.strip()
    if text and (not text.startswith("/") or text.startswith("//") or "\\" in text):
        raise ValidationError({"source": "关联事项请填平台内的网址，从“/”开始，如 /emergency/1/。"})
    return text


def _words(message: GroupMessage, number: int, row: Target, how: str) -> str:
    address = link(message.pk, number)
    if address:
        how = f"收到请点击回执：{address}"
    else:
        how = how or ("收到请登录必安网在“待办”中回执。" if row.user else "收到请回电值班室。")
    return f"【{message.owner}】{message.title}：{message.text} 请在{message.minutes}分钟内回执，{how}"
