"""What lies around an event: dangerous chemicals, settlements, shelters, resources, measuring points, by distance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, Q

from bianwang.modules.emergency.fire import winds
from bianwang.modules.emergency.fire.exposed import dangers
from bianwang.modules.emergency.mapping.drawing import Drawing, apart, words
from bianwang.modules.emergency.models import Event, Resource, Settlement, Wind
from bianwang.modules.emergency.queries.resources import by_distance
from bianwang.modules.emergency.queries.shelters import counted
from bianwang.modules.risks.models import Source
from bianwang.modules.sensing.models import Camera, Device, Signal
from bianwang.modules.sensing.queries import latest
from bianwang.modules.sensing.telemetry import TelemetryError
from bianwang.modules.weather.models import Gauge
from bianwang.modules.weather.queries import gauges_near
from bianwang.platform import access
from bianwang.platform.clock import now, to_ms
from bianwang.platform.places.models import Enterprise, Party
from bianwang.platform.registry import permissions
from bianwang.platform.ui.cells import Column
from bianwang.platform.ui.lists import list_url
from bianwang.spread.origin import Origin

RADII = (1, 3, 5, 10, 20)
"""Kilometres that can be looked at."""
WIND_KM = 30.0
"""How far away a station's wind is still taken for a first guess."""
NEAREST = 40
"""Places of a kind that are told of: more could not be read on the map."""
FRESH_MS = 3 * 3_600_000
_BAD = 2


@dataclass
class Spot:
    """A place near the event; its number is the one on the map."""

    name: str
    longitude: float
    latitude: float
    href: str = ""
    detail: str = ""
    number: int = 0
    metres: float = 0.0
    sector: str = ""

    @property
    def distance(self) -> str:
        """Distance and direction in words."""
        return f"{words(self.metres)} {self.sector}"


@dataclass(frozen=True)
class Group:
    """Places of one kind, the nearest first; `more` lie within the distance too but are not told of."""

    kind: str
    title: str
    spots: list[Spot]
    empty: str
    more: int = 0

    @property
    def heading(self) -> str:
        """The title with how many there are."""
        total = len(self.spots) + self.more
        return f"{self.title} {total}" + (f"（列最近的 {len(self.spots)} 处）" if self.more else "")


@dataclass(frozen=True)
class Breeze:
    """The newest wind that is known; without a direction there is no arrow."""

    speed: float
    blows_from: float | None
    at: datetime
    source: str
    temperature: float | None = None
    humidity: float | None = None

    @property
    def words(self) -> str:
        """As people say it."""
        origin = "风向未知" if self.blows_from is None else f"{winds.word(self.blows_from)}风（{self.blows_from:.0f}°）"
        return f"{origin} {self.speed:g} 米/秒"


SPOT_COLUMNS = (
    Column("name", "图上编号和名称", lambda row: f"{row.number}　{row.name}", kind="link", link=lambda row: row.href),
    Column("distance", "距离和方位"),
    Column("detail", "情况"),
)


def may(user: Any, permission: str) -> bool:
    """Whether the user has a permission of a module that may be off."""
    return permission in permissions() and access.can(user, permission)


def groups(user: Any, event: Event, km: float) -> list[Group]:
    """All kinds of places within so many kilometres that the user may see, numbered through."""
    assert event.longitude is not None and event.latitude is not None  # noqa: S101, PT018 - the caller has asked
    origin = Origin(event.longitude, event.latitude)
    found = [
        Group("danger", "危险化学品和重大危险源", _dangers(user), "这个范围内没有登记的危险化学品企业。"),
        Group("settlement", "居民点", _settlements(user), "这个范围内没有登记居民点，请在“居民点”中导入。"),
        Group("shelter", "避难场所", _resources(user, event, km, shelters=True), "这个范围内没有可用的避难场所。"),
        Group("resource", "应急资源", _resources(user, event, km), "这个范围内没有可用的应急资源。"),
        Group("sensor", "传感器和摄像机（按所属单位的位置）", _sensors(user), "这个范围内没有接入的设备。"),
        Group("gauge", "雨量站", _gauges(user, event, km), "这个范围内没有雨量站。"),
    ]
    return number([_within(origin, group, km) for group in found])


def number(found: Sequence[Group]) -> list[Group]:
    """Number the places through all groups."""
    count = 0
    for group in found:
        for spot in group.spots:
            count += 1
            spot.number = count
    return list(found)


def put(drawing: Drawing, found: Iterable[Group]) -> None:
    """Mark every place on the map."""
    for group in found:
        for spot in group.spots:
            place = (spot.longitude, spot.latitude)
            drawing.mark(place, group.kind, str(spot.number), f"{spot.name}，{spot.distance}", spot.href)


def breeze(user: Any, event: Event) -> tuple[Breeze | None, str]:
    """The newest wind: typed in for the event or measured near it; and why nothing could be measured, or ''."""
    typed = access.visible(user, Wind, "emergency.view").filter(event=event).first()
    found = [_typed(typed)] if typed else []
    trouble = ""
    try:
        found += _measured(user, event)
    except TelemetryError as error:
        trouble = str(error)
    return max(found, key=lambda each: each.at, default=None), trouble


def _typed(row: Wind) -> Breeze:
    return Breeze(row.speed, row.blows_from, row.measured_at, row.source, row.temperature, row.humidity)


