"""Manifest of the standardisation module."""

from __future__ import annotations

from bianwang.platform.registry import Module

module = Module(
    code="standardisation",
    name="标准化",
    icon="certificate",
)
