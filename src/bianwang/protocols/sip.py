"""SIP (RFC 3261) as GB/T 28181 uses it: requests and responses of UDP datagrams and TCP streams.

A message is a start line, headers, an empty line and a body; lines end with CR LF, a bare LF is read too. Heads are
kept as Latin-1, so that an answer repeats byte for byte what it must repeat. Refusals are FrameError.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import msgspec

from bianwang.protocols.errors import FrameError
from bianwang.protocols.message import Refusal

Headers = tuple[tuple[str, str], ...]

MOST_HEAD: Final = 16_384
MOST_BODY: Final = 262_144
"""Bytes of a message's head and body; a catalog of a few channels has 2 kB."""

COMPACT: Final = {
    "c": "Content-Type",
    "e": "Content-Encoding",
    "f": "From",
    "i": "Call-ID",
    "k": "Supported",
    "l": "Content-Length",
    "m": "Contact",
    "o": "Event",
    "s": "Subject",
    "t": "To",
    "u": "Allow-Events",
    "v": "Via",
}
"""Headers by their compact forms (RFC 3261 section 7.3.3, RFC 6665)."""

REASONS: Final = {
    100: "Trying",
    180: "Ringing",
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    415: "Unsupported Media Type",
    481: "Call/Transaction Does Not Exist",
    486: "Busy Here",
    488: "Not Acceptable Here",
    489: "Bad Event",
    500: "Server Internal Error",
    501: "Not Implemented",
    503: "Service Unavailable",
}

COOKIE: Final = "z9hG4bK"
"""How the branch of a Via begins that identifies a transaction."""

_REQUIRED: Final = ("Via", "From", "To", "Call-ID", "CSeq")
_TOKEN: Final = re.compile(r"[A-Za-z0-9.!%*_+`'~-]+")
_REQUEST: Final = re.compile(r"([A-Z][A-Za-z]{0,31}) +(\S+) +SIP/2\.0")
_STATUS: Final = re.compile(r"SIP/2\.0 +([1-6][0-9]{2})(?: (.*))?")
_CSEQ: Final = re.compile(r"([0-9]{1,10})\s+([A-Za-z]+)")
_URI: Final = re.compile(r"(sips?):(?:([^@\s<>]*)@)?(\[[0-9A-Fa-f:.]+\]|[^:;?@\s<>\[\]]+)(?::([0-9]{1,5}))?(?:[;?].*)?")
_VIA: Final = re.compile(r"SIP ?/ ?2\.0 ?/ ?(\w+) (\[[0-9A-Fa-f:.]+\]|[^:; \[\]]+) ?(?:: ?([0-9]{1,5}))? ?(;.*)?")
_LISTED: Final = re.compile(r'(?:"[^"]*"|[^,"])+')
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class Message(msgspec.Struct, frozen=True):
    """What requests and responses have in common. Header names are written in full (`Call-ID`)."""

    headers: Headers = ()
    body: bytes = b""

    def get(self, name: str) -> str:
        """The first header of that name, "" if there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def all(self, name: str) -> list[str]:
        """Every header of that name."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def call_id(self) -> str:
        """Which dialog it belongs to."""
        return self.get("Call-ID")

    @property
    def cseq(self) -> tuple[int, str]:
        """Number and method of the request (that is answered)."""
        number, method = _CSEQ.fullmatch(self.get("CSeq")).groups()  # type: ignore[union-attr]
        return int(number), method.upper()

    @property
    def via(self) -> Via:
        """The topmost hop."""
        return read_via(_listed(self.get("Via"))[0])


class Request(Message, frozen=True, kw_only=True):
    """A request."""

    method: str
    uri: str


class Response(Message, frozen=True, kw_only=True):
    """A response."""

    status: int
    reason: str = ""


class Via(msgspec.Struct, frozen=True):
    """One hop: `params` are lower-case names with their values, "" for a name alone."""

    transport: str
    host: str
    port: int
    params: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """A parameter, "" if there is none."""
        return dict(self.params).get(name, "")


class Uri(msgspec.Struct, frozen=True):
    """A SIP address; `port` is 5060 where none is written."""

    user: str
    host: str
    port: int = 5060


