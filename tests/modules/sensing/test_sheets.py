"""Imports: errors by row and column, and the same result when a sheet comes twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bianwang.modules.sensing.models import Camera, Device, Signal
from bianwang.modules.sensing.sheets import CAMERAS, DEVICES, SIGNALS
from bianwang.platform.exchange.sheets import Sheet
from bianwang.platform.ledger.models import Entry
from tests.people import World


def row(sheet: Sheet, **values: Any) -> dict[str, Any]:
    return {column.name: values.get(column.name) for column in sheet.columns}


def device_row(**values: Any) -> dict[str, Any]:
    return row(DEVICES, **{"key": "d-1", "owner": "青杠机械厂", "name": "甲", "protocol": "mqtt", **values})


@pytest.fixture
def officer(world: World) -> Any:
    return world.who("head")


def test_devices_arrive_with_their_gateway_and_arrive_once(officer: Any) -> None:
    rows = [device_row(key="gw", is_gateway=True), device_row(key="d-1", gateway="gw", period_s=Decimal(5))]
    assert DEVICES.check
    assert not DEVICES.check(officer, rows)
    DEVICES.apply(officer, rows)
    child = Device.objects.get(key="d-1")
    assert (child.period_s, child.gateway and child.gateway.key) == (5, "gw")
    entries = Entry.objects.count()
    DEVICES.apply(officer, rows)
    assert Entry.objects.count() == entries
    assert Device.objects.count() == 2


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"owner": "没有这家"}, "owner"),
        ({"zone": "没有这区"}, "zone"),
        ({"gateway": "nobody"}, "gateway"),
        ({"protocol": "hj212", "settings": "{"}, "settings"),
    ],
)
def test_a_fault_stands_at_its_row_and_column(officer: Any, values: dict[str, Any], column: str) -> None:
    assert DEVICES.check
    errors = DEVICES.check(officer, [device_row(), device_row(key="d-2", **values)])
    assert list(errors) == [1]
    assert column in errors[1]


def test_a_key_of_another_owner_is_refused(officer: Any) -> None:
    DEVICES.apply(officer, [device_row()])
    assert DEVICES.check
    errors = DEVICES.check(officer, [device_row(owner="八塘建材厂")])
    assert "key" in errors[0]


def test_signals_belong_to_registered_devices(officer: Any, world: World) -> None:
    DEVICES.apply(officer, [device_row()])
    good = row(SIGNALS, device="d-1", name="t", title="温度", quantity="temperature", unit="℃", high=Decimal("120"))
    assert SIGNALS.check
    errors = SIGNALS.check(officer, [good, {**good, "device": "d-9"}])
    assert list(errors) == [1]
    SIGNALS.apply(officer, [good])
    SIGNALS.apply(officer, [{**good, "title": "轴承温度"}])
    signal = Signal.objects.get()
    assert (signal.title, signal.high, signal.owner_id) == ("轴承温度", 120.0, world.plant.pk)


def test_cameras_are_known_by_owner_and_name(officer: Any) -> None:
    good = row(CAMERAS, owner="青杠机械厂", name="东门", gb_code="50012000001320000001")
    CAMERAS.apply(officer, [good])
    more = {"substream": "rtsp://192.168.1.64/2", "is_analysed": True, "sample_fps": Decimal("1.5")}
    CAMERAS.apply(officer, [good | more])
    CAMERAS.apply(officer, [good])
    camera = Camera.objects.get()
    assert camera.gb_code == "50012000001320000001"
    assert (camera.substream, camera.is_analysed, camera.sample_fps) == ("rtsp://192.168.1.64/2", True, 1.5)


def test_checking_a_long_sheet_takes_few_queries(officer: Any, django_assert_max_num_queries: Any) -> None:
    rows = [device_row(key=f"d-{number}") for number in range(200)]
    assert DEVICES.check
    with django_assert_max_num_queries(15):
        DEVICES.check(officer, rows)
