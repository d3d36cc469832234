"""ClickHouse's Native format for columns of fixed width: the fastest way in and out, for chDB and clusters alike.

Format: https://clickhouse.com/docs/interfaces/formats/Native — blocks of (varint columns, varint rows, then per column
name, type and the values, little endian).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

_TYPES: Final = {
    "UInt8": "u1",
    "UInt16": "u2",
    "UInt32": "u4",
    "UInt64": "u8",
    "Int64": "i8",
    "Float64": "f8",
    "Bool": "?",
}
_NAMES: Final = {np.dtype(code): name for name, code in _TYPES.items()}


class Readable(Protocol):
    """A file, plain or compressed."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, fewer at the end only."""


def encode(columns: Mapping[str, NDArray[Any]]) -> bytes:
    """One Native block of equally long columns."""
    rows = len(next(iter(columns.values())))
    parts: list[bytes | memoryview] = [_varint(len(columns)), _varint(rows)]
    for name, column in columns.items():
        parts += [_text(name), _text(_NAMES[column.dtype]), np.ascontiguousarray(column).data.cast("B")]
    return b"".join(parts)


def decode(data: bytes) -> dict[str, NDArray[Any]]:
    """The columns of a Native result; {} if it has no blocks. Raises KeyError for a type without fixed width."""
    blocks: list[dict[str, NDArray[Any]]] = []
    at = 0
    while at < len(data):
        width, at = _read_varint(data, at)
        rows, at = _read_varint(data, at)
        block: dict[str, NDArray[Any]] = {}
        for _ in range(width):
            name, at = _read_text(data, at)
            kind, at = _read_text(data, at)
            dtype = np.dtype(_TYPES[kind])
            block[name] = np.frombuffer(data, dtype, rows, at)
            at += rows * dtype.itemsize
        blocks.append(block)
    if len(blocks) == 1:
        return blocks[0]
    return {name: np.concatenate([block[name] for block in blocks]) for name in (blocks[0] if blocks else ())}


def read_block(stream: Readable) -> dict[str, NDArray[Any]]:
    """The next block of a stream; {} at its end. Raises EOFError where it breaks off, KeyError as `decode` does."""
    first = stream.read(1)
    if not first:
        return {}
    width, rows = _stream_varint(stream, first), _stream_varint(stream)
    block: dict[str, NDArray[Any]] = {}
    for _ in range(width):
        name = _exactly(stream, _stream_varint(stream)).decode()
        dtype = np.dtype(_TYPES[_exactly(stream, _stream_varint(stream)).decode()])
        block[name] = np.frombuffer(_exactly(stream, rows * dtype.itemsize), dtype)
    return block


def _exactly(stream: Readable, size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _stream_varint(stream: Readable, byte: bytes = b"") -> int:
    number = shift = 0
    while True:
        (part,) = byte or _exactly(stream, 1)
        byte = b""
        number |= (part & 127) << shift
        if part < 128:
            return number
        shift += 7


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def _text(text: str) -> bytes:
    raw = text.encode()
    return _varint(len(raw)) + raw


def _read_varint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 127) << shift
        if byte < 128:
            return number, at
        shift += 7


def _read_text(data: bytes, at: int) -> tuple[str, int]:
    size, at = _read_varint(data, at)
    return data[at : at + size].decode(), at + size
