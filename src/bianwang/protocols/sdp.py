"""SDP (RFC 4566) of GB/T 28181: what is played, where the RTP goes, and over what.

`s=Play` live; media `RTP/AVP` (UDP) or `TCP/RTP/AVP` with `a=setup` (RFC 4145), payload 96 `PS/90000`; `y=` is the SSRC
in ten decimal digits, the first 0 for live; `f=` the media's description, which we leave empty.
"""

from __future__ import annotations

import re
from typing import Final, Literal

import msgspec

from bianwang.protocols.errors import FrameError

CONTENT_TYPE: Final = "Application/SDP"
PAYLOAD_PS: Final = 96
Transport = Literal["udp", "tcp"]
Setup = Literal["", "passive", "active"]
"""Who waits for the TCP connection: the one that is `passive`."""

_PROTOCOLS: Final = {"RTP/AVP": "udp", "TCP/RTP/AVP": "tcp"}


class Session(msgspec.Struct, frozen=True):
    """An offer or an answer. `owner` is a 20-digit code, `direction` recvonly (offer) or sendonly (answer)."""

    owner: str
    address: str
    port: int
    transport: Transport = "udp"
    setup: Setup = ""
    direction: Literal["recvonly", "sendonly"] = "recvonly"
    ssrc: int | None = None
    name: str = "Play"
    payloads: tuple[int, ...] = (PAYLOAD_PS,)


def encode(session: Session) -> bytes:
    """The description as bytes."""
    protocol = next(text for text, code in _PROTOCOLS.items() if code == session.transport)
    family = "IP6" if ":" in session.address else "IP4"
    lines = [
        "v=0",
        f"o={session.owner} 0 0 IN {family} {session.address}",
        f"s={session.name}",
        f"c=IN {family} {session.address}",
        "t=0 0",
        f"m=video {session.port} {protocol} {' '.join(map(str, session.payloads))}",
        f"a={session.direction}",
        *(["a=rtpmap:96 PS/90000"] if PAYLOAD_PS in session.payloads else []),
        *([f"a=setup:{session.setup}", "a=connection:new"] if session.setup else []),
        *([] if session.ssrc is None else [f"y={session.ssrc:010}"]),
        "f=",
    ]
    return "\r\n".join([*lines, ""]).encode("ascii", "replace")


def parse(data: bytes) -> Session:
    """Read a description; what GB/T 28181 does not use is skipped. FrameError("sdp")."""
    if len(data) > 65_536:
        raise FrameError("sdp", "SDP 过长")
    lines = [line.partition("=") for line in data.decode("latin-1").splitlines() if "=" in line]
    values = {name.strip(): value.strip() for name, _, value in reversed(lines)}
    attributes = dict(_attribute(value) for name, _, value in reversed(lines) if name.strip() == "a")
    line = next((value.strip() for name, _, value in lines if name == "m" and value.startswith("video")), "")
    media = re.fullmatch(r"video\s+(\d{1,5})(?:/\d+)?\s+(\S+)\s+([\d\s]{1,200})", line[:400])
    if media is None or media[2].upper() not in _PROTOCOLS or not 0 <= int(media[1]) < 65536:
        raise FrameError("sdp", f"SDP 的媒体行“{line[:60]}”看不懂")
    # A connection of the media's own stands behind m=, one for all before it: the last is nearest.
    addresses = re.findall(r"(?m)^c\s*=\s*IN\s+IP[46]\s+([0-9A-Fa-f.:]+)", data.decode("latin-1"))
    if not addresses:
        raise FrameError("sdp", "SDP 缺少连接地址 c=")
    ssrc = values.get("y", "")
    setup = attributes.get("setup", "")
    return Session(
        values.get("o", "").split(" ")[0],
        addresses[-1],
        int(media[1]),
        "tcp" if "TCP" in media[2].upper() else "udp",
        setup if setup in ("passive", "active") else "",  # type: ignore[arg-type]
        "sendonly" if "sendonly" in attributes else "recvonly",
        int(ssrc) if re.fullmatch(r"[0-9]{1,10}", ssrc) and int(ssrc) < 2**32 else None,
        values.get("s", ""),
        tuple(int(number) for number in media[3].split() if int(number) < 128),
    )


def live_ssrc(realm: str, serial: int) -> int:
    """The SSRC of a live stream: 0, digits 4 to 8 of the domain, four digits of our own."""
    return int(f"0{realm[3:8]:0>5}{serial % 10_000:04}")


def _attribute(value: str) -> tuple[str, str]:
    name, _, text = value.partition(":")
    return name.strip().lower(), text.strip().lower()
