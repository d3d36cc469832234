"""URLs of the live stream."""

from django.urls import path

from bianwang.platform.live import views

app_name = "live"
urlpatterns = [path("stream", views.stream, name="stream")]
