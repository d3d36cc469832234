"""The only writers of alarms: the judge, people, and the clock."""

from bianwang.modules.alarms.services.clock import escalate_due, open_windows
from bianwang.modules.alarms.services.handling import acknowledge, comment, verify
from bianwang.modules.alarms.services.judging import Context, apply_changes, apply_late, end_for_rule_change

__all__ = [
    "Context",
    "acknowledge",
    "apply_changes",
    "apply_late",
    "comment",
    "end_for_rule_change",
    "escalate_due",
    "open_windows",
    "verify",
]
