"""Everything the committee keeps, by subject."""

from bianwang.modules.committee.models.meetings import Attendance, Meeting
from bianwang.modules.committee.models.series import Series
from bianwang.modules.committee.models.supervision import Supervision, SupervisionExtension
from bianwang.modules.committee.models.tasks import Assignment, Task

__all__ = ["Assignment", "Attendance", "Meeting", "Series", "Supervision", "SupervisionExtension", "Task"]
