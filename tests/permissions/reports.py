"""Rows of the reports module."""

from __future__ import annotations

from tests.permissions.row import Row

ROWS: tuple[Row, ...] = ()
