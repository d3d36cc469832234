"""The only writers of emergency command."""

from bianwang.modules.emergency.services.events import correct, merge, register, set_level, split
from bianwang.modules.emergency.services.notes import add_note

__all__ = ["add_note", "correct", "merge", "register", "set_level", "split"]
