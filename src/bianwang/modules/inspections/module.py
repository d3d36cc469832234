"""Manifest of the inspections module."""

from __future__ import annotations

from bianwang.platform.registry import Module

module = Module(
    code="inspections",
    name="现场检查",
    depends=("hazards", "documents", "enforcement"),
    icon="device-mobile",
)
