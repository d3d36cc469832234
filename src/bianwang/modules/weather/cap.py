"""CAP 1.2 (OASIS Common Alerting Protocol): one warning out of an XML file. Pure.

Strict: one `alert` of the namespace urn:oasis:names:tc:emergency:cap:1.2, no DOCTYPE, no entities of its own, actual
(not an exercise), with the fields that a warning needs. Refusals are CapError with one Chinese sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from xml.parsers import expat

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
MOST_BYTES: Final = 1_000_000
_DEEPEST: Final = 12
_TYPES: Final = {"Alert", "Update", "Cancel"}
_GB: Final = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["'](gb2312|gbk|gb18030)["']""", re.IGNORECASE)
"""A declaration of what the XML parser cannot read by itself; GB 18030 holds the two others."""


class CapError(ValueError):
    """A file that is not taken; the message is one Chinese sentence."""


@dataclass(frozen=True)
class Alert:
    """What a warning says. `references` are (sender, identifier) of the messages that it updates or cancels."""

    sender: str
    identifier: str
    sent: datetime
    kind: str
    """Alert, Update or Cancel."""
    references: tuple[tuple[str, str], ...]
    sender_name: str
    event: str
    severity: str
    headline: str
    description: str
    instruction: str
    areas: tuple[str, ...]
    effective: datetime
    expires: datetime | None


@dataclass
class _Node:
    name: str
    text: str = ""
    children: list[_Node] = field(default_factory=list)

    def all(self, name: str) -> list[_Node]:
        return [child for child in self.children if child.name == name]

    def value(self, name: str) -> str:
        found = self.all(name)
        return " ".join(found[0].text.split()) if found else ""


def read(data: bytes) -> Alert:
    """The warning in a file. Raises CapError."""
    if len(data) > MOST_BYTES:
        raise CapError(f"CAP 文件有 {len(data)} 字节，超过 {MOST_BYTES}，请确认选对了文件。")
    root = _parse(data)
    if root.name != "alert":
        raise CapError(f"这不是 CAP 1.2 预警文件：根元素应为 {NAMESPACE} 的 alert。")
    kind, status = root.value("msgType"), root.value("status")
    if status != "Actual":
        raise CapError(f"CAP 文件的 status 是“{status}”，只接收实际预警（Actual），演练和测试不进平台。")
    if kind not in _TYPES:
        raise CapError(f"CAP 文件的 msgType 是“{kind}”，只接收 Alert、Update、Cancel。")
    info = _info(root.all("info"))
    sent = _moment(root.value("sent"), "sent")
    expires = info.value("expires")
    if not expires and kind != "Cancel":
        raise CapError("CAP 文件缺少 expires（失效时间），请向发布单位索取完整的文件。")
    alert = Alert(
        sender=_needed(root, "sender"),
        identifier=_needed(root, "identifier"),
        sent=sent,
        kind=kind,
        references=_references(root.value("references")),
        sender_name=info.value("senderName"),
        event=_needed(info, "event"),
        severity=_needed(info, "severity"),
        headline=info.value("headline") or info.value("event"),
        description=info.value("description"),
        instruction=info.value("instruction"),
        areas=tuple(text for area in info.all("area") if (text := area.value("areaDesc"))),
        effective=_moment(info.value("effective"), "effective") if info.value("effective") else sent,
        expires=_moment(expires, "expires") if expires else None,
    )
    if kind != "Alert" and not alert.references:
        raise CapError("CAP 文件是更新或解除，但没有 references，不知道针对哪一条预警。")
    return alert


def _parse(data: bytes) -> _Node:
    parser = expat.ParserCreate(namespace_separator="|")
    root = _Node("")
    stack = [root]

    def start(name: str, _attributes: dict[str, str]) -> None:
        if len(stack) > _DEEPEST:
            raise CapError("CAP 文件的层次太深，不接收。")
        namespace, _, local = name.rpartition("|")
        node = _Node(local if namespace == NAMESPACE else f"{namespace}|{local}")
        stack[-1].children.append(node)
        stack.append(node)

    def end(_name: str) -> None:
        stack.pop()

    def text(piece: str) -> None:
        stack[-1].text += piece

    def refuse(*_: object) -> None:
        raise CapError("CAP 文件里有 DOCTYPE 或实体声明，不接收。")

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data.decode("gb18030") if _GB.match(data) else data, True)
    except CapError:
        raise
    except expat.ExpatError as error:
        raise CapError(f"CAP 文件不是完整的 XML（第 {error.lineno} 行），请重新获取。") from error
    except (LookupError, ValueError) as error:
        raise CapError("CAP 文件的编码不能识别，请另存为 UTF-8 再接收。") from error
    return root.children[0]


def _info(blocks: Sequence[_Node]) -> _Node:
    """The Chinese block, else the first."""
    if not blocks:
        raise CapError("CAP 文件没有 info 部分，看不出预警内容。")
    return next((block for block in blocks if block.value("language").lower().startswith("zh")), blocks[0])


def _needed(node: _Node, name: str) -> str:
    found = node.value(name)
    if not found:
        raise CapError(f"CAP 文件缺少 {name}，请向发布单位索取完整的文件。")
    return found


def _references(text: str) -> tuple[tuple[str, str], ...]:
    found = []
    for item in text.split():
        parts = item.split(",")
        if len(parts) != 3:
            raise CapError("CAP 文件的 references 应为“sender,identifier,sent”，多个之间用空格分开。")
        found.append((parts[0], parts[1]))
    return tuple(found)


def _moment(text: str, name: str) -> datetime:
    """A time with its zone, as CAP requires."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise CapError(f"CAP 文件的 {name}“{text[:40]}”应为带时区的时间，如 2026-07-01T08:00:00+08:00。")
    return at.astimezone(UTC)
