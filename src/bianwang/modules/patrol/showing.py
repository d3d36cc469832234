"""The wall of live pictures and the statistics page."""

from __future__ import annotations

from datetime import date
from tempfile import TemporaryFile
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from bianwang.modules.patrol import coco
from bianwang.modules.patrol.figures import Selection, statistics
from bianwang.modules.patrol.hiding import CannotHide
from bianwang.modules.sensing.models import Camera
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.exchange.services import note_export
from bianwang.platform.period import Period
from bianwang.platform.places.models import Enterprise, Party, Territory
from bianwang.platform.ui import services as saved
from bianwang.platform.ui.pages import Page

GRIDS = (1, 4, 9, 16)
_WELL = (Camera.Presence.ONLINE, Camera.Presence.NEVER)
PRESENCE = {"online": "green", "never": "secondary", "offline": "red"}
"""Colours of presences; what is none of these is orange: a picture that cannot be judged."""
_KEY = "patrol:wall"
_MOST_CHOICES = 300


class Wall(Page):
    """Up to sixteen live pictures. What it shows is its address, which can be saved under a name."""

    title = "视频墙"
    permission = "patrol.view"
    template = "patrol/wall.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        given = request.GET
        mine = access.visible(request.user, Camera, self.permission).filter(is_enabled=True)
        grid = int(given.get("grid", "")) if given.get("grid", "") in map(str, GRIDS) else 9
        chosen = {int(pk) for pk in given.getlist("camera") if pk.isdecimal()}
        rows = _narrowed(mine, given, chosen).select_related("owner", "zone").order_by("owner__pinyin", "name", "pk")
        sheet = Paginator(rows, grid).get_page(given.get("page"))
        return self.render(
            sheet=sheet,
            pictures=[(row, PRESENCE.get(row.presence, "orange")) for row in sheet.object_list],
            grid=grid,
            grids=GRIDS,
            chosen=chosen,
            choices=mine.select_related("owner").order_by("owner__pinyin", "name")[:_MOST_CHOICES],
            towns=Territory.objects.filter(kind__in=(Territory.Kind.TOWN, Territory.Kind.ZONE)),
            owners=_enterprises(mine),
            saved=saved.saved_filters(request.user, _KEY),
            narrowed=bool(chosen) or any(given.get(name) for name in ("territory", "owner", "unwell")),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep this wall under a name, or forget a kept one."""
        if gone := request.POST.get("delete_filter"):
            saved.delete_filter(request.user, _KEY, gone)
        else:
            try:
                kept = saved.save_filter(request.user, _KEY, request.POST.get("name", ""), request.GET.urlencode())
                messages.success(request, f"已保存“{kept.name}”。")
            except ValidationError as error:
                messages.error(request, "；".join(error.messages))
        return redirect(request.get_full_path())


class Statistics(Page):
    """Figures of a year or a month, of all, a town or an enterprise; each opens its rows."""

    title = "巡检统计"
    permission = "patrol.view"
    template = "patrol/statistics.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        present = today()
        chosen, year, month = _chosen(request)
        owners = _enterprises(access.visible(request.user, Camera, self.permission))
        return self.render(
            found=statistics(request.user, chosen),
            year=year,
            month=month,
            months=range(1, 13),
            years=range(present.year, present.year - 6, -1),
            town=chosen.town,
            towns=Territory.objects.filter(kind__in=(Territory.Kind.TOWN, Territory.Kind.ZONE)),
            owner=chosen.owner,
            owners=owners.filter(chosen.whose("pk")) if chosen.owner is None else owners,
            export=f"{reverse('patrol:coco')}?{request.GET.urlencode()}",
        )


class Coco(Page):
    """The labelled pictures of what the statistics show, as a zip."""

    permission = "patrol.export"

    def get(self, request: HttpRequest) -> HttpResponse | FileResponse:
        chosen, *_ = _chosen(request)
        back, period = f"{reverse('patrol:statistics')}?{request.GET.urlencode()}", chosen.period
        faces = access.can(self.user, "patrol.faces")
        rows = coco.labelled(self.user, chosen, faces=faces)
        if not rows or len(rows) > coco.MOST:
            words = (
                f"有 {len(rows)} 张，超过单次 {coco.MOST} 张的上限，请缩小范围"
                if rows
                else "没有留存画面的问题或属实情形"
            )
            messages.error(request, f"{period.first} 至 {period.last} {words}。")
            return redirect(back)
        target = TemporaryFile()  # noqa: SIM115
        try:
            coco.write(target, rows, faces=faces)
        except CannotHide as refusal:
            messages.error(request, str(refusal))
            return redirect(back)
        note_export(self.user, "巡检标注画面", len(rows))
        target.seek(0)
        return FileResponse(target, as_attachment=True, filename=f"巡检标注-{period.first}-{period.last}.zip")


def _chosen(request: HttpRequest) -> tuple[Selection, int, int | None]:
    """What is selected in the address, with its year and month; what makes no sense is passed over."""
    given = request.GET
    year = int(given.get("year", "")) if given.get("year", "").isdecimal() else today().year
    year = min(max(year, 2000), 2100)
    month = int(given.get("month", "")) if given.get("month", "") in map(str, range(1, 13)) else None
    town = Territory.objects.filter(code=given["territory"]).first() if given.get("territory") else None
    period = Period.of_year(year) if month is None else _month(year, month)
    return Selection(period, town, _party(request.user, given.get("owner", ""))), year, month


def _enterprises(cameras: QuerySet[Camera]) -> QuerySet[Enterprise]:
    """Enterprises that have one of the cameras."""
    return Enterprise.objects.filter(pk__in=cameras.order_by().values("owner")).order_by("pinyin")


def _narrowed(mine: QuerySet[Camera], given: Any, chosen: set[int]) -> QuerySet[Camera]:
    rows = mine.filter(pk__in=chosen) if chosen else mine
    place = Territory.objects.filter(code=given["territory"]).first() if given.get("territory") else None
    if place is not None:
        inside = Party.objects.filter(territories__path__startswith=place.path).order_by()
        rows = rows.filter(owner__in=inside.values("pk"))
    if given.get("owner", "").isdecimal():
        rows = rows.filter(owner=int(given["owner"]))
    return rows.exclude(presence__in=_WELL) if given.get("unwell") == "1" else rows


def _party(user: Any, text: str) -> Party | None:
    return access.visible(user, Party).filter(pk=int(text)).first() if text.isdecimal() else None


def _month(year: int, month: int) -> Period:
    following = date(year + month // 12, month % 12 + 1, 1)
    return Period(date(year, month, 1), date.fromordinal(following.toordinal() - 1))
