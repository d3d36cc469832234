"""Everything that is kept of being on duty, by subject."""

from bianwang.modules.duty.models.people import DutyPost, Person, RotationPlace
from bianwang.modules.duty.models.roster import Roster, Seat, Shift

__all__ = ["DutyPost", "Person", "Roster", "RotationPlace", "Seat", "Shift"]