def parse(data: bytes) -> Request | Response:
    """Read one datagram. Bytes behind Content-Length are dropped; fewer are FrameError("length").

    FrameError("garbage") for what is not SIP, "field" for a header that is missing or wrong, "length" beyond the
    bounds.
    """
    data = data.lstrip(b"\r\n")
    head, body = _cut(data)
    message = _head(head)
    length = _length(message)
    if length is not None:
        if length > len(body):
            raise FrameError("length", f"消息体应有 {length} 字节，只收到 {len(body)} 字节")
        body = body[:length]
    if len(body) > MOST_BODY:
        raise FrameError("length", f"消息体超过 {MOST_BODY} 字节")
    return msgspec.structs.replace(message, body=body)


def encode(message: Request | Response) -> bytes:
    """The message as bytes; Content-Length is always written and always right.

    FrameError("field") for control characters or what Latin-1 does not have: nothing smuggles a header in.
    """
    if isinstance(message, Request):
        start = f"{message.method} {message.uri} SIP/2.0"
    else:
        start = f"SIP/2.0 {message.status} {message.reason or REASONS.get(message.status, '')}"
    lines = [start, *(f"{name}: {value}" for name, value in message.headers if name.lower() != "content-length")]
    lines.append(f"Content-Length: {len(message.body)}")
    if any(_CONTROL.search(line) for line in lines):
        raise FrameError("field", "SIP 头域里不能有控制字符")
    try:
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + message.body
    except UnicodeEncodeError:
        raise FrameError("field", "SIP 头域只能用西文字符") from None


class Decoder:
    """Messages out of a TCP stream; after a refusal nothing follows: nobody knows where the next one begins."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._offset = 0
        self._refused = False
        self._begun: tuple[Request | Response, int] | None = None
        """A message whose body has not come yet, and the body's length."""

    def feed(self, data: bytes) -> list[Request | Response | Refusal]:
        """Take the next bytes and return what has become complete, in order."""
        found: list[Request | Response | Refusal] = []
        if self._refused:
            return found
        self._buffer += data
        try:
            while (message := self._next()) is not None:
                found.append(message)
        except FrameError as error:
            self._refused = True
            found.append(Refusal(error.code, str(error), self._offset, bytes(self._buffer[:64])))
            self._buffer.clear()
        return found

    def _next(self) -> Request | Response | None:
        begun = self._begun or self._begin()
        if begun is None or len(self._buffer) < begun[1]:
            return None
        message, length = begun
        body = bytes(self._buffer[:length])
        self._drop(length)
        self._begun = None
        return msgspec.structs.replace(message, body=body)

    def _begin(self) -> tuple[Request | Response, int] | None:
        """Take the next head, if it is complete."""
        self._drop(len(self._buffer) - len(self._buffer.lstrip(b"\r\n")))
        end = _end(self._buffer)
        if end is None:
            if len(self._buffer) > MOST_HEAD:
                raise FrameError("length", f"SIP 消息头超过 {MOST_HEAD} 字节")
            return None
        message = _head(bytes(self._buffer[: end[0]]))
        length = _length(message)
        if length is None:
            raise FrameError("field", "TCP 上的 SIP 消息须有 Content-Length")
        self._drop(end[1])
        self._begun = message, length
        return self._begun

    def _drop(self, count: int) -> None:
        del self._buffer[:count]
        self._offset += count


def answer(
    request: Request, status: int, headers: Iterable[tuple[str, str]] = (), body: bytes = b"", tag: str = ""
) -> Response:
    """The response to a request: Via, From, To, Call-ID and CSeq repeated, `tag` added to a To that has none."""
    repeated = [
        (name, f"{value};tag={tag}" if tag and name == "To" and not tag_of(value) else value)
        for name, value in request.headers
        if name in _REQUIRED
    ]
    return Response(status=status, headers=(*repeated, *headers), body=body)


def arrived(request: Request, host: str, port: int) -> Request:
    """The request with `received` and `rport` in its topmost Via, as whoever received it must note (RFC 3581)."""
    index = next(i for i, (name, _) in enumerate(request.headers) if name == "Via")
    first, *rest = _listed(request.headers[index][1])
    via = read_via(first)
    kept = [(key, value) for key, value in via.params if key not in ("received", "rport")]
    noted = [*kept, ("received", host), *([("rport", str(port))] if "rport" in dict(via.params) else [])]
    top = write_via(msgspec.structs.replace(via, params=tuple(noted)))
    value = ", ".join([top, *(part.strip() for part in rest)])
    headers = (*request.headers[:index], ("Via", value), *request.headers[index + 1 :])
    return msgspec.structs.replace(request, headers=headers)


