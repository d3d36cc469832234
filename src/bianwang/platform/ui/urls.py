"""Home, search, system state."""

from __future__ import annotations

from django.urls import path

from bianwang.platform.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("search/", views.SearchPage.as_view(), name="search"),
    path("system/", views.SystemPage.as_view(), name="system"),
    path("health", views.health, name="health"),
]
