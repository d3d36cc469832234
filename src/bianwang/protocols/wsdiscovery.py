"""WS-Discovery 1.1 (OASIS 2009) as ONVIF uses it: who on the local network is a camera? Messages only, no transport.

ONVIF Core Specification, chapter "Device discovery": a Probe for `dn:NetworkVideoTransmitter` to 239.255.255.250:3702;
each device answers with ProbeMatches, whose XAddrs are the addresses of its device service.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote
from xml.parsers import expat

GROUP, PORT = "239.255.255.250", 3702
LARGEST = 65_507
"""Bytes of an answer."""
_DISCOVERY = "http://schemas.xmlsoap.org/ws/2005/04/discovery"
_SCOPE = "onvif://www.onvif.org/"


@dataclass(frozen=True)
class Match:
    """A device that answered: its endpoint (an URN that stays), addresses of its device service, name, model, maker."""

    endpoint: str
    addresses: tuple[str, ...]
    name: str = ""
    hardware: str = ""
    manufacturer: str = ""


def probe(message: str) -> bytes:
    """The question, with a message id (a UUID) that answers relate to."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"'
        ' xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
        f' xmlns:d="{_DISCOVERY}" xmlns:dn="http://www.onvif.org/ver10/network/wsdl">'
        f"<e:Header><w:MessageID>uuid:{message}</w:MessageID>"
        '<w:To e:mustUnderstand="true">urn:schemas-xmlsoap-org:ws:2005:04:discovery</w:To>'
        f'<w:Action e:mustUnderstand="true">{_DISCOVERY}/Probe</w:Action></e:Header>'
        "<e:Body><d:Probe><d:Types>dn:NetworkVideoTransmitter</d:Types></d:Probe></e:Body></e:Envelope>"
    ).encode()


def matches(answer: bytes) -> list[Match]:
    """The devices of an answer; none in anything else: everybody on the network may send us bytes."""
    reader = _Reader()
    try:
        reader.read(answer[:LARGEST])
    except (expat.ExpatError, LookupError, ValueError):
        return []
    return reader.found


class _Reader:
    """Gathers the text of the elements of each ProbeMatch. Declarations of types and entities are refused."""

    def __init__(self) -> None:
        self.found: list[Match] = []
        self._fields: dict[str, str] | None = None
        self._text = ""

    def read(self, content: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator="|")
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._begin
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._more
        parser.Parse(content, True)

    def _refuse(self, *_: object) -> None:
        raise ValueError("doctype")

    def _begin(self, name: str, _: object) -> None:
        self._text = ""
        if name == f"{_DISCOVERY}|ProbeMatch":
            self._fields = {}

    def _more(self, text: str) -> None:
        self._text += text

    def _end(self, name: str) -> None:
        if self._fields is None:
            return
        if name == f"{_DISCOVERY}|ProbeMatch":
            self._add(self._fields)
            self._fields = None
        else:
            self._fields.setdefault(name.rpartition("|")[2], self._text.strip())

    def _add(self, fields: dict[str, str]) -> None:
        addresses = tuple(each for each in fields.get("XAddrs", "").split() if each.startswith(("http://", "https://")))
        if not addresses:
            return
        scopes = [each.removeprefix(_SCOPE) for each in fields.get("Scopes", "").split() if each.startswith(_SCOPE)]
        told = {kind: unquote(value) for kind, _, value in (each.partition("/") for each in scopes)}
        names = (told.get(kind, "") for kind in ("name", "hardware", "manufacturer"))
        self.found.append(Match(fields.get("Address", addresses[0]), addresses, *names))
