"""Everything that is kept of being on duty, by subject."""

from bianwang.modules.duty.models.checks import Answer, Check
from bianwang.modules.duty.models.handover import Handover, LogEntry, Matter
from bianwang.modules.duty.models.people import DutyPost, Person, RotationPlace
from bianwang.modules.duty.models.roster import Roster, Seat, Shift
from bianwang.modules.duty.models.swaps import Swap

__all__ = [
    "Answer",
    "Check",
    "DutyPost",
    "Handover",
    "LogEntry",
    "Matter",
    "Person",
    "Roster",
    "RotationPlace",
    "Seat",
    "Shift",
    "Swap",
]
