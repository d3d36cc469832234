"""URLs of the patrol module."""

from django.urls import path

from bianwang.modules.patrol import planning, review, showing, walking

app_name = "patrol"

urlpatterns = [
    path("review/", review.Review.as_view(), name="review"),
    path("review/<int:pk>/", review.Judge.as_view(), name="judge"),
    path("suspicions/", review.SuspicionList.as_view(), name="suspicion_list"),
    *review.SuspicionPage.urls("suspicion", "suspicions/"),
    path("plans/", planning.PlanList.as_view(), name="plan_list"),
    path("plans/new/", planning.PlanEdit.as_view(), name="plan_new"),
    *planning.PlanPage.urls("plan", "plans/"),
    path("plans/<int:pk>/edit/", planning.PlanEdit.as_view(), name="plan_edit"),
    path("plans/<int:pk>/switch/", planning.PlanSwitch.as_view(), name="plan_switch"),
    path("rounds/", planning.RoundList.as_view(), name="round_list"),
    *planning.RoundPage.urls("round", "rounds/"),
    path("rounds/<int:pk>/walk/", walking.Walk.as_view(), name="walk"),
    path("looks/", planning.LookList.as_view(), name="look_list"),
    *planning.LookPage.urls("look", "looks/"),
    path("looks/<int:pk>/save/", walking.Save.as_view(), name="look_save"),
    path("looks/<int:pk>/review/", walking.ToReview.as_view(), name="to_review"),
    path("looks/<int:pk>/second/", walking.SecondLook.as_view(), name="second"),
    path("wall/", showing.Wall.as_view(), name="wall"),
    path("statistics/", showing.Statistics.as_view(), name="statistics"),
    path("coco/", showing.Coco.as_view(), name="coco"),
]
