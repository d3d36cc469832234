"""The map and the outlines it shows."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse, reverse_lazy

from bianwang.platform import access
from bianwang.platform.places import mapping, services
from bianwang.platform.places.forms import OutlineForm
from bianwang.platform.places.models import Enterprise, Territory
from bianwang.platform.places.outlines import read_outlines
from bianwang.platform.ui.cells import RISK_COLOURS
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.pages import Page


class Map(Page):
    """Enterprises on a plain grid with a scale, and outlines once the office has imported them."""

    title = "地图"
    permission = "places.view"
    template = "places/map.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = access.visible(self.user, Enterprise, "places.view").filter(is_active=True)
        sources = Territory.objects.exclude(outline="").order_by().values_list("outline_source", flat=True).distinct()
        return self.render(
            risks=[(code, name, RISK_COLOURS[code]) for code, name in Enterprise.Risk.choices],
            unplaced=rows.filter(longitude=None).count(),
            total=rows.count(),
            sources=list(sources),
            may_import=access.can(self.user, "places.import"),
        )


class MapData(Page):
    """What the map draws, as JSON."""

    permission = "places.view"

    def get(self, request: HttpRequest) -> JsonResponse:
        data = {"points": mapping.points(self.user), "outlines": mapping.outlines(), "labels": mapping.labels()}
        return JsonResponse(data)


class OutlineImport(FormPage):
    """Import official outlines."""

    permission = "places.import"
    title = "导入边界"
    crumbs = (("地图", reverse_lazy("places:map")),)
    form_class = OutlineForm
    submit = "检查并导入"
    intro = "请使用自然资源主管部门提供的、带审图号的边界数据。来源与审图号会印在地图上。"

    def save(self, form: Any) -> str:
        file = form.cleaned_data["file"]
        try:
            found = read_outlines(file, file.size)
        except ValidationError as error:
            raise ValidationError({"file": error.messages}) from error
        with transaction.atomic():
            for outline in found:
                services.set_outline(outline.territory, outline.geometry, form.cleaned_data["source"])
        self.number = len(found)
        return reverse("places:map")

    def done(self, result: Any) -> str:
        return f"已导入 {self.number} 个区域的边界。"
