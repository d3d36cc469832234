"""Models of emergency command."""

from bianwang.modules.emergency.models.event import Event, Series
from bianwang.modules.emergency.models.judgement import Arrival, Judgement
from bianwang.modules.emergency.models.record import Note
from bianwang.modules.emergency.models.report import Loss, Report
from bianwang.modules.emergency.models.resource import CallUp, Resource, ResourceItem
from bianwang.modules.emergency.models.situation import Ground, MapLayer, Settlement, Wind
from bianwang.modules.emergency.models.task import Task

__all__ = [
    "Arrival",
    "CallUp",
    "Event",
    "Ground",
    "Judgement",
    "Loss",
    "MapLayer",
    "Note",
    "Report",
    "Resource",
    "ResourceItem",
    "Series",
    "Settlement",
    "Task",
    "Wind",
]
