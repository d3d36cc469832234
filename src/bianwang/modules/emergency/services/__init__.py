"""The only writers of emergency command."""

from bianwang.modules.emergency.services.callups import call_up, note_arrival, release, release_all
from bianwang.modules.emergency.services.events import correct, merge, register, set_level, split
from bianwang.modules.emergency.services.judgements import compute, compute_waiting, judge_fire
from bianwang.modules.emergency.services.notes import add_note
from bianwang.modules.emergency.services.reports import enter_loss, send_report
from bianwang.modules.emergency.services.resources import (
    add_resource,
    change_resource,
    set_occupied,
    set_standing,
    verify_resource,
)
from bianwang.modules.emergency.services.situation import (
    enter_wind,
    import_ground,
    import_lines,
    retire,
    save_settlement,
)
from bianwang.modules.emergency.services.tasks import answer_task, give_task, phone_task, sign_task

__all__ = [
    "add_note",
    "add_resource",
    "answer_task",
    "call_up",
    "change_resource",
    "compute",
    "compute_waiting",
    "correct",
    "enter_loss",
    "enter_wind",
    "give_task",
    "import_ground",
    "import_lines",
    "judge_fire",
    "merge",
    "note_arrival",
    "phone_task",
    "register",
    "release",
    "release_all",
    "retire",
    "save_settlement",
    "send_report",
    "set_level",
    "set_occupied",
    "set_standing",
    "sign_task",
    "split",
    "verify_resource",
]
