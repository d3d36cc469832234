"""JSON payloads of MQTT and HTTP devices -> rows and columns of numbers.

Every decoder takes the raw bytes and returns `Readings`:

    Readings.blocks   list of Row and Column, see below
    Readings.refused  number of values left out because they are not numbers
    Readings.reason   why the first of them was left out (Chinese), "" if none

    Row(device, names, values, time_ms, quality)      several signals at one moment
        names: list[str], values: list[float] (same length), time_ms: int | None (None = stamp on arrival),
        quality: int (of all of them)
    Column(device, name, values, times_ms, quality)   one signal over time
        name: str, values: list[float], times_ms: list[int] (same length),
        quality: int (of all of them) | list[int] (same length)

`device` is None for the connection's own device, or the name a gateway gave to a child. Times are int64
milliseconds since 1970 UTC, in the order sent; whether they are plausible is judged elsewhere. Values are
finite. Columns of one payload may share one `times_ms` list: do not modify it.

A payload that is broken as a whole raises FrameError, and nothing else, with one of the codes
json, utf8, nan, number, depth, field, length, too_many.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from math import isfinite
from typing import Annotated, Any, Final, TypeVar

import msgspec

from bianwang.protocols.errors import FrameError
from bianwang.protocols.message import BAD, GOOD

MAX_READINGS: Final = 100_000
"""Most readings in one payload."""
MAX_NAME: Final = 128
"""Most characters in the name of a signal or child device."""

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME)]
Time = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
Quality = Annotated[int, msgspec.Meta(ge=GOOD, le=BAD)]


class Row(msgspec.Struct, gc=False):
    """Several signals at one moment."""

    device: str | None
    names: list[str]
    values: list[float]
    time_ms: int | None
    quality: int = GOOD


class Column(msgspec.Struct, gc=False):
    """One signal over time."""

    device: str | None
    name: str
    values: list[float]
    times_ms: list[int]
    quality: int | list[int] = GOOD


Block = Row | Column


class Readings(msgspec.Struct):
    """What one payload holds; see the module's docstring."""

    blocks: list[Block]
    refused: int = 0
    reason: str = ""

    def __len__(self) -> int:
        """Number of readings."""
        return sum(len(block.values) for block in self.blocks)


