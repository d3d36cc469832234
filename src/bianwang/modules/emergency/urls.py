"""URLs of emergency command."""

from django.urls import path

from bianwang.modules.emergency.lists.events import EventList
from bianwang.modules.emergency.lists.resources import CallUpList, ResourceList
from bianwang.modules.emergency.lists.tasks import ReportList, TaskList
from bianwang.modules.emergency.views import callups, events, record, resources, response, statistics

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
    path("resources/", ResourceList.as_view(), name="resources"),
    path("resources/new/", resources.ResourceNew.as_view(), name="resource_new"),
    path("resources/import/", resources.import_page, name="resource_import"),
    path("resources/use/", resources.ResourceUse.as_view(), name="resource_use"),
    path("resources/<int:pk>/edit/", resources.ResourceEdit.as_view(), name="resource_edit"),
    *resources.ResourcePage.urls("resource", "resources/"),
    path("<int:pk>/resources/", callups.Nearest.as_view(), name="nearest"),
    path("<int:pk>/resources/<int:resource>/call/", callups.CallUpNew.as_view(), name="call_up"),
    path("callups/", CallUpList.as_view(), name="callups"),
    *callups.CallUpPage.urls("callup", "callups/"),
    *events.EventPage.urls("detail"),
]
