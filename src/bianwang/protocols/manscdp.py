"""MANSCDP: the XML that GB/T 28181 carries in SIP messages: notices, queries and their answers.

The 2016 edition writes GB2312, the 2022 edition GB18030; devices declare one and send another, so texts are read by
what they are. Times carry no zone: Asia/Shanghai. No DOCTYPE, no entities of a document's own. Refusals are FrameError.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, Literal, get_args
from xml.parsers import expat
from xml.sax.saxutils import escape

import msgspec

from bianwang.protocols.errors import FrameError
from bianwang.protocols.message import SHANGHAI

CONTENT_TYPE: Final = "Application/MANSCDP+xml"
Edition = Literal["2016", "2022"]
ENCODINGS: Final[Mapping[str, str]] = {"2016": "gb2312", "2022": "gb18030"}
EDITIONS: Final[Mapping[str, Edition]] = {"2016": "2016", "2022": "2022"}
VERSIONS: Final[Mapping[str, str]] = {"2016": "2.0", "2022": "3.0"}
"""X-GB-Ver by edition."""

MOST_BYTES: Final = 262_144
_DEEPEST: Final = 12
_MOST_ITEMS: Final = 10_000

METHODS: Final = {
    1: "电话报警",
    2: "设备报警",
    3: "短信报警",
    4: "卫星定位报警",
    5: "视频报警",
    6: "设备故障报警",
    7: "其他报警",
}
"""AlarmMethod."""
FAULT: Final = 6
PRIORITIES: Final = {1: "一级警情", 2: "二级警情", 3: "三级警情", 4: "四级警情"}
"""AlarmPriority: 1 is the highest."""

Kind = Literal["Notify", "Query", "Response", "Control"]
Fields = Mapping[str, str]


class Document(msgspec.Struct, frozen=True):
    """One document: its texts by name, and the `Item`s of its list. Names are as the standard writes them."""

    kind: Kind
    command: str
    sn: int
    device: str
    fields: Fields = {}
    items: tuple[Fields, ...] = ()

    def get(self, name: str) -> str:
        """A text, "" if it is not there."""
        return self.fields.get(name, "")


class Item(msgspec.Struct, frozen=True):
    """One entry of a catalog: a channel, another device, or a place in the tree. `online` is None where not told."""

    code: str
    name: str = ""
    parent: str = ""
    group: str = ""
    online: bool | None = None
    has_children: bool = False
    manufacturer: str = ""
    model: str = ""
    civil_code: str = ""


class Part(msgspec.Struct, frozen=True):
    """One answer to a catalog query, of several with the same SN; `total` entries are to come in all."""

    sn: int
    device: str
    total: int
    items: tuple[Item, ...]


class Alarm(msgspec.Struct, frozen=True):
    """An alarm of a device or a channel. `time_ms` is UTC, None where the device told none or nonsense."""

    device: str
    sn: int = 1
    priority: int = 4
    method: int = 7
    type: int | None = None
    time_ms: int | None = None
    description: str = ""
    longitude: float | None = None
    latitude: float | None = None


class Catalog:
    """Collects the parts of one query, in whatever order they come and however often."""

    def __init__(self, sn: int) -> None:
        self.sn = sn
        self.total: int | None = None
        self._items: dict[tuple[str, str, str], Item] = {}

    def add(self, part: Part) -> bool:
        """Take a part; False if it answers another query."""
        if part.sn != self.sn:
            return False
        self.total = part.total
        # A channel may hang in several places of the tree: each place counts.
        self._items.update({(item.code, item.parent, item.group): item for item in part.items})
        return True

    @property
    def is_complete(self) -> bool:
        """Whether as many entries have come as were announced."""
        return self.total is not None and len(self._items) >= self.total

    @property
    def missing(self) -> int:
        """How many entries are still to come; 0 before the first part."""
        return max(0, (self.total or 0) - len(self._items))

    @property
    def items(self) -> list[Item]:
        """What has come, each code once."""
        return list({item.code: item for item in self._items.values()}.values())


def parse(data: bytes) -> Document:
    """Read a document. FrameError("xml") for what is no MANSCDP, "field" for a missing or wrong head, "length"."""
    if len(data) > MOST_BYTES:
        raise FrameError("length", f"MANSCDP 文档超过 {MOST_BYTES} 字节")
    tree = _Tree()
    tree.read(text_of(data))
    kind = next((kind for kind in get_args(Kind) if kind == tree.kind), None)
    if kind is None:
        raise FrameError("xml", f"MANSCDP 的根元素“{tree.kind[:40]}”看不懂")
    fields = tree.fields
    command, sn = fields.get("CmdType", ""), fields.get("SN", "")
    if not re.fullmatch(r"\w{1,40}", command):
        raise FrameError("field", "MANSCDP 缺少命令类型 CmdType")
    if not re.fullmatch(r"[0-9]{1,10}", sn):
        raise FrameError("field", f"MANSCDP 的命令序列号 SN“{sn[:20]}”应为整数")
    return Document(kind, command, int(sn), fields.get("DeviceID", ""), fields, tuple(tree.items))


def text_of(data: bytes) -> str:
    """The text, by what its bytes are: GB2312, UTF-8, GB18030, UTF-8 first where it says so; never fails."""
    declared = re.match(rb"""[^<]*<\?xml[^>]*encoding\s*=\s*["']([\w-]+)["']""", data[:200])
    says_utf8 = declared is not None and declared[1].lower().startswith(b"utf")
    for encoding in ("utf-8", "gb18030") if says_utf8 else ("gb2312", "utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("gb18030", "replace")


def encode(document: Document, edition: Edition = "2016") -> bytes:
    """The document as bytes of an edition; a character that GB2312 lacks becomes a question mark."""
    return _encode(document, (), edition)


def catalog_part(part: Part, edition: Edition = "2016") -> bytes:
    """A part of a catalog, as a device sends it."""
    document = Document("Response", "Catalog", part.sn, part.device, {"SumNum": str(part.total)})
    return _encode(document, [_item_fields(item) for item in part.items], edition, "DeviceList")


def read_catalog(document: Document) -> Part:
    """The part of a catalog in an answer. FrameError("field")."""
    total = document.get("SumNum")
    if not re.fullmatch(r"[0-9]{1,6}", total):
        raise FrameError("field", f"目录的总数 SumNum“{total[:20]}”应为整数")
    items = (_item(fields) for fields in document.items)
    return Part(document.sn, document.device, int(total), tuple(item for item in items if item.code))


def read_alarm(document: Document) -> Alarm:
    """The alarm in a notice; what a device tells wrongly besides its code is taken as untold."""
    return Alarm(
        document.device,
        document.sn,
        _whole(document.get("AlarmPriority")) or 4,
        _whole(document.get("AlarmMethod")) or 7,
        _whole(document.get("AlarmType")),
        time_ms(document.get("AlarmTime")),
        document.get("AlarmDescription"),
        _number(document.get("Longitude")),
        _number(document.get("Latitude")),
    )


def alarm_notice(alarm: Alarm, edition: Edition = "2016") -> bytes:
    """An alarm, as a device sends it."""
    fields = {
        "AlarmPriority": str(alarm.priority),
        "AlarmMethod": str(alarm.method),
        "AlarmTime": "" if alarm.time_ms is None else local_time(alarm.time_ms),
        "AlarmDescription": alarm.description,
        "Longitude": "" if alarm.longitude is None else str(alarm.longitude),
        "Latitude": "" if alarm.latitude is None else str(alarm.latitude),
    }
    return encode(Document("Notify", "Alarm", alarm.sn, alarm.device, {k: v for k, v in fields.items() if v}), edition)


def time_ms(text: str) -> int | None:
    """Milliseconds of `2009-12-04T16:23:32` (with a fraction or a zone, too); None for what is no time."""
    try:
        at = datetime.fromisoformat(text.strip())
        return round((at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None


def local_time(ms: int) -> str:
    """A moment as the standard writes it, in Asia/Shanghai."""
    return datetime.fromtimestamp(ms // 1000, UTC).astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M:%S")


class _Tree:
    """Reads a document into flat fields and items; containers (`DeviceList`, `Info`) leave no trace of themselves."""

    def __init__(self) -> None:
        self.kind: str = ""
        self.fields: dict[str, str] = {}
        self.items: list[dict[str, str]] = []
        self._path: list[str] = []
        self._text: list[str] = []

    def read(self, text: str) -> None:
        """Read all of it. FrameError("xml")."""
        parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(_plain(text).encode("utf-8", "replace"), True)
        except expat.ExpatError as error:
            raise FrameError("xml", f"不是合法的 XML（第 {error.lineno} 行）") from None

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        if len(self._path) >= _DEEPEST:
            raise FrameError("xml", "XML 的层次太深")
        if not self._path:
            self.kind = name
        if name == "Item":
            if len(self.items) >= _MOST_ITEMS:
                raise FrameError("length", f"目录的一部分超过 {_MOST_ITEMS} 项")
            self.items.append({})
        self._path.append(name)
        self._text.clear()

    def _end(self, name: str) -> None:
        self._path.pop()
        text = "".join(self._text).strip()
        self._text.clear()
        if not self._path or name == "Item":
            return
        if text:
            (self.items[-1] if "Item" in self._path else self.fields).setdefault(name, text)

    def _doctype(self, *_: object) -> None:
        raise FrameError("xml", "XML 里不能有 DOCTYPE")


def _plain(text: str) -> str:
    """Without declaration and control characters, and with the bare `&` of channel names escaped."""
    text = re.sub(r"^[^<]*(<\?xml[^>]*\?>)?", "", text.lstrip("\ufeff"), count=1)
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)
    return re.sub(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]+|#x[0-9A-Fa-f]+);)", "&amp;", text)


def _encode(document: Document, items: Sequence[Fields], edition: Edition, container: str = "") -> bytes:
    head = {"CmdType": document.command, "SN": str(document.sn), "DeviceID": document.device}
    lines = [f'<?xml version="1.0" encoding="{ENCODINGS[edition].upper()}"?>', f"<{document.kind}>"]
    lines += _elements({**head, **{k: v for k, v in document.fields.items() if k not in head}})
    if container:
        lines.append(f'<{container} Num="{len(items)}">')
        lines += [line for fields in items for line in ("<Item>", *_elements(fields), "</Item>")]
        lines.append(f"</{container}>")
    return "\r\n".join([*lines, f"</{document.kind}>", ""]).encode(ENCODINGS[edition], "replace")


def _elements(fields: Fields) -> Iterable[str]:
    return (f"<{name}>{escape(value)}</{name}>" for name, value in fields.items())


def _item(fields: Fields) -> Item:
    status = fields.get("Status", "").upper()
    return Item(
        fields.get("DeviceID", ""),
        fields.get("Name", ""),
        fields.get("ParentID", ""),
        fields.get("BusinessGroupID", ""),
        {"ON": True, "OK": True, "ONLINE": True, "OFF": False, "OFFLINE": False}.get(status),
        fields.get("Parental", "") == "1",
        fields.get("Manufacturer", ""),
        fields.get("Model", ""),
        fields.get("CivilCode", ""),
    )


def _item_fields(item: Item) -> Fields:
    fields = {
        "DeviceID": item.code,
        "Name": item.name,
        "Manufacturer": item.manufacturer,
        "Model": item.model,
        "CivilCode": item.civil_code,
        "Parental": "1" if item.has_children else "0",
        "ParentID": item.parent,
        "BusinessGroupID": item.group,
        "Status": {True: "ON", False: "OFF", None: ""}[item.online],
    }
    return {name: value for name, value in fields.items() if value}


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"[+-]?[0-9]{1,12}(\.[0-9]{1,20})?", text) else None
