"""Manifest of the licensing module."""

from __future__ import annotations

from bianwang.platform.registry import Module

module = Module(
    code="licensing",
    name="行政许可",
    icon="license",
)
