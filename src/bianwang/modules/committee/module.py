"""Manifest of the committee module."""

from __future__ import annotations

from bianwang.platform.registry import Module

module = Module(
    code="committee",
    name="安委会",
    depends=("hazards", "enforcement"),
    icon="building-community",
)
