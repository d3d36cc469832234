"""URLs of emergency command."""

from django.urls import path

from bianwang.modules.emergency.lists.events import EventList
from bianwang.modules.emergency.views import events, record

app_name = "emergency"

urlpatterns = [
    path("", EventList.as_view(), name="list"),
    path("register/", events.Register.as_view(), name="register"),
    path("<int:pk>/correct/", events.Correct.as_view(), name="correct"),
    path("<int:pk>/record/", record.Record.as_view(), name="record"),
    path("<int:pk>/record/new/", record.NoteNew.as_view(), name="note_new"),
    *events.EventPage.urls("detail"),
]
