"""URLs of the enforcement module."""

from django.urls import path

from bianwang.modules.enforcement import lists
from bianwang.modules.enforcement.views import campaigns, plans, recusals, statistics, visits

app_name = "enforcement"

urlpatterns = [
    path("", lists.VisitList.as_view(), name="list"),
    path("visits/new/", visits.New.as_view(), name="visit_new"),
    path("visits/import/", visits.import_page, name="import"),
    path("visits/<int:pk>/change/", visits.Change.as_view(), name="visit_change"),
    path("visits/<int:pk>/void/", visits.Void.as_view(), name="visit_void"),
    path("visits/<int:pk>/exceed/", visits.Exceed.as_view(), name="visit_exceed"),
    *visits.VisitPage.urls("visit", "visits/"),
    path("plans/", lists.PlanList.as_view(), name="plans"),
    path("plans/new/", plans.New.as_view(), name="plan_new"),
    path("plans/items/", lists.ItemList.as_view(), name="items"),
    path("plans/items/<int:pk>/", plans.ChangeItem.as_view(), name="item"),
    path("plans/<int:pk>/", plans.Detail.as_view(), name="plan"),
    path("plans/<int:pk>/change/", plans.Change.as_view(), name="plan_change"),
    path("plans/<int:pk>/add/", plans.Add.as_view(), name="plan_add"),
    path("plans/<int:pk>/draw/", plans.MakeDraw.as_view(), name="plan_draw"),
    path("plans/<int:pk>/approve/", plans.Approve.as_view(), name="plan_approve"),
    path("plans/<int:pk>/discard/", plans.Discard.as_view(), name="plan_discard"),
    path("plans/<int:pk>/amend/", plans.Amend.as_view(), name="plan_amend"),
    path("recusals/", lists.RecusalList.as_view(), name="recusals"),
    path("recusals/new/", recusals.New.as_view(), name="recusal_new"),
    path("recusals/<int:pk>/withdraw/", recusals.Withdraw.as_view(), name="recusal_withdraw"),
    path("draws/<int:pk>/", plans.DrawPage.as_view(), name="draw"),
    path("campaigns/", lists.CampaignList.as_view(), name="campaigns"),
    path("campaigns/new/", campaigns.New.as_view(), name="campaign_new"),
    path("campaigns/<int:pk>/", campaigns.Detail.as_view(), name="campaign"),
    path("campaigns/<int:pk>/hazards/", lists.CampaignHazards.as_view(), name="campaign_hazards"),
    path("campaigns/<int:pk>/change/", campaigns.Change.as_view(), name="campaign_change"),
    path("coverage/", lists.CoverageList.as_view(), name="coverage"),
    path("statistics/", statistics.Statistics.as_view(), name="statistics"),
]
