"""Manifest of the indicators module: figures, targets, weights, scores as of a day."""

from __future__ import annotations

from bianwang.platform.registry import Module

module = Module(code="indicators", name="绩效指标", depends=("budget",))
