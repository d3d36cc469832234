"""The only writers of devices, cameras and signals."""

from bianwang.modules.sensing.services.credentials import issue_password, issue_token, revoke_token
from bianwang.modules.sensing.services.presence import (
    PresenceChange,
    RefusalCount,
    record_heard,
    record_presence,
    record_refusals,
)
from bianwang.modules.sensing.services.register import bump, change, register, switch

__all__ = [
    "PresenceChange",
    "RefusalCount",
    "bump",
    "change",
    "issue_password",
    "issue_token",
    "record_heard",
    "record_presence",
    "record_refusals",
    "register",
    "revoke_token",
    "switch",
]
