"""Roads and rivers for the maps of events."""

from __future__ import annotations

import orjson

from bianwang.modules.emergency.mapping.drawing import Drawing
from bianwang.modules.emergency.models import MapLayer


def draw_lines(drawing: Drawing) -> list[str]:
    """Draw every layer in use; returns their sources. A road is no secret: whoever sees the event sees its map."""
    sources = []
    for layer in MapLayer.objects.filter(is_active=True):
        for name, points in orjson.loads(layer.lines):
            drawing.line(points, layer.kind, name or layer.name)
        sources.append(f"{layer.name}（{layer.source}）")
    return sources
