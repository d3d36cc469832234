"""Pages of rain gauges and internal hints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import reverse, reverse_lazy

from bianwang.modules.sensing.telemetry import TelemetryError
from bianwang.modules.weather import forms, rain, raining, services
from bianwang.modules.weather.models import Gauge, Hint, step_name
from bianwang.modules.weather.pack import thresholds
from bianwang.platform import access
from bianwang.platform.clock import from_ms, now, today
from bianwang.platform.places.queries import party_url
from bianwang.platform.ui.cells import Column, fact, state_column
from bianwang.platform.ui.filters import Flag, InTerritory, Owner, Search
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.lists import Button, ListPage, list_url
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related, StepService

GAUGES = (("雨量站", reverse_lazy("weather:gauges")),)
HINTS = (("雨量内部提示", reverse_lazy("weather:hints")),)
_HINTS_SHOWN = 20


def said(total: rain.Sum, hours: int) -> str:
    """A sum as people read it: what nobody measured is said, never taken for no rain."""
    if total.missing >= hours * 60:
        return "缺测"
    amount = f"{total.mm:.1f}"
    return f"≥{amount}（缺 {total.missing} 分钟）" if total.missing else amount


class GaugeList(ListPage):
    """Gauges with the rain of the last hours."""

    model = Gauge
    permission = "weather.rain"
    title = "雨量站"
    template = "weather/gauges.html"
    filters = (
        Search(title="名称或单位", fields=("name", "owner__name", "owner__initials")),
        InTerritory(),
        Flag("enabled", "在用", field="is_enabled"),
        Owner(title="所属单位"),
    )
    related = ("owner", "signal")
    sort = "name"
    empty = "还没有雨量站。先在“设备”里登记 SL 651 遥测站和雨量信号（单位 mm），再点“登记雨量站”。"
    buttons = (Button("登记雨量站", "weather:gauge_new", "weather.gauge"),)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self._found: dict[int, raining.Measured] | None = None
        self.trouble = ""
        sums = tuple(Column(f"hours{hours}", f"{hours} 小时（毫米）", self._sum(hours)) for hours in rain.WINDOWS)
        self.columns = (  # type: ignore[misc]
            Column("name", "雨量站", kind="link", sort="name"),
            Column("owner", "所属单位", "owner.name", sort="owner__pinyin"),
            *sums,
            Column("last", "最近读数", self._last, kind="datetime"),
            Column("way", "计量方式", sort="way", default=False),
            Column("is_enabled", "在用", kind="flag", default=False),
            Column("is_demo", "演示数据", kind="flag", default=False),
        )

    def _measured(self, row: Gauge) -> raining.Measured | None:
        """What a gauge measured; all in scope are read at once. None while the store does not answer."""
        if self._found is None:
            try:
                self._found = raining.measure(list(self.rows()), now())
            except TelemetryError as error:
                self._found, self.trouble = {}, str(error)
        return self._found.get(row.pk)

    def _sum(self, hours: int) -> Any:
        def text(row: Gauge) -> str | None:
            found = self._measured(row)
            return said(found.sums[hours], hours) if found else None

        return text

    def _last(self, row: Gauge) -> Any:
        found = self._measured(row)
        return from_ms(found.last) if found and found.last is not None else None


class GaugePage(ObjectPage):
    """One gauge: sums, the last 24 hours one by one, the thresholds, its hints."""

    model = Gauge
    permission = "weather.rain"
    select: ClassVar[Sequence[str]] = ("owner", "signal__device")
    crumbs = GAUGES
    template = "weather/gauge.html"

    def facts(self) -> Sequence[Facts]:
        row = self.object
        place = f"{row.longitude:.5f}，{row.latitude:.5f}" if row.longitude and row.latitude else None
        signal = row.signal.get_absolute_url() if access.can(self.user, "sensing.view") else ""
        return [
            Facts(
                "雨量站",
                [
                    fact("所属单位", row.owner.name, href=party_url(row.owner)),
                    fact("雨量信号", row.signal.title, href=signal),
                    fact("计量方式", row.get_way_display()),
                    fact("每个读数的时长", row.step_minutes, "number", unit="分钟"),
                    fact("报送周期", row.report_minutes, "number", unit="分钟"),
                    fact("经度，纬度", place),
                    fact("在用", row.is_enabled, "flag"),
                ],
            )
        ]

    def related(self) -> Sequence[Related]:
        rules = thresholds(today())
        basis = (
            Column("level", "档位", lambda row: step_name(row.level)),
            Column("hours", "时长", lambda r: f"{r.hours} 小时"),
            Column("mm", "达到", lambda r: f"{r.mm.normalize():f} 毫米"),
            Column("source", "依据", lambda r: f"{r.source} {r.article}"),
            Column("certainty", "核实情况"),
        )
        hints = access.visible(self.user, Hint, "weather.rain").filter(gauge=self.object).select_related("gauge")
        columns = (Column("text", "内部提示", str, kind="link"), state_column(), Column("opened_at", "达到时间"))
        more = list_url("weather:hints", owner=self.object.owner_id)
        return [
            Related("内部提示（不是预警）", columns, hints[:_HINTS_SHOWN], more=more, empty="没有达到过阈值。"),
            Related("内部提示的阈值", basis, rules, empty="地区包没有现行的阈值。"),
        ]

    def actions(self) -> Sequence[Action]:
        if not access.can(self.user, "weather.gauge"):
            return []
        return [Action("修改", reverse("weather:gauge_change", args=[self.object.pk]), "edit")]

    def extra(self) -> dict[str, Any]:
        try:
            found = raining.measure([self.object], now())[self.object.pk]
        except TelemetryError as error:
            return {"trouble": str(error)}
        sums = [(hours, said(found.sums[hours], hours)) for hours in rain.WINDOWS]
        most = max([total.amount for _, total in found.by_hour] + [1])
        bars = [(from_ms(at), said(total, 1), round(100 * total.amount / most)) for at, total in found.by_hour]
        return {"sums": sums, "bars": bars, "last": from_ms(found.last) if found.last is not None else None}


class GaugeEntry(FormPage):
    """Register a gauge, or change one."""

    permission = "weather.gauge"
    form_class = forms.GaugeForm
    crumbs = GAUGES

    def get_title(self) -> str:
        return "修改雨量站" if "pk" in self.kwargs else "登记雨量站"

    def get_object(self) -> Gauge | None:
        pk = self.kwargs.get("pk")
        return access.get(self.user, Gauge, pk, "weather.gauge") if pk else None

    def initial(self) -> dict[str, Any]:
        names = tuple(forms.GaugeForm.base_fields)
        return {name: getattr(self.object, name) for name in names} if self.object else {}

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: Any) -> Gauge:
        return services.register_gauge(self.user, form.cleaned_data["signal"], form.values(), self.object)

    def done(self, result: Gauge) -> str:
        return f"已保存雨量站“{result}”。"


class HintPage(ObjectPage):
    """One internal hint."""

    model = Hint
    permission = "weather.rain"
    select: ClassVar[Sequence[str]] = ("gauge__owner",)
    crumbs = HINTS
    template = "weather/hint.html"
    step_services: ClassVar[Mapping[str, StepService]] = {"note": services.note, "dismiss": services.dismiss}

    def facts(self) -> Sequence[Facts]:
        row = self.object
        return [
            Facts(
                "内部提示",
                [
                    fact("雨量站", row.gauge.name, href=row.gauge.get_absolute_url()),
                    fact("所属单位", row.gauge.owner.name, href=party_url(row.gauge.owner)),
                    fact("档位", row.step),
                    fact("阈值", f"{row.hours} 小时达到 {row.threshold.normalize():f} 毫米"),
                    fact("达到时雨量", row.amount, "number", unit="毫米"),
                    fact("达到时间", row.opened_at),
                    fact("结束时间", row.closed_at),
                    fact("依据", row.basis),
                ],
            )
        ]
