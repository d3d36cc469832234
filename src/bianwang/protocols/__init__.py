"""Wire formats of devices: bytes <-> messages, one file each. No I/O.

`PROTOCOLS` decodes whole recordings for people to read: each function takes the bytes of a file (raw, or as
hex text) and yields one JSON-able dictionary per frame or refusal. A refusal is
`{"ok": False, "error": code, "reason": Chinese sentence, "offset": bytes from the start}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from bianwang.protocols import gb26875, hj212, sl651, sl651_ascii
from bianwang.protocols.errors import FrameError
from bianwang.protocols.message import SHANGHAI, Measurement, Refusal

Record = dict[str, Any]


def raw_bytes(data: bytes) -> bytes:
    """The bytes that a recording stands for: itself, or what its hex text says.

    Hex text may carry `0x` or `\\x` prefixes, blanks, line ends, commas, colons and hyphens.
    FrameError("hex") if it is hex text with half a byte.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")  # byte order mark of Windows editors
    text = re.sub(rb"0[xX]|\\x|[\s,;:-]", b"", data)
    if not text or not re.fullmatch(rb"[0-9A-Fa-f]+", text):
        return data
    if len(text) % 2:
        raise FrameError("hex", f"十六进制文本有 {len(text)} 位，应为偶数位，可能少抄了一位")
    return bytes.fromhex(text.decode())


def _decode_hj212(data: bytes) -> Iterator[Record]:
    decoder = hj212.Decoder()
    for offset, item in decoder.scan(raw_bytes(data)):
        if isinstance(item, Refusal):
            yield _refused(item)
            continue
        try:
            yield _hj212(item)
        except FrameError as error:
            yield _refused(Refusal(error.code, str(error), offset))
    yield from map(_refused, decoder.finish())


def _hj212(frame: hj212.Frame) -> Record:
    reply = hj212.answer(frame)
    return {
        "ok": True,
        "protocol": "hj212",
        **msgspec.structs.asdict(frame),
        "edition": frame.edition,
        "cp": hj212.groups(frame),
        "measurements": [_measurement(m) for m in hj212.measurements(frame)],
        "unreadable": hj212.unreadable(frame),
        "answer": reply.decode().rstrip() if reply else None,
    }


def _decode_gb26875(data: bytes) -> Iterator[Record]:
    decoder = gb26875.Decoder()
    for _, item in decoder.scan(raw_bytes(data)):
        yield _refused(item) if isinstance(item, Refusal) else _gb26875(item)
    yield from map(_refused, decoder.finish())


def _gb26875(frame: gb26875.Frame) -> Record:
    return {
        "ok": True,
        "protocol": "gb26875",
        "serial": frame.serial,
        "version": f"{frame.version[0]}.{frame.version[1]}",
        "time": _local(frame.time_ms),
        "source": f"{frame.source:012X}",
        "target": f"{frame.target:012X}",
        "command": frame.command,
        "kind": frame.kind,
        "meaning": gb26875.meaning(frame),
        "data": frame.data.hex().upper(),
        "objects": [
            {("time" if k == "time_ms" else k): (_local(v) if k == "time_ms" else v) for k, v in item.items()}
            for item in gb26875.objects(frame)
        ],
        "measurements": [_measurement(m) for m in gb26875.measurements(frame)],
    }


def _decode_sl651(data: bytes) -> Iterator[Record]:
    decoder = sl651.Decoder()
    for offset, item in decoder.scan(raw_bytes(data)):
        if isinstance(item, Refusal):
            yield _refused(item)
            continue
        try:
            yield _sl651(item)
        except FrameError as error:
            yield _refused(Refusal(error.code, str(error), offset))
    yield from map(_refused, decoder.finish())


def _sl651(frame: sl651.Frame) -> Record:
    found: Record = {
        "ok": True,
        "protocol": "sl651",
        "station": frame.station,
        "centre": frame.centre,
        "password": frame.password,
        "function": f"{frame.function:02X}",
        "meaning": sl651.meaning(frame),
        "body": frame.body.hex().upper(),
    }
    if frame.part is not None:
        return {**found, "part": frame.part}
    if frame.down:
        return found
    report = sl651.report(frame)
    reply = sl651.answer(frame, report.sent_ms)
    return {
        **found,
        "serial": report.serial,
        "sent": _local(report.sent_ms),
        "observed": _local(report.observed_ms),
        "kind": None if report.kind is None else sl651.STATIONS.get(report.kind, f"{report.kind:02X}"),
        "text": report.text,
        "elements": {element.code: sl651.ELEMENTS.get(element.code, "") for element in report.elements},
        "measurements": [_measurement(m) for m in sl651.measurements(frame)],
        "missing": sl651.missing(frame),
        "answer": reply.hex().upper() if reply else None,
    }


def _decode_sl651_ascii(data: bytes) -> Iterator[Record]:
    decoder = sl651_ascii.Decoder()
    for offset, item in decoder.scan(raw_bytes(data)):
        if isinstance(item, Refusal):
            yield _refused(item)
            continue
        try:
            yield _sl651_ascii(item)
        except FrameError as error:
            yield _refused(Refusal(error.code, str(error), offset))
    yield from map(_refused, decoder.finish())


def _sl651_ascii(frame: sl651_ascii.Frame) -> Record:
    found: Record = {"ok": True, "protocol": "sl651-ascii", "verified": False, **msgspec.structs.asdict(frame)}
    if frame.down:
        return found
    report = sl651_ascii.report(frame)
    return {
        **found,
        "function": f"{frame.function:02X}",
        "meaning": sl651.FUNCTIONS.get(frame.function, ""),
        "serial": report.serial,
        "sent": _local(report.sent_ms),
        "observed": _local(report.observed_ms),
        "kind": report.kind,
        "elements": {name: sl651_ascii.ELEMENTS.get(name, "") for name, _ in report.values},
        "measurements": [_measurement(m) for m in sl651_ascii.measurements(frame)],
    }


def _refused(refusal: Refusal) -> Record:
    return {"ok": False, "error": refusal.code, "reason": refusal.reason, "offset": refusal.offset}


def _measurement(measurement: Measurement) -> Record:
    return {
        "name": measurement.name,
        "value": measurement.value,
        "time": _local(measurement.time_ms),
        "quality": measurement.quality,
    }


def _local(time_ms: int | None) -> str | None:
    if time_ms is None:
        return None
    at = datetime.fromtimestamp(time_ms // 1000, UTC).replace(microsecond=time_ms % 1000 * 1000)
    return at.astimezone(SHANGHAI).isoformat(timespec="milliseconds" if at.microsecond else "seconds")


def _guarded(decode: Callable[[bytes], Iterator[Record]]) -> Callable[[bytes], Iterator[Record]]:
    """Report a recording that is not even bytes as a refusal, like everything else."""

    def guarded(data: bytes) -> Iterator[Record]:
        try:
            yield from decode(data)
        except FrameError as error:
            yield _refused(Refusal(error.code, str(error), 0))

    return guarded


PROTOCOLS: Final[dict[str, Callable[[bytes], Iterator[Record]]]] = {
    "hj212": _guarded(_decode_hj212),
    "gb26875": _guarded(_decode_gb26875),
    "sl651": _guarded(_decode_sl651),
    "sl651-ascii": _guarded(_decode_sl651_ascii),
}
"""Decoders by the name that `bian decode` takes."""
