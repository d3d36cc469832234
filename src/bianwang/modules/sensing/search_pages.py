"""Pages on which somebody has the network asked for cameras and registers what was found."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy

from bianwang.modules.sensing import finding, forms, services
from bianwang.modules.sensing.models import CameraSearch
from bianwang.platform import access
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.pages import Page

_CAMERAS = (("摄像机", reverse_lazy("sensing:camera_list")),)


class SearchNew(FormPage):
    """Have the network asked for cameras."""

    title = "查找摄像机"
    permission = "sensing.edit"
    form_class = forms.NothingForm
    submit = "开始查找"
    crumbs = _CAMERAS
    intro = "查找与平台服务器在同一网段、开启了 ONVIF 的摄像机，约需几秒，不登录摄像机、不取画面。"

    def save(self, form: Any) -> CameraSearch:
        return services.ask_search(self.user)

    def done(self, result: CameraSearch) -> str:
        return "已提交查找。"


class SearchPage(Page):
    """How a search goes on, and what it found."""

    title = "查找摄像机"
    permission = "sensing.edit"
    template = "sensing/search.html"
    crumbs = _CAMERAS

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        search = access.get(request.user, CameraSearch, pk, self.permission, related=("asked_by",))
        is_part = request.htmx and request.htmx.target == "search"  # type: ignore[attr-defined]
        found = finding.known(self.user, search) if search.state == CameraSearch.State.DONE else []
        return self.render("sensing/_search.html" if is_part else "", search=search, found=found)
