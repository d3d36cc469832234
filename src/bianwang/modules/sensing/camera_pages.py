"""Pages of one camera: how it is, its newest picture, the regions that are drawn on it."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.urls import reverse, reverse_lazy
from django.views import View

from bianwang.modules.sensing import camera_signals, forms, queries, services, shapes, watching
from bianwang.modules.sensing.models import Camera, Region, Signal
from bianwang.modules.sensing.pages import edit_actions, signal_columns, use
from bianwang.modules.sensing.telemetry import TelemetryError
from bianwang.modules.sensing.views import CAMERA_COLOURS
from bianwang.platform import access
from bianwang.platform.places.queries import party_url
from bianwang.platform.ui.cells import Column, fact
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related


class CameraPage(ObjectPage):
    """A camera: its picture, how it is, what its signals say."""

    model = Camera
    permission = "sensing.view"
    template = "sensing/camera.html"
    select = ("owner", "zone", "recorder")
    trouble = ""
    crumbs = (("摄像机", reverse_lazy("sensing:camera_list")),)

    def facts(self) -> Sequence[Facts]:
        row = self.object
        state = [
            fact("状态", row.get_presence_display(), "badge", colour=CAMERA_COLOURS[row.presence]),
            fact("状态时间", row.presence_at),
            fact("最近画面", row.last_picture_at),
            fact("说明", row.presence_detail),
        ]
        basic = [
            fact("所属单位", row.owner.name, href=party_url(row.owner)),
            fact("区域", row.zone),
            fact("国标编码", row.gb_code),
            fact("国标录像机", row.recorder, href=row.recorder.get_absolute_url() if row.recorder else ""),
            fact("取流地址", "已登记" if row.stream else None),
            fact("子码流地址", "已登记" if row.substream else None),
            fact("视频分析", "开启" if row.is_analysed else "未开启"),
            fact("疑似情形", _suspects(row)),
            fact("采样帧率", row.sample_fps, "number", unit="帧/秒"),
            use(row),
        ]
        return [Facts("运行状态", state), Facts("基本情况", basic)]

    def actions(self) -> Sequence[Action]:
        found = edit_actions(self, "camera")
        if found and self.object.presence == Camera.Presence.MOVED:
            url = reverse("sensing:camera_view", args=[self.object.pk])
            found.insert(0, Action("认定方向正确", url, "camera-check"))
        if self.object.regions.exists():
            found.append(Action("下载区域文件", reverse("sensing:camera_zones", args=[self.object.pk]), "download"))
        return found

    def related(self) -> Sequence[Related]:
        regions = list(self.object.regions.all())
        return [self._regions(regions), self._signals()]

    def extra(self) -> dict[str, Any]:
        watching.look(self.object.pk)
        regions = self.object.regions.all()
        picture = queries.picture_of(self.user, self.object)
        return {
            "has_picture": picture.exists(),
            "is_hidden": picture.name == watching.HIDDEN,
            "is_withheld": not picture.exists() and picture.with_name(watching.PICTURE).exists(),
            "regions": [drawn(region) for region in regions],
        }

    @property
    def may_draw(self) -> bool:
        """Whether the user may draw regions here."""
        return access.visible(self.user, Camera, "sensing.edit").filter(pk=self.object.pk).exists()

    def _regions(self, regions: list[Region]) -> Related:
        pk = self.object.pk
        columns = (
            Column("name", "名称", link=lambda row: reverse("sensing:region_edit", args=[row.pk]))
            if self.may_draw
            else Column("name", "名称"),
            Column("kind", "形状"),
            Column("use", "人数用作", lambda row: row.get_use_display() if row.kind == Region.Kind.AREA else None),
            Column("zone", "对应区域", lambda row: row.zone.name if row.zone else None),
        )
        return Related(
            "监视区域",
            columns,
            regions,
            add=("绘制区域", reverse("sensing:region_new", args=[pk])) if self.may_draw else None,
            empty="还没有监视区域。点“绘制区域”在画面上画出要看的地方，分析后即有人数、进出、停留等信号。",
        )

    def _signals(self) -> Related:
        prefix = f"{camera_signals.PREFIX}{self.object.pk}."
        signals = list(access.visible(self.user, Signal).filter(name__startswith=prefix, is_enabled=True))
        latest: dict[int, queries.Latest] = {}
        try:
            latest = queries.latest(self.user, [row.pk for row in signals])
        except TelemetryError as error:
            self.trouble = str(error)
        empty = "还没有信号。接入画面后平台自动登记“视频正常”，绘制区域后登记区域的信号。"
        return Related("信号与最新值", signal_columns(latest), signals, empty=empty)


class PictureView(View):
    """The newest picture of a camera as JPEG, heads hidden from who may not tell people.

    204 while there is none, 304 for one that the browser has.
    """

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        camera = access.get(request.user, Camera, pk, "sensing.view")
        watching.look(camera.pk)
        response = _newest(queries.picture_of(request.user, camera), request)
        response["Cache-Control"] = "private, no-store"
        return response


def _newest(picture: Path, request: HttpRequest) -> HttpResponse:
    try:
        file = picture.open("rb")
    except FileNotFoundError:
        return HttpResponse(status=204)
    with file:
        # Of the open file: the next picture takes the name over, never the content.
        tag = f'"{_tag(file.fileno())}"'
        is_known = request.headers.get("If-None-Match") == tag
        response = HttpResponseNotModified() if is_known else HttpResponse(file.read(), content_type="image/jpeg")
    response["ETag"] = tag
    return response


class ZonesView(View):
    """The regions of a camera as the zones file of `bian vision analyze`."""

    def get(self, request: HttpRequest, pk: int) -> JsonResponse:
        camera = access.get(request.user, Camera, pk, "sensing.view")
        zones = [
            {"name": row.name, "kind": row.kind, "use": row.use, "points": json.loads(row.points)}
            for row in camera.regions.all()
        ]
        response = JsonResponse({"zones": zones}, json_dumps_params={"ensure_ascii": False, "indent": 1})
        response["Content-Disposition"] = f'attachment; filename="zones-{camera.pk}.json"'
        return response


class RegionPage(FormPage):
    """Draw a region on the picture of a camera, or change one."""

    permission = "sensing.edit"
    form_class = forms.RegionForm
    template = "sensing/region.html"

    def get_object(self) -> Any:
        if "region" in self.kwargs:
            return access.get(self.user, Region, self.kwargs["region"], self.permission, related=("camera__owner",))
        camera = access.get(self.user, Camera, self.kwargs["pk"], self.permission, related=("owner",))
        return Region(camera=camera)

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user, "instance": self.object}

    def get_title(self) -> str:
        return f"修改区域“{self.object.name}”" if self.object.pk else f"在“{self.object.camera.name}”上绘制区域"

    def get_crumbs(self) -> Sequence[tuple[str, Any]]:
        camera = self.object.camera
        return (("摄像机", reverse("sensing:camera_list")), (camera.name, camera.get_absolute_url()))

    def render(self, template: str = "", status: int = 200, **context: Any) -> HttpResponse:
        camera = self.object.camera
        others = [drawn(row) for row in camera.regions.exclude(pk=self.object.pk)]
        has_picture = queries.picture_of(self.user, camera).exists()
        return super().render(template, status, camera=camera, others=others, has_picture=has_picture, **context)

    def save(self, form: Any) -> Any:
        services.save_region(form.instance)
        return form.instance

    def done(self, result: Any) -> str:
        return f"已保存区域“{result.name}”，分析进程随即按新区域计数。"


class ViewPage(FormPage):
    """Say that a camera that was turned looks where it shall look."""

    permission = "sensing.edit"
    form_class = forms.NothingForm
    submit = "认定"
    intro = "认定后以现在的画面为准，不再报“镜头移位”。画面对不上原来的监视区域时，请先修改区域。"

    def get_object(self) -> Any:
        return access.get(self.user, Camera, self.kwargs["pk"], self.permission)

    def get_title(self) -> str:
        return f"认定“{self.object}”的镜头方向正确"

    def back(self) -> str:
        return str(self.object.get_absolute_url())

    def save(self, form: Any) -> Any:
        services.accept_view(self.object)
        return self.object

    def done(self, result: Any) -> str:
        return f"已认定“{result}”的镜头方向，约半分钟后恢复正常。"


class RegionRemove(FormPage):
    """Take a region out of the picture."""

    permission = "sensing.edit"
    form_class = forms.NothingForm
    submit = "删除"
    intro = "删除后不再按这个区域计数，它的信号停用；已有读数、告警都保留。"

    def get_object(self) -> Any:
        return access.get(self.user, Region, self.kwargs["region"], self.permission, related=("camera__owner",))

    def get_title(self) -> str:
        return f"删除区域“{self.object.name}”"

    def back(self) -> str:
        return str(self.object.camera.get_absolute_url())

    def save(self, form: Any) -> Any:
        self.camera = self.object.camera
        self.name = self.object.name
        services.remove_region(self.object)
        return self.camera

    def done(self, result: Any) -> str:
        return f"已删除区域“{self.name}”，它的信号已停用。"


def drawn(region: Region) -> dict[str, Any]:
    """A region for the drawing over the picture: corners in hundredths, and where its name stands."""
    points = [(x * 100, y * 100) for x, y in watching.points(region.points)]
    return {
        "name": region.name,
        "is_line": region.kind == Region.Kind.LINE,
        "points": " ".join(f"{x:g},{y:g}" for x, y in points),
        "text": shapes.as_lines(region.points),
    }


def _suspects(camera: Camera) -> str:
    names = dict(Camera.Suspect.choices)
    return "、".join(str(names[kind]) for kind in camera.suspects.split(",") if kind in names)


def _tag(descriptor: int) -> str:
    state = os.fstat(descriptor)
    return f"{state.st_mtime_ns:x}-{state.st_size:x}"
