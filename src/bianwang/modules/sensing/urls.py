"""Pages of the sensing module."""

from __future__ import annotations

from django.urls import path

from bianwang.modules.sensing import camera_pages, pages, recorder_pages, search_pages, views
from bianwang.modules.sensing.models import Camera, Device, Recorder, Signal

app_name = "sensing"

urlpatterns = [
    path("devices/", views.DeviceList.as_view(), name="device_list"),
    path("devices/new/", views.DeviceForm.as_view(), name="device_new"),
    path("devices/import/", views.import_link("device"), name="device_import"),
    *pages.DevicePage.urls("device", "devices/"),
    path("devices/<int:pk>/edit/", views.DeviceForm.as_view(), name="device_edit"),
    path("devices/<int:pk>/switch/", views.Switch.as_view(model=Device), name="device_switch"),
    path("devices/<int:pk>/token/", pages.TokenPage.as_view(), name="device_token"),
    path("devices/<int:pk>/password/", pages.PasswordPage.as_view(), name="device_password"),
    path("signals/", views.SignalList.as_view(), name="signal_list"),
    path("signals/new/", views.SignalForm.as_view(), name="signal_new"),
    path("signals/import/", views.import_link("signal"), name="signal_import"),
    *pages.SignalPage.urls("signal", "signals/"),
    path("signals/<int:pk>/edit/", views.SignalForm.as_view(), name="signal_edit"),
    path("signals/<int:pk>/switch/", views.Switch.as_view(model=Signal), name="signal_switch"),
    path("signals/<int:pk>/series/", pages.SeriesView.as_view(), name="signal_series"),
    path("recorders/", recorder_pages.RecorderList.as_view(), name="recorder_list"),
    path("recorders/new/", recorder_pages.RecorderForm.as_view(), name="recorder_new"),
    *recorder_pages.RecorderPage.urls("recorder", "recorders/"),
    path("recorders/<int:pk>/edit/", recorder_pages.RecorderForm.as_view(), name="recorder_edit"),
    path("recorders/<int:pk>/switch/", views.Switch.as_view(model=Recorder), name="recorder_switch"),
    path("recorders/<int:pk>/catalog/", recorder_pages.RecorderCatalog.as_view(), name="recorder_catalog"),
    path("cameras/", views.CameraList.as_view(), name="camera_list"),
    path("cameras/new/", views.CameraForm.as_view(), name="camera_new"),
    path("cameras/import/", views.import_link("camera"), name="camera_import"),
    path("cameras/search/", search_pages.SearchNew.as_view(), name="search_new"),
    path("cameras/search/<int:pk>/", search_pages.SearchPage.as_view(), name="search"),
    *camera_pages.CameraPage.urls("camera", "cameras/"),
    path("cameras/<int:pk>/edit/", views.CameraForm.as_view(), name="camera_edit"),
    path("cameras/<int:pk>/switch/", views.Switch.as_view(model=Camera), name="camera_switch"),
    path("cameras/<int:pk>/picture/", camera_pages.PictureView.as_view(), name="camera_picture"),
    path("cameras/<int:pk>/view/", camera_pages.ViewPage.as_view(), name="camera_view"),
    path("cameras/<int:pk>/zones/", camera_pages.ZonesView.as_view(), name="camera_zones"),
    path("cameras/<int:pk>/regions/new/", camera_pages.RegionPage.as_view(), name="region_new"),
    path("regions/<int:region>/edit/", camera_pages.RegionPage.as_view(), name="region_edit"),
    path("regions/<int:region>/remove/", camera_pages.RegionRemove.as_view(), name="region_remove"),
]
