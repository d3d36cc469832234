"""Manifest of the rules module."""

from bianwang.platform.registry import Module

module = Module(code="rules", name="研判")
