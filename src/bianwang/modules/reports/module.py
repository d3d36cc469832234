"""Manifest of the reports module: the self-evaluation report with its documents and frozen versions."""

from __future__ import annotations

from bianwang.platform.registry import Module

module = Module(code="reports", name="自评报告", depends=("indicators",))
