"""Messages that leave the platform."""

from __future__ import annotations

from django.urls import path

from bianwang.platform.messages.views import MessageList

app_name = "messages"
urlpatterns = [path("", MessageList.as_view(), name="list")]
