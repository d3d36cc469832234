"""URLs of emergency command."""

from django.urls import path

from bianwang.modules.emergency.lists.after import MeasureList, OpinionList, ReviewList, WatchList
from bianwang.modules.emergency.lists.events import EventList
from bianwang.modules.emergency.lists.resources import CallUpList, ResourceList
from bianwang.modules.emergency.lists.situation import ArrivalList, GroundList, JudgementList, LayerList, SettlementList
from bianwang.modules.emergency.lists.tasks import ReportList, TaskList
from bianwang.modules.emergency.views import (
    callups,
    events,
    judgements,
    opinions,
    record,
    resources,
    response,
    reviews,
    situation,
    statistics,
)
from bianwang.modules.emergency.views.watch import WatchDayPage

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
    path("<int:pk>/map/", situation.Situation.as_view(), name="map"),
    path("<int:pk>/wind/new/", situation.WindNew.as_view(), name="wind_new"),
    path("<int:pk>/judgements/new/", judgements.JudgementNew.as_view(), name="judgement_new"),
    path("judgements/", JudgementList.as_view(), name="judgements"),
    path("judgements/<int:pk>/", judgements.JudgementPage.as_view(), name="judgement"),
    path("judgements/<int:pk>/arrivals/", ArrivalList.as_view(), name="arrivals"),
    path("settlements/", SettlementList.as_view(), name="settlement_list"),
    path("settlements/new/", situation.SettlementNew.as_view(), name="settlement_new"),
    path("settlements/import/", situation.settlement_import, name="settlement_import"),
    path("settlements/<int:pk>/", situation.SettlementEdit.as_view(), name="settlement"),
    path("layers/", LayerList.as_view(), name="layers"),
    path("layers/new/", situation.LayerNew.as_view(), name="layer_new"),
    path("layers/ground/", GroundList.as_view(), name="grounds"),
    path("layers/ground/new/", situation.GroundNew.as_view(), name="ground_new"),
    path("watch/", WatchList.as_view(), name="watch"),
    *WatchDayPage.urls("watch_day", "watch/"),
    path("<int:pk>/opinions/new/", opinions.OpinionNew.as_view(), name="opinion_new"),
    path("opinions/", OpinionList.as_view(), name="opinions"),
    path("opinions/<int:pk>/judge/", opinions.OpinionEdit.as_view(), name="opinion_edit"),
    *opinions.OpinionPage.urls("opinion", "opinions/"),
    path("<int:pk>/review/new/", reviews.ReviewNew.as_view(), name="review_new"),
    path("reviews/", ReviewList.as_view(), name="reviews"),
    path("reviews/<int:pk>/edit/", reviews.ReviewEdit.as_view(), name="review_edit"),
    path("reviews/<int:pk>/measures/new/", reviews.MeasureNew.as_view(), name="measure_new"),
    *reviews.ReviewPage.urls("review", "reviews/"),
    path("measures/", MeasureList.as_view(), name="measures"),
    *reviews.MeasurePage.urls("measure", "measures/"),
    *events.EventPage.urls("detail"),
]
