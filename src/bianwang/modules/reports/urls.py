"""URLs of the reports."""

from django.urls import path

from bianwang.modules.reports import views
from bianwang.modules.reports.lists import ReportList

app_name = "reports"

urlpatterns = [
    path("", ReportList.as_view(), name="list"),
    path("new/", views.New.as_view(), name="new"),
    path("<int:pk>/", views.ReportPage.as_view(), name="report"),
    path("<int:pk>/figures/<str:figure>/", views.FigurePage.as_view(), name="figure"),
    path("<int:pk>/edit/<str:key>/", views.EditPage.as_view(), name="edit"),
    path("<int:pk>/freeze/", views.FreezePage.as_view(), name="freeze"),
    path("<int:pk>/file/<str:kind>/", views.Download.as_view(), name="download"),
    path("versions/<int:pk>/", views.VersionPage.as_view(), name="version"),
    path("versions/<int:pk>/figures/<str:figure>/", views.VersionFigure.as_view(), name="version_figure"),
    path("versions/<int:pk>/compare/<int:other>/", views.ComparePage.as_view(), name="compare"),
    path("versions/<int:pk>/file/<str:kind>/", views.VersionDownload.as_view(), name="version_download"),
]
