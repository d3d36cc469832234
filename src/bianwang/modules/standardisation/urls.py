"""URLs of standardisation."""

from django.urls import path

from bianwang.modules.standardisation import thirdparty_lists as lists, thirdparty_views as parties, views
from bianwang.modules.standardisation.lists import GradeList, RatingList, SubsidyList

app_name = "standardisation"

urlpatterns = [
    path("", GradeList.as_view(), name="list"),
    path("register/", views.Register.as_view(), name="register"),
    path("import/", views.upload, name="import"),
    path("statistics/", views.Statistics.as_view(), name="statistics"),
    path("ratings/", RatingList.as_view(), name="ratings"),
    path("ratings/new/", views.RatingOpen.as_view(), name="rating_open"),
    path("ratings/<int:pk>/scores/", views.RatingScores.as_view(), name="scores"),
    path("ratings/<int:pk>/apply/", views.Apply.as_view(), name="apply"),
    path("subsidies/", SubsidyList.as_view(), name="subsidies"),
    path("<int:pk>/claim/", views.Claim.as_view(), name="claim"),
    path("agencies/", lists.AgencyList.as_view(), name="agencies"),
    path("agencies/new/", parties.AgencyNew.as_view(), name="agency_new"),
    path("agencies/<int:pk>/edit/", parties.AgencyEdit.as_view(), name="agency_edit"),
    path("experts/", lists.ExpertList.as_view(), name="experts"),
    path("experts/new/", parties.ExpertNew.as_view(), name="expert_new"),
    path("experts/<int:pk>/edit/", parties.ExpertEdit.as_view(), name="expert_edit"),
    path("contracts/", lists.ContractList.as_view(), name="contracts"),
    path("contracts/new/", parties.ContractNew.as_view(), name="contract_new"),
    path("contracts/<int:pk>/visit/", parties.VisitNew.as_view(), name="visit_new"),
    path("contracts/<int:pk>/pay/", parties.Pay.as_view(), name="pay"),
    path("visits/", lists.VisitList.as_view(), name="visits"),
    path("visits/<int:pk>/finding/", parties.FindingNew.as_view(), name="finding"),
    path("findings/", lists.FindingList.as_view(), name="findings"),
    path("payments/", lists.PaymentList.as_view(), name="payments"),
    *parties.AgencyPage.urls("agency", "agencies/"),
    *parties.ExpertPage.urls("expert", "experts/"),
    *parties.ContractPage.urls("contract", "contracts/"),
    *parties.VisitPage.urls("visit", "visits/"),
    *parties.PaymentPage.urls("payment", "payments/"),
    *views.RatingPage.urls("rating", "ratings/"),
    *views.SubsidyPage.urls("subsidy", "subsidies/"),
    *views.GradePage.urls("detail"),
]
