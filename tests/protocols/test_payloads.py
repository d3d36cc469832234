"""JSON payloads: every documented shape, and nothing but FrameError for the rest."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from math import isfinite
from typing import Any

import pytest
from hypothesis import given, strategies as st

from bianwang.protocols import payloads
from bianwang.protocols.errors import FrameError
from bianwang.protocols.message import BAD, GOOD, SUSPECT
from bianwang.protocols.payloads import Column, Readings, Row

T0 = 1766453000000
Decoder = Callable[[bytes], Readings]


def native(value: object) -> Readings:
    return payloads.native(json.dumps(value).encode())


def thingsboard(value: object) -> Readings:
    return payloads.thingsboard(json.dumps(value).encode())


def gateway(value: object) -> Readings:
    return payloads.gateway(json.dumps(value).encode())


def code(decode: Decoder, payload: bytes) -> str:
    with pytest.raises(FrameError) as refused:
        decode(payload)
    return refused.value.code


def flat(readings: Readings) -> dict[tuple[str | None, str], list[tuple[int | None, float, int]]]:
    """All readings by (device, signal), in order."""
    result: dict[tuple[str | None, str], list[tuple[int | None, float, int]]] = {}
    for block in readings.blocks:
        if isinstance(block, Row):
            for name, value in zip(block.names, block.values, strict=True):
                result.setdefault((block.device, name), []).append((block.time_ms, value, block.quality))
        else:
            quality = block.quality if isinstance(block.quality, list) else [block.quality] * len(block.values)
            rows = list(zip(block.times_ms, block.values, quality, strict=True))
            result.setdefault((block.device, block.name), []).extend(rows)
    return result


# Native


def test_one_moment_is_one_row() -> None:
    readings = native({"ts": T0, "values": {"pressure": 0.38, "flow": 32}})
    assert readings == Readings([Row(None, ["pressure", "flow"], [0.38, 32.0], T0)])
    assert len(readings) == 2


def test_a_moment_without_time_is_stamped_on_arrival() -> None:
    assert native({"values": {"pressure": 0.38}}).blocks == [Row(None, ["pressure"], [0.38], None)]


def test_a_list_of_moments_becomes_columns_in_order() -> None:
    readings = native([{"ts": T0, "values": {"a": 1, "b": 2}}, {"ts": T0 + 1, "values": {"a": 3}}])
    assert readings.blocks == [
        Column(None, "a", [1.0, 3.0], [T0, T0 + 1]),
        Column(None, "b", [2.0], [T0]),
    ]


def test_quality_of_moments_follows_into_columns() -> None:
    rows = [{"ts": T0, "values": {"a": 1}}, {"ts": T0 + 1, "values": {"a": 2}, "quality": BAD}]
    assert native(rows).blocks == [Column(None, "a", [1.0, 2.0], [T0, T0 + 1], [GOOD, BAD])]


def test_a_column_of_one_signal() -> None:
    readings = native({"signal": "pressure", "ts": [T0, T0 + 100], "values": [0.38, 0.4]})
    assert readings.blocks == [Column(None, "pressure", [0.38, 0.4], [T0, T0 + 100])]


def test_columns_of_several_signals_with_quality() -> None:
    readings = native({"ts": [T0, T0 + 1], "values": {"p": [1, 2], "f": [3, 4]}, "quality": [GOOD, SUSPECT]})
    assert flat(readings) == {
        (None, "p"): [(T0, 1.0, GOOD), (T0 + 1, 2.0, SUSPECT)],
        (None, "f"): [(T0, 3.0, GOOD), (T0 + 1, 4.0, SUSPECT)],
    }


def test_a_value_that_is_no_number_is_counted_and_the_rest_stands() -> None:
    readings = native({"ts": T0, "values": {"a": 1, "b": "abc", "c": None, "d": True, "e": "2.5"}})
    assert flat(readings) == {
        (None, "a"): [(T0, 1.0, 0)],
        (None, "d"): [(T0, 1.0, 0)],
        (None, "e"): [(T0, 2.5, 0)],
    }
    assert readings.refused == 2
    assert "b" in readings.reason


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        (b"", "json"),
        (b"{", "json"),
        (b"hello", "json"),
        (b'{"values":{"a":1}} x', "json"),
        (b'{"ts":1,"values":{"a":NaN}}', "nan"),
        (b'{"ts":1,"values":{"a":-Infinity}}', "nan"),
        (b'{"ts":1,"values":{"a":1e999}}', "number"),
        (b'{"ts":1,"values":{"\xff":1}}', "utf8"),
        (b"[" * 100_000, "depth"),
        (b'{"ts":1,"values":' + b'{"a":' * 100_000, "depth"),
        (b"3", "field"),
        (b"null", "field"),
        (b"[1]", "field"),
        (b"{}", "field"),
        (b'{"a":1}', "field"),
        (b'{"ts":1.5,"values":{"a":1}}', "field"),
        (b'{"ts":"1","values":{"a":1}}', "field"),
        (b'{"ts":true,"values":{"a":1}}', "field"),
        (b'{"ts":9223372036854775808,"values":{"a":1}}', "field"),
        (b'{"time":1,"values":{"a":1}}', "field"),
        (b'{"ts":1,"values":{"a":1},"quality":3}', "field"),
        (b'{"ts":[1],"values":{"a":[null]}}', "field"),
        (b'{"ts":[1],"values":{"a":["1"]}}', "field"),
        (b'{"signal":"a","ts":1,"values":[1]}', "field"),
        (b'{"signal":"","ts":[1],"values":[1]}', "field"),
        (b'{"ts":[1,2],"values":{"a":[1]}}', "length"),
        (b'{"signal":"a","ts":[1,2],"values":[1]}', "length"),
        (b'{"signal":"a","ts":[1],"values":[1],"quality":[0,0]}', "length"),
    ],
)
def test_a_broken_payload_is_refused_by_its_code_in_chinese(payload: bytes, expected: str) -> None:
    with pytest.raises(FrameError, match=r"[一-鿿]") as refused:
        payloads.native(payload)
    assert refused.value.code == expected


def test_too_many_readings_are_refused() -> None:
    count = payloads.MAX_READINGS + 1
    column = {"signal": "a", "ts": [T0] * count, "values": [1] * count}
    assert code(payloads.native, json.dumps(column).encode()) == "too_many"


# ThingsBoard


def test_plain_telemetry_is_stamped_on_arrival() -> None:
    assert thingsboard({"temperature": 21.5, "on": True, "level": "7"}) == Readings(
        [Row(None, ["temperature", "on", "level"], [21.5, 1.0, 7.0], None)]
    )


def test_telemetry_with_time_and_lists_of_either() -> None:
    assert thingsboard({"ts": T0, "values": {"a": 1}}).blocks == [Row(None, ["a"], [1.0], T0)]
    mixed = thingsboard([{"ts": T0, "values": {"a": 1}}, {"a": 2}])
    assert flat(mixed) == {(None, "a"): [(T0, 1.0, 0), (None, 2.0, 0)]}


def test_texts_and_nested_values_are_refused_one_by_one() -> None:
    readings = thingsboard({"a": 1, "name": "泵 1", "nested": {"x": 1}, "n": None, "inf": "inf", "big": 10**400})
    assert flat(readings) == {(None, "a"): [(None, 1.0, 0)]}
    assert readings.refused == 5


def test_a_plain_signal_may_be_called_values() -> None:
    assert thingsboard({"values": 3}).blocks == [Row(None, ["values"], [3.0], None)]


@pytest.mark.parametrize("text", ["１２", "1_000", "0x10", "", " ", "1" * 65, "nan"])
def test_only_plain_ascii_numbers_count_as_numeric_strings(text: str) -> None:
    assert thingsboard({"a": text}).refused == 1


# Gateways


def test_telemetry_of_children_keeps_their_names() -> None:
    readings = gateway(
        {
            "Device A": [{"ts": T0, "values": {"t": 42, "h": 80}}, {"ts": T0 + 1000, "values": {"t": 43}}],
            "设备B": [{"ts": T0, "values": {"t": 42}}],
        }
    )
    assert flat(readings) == {
        ("Device A", "t"): [(T0, 42.0, 0), (T0 + 1000, 43.0, 0)],
        ("Device A", "h"): [(T0, 80.0, 0)],
        ("设备B", "t"): [(T0, 42.0, 0)],
    }


def test_a_text_of_one_child_does_not_stop_the_others() -> None:
    readings = gateway({"A": [{"ts": T0, "values": {"t": "on"}}], "B": [{"ts": T0, "values": {"t": 1}}]})
    assert flat(readings) == {("B", "t"): [(T0, 1.0, 0)]}
    assert readings.refused == 1


@pytest.mark.parametrize("payload", [b"[]", b'{"A":1}', b'{"A":[1]}', b'{"":[{"ts":1,"values":{"a":1}}]}'])
def test_a_gateway_payload_of_another_shape_is_refused(payload: bytes) -> None:
    assert code(payloads.gateway, payload) == "field"


def test_connect_and_disconnect_name_the_child() -> None:
    assert payloads.gateway_device(b'{"device":"Device A","type":"pump"}') == "Device A"


@pytest.mark.parametrize("payload", [b"{}", b'{"device":1}', b'{"device":""}', b"[]", b"", b"\xff"])
def test_connect_without_a_name_is_refused(payload: bytes) -> None:
    with pytest.raises(FrameError, match=r"[一-鿿]"):
        payloads.gateway_device(payload)


# Fuzz


@pytest.mark.parametrize(
    ("decode", "shape"),
    [
        (payloads.native, {"ts": T0, "values": {"a": 1.5}}),
        (payloads.native, [{"ts": T0, "values": {"a": 1.5}}]),
        (payloads.native, {"signal": "a", "ts": [T0], "values": [1.5]}),
        (payloads.native, {"ts": [T0], "values": {"a": [1.5]}}),
        (payloads.thingsboard, {"a": 1.5}),
        (payloads.thingsboard, [{"ts": T0, "values": {"a": "x"}}]),
        (payloads.gateway, {"A": [{"ts": T0, "values": {"a": 1.5}}]}),
    ],
)
def test_every_shape_cut_off_anywhere_is_refused(decode: Decoder, shape: object) -> None:
    payload = json.dumps(shape).encode()
    for length in range(len(payload)):
        assert code(decode, payload[:length]) == "json"
    for at in range(len(payload)):
        with suppress(FrameError):
            well_formed(decode(payload[:at] + b"\xff" + payload[at + 1 :]))


ALL: list[Decoder] = [payloads.native, payloads.thingsboard, payloads.gateway]
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=True), st.text(max_size=8), st.just(10**400)
)
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(
            st.one_of(st.sampled_from(["ts", "values", "signal", "quality", "device"]), st.text(max_size=4)),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=20,
)


def well_formed(readings: Readings) -> None:
    for rows in flat(readings).values():
        for time, value, quality in rows:
            assert time is None or -(2**63) <= time < 2**63
            assert type(value) is float
            assert isfinite(value)
            assert GOOD <= quality <= BAD


@pytest.mark.parametrize("decode", ALL)
@given(payload=st.one_of(st.binary(max_size=80), values.map(lambda value: json.dumps(value).encode())))
def test_any_payload_is_well_formed_readings_or_a_frame_error(decode: Decoder, payload: bytes) -> None:
    with suppress(FrameError):
        well_formed(decode(payload))


rows = st.lists(
    st.tuples(
        st.one_of(st.none(), st.integers(0, 2**45)),
        st.dictionaries(st.text(min_size=1, max_size=6), st.floats(allow_nan=False, allow_infinity=False), max_size=4),
    ),
    max_size=6,
)


@given(rows)
def test_no_reading_is_lost_or_moved_on_the_way_to_columns(
    moments: list[tuple[int | None, dict[str, float]]],
) -> None:
    payload = [{"values": v} if ts is None else {"ts": ts, "values": v} for ts, v in moments]
    found = flat(native(payload))
    for name in {name for _, v in moments for name in v}:
        timed = [(ts, v[name], 0) for ts, v in moments if ts is not None and name in v]
        untimed = [(None, v[name], 0) for ts, v in moments if ts is None and name in v]
        assert found.pop((None, name)) == timed + untimed
    assert found == {}
