"""What the page of a judgement shows: maps of fronts, hours as a table, inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from django.urls import reverse

from bianwang.modules.emergency.fire import winds
from bianwang.modules.emergency.fire.plan import Hour
from bianwang.modules.emergency.fire.planning import Inputs, inputs_of
from bianwang.modules.emergency.lists.situation import judgement_colour
from bianwang.modules.emergency.mapping.drawing import Drawing
from bianwang.modules.emergency.mapping.lines import draw_lines
from bianwang.modules.emergency.models import Arrival, Event, Judgement
from bianwang.modules.emergency.models.judgement import NOTICE
from bianwang.modules.emergency.pack.events import kind_of
from bianwang.modules.emergency.pack.fuels import fuel_name
from bianwang.platform import access
from bianwang.platform.ui.cells import Cell, Column, fact
from bianwang.platform.ui.objects import Related
from bianwang.spread.origin import Origin

LAW_NAMES = {"wang": "王正非公式", "rothermel": "Rothermel 公式"}
SHOWN = 20
"""Arrivals that are numbered on the maps and stand on the judgement's own page."""
_ROOM = 1.15
"""How much wider the map is than the fire."""


class Kept(msgspec.Struct, frozen=True):
    """One fire of `Judgement.result`."""

    law: str
    edge: bool
    hours: list[Hour]

    @property
    def name(self) -> str:
        """The law in words."""
        return LAW_NAMES[self.law]


@dataclass(frozen=True)
class Line:
    """An arrival with its place in the order."""

    number: int
    judgement: Judgement
    arrival: Arrival

    def at(self, name: str) -> Any:
        """A column of minutes as a moment."""
        return self.judgement.moment(getattr(self.arrival, name))


def _at(name: str) -> Any:
    return lambda line: line.at(name)


ARRIVALS = (
    Column("name", "图上编号和名称", lambda line: f"{line.number}　{line.arrival.name}"),
    Column("first", "最早可能到达", _at("first"), kind="datetime"),
    Column("kind", "类别", "arrival.kind", kind="badge"),
    Column("party", "所属镇街或企业", "arrival.party.name"),
    Column("households", "户数", "arrival.households", kind="number"),
    Column("people", "人数", "arrival.people", kind="number"),
    Column("frail", "需协助", "arrival.frail", kind="number"),
    Column("wang_likely", "王正非可能", _at("wang_likely"), kind="datetime"),
    Column("rothermel_likely", "Rothermel 可能", _at("rothermel_likely"), kind="datetime"),
    Column("remark", "说明", "arrival.remark"),
)


_RELATED = (
    Column("number", "研判", lambda row: f"第 {row.number} 次", kind="link"),
    Column("starts_at", "起算时间", kind="datetime"),
    Column("hours", "时长", kind="number", unit="小时"),
    Column("state", "状态", kind="badge", colour=judgement_colour),
    Column("asked_by", "提出人", "asked_by.name"),
    Column("asked_at", "提出时间", kind="datetime"),
)


@dataclass(frozen=True)
class Sum:
    """Whom a front encloses by the end of an hour; the address of the rows."""

    households: int
    people: int
    enterprises: int
    url: str


@dataclass(frozen=True)
class LawHour:
    """One law at the end of an hour."""

    hour: Hour
    likely: Sum
    possible: Sum

    @property
    def kilometres(self) -> str:
        """The way around the likely front."""
        return f"{self.hour.likely.perimeter / 1000:.2f}"


@dataclass(frozen=True)
class Row:
    """An hour of both laws."""

    hour: int
    moment: Any
    laws: list[LawHour]

    @property
    def ratio(self) -> str:
        """The greater area over the smaller: how far the laws disagree."""
        areas = sorted(law.hour.likely.hectares for law in self.laws)
        return f"{areas[-1] / areas[0]:.1f} 倍" if areas[0] > 0 else "—"


@dataclass(frozen=True)
class LawMap:
    """The fronts of one law at one hour."""

    name: str
    drawing: Drawing
    sources: list[str]
    arrow: str
    wind: str


def fires(row: Judgement) -> list[Kept]:
    """The fires that were kept."""
    return msgspec.json.decode(row.result, type=list[Kept])


def related(event: Event, user: Any) -> list[Related]:
    """The judgements of a fire, for its event's page."""
    kind = kind_of(event.kind)
    if kind is None or kind.grading != "forest_fire":
        return []
    rows = access.visible(user, Judgement, "emergency.view").filter(event=event).select_related("asked_by")
    add = None
    if event.is_open and access.can(user, "emergency.judge"):
        add = ("推演", reverse("emergency:judgement_new", args=[event.pk]))
    return [Related(f"火势研判（{NOTICE}）", _RELATED, rows.defer("inputs", "result"), add=add, empty="还没有推演过。")]


def maps(row: Judgement, found: Sequence[Kept], hour: int, arrivals: Sequence[Arrival]) -> list[LawMap]:
    """Both laws at the same scale."""
    given = inputs_of(row)
    middle, reach = _frame(row, found)
    weather = given.weather[hour - 1]
    shown = []
    for fire in found:
        drawing = Drawing(middle, reach)
        sources = draw_lines(drawing)
        _draw(drawing, given, fire, hour, arrivals)
        blows = f"第 {hour} 小时 {winds.word(weather.wind_from)}风 {weather.wind:g} 米/秒"
        shown.append(LawMap(fire.name, drawing, sources, Drawing.arrow(weather.wind_from), blows))
    return shown


