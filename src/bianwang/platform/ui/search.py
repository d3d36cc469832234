"""The search box: what each manifest's `search` finds for a user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bianwang.platform.registry import manifests, resolve

LIMIT = 20


@dataclass(frozen=True)
class Hit:
    """One thing found."""

    title: str
    detail: str
    url: str


def search(user: Any, text: str) -> list[tuple[str, list[Hit]]]:
    """Hits by module name, at most `LIMIT` each; nothing for a single letter."""
    text = text.strip()
    if not text or (len(text) < 2 and text.isascii()):
        return []
    found = [(module.name, resolve(module.search)(user, text)[:LIMIT]) for module in manifests() if module.search]
    return [(name, hits) for name, hits in found if hits]
