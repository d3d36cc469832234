"""Officers written in one text: “李执法 渝B0001；何执法 渝B0002”."""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"[；;、，,\n]+")


def parse_people(text: str) -> list[tuple[str, str]]:
    """Names with their certificate numbers ("" without one). Raises ValueError for one that cannot be kept."""
    found = []
    for part in _BETWEEN.split(text or ""):
        words = part.split()
        if not words:
            continue
        name, certificate = words[0], "".join(words[1:])
        if len(name) > 40 or len(certificate) > 40:
            raise ValueError(f"“{part.strip()[:20]}…”太长，每人写“姓名 执法证号”，用分号隔开。")
        found.append((name, certificate))
    return found
