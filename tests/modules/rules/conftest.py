"""A pump room at the plant whose signals rules can judge."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from bianwang.engine.table import Instance
from bianwang.modules.rules.commissioning import Baseline
from bianwang.modules.rules.models import RuleVersion
from bianwang.modules.rules.services import Wording, create
from bianwang.modules.rules.templates import Template, templates
from bianwang.modules.sensing.models import Device, Signal
from bianwang.modules.sensing.services import register
from bianwang.platform.places.models import Party, Zone
from tests.people import World

MakeSignal = Callable[..., Signal]
MakeVersion = Callable[..., RuleVersion]


def value(instance: Instance, name: str) -> float:
    """A parameter of an instance."""
    return instance.parameters[instance.program.parameters.index(name)]


@pytest.fixture
def make_signal(world: World) -> MakeSignal:
    """`make_signal("lel", "combustible_gas", "%LEL", zone="gas_store", owner=...)`."""
    devices: dict[int, Device] = {}

    def make(
        name: str, quantity: str, unit: str, *, zone: str = "", owner: Party | None = None, **values: Any
    ) -> Signal:
        holder = owner or world.plant
        if holder.pk not in devices:
            devices[holder.pk] = Device(owner_id=holder.pk, key=f"device-{holder.pk}", name="控制器", period_s=10)
            register(devices[holder.pk])
        place = Zone.objects.get_or_create(owner_id=holder.pk, name=zone, kind=zone)[0] if zone else None
        signal = Signal(
            owner_id=holder.pk,
            device=devices[holder.pk],
            zone=place,
            name=name,
            title=name,
            quantity=quantity,
            unit=unit,
            **values,
        )
        register(signal)
        return signal

    return make


@pytest.fixture
def make_version() -> MakeVersion:
    """`make_version("combustible-gas", [signal], first=20)`: a new rule's first draft."""

    def make(
        template: str,
        signals: Sequence[Signal],
        *,
        baselines: dict[int, Baseline] | None = None,
        windows: Sequence[Any] = (),
        **parameters: float,
    ) -> RuleVersion:
        found: Template = templates()[template]
        wording = Wording(found, found.defaults() | parameters, signals, windows, baselines or {})
        return create(found.name, wording, None)

    return make
