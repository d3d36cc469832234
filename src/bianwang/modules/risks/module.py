"""Manifest of the risks module."""

from __future__ import annotations

from bianwang.platform.registry import Module

module = Module(
    code="risks",
    name="风险管控",
    icon="flame",
)
