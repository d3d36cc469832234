"""Manifest of the reports module: the self-evaluation report: text with figure references, documents, frozen versions."""

from __future__ import annotations

from bianwang.platform.registry import Module

module = Module(code="reports", name="自评报告", depends=("indicators",))
