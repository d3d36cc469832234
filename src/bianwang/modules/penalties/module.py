"""Manifest of the penalties module."""

from __future__ import annotations

from bianwang.platform.registry import Module

module = Module(
    code="penalties",
    name="行政处罚",
    depends=("alarms", "documents", "enforcement", "inspections"),
    icon="gavel",
)
