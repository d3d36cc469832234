"""Manifest of the documents module."""

from __future__ import annotations

from bianwang.platform.registry import Module

module = Module(
    code="documents",
    name="执法文书",
    icon="file-text",
)
