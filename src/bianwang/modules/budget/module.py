"""Manifest of the budget module: functional lines, projects, payments, publication, posts and staff."""

from __future__ import annotations

from bianwang.platform.registry import Module

module = Module(code="budget", name="预算与资金", depends=())
