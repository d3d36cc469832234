"""The only writers of devices, cameras and signals."""

from bianwang.modules.sensing.services.credentials import issue_password, issue_token, revoke_token
from bianwang.modules.sensing.services.presence import (
    CameraChange,
    PresenceChange,
    RefusalCount,
    record_cameras,
    record_heard,
    record_pictures,
    record_presence,
    record_refusals,
)
from bianwang.modules.sensing.services.regions import ensure_signals, remove_region, save_region
from bianwang.modules.sensing.services.register import bump, change, register, switch

__all__ = [
    "CameraChange",
    "PresenceChange",
    "RefusalCount",
    "bump",
    "change",
    "ensure_signals",
    "issue_password",
    "issue_token",
    "record_cameras",
    "record_heard",
    "record_pictures",
    "record_presence",
    "record_refusals",
    "register",
    "remove_region",
    "revoke_token",
    "save_region",
    "switch",
]
