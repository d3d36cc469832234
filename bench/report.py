"""One figure, one JSON line."""

from __future__ import annotations

import json


def emit(bench: str, metric: str, value: float, unit: str, *, peer: float | None = None, **details: object) -> None:
    """Print a figure, with its peer measured in the same run and value / peer as ratio, both may be absent."""
    line: dict[str, object] = {"bench": bench, "metric": metric, "value": _short(value), "unit": unit}
    line["peer"] = None if peer is None else _short(peer)
    line["ratio"] = None if not peer else _short(value / peer)
    print(json.dumps({**line, **details}, ensure_ascii=False), flush=True)


def _short(value: float) -> float:
    return float(f"{value:.4g}")
