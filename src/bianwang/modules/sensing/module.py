"""Manifest of the sensing module."""

from bianwang.platform.registry import Module

module = Module(code="sensing", name="感知")