def read_via(text: str) -> Via:
    """One value of a Via header. FrameError("field")."""
    found = _VIA.fullmatch(" ".join(text.split()))
    if found is None:
        raise FrameError("field", f"Via“{text[:60]}”看不懂")
    transport, host, port, params = found.groups()
    return Via(transport.upper(), host, _port(port), parameters(params or ""))


def write_via(via: Via) -> str:
    """The value of a Via header."""
    return f"SIP/2.0/{via.transport} {via.host}:{via.port}" + "".join(
        f";{name}={value}" if value else f";{name}" for name, value in via.params
    )


def uri(text: str) -> Uri:
    """The address in a URI or in a From, To or Contact header. FrameError("field")."""
    inner = re.search(r"<([^<>]*)>", text)
    found = _URI.fullmatch((inner[1] if inner else text.split(";")[0]).strip())
    if found is None:
        raise FrameError("field", f"SIP 地址“{text[:60]}”看不懂")
    _, user, host, port = found.groups()
    return Uri((user or "").partition(";")[0].partition(":")[0], host, _port(port))


def tag_of(text: str) -> str:
    """The tag of a From or To header, "" if it has none."""
    return dict(parameters(text[text.rfind(">") + 1 :])).get("tag", "")


def parameters(text: str) -> tuple[tuple[str, str], ...]:
    """`;name=value;name` as pairs with names in lower case."""
    pairs = (part.partition("=") for part in text.split(";")[1:])
    return tuple((name.strip().lower(), value.strip()) for name, _, value in pairs if name.strip())


def _listed(text: str) -> list[str]:
    """The values of a header that lists several, separated by commas."""
    return _LISTED.findall(text) or [""]


def _cut(data: bytes) -> tuple[bytes, bytes]:
    end = _end(data)
    if end is None or end[0] > MOST_HEAD:
        raise FrameError("garbage", "不是 SIP 消息：找不到头域的结尾")
    return data[: end[0]], data[end[1] :]


def _end(data: bytes | bytearray) -> tuple[int, int] | None:
    """Where the head ends and where the body begins."""
    found = re.compile(rb"\r?\n\r?\n").search(data, 0, MOST_HEAD + 4)
    return (found.start(), found.end()) if found else None


def _head(head: bytes) -> Request | Response:
    first, *lines = re.split(r"\r?\n", re.sub(r"\r?\n[ \t]+", " ", head.decode("latin-1")))
    headers = tuple(_header(line) for line in lines)
    message: Request | Response
    if request := _REQUEST.fullmatch(first.strip()):
        message = Request(method=request[1].upper(), uri=request[2], headers=headers)
    elif status := _STATUS.fullmatch(first.strip()):
        message = Response(status=int(status[1]), reason=status[2] or "", headers=headers)
    else:
        raise FrameError("garbage", f"不是 SIP 消息：首行“{first[:60]}”看不懂")
    for name in _REQUIRED:
        if not message.get(name):
            raise FrameError("field", f"SIP 消息缺少 {name}")
    cseq = _CSEQ.fullmatch(message.get("CSeq"))
    if cseq is None or int(cseq[1]) >= 2**32:
        raise FrameError("field", f"CSeq“{message.get('CSeq')[:40]}”看不懂")
    if isinstance(message, Request) and cseq[2].upper() != message.method:
        raise FrameError("field", f"CSeq 的方法 {cseq[2][:20]} 与首行的 {message.method} 不符")
    _ = message.via
    return message


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    name = name.strip()
    if not colon or not _TOKEN.fullmatch(name):
        raise FrameError("field", f"SIP 头域“{line[:60]}”看不懂")
    if _CONTROL.search(value):
        raise FrameError("field", f"SIP 头域 {name[:40]} 里有控制字符")
    return COMPACT.get(name.lower()) or _FULL.get(name.lower(), name), value.strip()


_FULL: Final = {name.lower(): name for name in (*COMPACT.values(), "CSeq")}


def _length(message: Message) -> int | None:
    text = message.get("Content-Length")
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", text) or int(text) > MOST_BODY:
        raise FrameError("length", f"Content-Length“{text[:20]}”不是 0 到 {MOST_BODY} 的数")
    return int(text)


def _port(text: str | None) -> int:
    port = int(text) if text else 5060
    if not 0 < port < 65536:
        raise FrameError("field", f"端口 {port} 不存在")
    return port
