"""Enterprises, public bodies, map."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from bianwang.platform.places.views import enterprises, maps, organisations

app_name = "places"
urlpatterns = [
    path("enterprises/", enterprises.EnterpriseList.as_view(), name="enterprise_list"),
    path("enterprises/new/", enterprises.EnterpriseCreate.as_view(), name="enterprise_create"),
    path(
        "enterprises/import/",
        RedirectView.as_view(pattern_name="exchange:upload"),
        {"kind": "places.enterprise"},
        name="enterprise_import",
    ),
    *enterprises.EnterprisePage.urls("enterprise", "enterprises/"),
    path("enterprises/<int:pk>/edit/", enterprises.EnterpriseEdit.as_view(), name="enterprise_edit"),
    path("enterprises/<int:owner_pk>/workshops/new/", enterprises.WorkshopPage.as_view(), name="workshop_create"),
    path("workshops/<int:pk>/edit/", enterprises.WorkshopPage.as_view(), name="workshop_edit"),
    path("enterprises/<int:owner_pk>/zones/new/", enterprises.ZonePage.as_view(), name="zone_create"),
    path("zones/<int:pk>/edit/", enterprises.ZonePage.as_view(), name="zone_edit"),
    path("organisations/", organisations.OrganisationList.as_view(), name="organisation_list"),
    path("organisations/new/", organisations.OrganisationCreate.as_view(), name="organisation_create"),
    *organisations.OrganisationPage.urls("organisation", "organisations/"),
    path("organisations/<int:pk>/edit/", organisations.OrganisationEdit.as_view(), name="organisation_edit"),
    path("map/", maps.Map.as_view(), name="map"),
    path("map/data/", maps.MapData.as_view(), name="map_data"),
    path("map/outlines/", maps.OutlineImport.as_view(), name="outline_import"),
]
