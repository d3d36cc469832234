"""Enterprises, public bodies, map."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from bianwang.platform.places import views

app_name = "places"
urlpatterns = [
    path("enterprises/", views.EnterpriseList.as_view(), name="enterprise_list"),
    path("enterprises/new/", views.EnterpriseCreate.as_view(), name="enterprise_create"),
    path(
        "enterprises/import/",
        RedirectView.as_view(pattern_name="exchange:upload"),
        {"kind": "places.enterprise"},
        name="enterprise_import",
    ),
    *views.EnterprisePage.urls("enterprise", "enterprises/"),
    path("enterprises/<int:pk>/edit/", views.EnterpriseEdit.as_view(), name="enterprise_edit"),
    path("enterprises/<int:owner_pk>/workshops/new/", views.WorkshopPage.as_view(), name="workshop_create"),
    path("workshops/<int:pk>/edit/", views.WorkshopPage.as_view(), name="workshop_edit"),
    path("enterprises/<int:owner_pk>/zones/new/", views.ZonePage.as_view(), name="zone_create"),
    path("zones/<int:pk>/edit/", views.ZonePage.as_view(), name="zone_edit"),
    path("organisations/", views.OrganisationList.as_view(), name="organisation_list"),
    path("organisations/new/", views.OrganisationCreate.as_view(), name="organisation_create"),
    *views.OrganisationPage.urls("organisation", "organisations/"),
    path("organisations/<int:pk>/edit/", views.OrganisationEdit.as_view(), name="organisation_edit"),
    path("map/", views.Map.as_view(), name="map"),
    path("map/data/", views.MapData.as_view(), name="map_data"),
    path("map/outlines/", views.OutlineImport.as_view(), name="outline_import"),
]
