"""URLs of licensing."""

from django.urls import path
from django.views.generic import RedirectView

from bianwang.modules.licensing import views
from bianwang.modules.licensing.lists import ApplicationList, LicenceList

app_name = "licensing"

urlpatterns = [
    path("", ApplicationList.as_view(), name="list"),
    path("apply/", views.Apply.as_view(), name="apply"),
    path("statistics/", views.Statistics.as_view(), name="statistics"),
    path("guide/", views.Guide.as_view(), name="guide"),
    path("licences/", LicenceList.as_view(), name="licences"),
    path(
        "licences/import/",
        RedirectView.as_view(pattern_name="exchange:upload"),
        {"kind": "licensing.licence"},
        name="import",
    ),
    *views.LicencePage.urls("licence", "licences/"),
    *views.ApplicationPage.urls("detail"),
]
