"""Pages of the detection module."""

from __future__ import annotations

from django.urls import path

from bianwang.modules.detection import lists, views

app_name = "detection"

urlpatterns = [
    path("", lists.ModelList.as_view(), name="list"),
    path("new/", views.New.as_view(), name="new"),
    *views.ModelPage.urls("model"),
    path("<int:pk>/trials/new/", views.TrialNew.as_view(), name="trial_new"),
    path("trials/<int:pk>/", views.TrialPage.as_view(), name="trial"),
]
