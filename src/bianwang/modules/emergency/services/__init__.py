"""The only writers of emergency command."""

from bianwang.modules.emergency.services.events import correct, merge, register, set_level, split
from bianwang.modules.emergency.services.notes import add_note
from bianwang.modules.emergency.services.reports import enter_loss, send_report
from bianwang.modules.emergency.services.tasks import answer_task, give_task, phone_task, sign_task

__all__ = [
    "add_note",
    "answer_task",
    "correct",
    "enter_loss",
    "give_task",
    "merge",
    "phone_task",
    "register",
    "send_report",
    "set_level",
    "sign_task",
    "split",
]
