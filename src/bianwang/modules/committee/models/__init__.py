"""Everything the committee keeps, by subject."""

from bianwang.modules.committee.models.assessment import Assessment, ManualScore, Score
from bianwang.modules.committee.models.meetings import Attendance, Meeting
from bianwang.modules.committee.models.notices import Receipt, RiskNotice
from bianwang.modules.committee.models.series import Series
from bianwang.modules.committee.models.supervision import Supervision, SupervisionExtension
from bianwang.modules.committee.models.tasks import Assignment, Task
from bianwang.modules.committee.models.watch import Call, CheckIn, KeyPeriod, ZeroReport

__all__ = [
    "Assessment",
    "Assignment",
    "Attendance",
    "Call",
    "CheckIn",
    "KeyPeriod",
    "ManualScore",
    "Meeting",
    "Receipt",
    "RiskNotice",
    "Score",
    "Series",
    "Supervision",
    "SupervisionExtension",
    "Task",
    "ZeroReport",
]
