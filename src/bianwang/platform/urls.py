"""URLs of the platform and of every switched-on module (`modules/<code>/urls.py` under `/<code>/`)."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import include, path

from bianwang.platform.registry import registry

_PLATFORM = ("accounts", "places", "ledger", "calendar", "files", "todo", "exchange", "live", "messages")

urlpatterns = [
    path(f"{code}/", include(f"bianwang.platform.{code}.urls"))
    for code in _PLATFORM
    if find_spec(f"bianwang.platform.{code}.urls")
]
urlpatterns += [path("", include("bianwang.platform.ui.urls"))] if find_spec("bianwang.platform.ui.urls") else []
urlpatterns += [
    path(f"{code}/", include(f"bianwang.modules.{code}.urls"))
    for code in registry()
    if find_spec(f"bianwang.modules.{code}.urls")
]
