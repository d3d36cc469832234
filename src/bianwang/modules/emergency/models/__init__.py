"""Models of emergency command."""

from bianwang.modules.emergency.models.event import Event, Series
from bianwang.modules.emergency.models.record import Note
from bianwang.modules.emergency.models.report import Loss, Report
from bianwang.modules.emergency.models.resource import CallUp, Resource, ResourceItem
from bianwang.modules.emergency.models.task import Task

__all__ = ["CallUp", "Event", "Loss", "Note", "Report", "Resource", "ResourceItem", "Series", "Task"]
