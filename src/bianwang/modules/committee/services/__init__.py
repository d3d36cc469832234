"""The only writers of the committee's work."""

from bianwang.modules.committee.services.assessment import freeze, give_score
from bianwang.modules.committee.services.clock import ask_for_reports, escalate_overdue, remind_before_due
from bianwang.modules.committee.services.meetings import hold, record_attendance
from bianwang.modules.committee.services.notices import answer, confirm, deliver_pending, issue, phone, remind
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
from bianwang.modules.committee.services.watch import call_units, open_period, record_calls, report_day

__all__ = [
    "answer",
    "apply_extension",
    "ask_for_reports",
    "call_units",
    "cancel",
    "close",
    "conclude",
    "confirm",
    "decide_extension",
    "deliver_pending",
    "escalate_overdue",
    "freeze",
    "give",
    "give_score",
    "hold",
    "issue",
    "open_period",
    "phone",
    "postpone",
    "record_attendance",
    "record_calls",
    "remind",
    "remind_before_due",
    "report",
    "report_day",
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
