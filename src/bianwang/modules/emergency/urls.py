"""URLs of emergency command."""

from django.urls import path
from django.views.generic import RedirectView

from bianwang.modules.emergency.lists.after import MeasureList, OpinionList, ReviewList, WatchList
from bianwang.modules.emergency.lists.evacuees import EvacueeList
from bianwang.modules.emergency.lists.events import EventList
from bianwang.modules.emergency.lists.preparing import DrillList, MemberList, PlanList
from bianwang.modules.emergency.lists.resources import CallUpList, ResourceList
from bianwang.modules.emergency.lists.situation import ArrivalList, GroundList, JudgementList, LayerList, SettlementList
from bianwang.modules.emergency.lists.tasks import ReportList, TaskList
from bianwang.modules.emergency.views import (
    callups,
    evacuation,
    events,
    headquarters,
    judgements,
    opinions,
    preparing,
    record,
    resources,
    response,
    reviews,
    situation,
    statistics,
)
from bianwang.modules.emergency.views.watch import WatchDayPage

app_name = "emergency"

_UPLOAD = RedirectView.as_view(pattern_name="exchange:upload")

urlpatterns = [
    path("", EventList.as_view(), name="list"),
    path("register/", events.Register.as_view(), name="register"),
    path("<int:pk>/correct/", events.Correct.as_view(), name="correct"),
    path("<int:pk>/live/", events.Live.as_view(), name="live"),
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
    path("settlements/<int:pk>/edit/", situation.SettlementEdit.as_view(), name="settlement_edit"),
    *situation.SettlementPage.urls("settlement", "settlements/"),
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
    path("<int:pk>/evacuation/", evacuation.Evacuation.as_view(), name="evacuation"),
    path("<int:pk>/evacuation/paper/", evacuation.EvacuationPaper.as_view(), name="evacuation_paper"),
    path("<int:pk>/evacuation/new/", evacuation.BatchNew.as_view(), name="batch_new"),
    path("<int:pk>/evacuation/people/new/", evacuation.PersonNew.as_view(), name="person_new"),
    path("evacuees/", EvacueeList.as_view(), name="evacuees"),
    path("evacuees/import/", _UPLOAD, {"kind": "emergency.evacuee"}, name="evacuee_import"),
    path("evacuees/<int:pk>/change/", evacuation.PersonChange.as_view(), name="person_change"),
    path("evacuees/<int:pk>/set/", evacuation.PersonSet.as_view(), name="person_set"),
    path("headquarters/", headquarters.HeadquartersList.as_view(), name="headquarters_list"),
    path("headquarters/<str:code>/", headquarters.HeadquartersPage.as_view(), name="headquarters"),
    path("headquarters/<str:code>/members/new/", headquarters.MemberNew.as_view(), name="member_new"),
    path("members/", MemberList.as_view(), name="members"),
    path("members/import/", _UPLOAD, {"kind": "emergency.member"}, name="member_import"),
    path("members/<int:pk>/change/", headquarters.MemberChange.as_view(), name="member_change"),
    path("plans/", PlanList.as_view(), name="plans"),
    path("plans/new/", preparing.PlanNew.as_view(), name="plan_new"),
    path("plans/<int:pk>/change/", preparing.PlanChange.as_view(), name="plan_change"),
    *preparing.PlanPage.urls("plan", "plans/"),
    path("drills/", DrillList.as_view(), name="drills"),
    path("drills/new/", preparing.DrillNew.as_view(), name="drill_new"),
    path("drills/statistics/", preparing.DrillStatistics.as_view(), name="drill_statistics"),
    path("drills/<int:pk>/items/new/", preparing.ItemNew.as_view(), name="drill_item_new"),
    path("drills/items/<int:pk>/done/", preparing.ItemDone.as_view(), name="drill_item_done"),
    *preparing.DrillPage.urls("drill", "drills/"),
    *events.EventPage.urls("detail"),
]
