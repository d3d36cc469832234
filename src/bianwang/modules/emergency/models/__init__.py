"""Models of emergency command."""

from bianwang.modules.emergency.models.drill import Drill, DrillItem
from bianwang.modules.emergency.models.evacuation import Batch, Evacuee
from bianwang.modules.emergency.models.event import Event, Series
from bianwang.modules.emergency.models.headquarters import Member
from bianwang.modules.emergency.models.judgement import Arrival, Judgement
from bianwang.modules.emergency.models.opinion import Opinion
from bianwang.modules.emergency.models.plan import Plan, PlanKind
from bianwang.modules.emergency.models.record import Note
from bianwang.modules.emergency.models.report import Loss, Report
from bianwang.modules.emergency.models.resource import CallUp, Resource, ResourceItem
from bianwang.modules.emergency.models.review import Measure, Review
from bianwang.modules.emergency.models.situation import Ground, MapLayer, Settlement, Wind
from bianwang.modules.emergency.models.task import Task
from bianwang.modules.emergency.models.watch import WatchDay

__all__ = [
    "Arrival",
    "Batch",
    "CallUp",
    "Drill",
    "DrillItem",
    "Evacuee",
    "Event",
    "Ground",
    "Judgement",
    "Loss",
    "MapLayer",
    "Measure",
    "Member",
    "Note",
    "Opinion",
    "Plan",
    "PlanKind",
    "Report",
    "Resource",
    "ResourceItem",
    "Review",
    "Series",
    "Settlement",
    "Task",
    "WatchDay",
    "Wind",
]
