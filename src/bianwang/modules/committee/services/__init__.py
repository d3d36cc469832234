"""The only writers of the committee's work."""

from bianwang.modules.committee.services.clock import escalate_overdue
from bianwang.modules.committee.services.meetings import hold, record_attendance
from bianwang.modules.committee.services.supervision import (
    apply_extension,
    conclude,
    decide_extension,
    revoke,
    send_back as send_back_supervision,
    sign as sign_supervision,
    supervise,
    unlist,
)
from bianwang.modules.committee.services.tasks import (
    cancel,
    close,
    give,
    postpone,
    report,
    return_,
    review,
    sign,
    submit,
)

__all__ = [
    "apply_extension",
    "cancel",
    "close",
    "conclude",
    "decide_extension",
    "escalate_overdue",
    "give",
    "hold",
    "postpone",
    "record_attendance",
    "report",
    "return_",
    "review",
    "revoke",
    "send_back_supervision",
    "sign",
    "sign_supervision",
    "submit",
    "supervise",
    "unlist",
]
