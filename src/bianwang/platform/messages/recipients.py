"""To whom a message goes: masked for whoever reads the list, sealed for the sender, and forgotten once it has gone."""

from __future__ import annotations

import msgspec

from bianwang.platform.config import ConfigError
from bianwang.platform.crypto import seal, unseal
from bianwang.platform.messages.models import Message
from bianwang.platform.messages.senders import SendError
from bianwang.platform.personal import masked_phone


class _Bound(msgspec.Struct, frozen=True):
    """A recipient bound to the message's key, so that sealed texts cannot be exchanged between rows."""

    key: str
    recipient: str


def masked(channel: str, recipient: str) -> str:
    """As it is shown: an area by name, a person's number or account masked."""
    if channel == Message.Channel.BROADCAST:
        return recipient
    if channel == Message.Channel.SMS:
        return masked_phone(recipient)
    return f"{recipient[:2]}****"


def put_away(key: str, recipient: str) -> bytes:
    """Sealed for the message with this key."""
    return seal(msgspec.json.encode(_Bound(key, recipient)))


def opened(message: Message) -> str:
    """The recipient itself, for the sender alone. Raises SendError."""
    if message.sealed is None:
        raise SendError("这条消息已发送或已取消，接收方不再保存。")
    try:
        found = msgspec.json.decode(unseal(bytes(message.sealed)), type=_Bound)
    except ConfigError as error:
        raise SendError(str(error)) from error
    if found.key != message.key:
        raise SendError("接收方与这条消息不符，数据可能被改动过，请联系系统管理员。")
    return found.recipient
