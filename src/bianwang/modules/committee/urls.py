"""URLs of the committee's work."""

from django.urls import path

from bianwang.modules.committee.lists import AssignmentList, MeetingList, SupervisionList, TaskList
from bianwang.modules.committee.views import supervision, tasks

app_name = "committee"

urlpatterns = [
    path("", AssignmentList.as_view(), name="list"),
    path("tasks/", TaskList.as_view(), name="tasks"),
    path("tasks/new/", tasks.TaskNew.as_view(), name="task_new"),
    *tasks.TaskPage.urls("task", "tasks/"),
    path("matrix/", tasks.Matrix.as_view(), name="matrix"),
    *tasks.AssignmentPage.urls("assignment", "assignments/"),
    path("meetings/", MeetingList.as_view(), name="meetings"),
    path("meetings/new/", tasks.MeetingNew.as_view(), name="meeting_new"),
    *tasks.MeetingPage.urls("meeting", "meetings/"),
    path("meetings/<int:pk>/attendance/", tasks.AttendancePage.as_view(), name="attendance"),
    path("supervisions/", SupervisionList.as_view(), name="supervisions"),
    path("supervisions/new/", supervision.SupervisionNew.as_view(), name="supervision_new"),
    *supervision.SupervisionPage.urls("supervision", "supervisions/"),
]