def _measured(user: Any, event: Event) -> list[Breeze]:
    """The nearest station with a wind of the last hours. Raises TelemetryError."""
    if event.longitude is None or event.latitude is None or not may(user, "sensing.view"):
        return []
    origin = Origin(event.longitude, event.latitude)
    speeds = _winds(user, "wind_speed", origin)
    if not speeds:
        return []
    turns = {signal.owner_id: signal for _, signal in _winds(user, "wind_direction", origin)}
    rows = latest(user, [signal.pk for _, signal in speeds] + [signal.pk for signal in turns.values()])
    oldest = to_ms(now()) - FRESH_MS
    for metres, signal in speeds:
        read = rows.get(signal.pk)
        if read is None or read.quality >= _BAD or read.time < oldest:
            continue
        turn = rows.get(turns[signal.owner_id].pk) if signal.owner_id in turns else None
        source = f"{signal.owner} {signal.title}，距{words(metres)}"
        blows_from = turn.value % 360 if turn and turn.quality < _BAD else None
        return [Breeze(read.value, blows_from, datetime.fromtimestamp(read.time / 1000, UTC), source)]
    return []


def _winds(user: Any, quantity: str, origin: Origin) -> list[tuple[float, Signal]]:
    rows = access.visible(user, Signal, "sensing.view").filter(
        quantity=quantity, is_enabled=True, owner__longitude__isnull=False, owner__latitude__isnull=False
    )
    placed = [(apart(origin, _place(row.owner))[0], row) for row in rows.select_related("owner").order_by("pk")]
    return sorted((pair for pair in placed if pair[0] <= WIND_KM * 1000), key=lambda pair: pair[0])


def _place(row: Party | Gauge | Resource) -> tuple[float, float]:
    assert row.longitude is not None and row.latitude is not None  # noqa: S101, PT018 - asked for by the query
    return row.longitude, row.latitude


def _dangers(user: Any) -> list[Spot]:
    if not may(user, "places.view"):
        return []
    rows = access.visible(user, Enterprise, "places.view").filter(is_active=True, longitude__isnull=False)
    dangerous = Q(sector=Enterprise.Sector.CHEMICALS)
    if may(user, "risks.view"):
        dangerous |= Q(pk__in=access.visible(user, Source, "risks.view").order_by().values("owner"))
    found = list(rows.filter(dangerous).order_by("pk"))
    remarks = dangers([row.pk for row in found]) if may(user, "risks.view") else {}
    return [
        Spot(row.name, *_place(row), row.get_absolute_url(), remarks.get(row.pk) or row.get_sector_display())
        for row in found
    ]


def _settlements(user: Any) -> list[Spot]:
    rows = access.visible(user, Settlement, "emergency.view").filter(is_active=True).order_by("pk")
    return [
        Spot(
            row.name,
            row.longitude,
            row.latitude,
            row.get_absolute_url(),
            f"{row.households} 户 {row.people} 人，需协助转移 {row.frail} 人",
        )
        for row in rows
    ]


def _resources(user: Any, event: Event, km: float, *, shelters: bool = False) -> list[Spot]:
    """Shelters, or all other resources that are not out of use."""
    assert event.longitude is not None and event.latitude is not None  # noqa: S101, PT018 - the caller has asked
    if not may(user, "emergency.resources"):
        return []
    seen = counted(access.visible(user, Resource, "emergency.resources").exclude(state="disabled"))
    rows = by_distance(seen, event.longitude, event.latitude, int(km)).select_related("owner").order_by("pk")
    return [
        Spot(
            row.name,
            *_place(row),
            row.get_absolute_url(),
            f"{row.kind_name}，{row.amount}，{row.state_row.name}",
        )
        for row in rows
        if (row.kind_row.holds == "people") == shelters
    ]


def _sensors(user: Any) -> list[Spot]:
    """Devices and cameras stand where their owner is: they have no place of their own."""
    if not may(user, "sensing.view"):
        return []
    counts: dict[int, list[int]] = {}
    devices = access.visible(user, Device, "sensing.view").filter(is_enabled=True).order_by()
    for owner, every, online in devices.values_list("owner").annotate(
        every=Count("pk"), online=Count("pk", filter=Q(presence=Device.Presence.ONLINE))
    ):
        counts[owner] = [every, online, 0]
    cameras = access.visible(user, Camera, "sensing.view").filter(is_enabled=True).order_by()
    for owner, every in cameras.values_list("owner").annotate(every=Count("pk")):
        counts.setdefault(owner, [0, 0, 0])[2] = every
    owners = Party.objects.filter(pk__in=counts, longitude__isnull=False, latitude__isnull=False).order_by("pk")
    return [
        Spot(owner.name, *_place(owner), _devices(owner.pk, counts[owner.pk]), _counted(*counts[owner.pk]))
        for owner in owners
    ]


def _devices(owner: int, counts: Sequence[int]) -> str:
    return list_url("sensing:device_list" if counts[0] else "sensing:camera_list", owner=owner)


def _counted(every: int, online: int, cameras: int) -> str:
    found = [f"设备 {every} 台，在线 {online} 台"] if every else []
    return "；".join(found + ([f"摄像机 {cameras} 台"] if cameras else []))


def _gauges(user: Any, event: Event, km: float) -> list[Spot]:
    if not may(user, "weather.rain"):
        return []
    assert event.longitude is not None and event.latitude is not None  # noqa: S101, PT018 - the caller has asked
    seen = set(access.visible(user, Gauge, "weather.rain").values_list("pk", flat=True))
    near = [each.gauge for each in gauges_near(event.longitude, event.latitude, km) if each.gauge.pk in seen]
    return [Spot(row.name, *_place(row), row.get_absolute_url(), str(row.owner)) for row in near]


def _within(origin: Origin, group: Group, km: float) -> Group:
    for spot in group.spots:
        spot.metres, spot.sector = apart(origin, (spot.longitude, spot.latitude))
    near = sorted((spot for spot in group.spots if spot.metres <= km * 1000), key=lambda spot: (spot.metres, spot.name))
    return Group(group.kind, group.title, near[:NEAREST], group.empty, max(0, len(near) - NEAREST))