class _Single(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    values: dict[Name, float]
    ts: Time | None = None
    quality: Quality = GOOD


class _OneColumn(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    signal: Name
    ts: list[Time]
    values: list[float]
    quality: Quality | list[Quality] = GOOD


class _Columns(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    ts: list[Time]
    values: dict[Name, list[float]]
    quality: Quality | list[Quality] = GOOD


class _Presence(msgspec.Struct, gc=False):
    device: Name


_single = msgspec.json.Decoder(_Single).decode
_one_column = msgspec.json.Decoder(_OneColumn).decode
_columns = msgspec.json.Decoder(_Columns).decode
_rows = msgspec.json.Decoder(list[_Single]).decode
_plain = msgspec.json.Decoder(dict[Name, float]).decode
_children = msgspec.json.Decoder(dict[Name, list[_Single]]).decode
_presence = msgspec.json.Decoder(_Presence).decode
_anything = msgspec.json.Decoder().decode


def native(payload: bytes) -> Readings:
    """Decode the platform's own formats: one moment, a list of moments, or columns.

        {"ts": 1766453000000, "values": {"pressure": 0.38, "flow": 32.1}}          ts left out = on arrival
        [{"ts": 1766453000000, "values": {...}}, ...]
        {"signal": "pressure", "ts": [1766453000000, ...], "values": [0.38, ...]}
        {"ts": [1766453000000, ...], "values": {"pressure": [0.38, ...], "flow": [32.1, ...]}}

    All may carry "quality" (0 good, 1 suspect, 2 bad), in columns also as a list beside "ts".
    """
    one = _attempt(_single, payload)
    return _native_other(payload) if one is None else _limited(Readings([_row(None, one)]))


def thingsboard(payload: bytes) -> Readings:
    """Decode ThingsBoard's v1/devices/me/telemetry.

    `{"k": v}`, `{"ts": ms, "values": {"k": v}}`, or a list of either. true/false become 1/0 and numeric
    strings numbers; other values are counted as refused, the rest of the payload stands.
    """
    if b'"values"' in payload:
        one = _attempt(_single, payload)
        if one is not None:
            return _limited(Readings([_row(None, one)]))
    else:
        values = _attempt(_plain, payload)
        if values is not None:
            return _limited(Readings([Row(None, list(values), list(values.values()), None)]))
    shape = _decode(_anything, payload)
    return _lenient(None, shape if isinstance(shape, list) else [shape], strict=False)


def gateway(payload: bytes) -> Readings:
    """Decode ThingsBoard's v1/gateway/telemetry: `{"Device A": [{"ts": ms, "values": {...}}, ...], ...}`."""
    children = _attempt(_children, payload)
    if children is None:
        return _gateway_other(payload)
    return _limited(Readings([block for device, rows in children.items() for block in _by_signal(device, rows)]))


def gateway_device(payload: bytes) -> str:
    """Name of the child in ThingsBoard's v1/gateway/connect and disconnect: `{"device": "Device A"}`."""
    return _decode(_presence, payload).device


T = TypeVar("T")


def _decode(decoder: Callable[[bytes], T], payload: bytes) -> T:
    try:
        return decoder(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _refusal(error, payload) from None


def _attempt(decoder: Callable[[bytes], T], payload: bytes) -> T | None:
    """As `_decode`, but None if the JSON is sound and only has another shape."""
    try:
        return decoder(payload)
    except msgspec.ValidationError:
        return None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _refusal(error, payload) from None


def _native_other(payload: bytes) -> Readings:
    """Native payloads that are not one moment of numbers only."""
    if payload.lstrip()[:1] == b"[":
        rows = _attempt(_rows, payload)
        if rows is not None:
            return _limited(Readings(_by_signal(None, rows)))
        return _lenient(None, _sequence(_decode(_anything, payload), "$"), strict=True)
    columns = _attempt(_columns, payload) or _attempt(_one_column, payload)
    if columns is not None:
        return _limited(Readings(_from_columns(columns)))
    shape = _decode(_anything, payload)
    if not isinstance(shape, dict):
        raise FrameError("field", "载荷应为 JSON 对象或数组")
    # Decoding again by the shape that was meant raises the error that names the field.
    if "signal" in shape:
        _decode(_one_column, payload)
    elif isinstance(shape.get("ts"), list):
        _decode(_columns, payload)
    return _lenient(None, [shape], strict=True)


def _gateway_other(payload: bytes) -> Readings:
    shape = _decode(_anything, payload)
    if not isinstance(shape, dict):
        raise FrameError("field", "网关载荷应为 JSON 对象：子设备名对应一组遥测")
    whole = Readings([])
    for device, rows in shape.items():
        _check_name(device)
        part = _lenient(device, _sequence(rows, f"$.{device[:MAX_NAME]}"), strict=False)
        whole.blocks += part.blocks
        whole.refused += part.refused
        whole.reason = whole.reason or part.reason
    return _limited(whole)


def _row(device: str | None, row: _Single) -> Row:
    values = row.values
    return Row(device, list(values), list(values.values()), row.ts, row.quality)


def _by_signal(device: str | None, rows: Iterable[_Single]) -> list[Block]:
    """Turn moments into one column per signal; moments without a time stay rows, after the columns."""
    columns: dict[str, tuple[list[float], list[int], list[int]]] = {}
    timeless: list[Block] = []
    for row in rows:
        if row.ts is None:
            timeless.append(_row(device, row))
            continue
        for name, value in row.values.items():
            column = columns.get(name)
            if column is None:
                column = columns[name] = ([], [], [])
            column[0].append(value)
            column[1].append(row.ts)
            column[2].append(row.quality)
    blocks: list[Block] = [
        Column(device, name, values, times, quality if any(quality) else GOOD)
        for name, (values, times, quality) in columns.items()
    ]
    return blocks + timeless


def _from_columns(batch: _Columns | _OneColumn) -> list[Block]:
    columns = batch.values if isinstance(batch, _Columns) else {batch.signal: batch.values}
    times, quality = batch.ts, batch.quality
    for name, values in columns.items():
        if len(values) != len(times):
            raise FrameError("length", f"信号“{name}”有 {len(values)} 个值，但 ts 有 {len(times)} 个时间，应一一对应")
    if isinstance(quality, list) and len(quality) != len(times):
        raise FrameError("length", f"quality 有 {len(quality)} 个，但 ts 有 {len(times)} 个时间，应一一对应")
    return [Column(None, name, values, times, quality) for name, values in columns.items()]


def _lenient(device: str | None, items: list[Any], *, strict: bool) -> Readings:
    """Decode moments value by value, leaving out what is not a number.

    `strict` refuses unknown fields and demands "values" (native); otherwise ThingsBoard's rules hold.
    """
    rows: list[_Single] = []
    whole = Readings([])
    for item in items:
        if not isinstance(item, dict):
            raise FrameError(
                "field", '每组遥测应为 JSON 对象，例如 {"ts": 1766453000000, "values": {"pressure": 0.38}}'
            )
        time, quality, values = _moment(item, strict)
        numbers: dict[str, float] = {}
        for name, value in values.items():
            number = _number(value)
            if number is None or not 0 < len(name) <= MAX_NAME:
                whole.refused += 1
                whole.reason = whole.reason or _why(name, value)
            else:
                numbers[name] = number
        if numbers:
            rows.append(_Single(numbers, time, quality))
    whole.blocks = [_row(device, rows[0])] if len(rows) == 1 else _by_signal(device, rows)
    return _limited(whole)


def _moment(item: dict[str, Any], strict: bool) -> tuple[int | None, int, dict[str, Any]]:
    values = item.get("values")
    if strict and not isinstance(values, dict):
        raise FrameError("field", "缺少 values 字段，或它不是“信号名: 数值”的 JSON 对象")
    if not isinstance(values, dict):
        return None, GOOD, item
    if strict and (unknown := item.keys() - {"ts", "values", "quality"}):
        raise FrameError("field", f"不认识的字段“{min(unknown)[:MAX_NAME]}”，只能有 ts、values、quality")
    time = item.get("ts")
    if time is not None and (type(time) is not int or not -(2**63) <= time < 2**63):
        raise FrameError("field", "ts 应为 UTC 毫秒整数，例如 1766453000000")
    quality = item.get("quality", GOOD) if strict else GOOD
    if type(quality) is not int or not GOOD <= quality <= BAD:
        raise FrameError("field", "quality 只能是 0（正常）、1（可疑）、2（无效）")
    return time, quality, values


def _number(value: object) -> float | None:
    """The number that a JSON value stands for: numbers, booleans, and strings of ASCII digits."""
    if isinstance(value, str) and (len(value) > 64 or not value.isascii() or "_" in value):
        return None
    if not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if isfinite(number) else None


def _why(name: str, value: object) -> str:
    if not 0 < len(name) <= MAX_NAME:
        return f"信号名应为 1～{MAX_NAME} 个字符，现为 {len(name)} 个"
    return f"信号“{name}”的值不是数字：{str(value)[:40]}"


def _check_name(name: str) -> None:
    if not 0 < len(name) <= MAX_NAME:
        raise FrameError("field", f"子设备名应为 1～{MAX_NAME} 个字符，现为 {len(name)} 个")


def _sequence(value: object, path: str) -> list[Any]:
    if not isinstance(value, list):
        raise FrameError("field", f"{path} 应为数组")
    return value


def _limited(readings: Readings) -> Readings:
    count = len(readings)
    if count > MAX_READINGS:
        raise FrameError("too_many", f"一条消息最多 {MAX_READINGS} 个读数，现有 {count} 个，请分批发送")
    return readings


_MISMATCH = re.compile(r"Expected `(.+?)`(.*?)(?:, got `(.+?)`)?(?: - at `(.*)`)?$")
_KINDS = {
    "float": "数字",
    "int": "整数",
    "str": "字符串",
    "object": "对象",
    "array": "数组",
    "bool": "布尔值",
    "null": "空值",
}


def _refusal(error: Exception, payload: bytes) -> FrameError:
    """Say in Chinese why msgspec refused the payload."""
    text = str(error)
    if isinstance(error, UnicodeDecodeError):
        return FrameError("utf8", "载荷不是合法的 UTF-8 文本")
    if isinstance(error, RecursionError):
        return FrameError("depth", "JSON 嵌套太深")
    if "out of range" in text:
        return FrameError("number", "有数值超出双精度浮点数的范围")
    if isinstance(error, msgspec.ValidationError):
        return FrameError("field", _mismatch(text))
    if re.search(rb"[:\[,]\s*-?(NaN|Infinity)", payload):
        return FrameError("nan", "JSON 不允许 NaN 和 Infinity，没有读数时请不要上报该信号")
    if where := re.search(r"byte (\d+)", text):
        return FrameError("json", f"第 {int(where[1]) + 1} 个字节处不是合法的 JSON")
    return FrameError("json", "载荷不是完整的 JSON，可能被截断" if payload else "载荷为空")


def _mismatch(text: str) -> str:
    if field := re.search(r"missing required field `(.+?)`", text):
        return f"缺少字段 {field[1]}"
    if field := re.search(r"unknown field `(.+?)`", text):
        return f"不认识的字段 {field[1]}"
    if parts := _MISMATCH.match(text):
        wanted, bound, got, path = parts.groups()
        kinds = "或".join(_KINDS.get(kind, kind) for kind in wanted.split(" | "))
        bound = bound.replace(" of length", "，长度").replace(">=", "不小于").replace("<=", "不大于")
        found = f"，现为{_KINDS.get(got, got)}" if got else ""
        return f"字段 {path or '$'} 应为{kinds}{bound}{found}"
    return "字段的类型不对"
