"""Manifest of the hazards module."""

from bianwang.platform.registry import Module

module = Module(code="hazards", name="隐患")
