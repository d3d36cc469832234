"""A passed-on warning is a group message too: texts, links and the call tree are those of the duty (叫应)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from bianwang.modules.duty import services as duty
from bianwang.modules.duty.models import Recipient
from bianwang.modules.weather.models import Receipt, WeatherWarning
from bianwang.modules.weather.pack import call_rule
from bianwang.modules.weather.workflow import OPEN
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI
from bianwang.platform.ledger.models import Entry
from bianwang.platform.workflow.services import advance

_TOGETHER = 200
_TITLE, _AREA = 60, 200
_HOW = "收到请登录必安网应答预警，或回电值班室。"


def tell(user: User, warning: WeatherWarning, receipts: Sequence[Receipt], *, key: str) -> None:
    """One text to a person of every unit where somebody can be reached, in the caller's transaction."""
    targets = duty.reachable(row.unit_id for row in receipts)
    if not targets:
        return
    rule = call_rule(warning.level, receipts[0].sent_at.astimezone(SHANGHAI).date())
    until = f"{warning.valid_until.astimezone(SHANGHAI):%m月%d日%H:%M}"
    draft = duty.Draft(
        key=key,
        title=warning.headline[:_TITLE],
        text=f"{warning.issuer}发布，区域：{warning.area[:_AREA]}，有效至{until}，请立即按预案防范。",
        urgency=rule.urgency,
        minutes=rule.minutes,
        source=warning.get_absolute_url(),
        how=_HOW,
        asks_calls=False,
        ends_at=warning.valid_until,
    )
    message = duty.send_to(user, warning.owner, draft, targets, is_demo=warning.is_demo)
    told = dict(message.recipients.values_list("unit", "pk"))
    reached = [row for row in receipts if row.unit_id in told]
    for row in reached:
        row.recipient_id = told[row.unit_id]
    Receipt.objects.bulk_update(reached, ["recipient"], batch_size=_TOGETHER)


def answered(row: Receipt) -> None:
    """Whoever answered the warning has the text: the call tree stops."""
    if row.recipient is not None:
        way = Recipient.Way.PHONE if row.way == Receipt.Way.PHONE else Recipient.Way.PAGE
        duty.receive_elsewhere(row.recipient, way, row.note)


@transaction.atomic
def take_receipt(entry: Entry) -> None:
    """A receipt of the text answers the warning; where the level asks for a call, a link only says that it was read."""
    told = Recipient.objects.filter(pk=entry.object_id).first()
    root = (told.root_id or told.pk) if told else None
    row = Receipt.objects.filter(recipient=root, state__in=OPEN).select_related("warning", "unit").first()
    if told is None or row is None or told.received_at is None:
        return
    rule = call_rule(row.warning.level, row.sent_at.astimezone(SHANGHAI).date())
    called = told.way == Recipient.Way.PHONE
    if rule.phone and not called:
        if row.state != "seen":
            advance(row, "read", None, fields={"seen_at": told.received_at})
        return
    fields = {
        "seen_at": row.seen_at or told.received_at,
        "answered_at": told.received_at,
        "way": Receipt.Way.PHONE if called else Receipt.Way.TEXT,
        "note": f"{told.name}：{told.reply}" if told.reply else told.name,
    }
    advance(row, "reply", None, fields=fields)
