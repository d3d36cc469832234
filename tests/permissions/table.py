"""The one table: the rows of the platform and of every module, in the order of the flow."""

from __future__ import annotations

from importlib import import_module

from bianwang.platform.registry import FLOW
from tests.permissions import platform
from tests.permissions.row import Row

TABLE: tuple[Row, ...] = (
    *platform.ROWS,
    *(row for code in FLOW for row in import_module(f"tests.permissions.{code}").ROWS),
)
