"""Telephone calls are noted, and never changed."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from bianwang.modules.duty.models import PhoneCall
from bianwang.modules.duty.services.sending import check_source
from bianwang.modules.duty.services.writing import create
from bianwang.modules.duty.units import own_unit
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now


@transaction.atomic
def note_call(
    by: User,
    direction: str,
    who: str,
    number: str,
    happened_at: datetime,
    text: str,
    result: str = "",
    *,
    source: str = "",
    is_demo: bool = False,
) -> PhoneCall:
    """Note a call of the user's unit. Raises PermissionDenied, ValidationError."""
    access.require(by, "duty.keep")
    if happened_at > now():
        raise ValidationError({"happened_at": "通话时间不能晚于现在。"})
    call = PhoneCall(owner=own_unit(by, "duty.keep"), direction=direction, who=who.strip(), number=number.strip())
    call.happened_at, call.text, call.result = happened_at, text.strip(), result.strip()
    call.source, call.made_by, call.made_at, call.is_demo = check_source(source), by, now(), is_demo
    call.clean_fields()
    create(call, "duty.call", text=call.text)
    return call
