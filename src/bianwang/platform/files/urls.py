"""Attachments."""

from __future__ import annotations

from django.urls import path

from bianwang.platform.files import views

app_name = "files"
urlpatterns = [
    path("<int:pk>/", views.download, name="download"),
    path("<int:pk>/thumbnail/", views.thumbnail, name="thumbnail"),
]
