"""URLs of inspections: the office's pages, the field page, and what phones send."""

from __future__ import annotations

from django.urls import path

from bianwang.modules.inspections.lists import InspectionList
from bianwang.modules.inspections.views import field, pages, sync

app_name = "inspections"

urlpatterns = [
    path("", InspectionList.as_view(), name="list"),
    path("arrange/", pages.Arrange.as_view(), name="arrange"),
    path("checklists/", pages.CheckLists.as_view(), name="checklists"),
    path("field/", field.Field.as_view(), name="field"),
    path("field/worker.js", field.Worker.as_view(), name="worker"),
    path("field/data/", field.Data.as_view(), name="data"),
    path("sync/<uuid:key>/", sync.Document.as_view(), name="sync"),
    path("sync/<uuid:key>/pictures/<uuid:picture>/", sync.Picture.as_view(), name="picture"),
    path("<int:pk>/order/", pages.Order.as_view(), name="order"),
    path("<int:pk>/versions/<int:version>/", pages.Compare.as_view(), name="version"),
    path("<int:pk>/versions/<int:version>/choose/", pages.Choose.as_view(), name="choose"),
    *pages.InspectionPage.urls("detail"),
]
