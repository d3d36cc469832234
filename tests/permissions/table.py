"""The one table: the rows of the platform and of every module, in the order of the flow."""

from __future__ import annotations

from importlib import import_module

from bianwang.platform.registry import FLOW
from tests.permissions import platform
from tests.permissions.row import Row

MODULES: dict[str, tuple[Row, ...]] = {
    "platform": platform.ROWS,
    **{code: import_module(f"tests.permissions.{code}").ROWS for code in FLOW},
}
TABLE: tuple[Row, ...] = tuple(row for rows in MODULES.values() for row in rows)
