"""Signals of cameras: named `camera.<camera>.<quantity>`, or `camera.<camera>.<region>.<quantity>` for a region."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from bianwang.modules.sensing.models import Camera, Region, Signal
from bianwang.modules.sensing.quantities import QUANTITIES
from bianwang.modules.sensing.services.register import register, switch

PREFIX = "camera."
OK = "video_ok"
"""1 while pictures come and can be judged, 0 while they do not: silence, freezing, blackness, blur, a turned camera."""
OF_AREA = ("entered_count", "left_count", "dwell_time", "absence_time")
"""Quantities of every area, beside the number of people in it (its `use`)."""
OF_LINE = ("entered_count", "left_count")


def quantities(region: Region) -> tuple[str, ...]:
    """What a region tells."""
    return OF_LINE if region.kind == Region.Kind.LINE else (region.use, *OF_AREA)


def name(camera: int, quantity: str, region: int | None = None) -> str:
    """How the signal is called."""
    return f"{PREFIX}{camera}.{quantity}" if region is None else f"{PREFIX}{camera}.{region}.{quantity}"


def camera_of(signal: str) -> int:
    """Which camera a signal's name tells of; 0 for none."""
    parts = signal.split(".")
    return int(parts[1]) if signal.startswith(PREFIX) and len(parts) > 2 and parts[1].isdecimal() else 0


def planned(camera: Camera) -> Iterator[Signal]:
    """Every signal of a camera and its regions, as they would be registered."""
    yield _signal(camera, None, OK)
    for region in camera.regions.all():
        for quantity in quantities(region):
            yield _signal(camera, region, quantity)


def ensure(camera: Camera) -> dict[str, Signal]:
    """The signals of a camera by name; missing ones are registered, others stay. In the caller's transaction."""
    found = {
        row.name: row for row in Signal.objects.filter(owner=camera.owner_id, name__startswith=f"{PREFIX}{camera.pk}.")
    }
    for wanted in planned(camera):
        if wanted.name not in found:
            register(wanted)
            found[wanted.name] = wanted
    return found


def settle(region: Region, told: Collection[str], reason: str) -> None:
    """Of all signals that a region ever had, only those of the `told` quantities are in use. In the caller's
    transaction."""
    prefix = f"{PREFIX}{region.camera_id}.{region.pk}."
    for signal in Signal.objects.filter(owner=region.camera.owner_id, name__startswith=prefix):
        switch(signal, signal.quantity in told, reason)


def _signal(camera: Camera, region: Region | None, quantity: str) -> Signal:
    place = (region.zone if region else None) or camera.zone
    told = f"{camera.name}{region.name if region else ''}{QUANTITIES[quantity].name}"
    return Signal(
        owner_id=camera.owner_id,
        zone=place,
        name=name(camera.pk, quantity, region.pk if region else None),
        title=told[:60],
        quantity=quantity,
        unit=QUANTITIES[quantity].units[0],
        decimals=0,
    )
