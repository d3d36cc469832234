"""The only writers of the disaster statistics."""

from bianwang.modules.disasters.services.clock import escalate_overdue
from bianwang.modules.disasters.services.ledgers import (
    add_casualty,
    add_house,
    add_photos,
    change_casualty,
    change_house,
    import_houses,
    read_person,
    withdraw,
)
from bianwang.modules.disasters.services.register import correct, register, revoke
from bianwang.modules.disasters.services.reports import add_towns, file_report, recheck
from bianwang.modules.disasters.services.sheets import fill, send_back

__all__ = [
    "add_casualty",
    "add_house",
    "add_photos",
    "add_towns",
    "change_casualty",
    "change_house",
    "correct",
    "escalate_overdue",
    "file_report",
    "fill",
    "import_houses",
    "read_person",
    "recheck",
    "register",
    "revoke",
    "send_back",
    "withdraw",
]
