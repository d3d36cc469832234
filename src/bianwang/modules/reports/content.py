"""What a frozen version keeps, its canonical JSON and digest, and how two states of the figures differ."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import msgspec

from bianwang.modules.reports.material import Material, Quantity
from bianwang.modules.reports.tree import Document, Paragraph, plain
from bianwang.platform.crypto import sm3


class Content(msgspec.Struct, frozen=True):
    """Everything that a version is: the template by name, the document, and what it was written from."""

    template: str
    document: Document
    material: Material


def packed(content: Content) -> str:
    """Canonical JSON: sorted keys, no blanks, decimals as text, so that equal contents are equal bytes."""
    return msgspec.json.encode(content, order="sorted").decode()


def unpacked(text: str) -> Content:
    """The content again."""
    return msgspec.json.decode(text, type=Content)


def digest(text: str) -> str:
    """SM3 of the bytes, in hex."""
    return sm3(text.encode()).hex()


@dataclass(frozen=True)
class Change:
    """A figure before and after; a figure that is in one of them only is None in the other."""

    before: Quantity | None
    after: Quantity | None

    @property
    def label(self) -> str:
        """What it is."""
        found = self.after or self.before
        return found.label if found else ""

    @property
    def unit(self) -> str:
        """What it is measured in."""
        found = self.after or self.before
        return found.unit if found else ""

    @property
    def difference(self) -> Decimal | None:
        """After minus before, where both are numbers."""
        if self.before is None or self.after is None or self.before.value is None or self.after.value is None:
            return None
        return self.after.value - self.before.value

    @property
    def difference_text(self) -> str:
        """The difference with its sign."""
        return "—" if self.difference is None else f"{round(self.difference, 4).normalize():+f}"


def changed(before: Material, after: Material) -> list[Change]:
    """Figures whose value differs, in the order of the earlier material."""
    old, new = before.quantities, after.quantities
    pairs = [Change(old.get(name), new.get(name)) for name in dict.fromkeys((*old, *new))]
    return [pair for pair in pairs if _value(pair.before) != _value(pair.after)]


def _value(quantity: Quantity | None) -> Decimal | None:
    return quantity.value if quantity else None


@dataclass(frozen=True)
class Rewritten:
    """A paragraph whose words differ: what it was, and what it is ("" = not there)."""

    key: str
    before: str
    after: str


def rewritten(before: Document, after: Document) -> list[Rewritten]:
    """Paragraphs that read differently, in order."""
    old, new = _texts(before), _texts(after)
    keys = dict.fromkeys((*new, *old))
    return [Rewritten(key, old.get(key, ""), new.get(key, "")) for key in keys if old.get(key) != new.get(key)]


def _texts(document: Document) -> dict[str, str]:
    found: dict[str, str] = {}
    for block in document.blocks:
        if isinstance(block, Paragraph):
            text = plain(block.runs)
            found[block.key] = f"{found[block.key]}\n{text}" if block.key in found else text
    return found
