"""The chemicals of a unit as people write them: one a line, name, class where needed, design maximum in t.

>>> parse("甲醇，30\\n某某醇 W5.3 1000")
[{'name': '甲醇', 'q_t': '30'}, {'name': '某某醇', 'class': 'W5.3', 'q_t': '1000'}]
"""

from __future__ import annotations

import re
from typing import Any

from bianwang.modules.risks.major_hazards import Unknown

_PARTS = (2, 3)


def parse(text: str) -> list[dict[str, Any]]:
    """Items as `major_hazards.identify` takes them. Raises Unknown that names the line."""
    found: list[dict[str, Any]] = []
    for number, line in enumerate(filter(None, (line.strip() for line in text.splitlines())), 1):
        parts = [part for part in re.split(r"[，,；;\t ]+", line) if part]
        if len(parts) not in _PARTS:
            raise Unknown(f"第 {number} 行“{line}”应写“品名，吨数”，不在品名表里的写“品名，危险性类别，吨数”。")
        item = {"name": parts[0], "q_t": parts[-1]}
        if len(parts) == max(_PARTS):
            item = {"name": parts[0], "class": parts[1], "q_t": parts[2]}
        found.append(item)
    return found
