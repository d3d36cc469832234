"""An ONNX graph exported for one picture, made to take any number at once, which is what a large GPU is good for.

Exporters write the number of pictures into the shapes of inputs and outputs and into the constants of Reshape. Here a
few fields of the file (onnx.proto, protobuf's wire format) are rewritten; weights are copied as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

Field = tuple[int, int, bytes]
"""Number, wire type, content; of a varint the bytes of the varint."""

_VARINT, _FIXED64, _LENGTH, _FIXED32 = 0, 1, 2, 5
_GRAPH = 7
_NODE, _INITIALIZER, _INPUT, _OUTPUT, _VALUE_INFO = 1, 5, 11, 12, 13
_ANY = bytes([0x12, 1]) + b"n"
"""A dimension of any size: dim_param "n"."""
_ONE = (1).to_bytes(8, "little")
_KEPT = (0).to_bytes(8, "little")
"""In the shape of a Reshape: as it was."""


def for_batches(model: bytes) -> bytes:
    """The same model whose first dimension is free. For graphs that treat each picture alone, as detectors do."""
    return _changed(model, {_GRAPH: _graph})


def _graph(graph: bytes) -> bytes:
    shapes = {inputs[1] for kind, inputs in map(_node, _all(graph, _NODE)) if kind == b"Reshape"}
    fields: dict[int, Callable[[bytes], bytes | None]] = {
        _INITIALIZER: lambda tensor: _shape(tensor) if next(_all(tensor, 8), b"") in shapes else tensor,
        _INPUT: _value,
        _OUTPUT: _value,
        _VALUE_INFO: lambda _: None,  # shapes within the graph: onnxruntime works them out again
    }
    return _changed(graph, fields)


def _node(node: bytes) -> tuple[bytes, list[bytes]]:
    """Operator and names of inputs."""
    return next(_all(node, 4), b""), list(_all(node, 1))


def _shape(tensor: bytes) -> bytes:
    """A constant shape that begins with 1 begins with "as it was"."""
    return _changed(tensor, {9: lambda raw: _KEPT + raw[8:] if raw[:8] == _ONE else raw})


def _value(value: bytes) -> bytes:
    """ValueInfo → type → tensor → shape, whose first dimension becomes free."""
    return _changed(value, {2: lambda kind: _changed(kind, {1: lambda tensor: _changed(tensor, {2: _free})})})


def _free(shape: bytes) -> bytes:
    dimensions = list(_all(shape, 1))
    return b"".join(_written(1, _LENGTH, _ANY if place == 0 else each) for place, each in enumerate(dimensions))


def _changed(message: bytes, by_number: dict[int, Callable[[bytes], bytes | None]]) -> bytes:
    """The message with some of its fields replaced, or left out where the function gives None."""
    parts = []
    for number, wire, content in _fields(message):
        new = by_number[number](content) if number in by_number and wire == _LENGTH else content
        if new is not None:
            parts.append(_written(number, wire, new))
    return b"".join(parts)


def _all(message: bytes, wanted: int) -> Iterator[bytes]:
    return (content for number, _, content in _fields(message) if number == wanted)


def _fields(message: bytes) -> Iterator[Field]:
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, wire = key >> 3, key & 7
        start = at
        if wire == _VARINT:
            _, at = _varint(message, at)
        elif wire == _LENGTH:
            length, start = _varint(message, at)
            at = start + length
        else:
            at += {_FIXED64: 8, _FIXED32: 4}[wire]
        yield number, wire, message[start:at]


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _written(number: int, wire: int, content: bytes) -> bytes:
    length = _as_varint(len(content)) if wire == _LENGTH else b""
    return _as_varint(number << 3 | wire) + length + content


def _as_varint(value: int) -> bytes:
    parts = bytearray()
    while value >= 0x80:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])
