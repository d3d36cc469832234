"""The only writers of licensing: applications, decisions, and the register of licences."""

from bianwang.modules.licensing.services.applications import (
    accept,
    ask_correction,
    deliver,
    recall,
    reject,
    resubmit,
    submit,
)
from bianwang.modules.licensing.services.deciding import decide
from bianwang.modules.licensing.services.licences import import_licences, keep_licences, revoke
from bianwang.modules.licensing.services.reviewing import escalate_late, extend, forward, resume, stop, visit

__all__ = [
    "accept",
    "ask_correction",
    "decide",
    "deliver",
    "escalate_late",
    "extend",
    "forward",
    "import_licences",
    "keep_licences",
    "recall",
    "reject",
    "resubmit",
    "resume",
    "revoke",
    "stop",
    "submit",
    "visit",
]
