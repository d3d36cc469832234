"""A device with two signals at the plant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bianwang.modules.sensing import services
from bianwang.modules.sensing.models import Device, Signal
from tests.people import World


@pytest.fixture
def make_device(world: World) -> Callable[..., Device]:
    def make(key: str = "pump-1", **values: Any) -> Device:
        device = Device(**{"owner": world.plant, "key": key, "name": "1号泵", **values})
        services.register(device)
        return device

    return make


@pytest.fixture
def device(make_device: Callable[..., Device]) -> Device:
    return make_device()


@pytest.fixture
def signal(device: Device) -> Signal:
    made = Signal(
        owner=device.owner,
        device=device,
        name="flow",
        title="出口流量",
        quantity="flow",
        unit="m³/h",
        low=0,
        high=60,
    )
    services.register(made)
    return made