def table(row: Judgement, found: Sequence[Kept], arrivals: Sequence[Arrival]) -> list[Row]:
    """Every hour of both laws, with who is enclosed."""
    lines = []
    for hour in range(1, row.hours + 1):
        laws = [
            LawHour(
                fire.hours[hour - 1],
                _sum(row, arrivals, hour, f"{fire.law}_likely"),
                _sum(row, arrivals, hour, f"{fire.law}_early"),
            )
            for fire in found
        ]
        lines.append(Row(hour, row.moment(hour * 60), laws))
    return lines


def arrivals_url(row: Judgement, **query: Any) -> str:
    """The list of who lies in the way."""
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return reverse("emergency:arrivals", args=[row.pk]) + (f"?{asked}" if asked else "")


def inputs(row: Judgement) -> list[Cell]:
    """All that the result follows from, in words."""
    given = inputs_of(row)
    fuel = str(row.fuel_ground) if row.fuel_ground else f"全范围按“{fuel_name(row.fuel)}”"
    burning = [f"{longitude:.5f}，{latitude:.5f}" for longitude, latitude in given.points]
    if given.perimeter:
        burning.append(f"火场边界 {len(given.perimeter)} 圈")
    return [
        fact("起算时间", row.starts_at, "datetime"),
        fact("时长", row.hours, "number", unit="小时"),
        fact("起火位置", "；".join(burning)),
        fact("逐小时风", "；".join(_winds(given))),
        fact("可燃物", fuel),
        fact("地形", str(row.elevation) if row.elevation else "没有高程，按平地推演"),
        fact("细小可燃物含水率", given.moisture, "number", unit="%（Rothermel）"),
        fact("格网", f"{row.side} × {row.side} 格，每格 {row.cell} 米，边长 {row.side * row.cell / 1000:g} 千米"),
        fact("不确定度", "速度 ±35%，风速 ±25%，风向 ±15°；图上深浅色之间"),
    ]


def kept(row: Judgement) -> list[Cell]:
    """Who asked and what was computed by what."""
    return [
        fact("提出人", row.asked_by.name),
        fact("提出时间", row.asked_at, "datetime"),
        fact("完成时间", row.finished_at, "datetime"),
        fact("计算版本", row.versions),
        fact("输入 SM3", row.inputs_digest[:16] + "…"),
        fact("结果 SM3", row.result_digest[:16] + "…" if row.result_digest else ""),
    ]


def _winds(given: Inputs) -> list[str]:
    """Hours with the same weather are told together."""
    found: list[str] = []
    begin = 0
    for hour in range(1, len(given.weather) + 1):
        if hour < len(given.weather) and given.weather[hour] == given.weather[begin]:
            continue
        row = given.weather[begin]
        span = f"第 {begin + 1} 小时" if hour == begin + 1 else f"第 {begin + 1}～{hour} 小时"
        found.append(
            f"{span} {winds.word(row.wind_from)}风 {row.wind:g} 米/秒，{row.temperature:g} ℃，湿度 {row.humidity:g}%"
        )
        begin = hour
    return found


def _frame(row: Judgement, found: Sequence[Kept]) -> tuple[tuple[float, float], float]:
    """Middle and reach of a map that holds the last fronts of both laws, or as much as was computed."""
    origin = Origin(row.longitude, row.latitude)
    corners = [place for fire in found for ring in fire.hours[-1].earliest.rings for place in ring]
    if not corners:
        return (row.longitude, row.latitude), 1000.0
    x, y = (np.asarray(part) for part in origin.local(*np.array(corners).T))
    longitude, latitude = origin.wgs84(float(np.ptp(x)) / 2 + float(x.min()), float(np.ptp(y)) / 2 + float(y.min()))
    reach = max(float(np.ptp(x)), float(np.ptp(y))) / 2 * _ROOM
    return (float(longitude), float(latitude)), max(reach, 200.0)


def _draw(drawing: Drawing, given: Inputs, fire: Kept, hour: int, arrivals: Sequence[Arrival]) -> None:
    """The band of the hour, likely fronts up to it, what burnt at first, and who lies there."""
    now = fire.hours[hour - 1]
    drawing.area(now.earliest.rings, "possible", f"{hour} 小时最大可能范围")
    drawing.area(now.latest.rings, "sure", f"{hour} 小时最小范围")
    for before in fire.hours[: hour - 1]:
        drawing.area(before.likely.rings, "before", f"{before.hour} 小时可能火线")
    drawing.area(now.likely.rings, "likely", f"{hour} 小时可能火线")
    drawing.area(given.perimeter, "burning", "起算时的火场")
    for point in given.points:
        drawing.mark(point, "event", "", "起火点")
    for number, each in enumerate(arrivals, 1):
        label = str(number) if number <= SHOWN else ""
        drawing.mark((each.longitude, each.latitude), each.kind, label, each.name)


def _sum(row: Judgement, arrivals: Sequence[Arrival], hour: int, column: str) -> Sum:
    inside = [each for each in arrivals if (minute := getattr(each, column)) is not None and minute <= hour * 60]
    return Sum(
        sum(each.households for each in inside),
        sum(each.people for each in inside),
        sum(each.kind == Arrival.Kind.ENTERPRISE for each in inside),
        arrivals_url(row, hour=hour, by=column),
    )
