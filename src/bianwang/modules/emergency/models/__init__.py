"""Models of emergency command."""

from bianwang.modules.emergency.models.event import Event, Series
from bianwang.modules.emergency.models.record import Note

__all__ = ["Event", "Note", "Series"]
