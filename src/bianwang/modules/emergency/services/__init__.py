"""The only writers of emergency command."""

from bianwang.modules.emergency.services.callups import call_up, note_arrival, release, release_all
from bianwang.modules.emergency.services.drills import add_item, finish_item, hold_drill, plan_drill
from bianwang.modules.emergency.services.evacuation import (
    call_roll,
    change_person,
    list_people,
    order_evacuation,
    set_people,
)
from bianwang.modules.emergency.services.events import correct, merge, register, revoke, set_level, split
from bianwang.modules.emergency.services.headquarters import add_member, change_member, import_members
from bianwang.modules.emergency.services.judgements import compute_waiting, judge_fire
from bianwang.modules.emergency.services.notes import add_note
from bianwang.modules.emergency.services.opinions import answer_opinion, judge_opinion, note_opinion
from bianwang.modules.emergency.services.plans import assess_plan, change_plan, draft_plan, issue_plan
from bianwang.modules.emergency.services.reports import enter_loss, send_report
from bianwang.modules.emergency.services.resources import (
    add_resource,
    change_resource,
    set_occupied,
    set_standing,
    verify_resource,
)
from bianwang.modules.emergency.services.reviews import (
    begin_review,
    check_review,
    finish_measure,
    issue_review,
    plan_measure,
    write_review,
)
from bianwang.modules.emergency.services.situation import (
    enter_wind,
    import_ground,
    import_lines,
    retire,
    save_settlement,
)
from bianwang.modules.emergency.services.tasks import answer_task, give_task, phone_task, sign_task
from bianwang.modules.emergency.services.watch import check, close, close_early, end, open_watch_days, resume

__all__ = [
    "add_item",
    "add_member",
    "add_note",
    "add_resource",
    "answer_opinion",
    "answer_task",
    "assess_plan",
    "begin_review",
    "call_roll",
    "call_up",
    "change_member",
    "change_person",
    "change_plan",
    "change_resource",
    "check",
    "check_review",
    "close",
    "close_early",
    "compute_waiting",
    "correct",
    "draft_plan",
    "end",
    "enter_loss",
    "enter_wind",
    "finish_item",
    "finish_measure",
    "give_task",
    "hold_drill",
    "import_ground",
    "import_lines",
    "import_members",
    "issue_plan",
    "issue_review",
    "judge_fire",
    "judge_opinion",
    "list_people",
    "merge",
    "note_arrival",
    "note_opinion",
    "open_watch_days",
    "order_evacuation",
    "phone_task",
    "plan_drill",
    "plan_measure",
    "register",
    "release",
    "release_all",
    "resume",
    "retire",
    "revoke",
    "save_settlement",
    "send_report",
    "set_level",
    "set_occupied",
    "set_people",
    "set_standing",
    "sign_task",
    "split",
    "verify_resource",
    "write_review",
]
