"""Manifest of the alarms module."""

from bianwang.platform.registry import Module

module = Module(code="alarms", name="告警")
