"""The map of an event and what it is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.views.generic import RedirectView

from bianwang.modules.emergency import services
from bianwang.modules.emergency.fire import winds
from bianwang.modules.emergency.forms import situation as forms
from bianwang.modules.emergency.mapping.drawing import Drawing
from bianwang.modules.emergency.mapping.lines import draw_lines
from bianwang.modules.emergency.models import Event, Judgement, Settlement
from bianwang.modules.emergency.queries import situation
from bianwang.modules.emergency.views.events import EVENTS, EventForm
from bianwang.platform import access
from bianwang.platform.clock import now
from bianwang.platform.ui.cells import fact
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related
from bianwang.platform.ui.pages import Page

SETTLEMENTS = (("居民点", reverse_lazy("emergency:settlement_list")),)
LAYERS = (("地图资料", reverse_lazy("emergency:layers")),)
GROUNDS = (*LAYERS, ("高程和可燃物", reverse_lazy("emergency:grounds")))
_USUAL_KM = 5


class Situation(Page):
    """An event on a map, with the same places as tables."""

    permission = "emergency.view"
    template = "emergency/situation.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        event = access.get(self.user, Event, pk, self.permission, related=("territory",))
        asked = request.GET.get("km", "")
        km = int(asked) if asked.isdecimal() and int(asked) in situation.RADII else _USUAL_KM
        wind, trouble = situation.breeze(self.user, event)
        judgements = access.visible(self.user, Judgement, self.permission).filter(event=event)
        return self.render(
            title="态势图",
            crumbs=[*EVENTS, (str(event), event.get_absolute_url())],
            event=event,
            km=km,
            radii=situation.RADII,
            wind=wind,
            arrow="" if wind is None or wind.blows_from is None else Drawing.arrow(wind.blows_from),
            trouble=trouble,
            judgement=judgements.filter(state=Judgement.State.DONE).defer("inputs", "result").first(),
            may_note=event.is_open and access.can(self.user, "emergency.note"),
            **self._map(event, km),
        )

    def _map(self, event: Event, km: int) -> dict[str, Any]:
        """The drawing and its tables; nothing for an event that nobody has located."""
        if event.longitude is None or event.latitude is None:
            return {"drawing": None}
        place = (event.longitude, event.latitude)
        drawing, found = Drawing(place, km * 1000.0), situation.groups(self.user, event, km)
        sources = draw_lines(drawing)
        situation.put(drawing, found)
        drawing.mark(place, "event", "", event.name)
        tables = [Related(group.heading, situation.SPOT_COLUMNS, group.spots, empty=group.empty) for group in found]
        return {"drawing": drawing, "tables": tables, "sources": sources}


class WindNew(EventForm):
    """Enter a wind."""

    title = "录入现场风"
    permission = "emergency.note"
    form_class = forms.WindForm
    intro = "录入后态势图画出风向，火势研判带入这组数。"

    def initial(self) -> dict[str, Any]:
        return {"measured_at": now()}

    def save(self, form: Any) -> str:
        with refusals_in_form():
            row = services.enter_wind(self.user, self.object, form.cleaned_data)
        self.wind = f"{winds.word(row.blows_from)}风 {row.speed:g} 米/秒"
        return reverse("emergency:map", args=[self.object.pk])

    def done(self, result: Any) -> str:
        return f"已录入现场风：{self.wind}。"


class SettlementNew(FormPage):
    """Enter a settlement."""

    title = "登记居民点"
    permission = "emergency.settlements"
    form_class = forms.SettlementForm
    crumbs = SETTLEMENTS

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> str:
        values = dict(form.cleaned_data)
        self.name = values["name"]
        services.save_settlement(self.user, values.pop("owner"), values, self.object)
        return reverse("emergency:settlement_list")

    def done(self, result: Any) -> str:
        return f"已保存居民点“{self.name}”。"


class SettlementPage(ObjectPage):
    """One settlement."""

    model = Settlement
    permission = "emergency.view"
    select: ClassVar[Sequence[str]] = ("owner",)
    crumbs = SETTLEMENTS

    def facts(self) -> Sequence[Facts]:
        row: Settlement = self.object
        cells = [
            fact("所属镇街", row.owner.name),
            fact("户数", row.households, "number", unit="户"),
            fact("人数", row.people, "number", unit="人"),
            fact("需协助转移", row.frail, "number", unit="人"),
            fact("坐标（WGS-84）", f"{row.longitude:.5f}，{row.latitude:.5f}"),
            fact("联系人", row.contact),
            fact("联系电话", row.phone, "phone"),
            fact("在用", row.is_active, "flag"),
        ]
        return [Facts("居民点", cells)]

    def actions(self) -> Sequence[Action]:
        url = reverse("emergency:settlement_edit", args=[self.object.pk])
        return [Action("修改", url, "edit")] if access.can(self.user, "emergency.settlements") else []


class SettlementEdit(SettlementNew):
    """Change a settlement."""

    title = "修改居民点"

    def get_object(self) -> Settlement:
        return access.get(self.user, Settlement, self.kwargs["pk"], self.permission)

    def initial(self) -> dict[str, Any]:
        names = forms.SettlementForm.base_fields
        return {**{name: getattr(self.object, name) for name in names}, "owner": self.object.owner_id}


class LayerNew(FormPage):
    """Import roads or rivers."""

    title = "导入道路和河流"
    permission = "emergency.layers"
    form_class = forms.LinesForm
    submit = "检查并导入"
    intro = "整份检查，有一个要素不对就都不导入。导入后画在每个事件的态势图和火势研判图上。"
    crumbs = LAYERS

    def save(self, form: Any) -> str:
        values = dict(form.cleaned_data)
        lines, digest = values.pop("file")
        row = services.import_lines(self.user, values, lines, digest)
        self.told = f"已导入“{row}”，共 {row.count} 条线。"
        return reverse("emergency:layers")

    def done(self, result: Any) -> str:
        return self.told


class GroundNew(FormPage):
    """Import a raster."""

    title = "导入高程或可燃物"
    permission = "emergency.layers"
    form_class = forms.GroundForm
    submit = "检查并导入"
    intro = "可燃物栅格的值用地区包 fire_spread.yaml 的可燃物 code，不认识的值按不可燃。"
    crumbs = GROUNDS

    def save(self, form: Any) -> str:
        values = dict(form.cleaned_data)
        raster, digest = values.pop("file")
        row = services.import_ground(self.user, values, raster, digest)
        self.told = f"已导入“{row}”，{row.rows} 行 {row.columns} 列。"
        return reverse("emergency:grounds")

    def done(self, result: Any) -> str:
        return self.told


settlement_import = RedirectView.as_view(url=reverse_lazy("exchange:upload", args=["emergency.settlement"]))
"""So that the button of the list can name it."""
