"""URLs of emergency command."""

from django.urls import path

from bianwang.modules.emergency.lists.events import EventList
from bianwang.modules.emergency.lists.tasks import ReportList, TaskList
from bianwang.modules.emergency.views import events, record, response, statistics

app_name = "emergency"

urlpatterns = [
    path("", EventList.as_view(), name="list"),
    path("register/", events.Register.as_view(), name="register"),
    path("<int:pk>/correct/", events.Correct.as_view(), name="correct"),
    path("<int:pk>/record/", record.Record.as_view(), name="record"),
    path("<int:pk>/record/new/", record.NoteNew.as_view(), name="note_new"),
    path("<int:pk>/tasks/new/", response.TaskNew.as_view(), name="task_new"),
    path("<int:pk>/reports/new/", response.ReportNew.as_view(), name="report_new"),
    path("<int:pk>/losses/new/", response.LossNew.as_view(), name="loss_new"),
    path("tasks/", TaskList.as_view(), name="tasks"),
    *response.TaskPage.urls("task", "tasks/"),
    path("reports/", ReportList.as_view(), name="reports"),
    path("reports/<int:pk>/", response.ReportPage.as_view(), name="report"),
    path("statistics/", statistics.Statistics.as_view(), name="statistics"),
    *events.EventPage.urls("detail"),
]
