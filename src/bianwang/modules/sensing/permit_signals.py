"""Signals of special-work permits: one a place, type of work and quantity; named `permit.<type>.<quantity>`."""

from __future__ import annotations

from bianwang.modules.sensing.models import Signal
from bianwang.modules.sensing.quantities import QUANTITIES
from bianwang.modules.sensing.services import register
from bianwang.platform.places.models import Zone

ALL = "all"
"""In place of a type: something that concerns the permits of all types together."""
KINDS = {
    "hot_work": "动火",
    "confined_space": "受限空间",
    "blind_plate": "盲板抽堵",
    "height": "高处",
    "lifting": "吊装",
    "temporary_power": "临时用电",
    "excavation": "动土",
    "road_closure": "断路",
    ALL: "作业",
}
"""The eight kinds of special work of GB 30871-2022."""


def name(kind: str, quantity: str) -> str:
    """How the signal is called."""
    return f"permit.{kind}.{quantity}"


def kind_of(signal: Signal) -> str:
    """The type of work whose permits a signal tells of, "" if it is none of those."""
    parts = signal.name.split(".")
    return parts[1] if signal.device_id is None and len(parts) == 3 and parts[0] == "permit" else ""


def ensure(place: Zone, kind: str, quantity: str) -> Signal:
    """The signal of a place, registered when it is first needed."""
    wanted = name(kind, quantity)
    found = Signal.objects.filter(owner=place.owner_id, zone=place, device=None, name=wanted).first()
    if found is None:
        found = planned(place, kind, quantity)
        register(found)
    return found


def planned(place: Zone, kind: str, quantity: str) -> Signal:
    """What `ensure` would register."""
    title = f"{place.name}{KINDS[kind]}{QUANTITIES[quantity].name}"[:60]
    return Signal(
        owner_id=place.owner_id, zone=place, name=name(kind, quantity), title=title, quantity=quantity, decimals=0
    )
