"""The only writers of hazards: people step by step, outside units in bulk, and the clock."""

from bianwang.modules.hazards.services.clock import find_overdue, keep_board_day
from bianwang.modules.hazards.services.history import load_history
from bianwang.modules.hazards.services.imports import import_rows
from bianwang.modules.hazards.services.register import from_alarm, from_sight, load_criteria, register
from bianwang.modules.hazards.services.steps import (
    apply_extension,
    close,
    decide_extension,
    grade,
    list_major,
    recheck,
    revoke,
    self_close,
    submit,
)

__all__ = [
    "apply_extension",
    "close",
    "decide_extension",
    "find_overdue",
    "from_alarm",
    "from_sight",
    "grade",
    "import_rows",
    "keep_board_day",
    "list_major",
    "load_criteria",
    "load_history",
    "recheck",
    "register",
    "revoke",
    "self_close",
    "submit",
]
