"""Counts of messages for tiles."""

from __future__ import annotations

from typing import Any

from bianwang.platform import access
from bianwang.platform.messages.models import Message


def failed_count(user: Any) -> int:
    """Messages that could not be sent and wait for a person."""
    return access.visible(user, Message, "messages.view").filter(state=Message.State.FAILED).count()
