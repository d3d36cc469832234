"""The only code that writes patrols and the review queue."""

from bianwang.modules.patrol.services.looks import Seen, for_second_look, look, second_look, to_review
from bianwang.modules.patrol.services.plans import MANY, make_round, make_rounds, save_plan, switch_plan
from bianwang.modules.patrol.services.rounds import cancel, finish, note_late, start
from bianwang.modules.patrol.services.suspicions import STEPS, judge, reopen, suspect

__all__ = [
    "MANY",
    "STEPS",
    "Seen",
    "cancel",
    "finish",
    "for_second_look",
    "judge",
    "look",
    "make_round",
    "make_rounds",
    "note_late",
    "reopen",
    "save_plan",
    "second_look",
    "start",
    "suspect",
    "switch_plan",
    "to_review",
]
