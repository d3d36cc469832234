"""The only writers of alarms: the judge, people, and the clock."""

from bianwang.modules.alarms.services.clock import escalate_due, open_windows
from bianwang.modules.alarms.services.evidence import Evidence, attach_copy, attach_evidence, forget_evidence
from bianwang.modules.alarms.services.handling import acknowledge, comment, verify
from bianwang.modules.alarms.services.judging import Context, apply_changes, apply_late, end_for_rule_change, note_alive

__all__ = [
    "Context",
    "Evidence",
    "acknowledge",
    "apply_changes",
    "apply_late",
    "attach_copy",
    "attach_evidence",
    "comment",
    "end_for_rule_change",
    "escalate_due",
    "forget_evidence",
    "note_alive",
    "open_windows",
    "verify",
]
