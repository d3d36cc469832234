"""The Modbus poller against a real Modbus server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given, strategies as st
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from bianwang.modules.sensing.queries import DeviceConfig
from bianwang.modules.sensing.settings import Tag
from bianwang.processes.intake.sources import modbus as poller
from bianwang.processes.intake.sources.modbus import ModbusSource
from bianwang.processes.intake.sources.spans import GAP, LONGEST, spans
from bianwang.protocols import modbus
from tests.processes.intake.conftest import Running, until
from tests.processes.intake.sources.conftest import config, put_in_force

HOLDING = [0x4148, 0xF5C3, 0xF5C3, 0x4148, 0x4841, 0xC3F5, 0xC3F5, 0x4841, 7, 0xFFFE, 0b100]
INPUT = [0x7FC0, 0, 300]
TAGS = [
    {"name": "abcd", "address": 0, "type": "float32", "order": "ABCD"},
    {"name": "cdab", "address": 2, "type": "float32", "order": "CDAB"},
    {"name": "badc", "address": 4, "type": "float32", "order": "BADC"},
    {"name": "dcba", "address": 6, "type": "float32", "order": "DCBA"},
    {"name": "count", "address": 8},
    {"name": "signed", "address": 9, "type": "int16"},
    {"name": "bit", "address": 10, "type": "bit", "bit": 2},
    {"name": "input", "address": 2, "table": "input"},
    {"name": "running", "address": 1, "table": "coil"},
    {"name": "open", "address": 0, "table": "discrete"},
]
VALUES = [pytest.approx(12.56, abs=1e-5)] * 4 + [7.0, -2.0, 1.0, 300.0, 1.0, 0.0]
SIGNALS = {str(tag["name"]): 101 + number for number, tag in enumerate(TAGS)}
UNIT = 17


class Plant:
    """A Modbus device that can be unplugged. Its holding registers end at 10 and begin again at 14."""

    port = 0

    async def plug_in(self) -> None:
        unit = SimDevice(
            UNIT,
            (
                [SimData(0, values=[False, True], datatype=DataType.BITS)],
                [SimData(0, values=[False, True], datatype=DataType.BITS)],
                [
                    SimData(0, values=HOLDING, datatype=DataType.REGISTERS),
                    SimData(14, values=[99], datatype=DataType.REGISTERS),
                ],
                [SimData(0, values=INPUT, datatype=DataType.REGISTERS)],
            ),
        )
        self.server = ModbusTcpServer(unit, address=("127.0.0.1", self.port))
        await self.server.serve_forever(background=True)
        self.port = self.server.transport.sockets[0].getsockname()[1]

    async def unplug(self) -> None:
        await self.server.shutdown()


@pytest.fixture
async def plant(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Plant]:
    monkeypatch.setattr(poller, "TIMEOUT_S", 0.2)
    made = Plant()
    await made.plug_in()
    yield made
    await made.unplug()


@pytest.fixture
async def source(intake: Running) -> AsyncIterator[ModbusSource]:
    made = ModbusSource(intake.pipeline)
    yield made
    await made.stop()


def device(plant: Plant, tags: list[dict[str, object]], pk: int = 100, **values: object) -> DeviceConfig:
    options = {"host": "127.0.0.1", "port": plant.port, "unit": values.pop("unit", UNIT), "tags": tags}
    signals = {str(tag["name"]): SIGNALS.get(str(tag["name"]), 150) for tag in tags}
    return config(pk, f"plc-{pk}", "modbus", signals, options, **{"period_s": 0.05, **values})


def states(intake: Running, pk: int = 100) -> list[str]:
    return [change.state for change in intake.changes if change.device == pk]


async def test_every_table_type_and_order_is_read(intake: Running, plant: Plant, source: ModbusSource) -> None:
    await source.start(put_in_force(intake, device(plant, TAGS)))
    await until(lambda: len(intake.values(101)) >= 2, "polled twice")
    assert [intake.values(signal)[0] for signal in SIGNALS.values()] == VALUES
    assert states(intake) == ["online"]


async def test_a_value_that_is_no_number_is_left_out_and_counted(
    intake: Running, plant: Plant, source: ModbusSource
) -> None:
    tags = [{"name": "abcd", "address": 0, "type": "float32", "table": "input"}, TAGS[7]]
    await source.start(put_in_force(intake, device(plant, tags)))
    await until(lambda: len(intake.values(108)) >= 1, "the good one")
    assert intake.values(101) == []
    assert intake.pipeline.refusals.count("plc-100", "nan") >= 1


async def test_a_device_that_refuses_the_gap_between_two_tags_is_asked_for_each(
    intake: Running, plant: Plant, source: ModbusSource
) -> None:
    tags = [TAGS[4], {"name": "far", "address": 14}]
    assert len(list(spans([Tag("count", 8), Tag("far", 14)]))) == 1
    await source.start(put_in_force(intake, device(plant, tags)))
    await until(lambda: bool(intake.values(150)), "both read")
    assert (intake.values(105)[0], intake.values(150)[0]) == (7.0, 99.0)
    assert intake.pipeline.refusals.total == 0


async def test_registers_that_do_not_exist_are_counted_and_the_others_read(
    intake: Running, plant: Plant, source: ModbusSource
) -> None:
    tags = [TAGS[4], {"name": "nowhere", "address": 500}]
    await source.start(put_in_force(intake, device(plant, tags)))
    await until(lambda: bool(intake.values(105)), "the one that exists")
    assert intake.pipeline.refusals.count("plc-100", "exception") >= 1
    assert states(intake) == ["online"]


async def test_a_device_that_vanishes_is_offline_and_comes_back_online(
    intake: Running, plant: Plant, source: ModbusSource
) -> None:
    await source.start(put_in_force(intake, device(plant, TAGS)))
    await until(lambda: states(intake) == ["online"], "online")
    await plant.unplug()
    await until(lambda: states(intake) == ["online", "offline"], "offline")
    await plant.plug_in()
    before = len(intake.values(105))
    await until(lambda: states(intake) == ["online", "offline", "online"], "online again")
    await until(lambda: len(intake.values(105)) > before, "read again")
    assert intake.pipeline.refusals.count("plc-100", "poll") >= 1


async def test_a_device_that_takes_connections_but_never_answers_is_not_online(
    intake: Running, source: ModbusSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poller, "TIMEOUT_S", 0.05)
    mute = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    silent = Plant()
    silent.port = mute.sockets[0].getsockname()[1]
    await source.start(put_in_force(intake, device(silent, TAGS)))
    await until(lambda: intake.pipeline.refusals.count("plc-100", "poll") >= 2, "asked twice")
    assert states(intake) == []
    mute.close()


async def test_units_behind_one_address_share_a_connection(intake: Running, plant: Plant, source: ModbusSource) -> None:
    first, second = device(plant, TAGS), device(plant, [TAGS[4]], 200)
    await source.start(put_in_force(intake, first, second))
    await until(lambda: states(intake, 100) == states(intake, 200) == ["online"], "both online")
    assert len(plant.server.active_connections) == 1


async def test_a_reload_leaves_alone_what_did_not_change_and_drops_what_is_gone(
    intake: Running, plant: Plant, source: ModbusSource
) -> None:
    kept, dropped = device(plant, [TAGS[4]]), device(plant, [TAGS[5]], 200)
    await source.start(put_in_force(intake, kept, dropped))
    await until(lambda: states(intake, 100) == states(intake, 200) == ["online"], "both online")
    await source.reload(put_in_force(intake, kept))
    assert states(intake, 200) == ["online", "offline"]
    assert states(intake, 100) == ["online"]
    changed = device(plant, [{**TAGS[4], "address": 10}])
    await source.reload(put_in_force(intake, changed))
    await until(lambda: 4.0 in intake.values(105), "the new address")
    await source.reload(put_in_force(intake))
    assert states(intake, 100)[-1] == "offline"
    await until(lambda: not plant.server.active_connections, "hung up")


@given(
    st.lists(
        st.builds(
            Tag,
            name=st.just("x"),
            address=st.integers(0, 2000),
            table=st.sampled_from(["holding", "input", "coil", "discrete"]),
            type=st.sampled_from(["uint16", "int32", "float64", "bit"]),
        ),
        max_size=60,
    ),
    st.integers(0, GAP),
)
def test_spans_read_every_tag_once_and_never_too_much(tags: list[Tag], gap: int) -> None:
    made = list(spans(tags, gap))
    assert sorted(map(repr, (tag for span in made for tag in span.tags))) == sorted(map(repr, tags))
    for span in made:
        assert 1 <= span.count <= LONGEST
        assert all(tag.table == span.table for tag in span.tags)
        ends = [span.start]
        for tag in span.tags:
            width = modbus.Tag(tag.type).registers if span.table in ("holding", "input") else 1
            assert span.start <= tag.address
            assert tag.address + width <= span.start + span.count
            assert tag.address - max(ends) <= gap
            ends.append(tag.address + width)


def test_spans_join_what_lies_together() -> None:
    near = [Tag("a", 0), Tag("b", 1 + GAP), Tag("c", 100, "coil")]
    assert [(s.table, s.start, s.count, s.gaps) for s in spans(near)] == [
        ("holding", 0, 2 + GAP, True),
        ("coil", 100, 1, False),
    ]
    assert len(list(spans([Tag("a", 0), Tag("b", 2 + GAP)]))) == 2
