"""Receipts of group messages: given on the platform, by a link, or noted after a call; and the call tree."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from bianwang.modules.duty.models import Contact, GroupMessage, PhoneCall, Recipient
from bianwang.modules.duty.receipt_links import read
from bianwang.modules.duty.services.calls import note_call
from bianwang.modules.duty.services.sending import add_recipients, target_of
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.jobs.services import each
from bianwang.platform.ledger.services import record
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.queries import deadline, limit

_AT_ONCE = 200
_CLOSED = "这条消息已结束收集回执，不用再回执。"


def by_token(text: str) -> Recipient | None:
    """Whose link it is; None for a link that is not ours or has run out."""
    found = read(text)
    row = None
    if found is not None:
        rows = Recipient.objects.filter(message=found[0], number=found[1])
        row = rows.select_related("message__owner").first()
    return row if row and now() < deadline(limit("duty.receipt_link"), row.asked_at) else None


@transaction.atomic
def receive(row: Recipient, by: User, reply: str = "") -> None:
    """Somebody says on the platform that it arrived. Raises PermissionDenied or Http404 (access door), Refused."""
    access.check(by, Recipient, row.pk, "duty.receive")
    if row.user_id != by.pk:
        raise PermissionDenied(f"要由{row.name}本人回执；电话通知到的请由发送单位登记。")
    _settle(row, Recipient.Way.PAGE, reply)


@transaction.atomic
def receive_by_link(row: Recipient, reply: str = "") -> None:
    """Whoever holds the signed link says that it arrived; the second time it is refused. Raises Refused."""
    _settle(row, Recipient.Way.LINK, reply)


@transaction.atomic
def note_receipt(row: Recipient, by: User, reply: str) -> PhoneCall:
    """Somebody was called and says that it arrived; the call is noted too.

    Raises PermissionDenied or Http404 (access door), Refused, ValidationError.
    """
    access.check(by, GroupMessage, row.message_id, "duty.message")
    _settle(row, Recipient.Way.PHONE, reply, noted_by=by)
    text = f"通知“{row.message.title}”"
    url = row.message.get_absolute_url()
    return note_call(by, PhoneCall.Direction.OUT, row.name, row.phone, now(), text, reply, source=url)


@transaction.atomic
def receive_elsewhere(row: Recipient, way: str, reply: str) -> None:
    """They answered for the matter itself, which counts as a receipt; nothing where there is one already."""
    if row.received_at is None and row.message.closed_at is None:
        _settle(row, way, reply)


@transaction.atomic
def close_about(page: str, reason: str) -> None:
    """The matter with this page is over: messages about it, or about a page below it, ask for nothing more."""
    for message in GroupMessage.objects.filter(source__startswith=page, closed_at__isnull=True):
        _close(message, reason)


@transaction.atomic
def close_message(message: GroupMessage, by: User) -> None:
    """No more receipts are wanted; whoever was silent stays so. Raises as `receive`."""
    access.check(by, GroupMessage, message.pk, "duty.message")
    if not _close(message, by=by):
        raise Refused("这条消息已经结束收集回执。")


def climb_tree() -> None:
    """Whoever has not answered in time is followed by their substitute, or by a call; the loop calls this.

    What is over by itself is closed first, so that nobody is asked about it.
    """
    over = GroupMessage.objects.filter(closed_at__isnull=True, ends_at__lte=now())
    each(list(over), lambda message: _close(message, "事项有效期已过"))
    open_root = Q(root__isnull=True, covered_at__isnull=True) | Q(root__covered_at__isnull=True, root__isnull=False)
    rows = Recipient.objects.filter(
        open_root, received_at__isnull=True, moved_at__isnull=True, due_at__lt=now(), message__closed_at__isnull=True
    )
    each(list(rows.select_related("message__owner", "root", "contact").order_by("due_at")[:_AT_ONCE]), _climb)


@transaction.atomic
def _climb(row: Recipient) -> None:
    waiting = Recipient.objects.filter(pk=row.pk, moved_at__isnull=True, received_at__isnull=True)
    if not waiting.filter(message__closed_at__isnull=True).update(moved_at=now()):
        return
    root, message = row.root or row, row.message
    following = _substitute(row)
    if following is not None:
        due = now() + timedelta(minutes=message.minutes)
        add_recipients(message, [target_of(following)], due, root)
    elif message.asks_calls:
        todo.open_for(
            root,
            title=f"无人回执，请电话通知：{row}",
            url=row.get_absolute_url(),
            owner=message.owner_id,
            permission="duty.message",
        )
    after = following.name if following else "电话通知"
    record("duty.climb", row, owner=row.unit_id, changes={"next": (row.name, after)})


def _close(message: GroupMessage, reason: str = "", by: User | None = None) -> bool:
    """Whether it was still open: the call tree, the links and the duties of those who were asked end."""
    moment = now()
    if not GroupMessage.objects.filter(pk=message.pk, closed_at__isnull=True).update(closed_at=moment, closed_by=by):
        return False
    message.closed_at, message.closed_by = moment, by
    todo.close_all(Recipient, message.recipients.order_by().values("pk"))
    silent = message.recipients.filter(root__isnull=True, covered_at__isnull=True).count()
    record("duty.message_close", message, owner=message.owner_id, changes={"silent": (None, silent)}, reason=reason)
    return True


def _substitute(row: Recipient) -> Contact | None:
    """The next of the call tree who is in use and does not have the message yet."""
    asked = set(row.message.recipients.values_list("contact", flat=True))
    following = row.contact.substitute if row.contact else None
    while following is not None and (following.pk in asked or not following.is_active):
        following = following.substitute
    return following


def _settle(row: Recipient, way: str, reply: str, noted_by: User | None = None) -> None:
    """The first word counts. What concerns the whole branch of the tree stands at its root."""
    if GroupMessage.objects.filter(pk=row.message_id, closed_at__isnull=False).exists():
        raise Refused(_CLOSED)
    moment = now()
    values = {"received_at": moment, "way": way, "reply": reply.strip()[:300], "noted_by": noted_by}
    if not Recipient.objects.filter(pk=row.pk, received_at__isnull=True).update(**values):
        raise Refused("已经回执过了，不用再回执。")
    for name, value in values.items():
        setattr(row, name, value)
    root = row.root_id or row.pk
    Recipient.objects.filter(pk=root, covered_at__isnull=True).update(covered_at=moment)
    todo.close_all(Recipient, Recipient.objects.filter(pk__in=[row.pk, root]).order_by().values("pk"))
    changes = {"way": (None, row.get_way_display()), "reply": (None, row.reply or None)}
    record("duty.receive", row, owner=row.unit_id, changes=changes)
