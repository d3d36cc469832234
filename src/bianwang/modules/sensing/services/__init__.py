"""The only writers of devices, recorders, cameras and signals."""

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
from bianwang.modules.sensing.services.recorders import (
    CatalogTaken,
    Channel,
    RecorderChange,
    record_recorders,
    set_recorder_password,
    take_alarm,
    take_catalog,
)
from bianwang.modules.sensing.services.regions import accept_view, ensure_signals, remove_region, save_region
from bianwang.modules.sensing.services.register import bump, change, register, switch
from bianwang.modules.sensing.services.searching import ask_search, search_waiting

__all__ = [
    "CameraChange",
    "CatalogTaken",
    "Channel",
    "PresenceChange",
    "RecorderChange",
    "RefusalCount",
    "accept_view",
    "ask_search",
    "bump",
    "change",
    "ensure_signals",
    "issue_password",
    "issue_token",
    "record_cameras",
    "record_heard",
    "record_pictures",
    "record_presence",
    "record_recorders",
    "record_refusals",
    "register",
    "remove_region",
    "revoke_token",
    "save_region",
    "search_waiting",
    "set_recorder_password",
    "switch",
    "take_alarm",
    "take_catalog",
]
