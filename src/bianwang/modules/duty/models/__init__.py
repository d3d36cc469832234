"""Everything that is kept of being on duty, by subject."""

from bianwang.modules.duty.models.calls import PhoneCall
from bianwang.modules.duty.models.checks import Answer, Check
from bianwang.modules.duty.models.contacts import Contact, ContactGroup, ContactNumber
from bianwang.modules.duty.models.handover import Handover, LogEntry, Matter
from bianwang.modules.duty.models.messages import GroupMessage, Recipient
from bianwang.modules.duty.models.people import DutyPost, Person, RotationPlace
from bianwang.modules.duty.models.roster import Roster, Seat, Shift
from bianwang.modules.duty.models.swaps import Swap

__all__ = [
    "Answer",
    "Check",
    "Contact",
    "ContactGroup",
    "ContactNumber",
    "DutyPost",
    "GroupMessage",
    "Handover",
    "LogEntry",
    "Matter",
    "Person",
    "PhoneCall",
    "Recipient",
    "Roster",
    "RotationPlace",
    "Seat",
    "Shift",
    "Swap",
]
