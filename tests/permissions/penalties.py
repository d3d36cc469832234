"""Rows of the penalties module."""

from __future__ import annotations

from tests.permissions.row import Row

ROWS: tuple[Row, ...] = ()
