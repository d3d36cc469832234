"""URLs of penalties."""

from django.urls import path

from bianwang.modules.penalties import views
from bianwang.modules.penalties.lists import CaseList, PaymentList, PublicationList, SourceList

app_name = "penalties"

urlpatterns = [
    path("", CaseList.as_view(), name="list"),
    path("new/", views.New.as_view(), name="new"),
    path("statistics/", views.Statistics.as_view(), name="statistics"),
    path("payments/", PaymentList.as_view(), name="payments"),
    path("publications/", PublicationList.as_view(), name="publications"),
    path("sources/", SourceList.as_view(), name="sources"),
    path("sources/new/", views.SourceNew.as_view(), name="source_new"),
    *views.SourcePage.urls("source", "sources/"),
    *views.EvidencePage.urls("evidence", "evidence/"),
    *views.MeasurePage.urls("measure", "measures/"),
    *views.PublicationPage.urls("publication", "publications/"),
    *views.CasePage.urls("detail"),
]
