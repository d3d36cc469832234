"""The only writers of what is kept of being on duty."""

from bianwang.modules.duty.services.calls import note_call
from bianwang.modules.duty.services.checks import answer_check, check_units, draw_units, may_answer
from bianwang.modules.duty.services.contacts import (
    LONGEST_TREE,
    change_contact,
    change_group,
    create_contact,
    create_group,
)
from bianwang.modules.duty.services.handover import (
    close_matter,
    escalate_handovers,
    hand_over,
    incoming,
    open_handovers,
    open_matter,
    people_of,
    take_over,
    write_log,
)
from bianwang.modules.duty.services.people import (
    POST_COLUMNS,
    change_person,
    change_post,
    create_person,
    create_post,
    set_rotation,
)
from bianwang.modules.duty.services.reaching import reachable
from bianwang.modules.duty.services.receipts import (
    by_token,
    climb_tree,
    close_about,
    close_message,
    note_receipt,
    receive,
    receive_by_link,
    receive_elsewhere,
)
from bianwang.modules.duty.services.rosters import assign, discard, draft_roster, fill_by_rotation, publish
from bianwang.modules.duty.services.sending import Draft, Target, send_message, send_to
from bianwang.modules.duty.services.swaps import accept_swap, approve_swap, ask_swap

__all__ = [
    "LONGEST_TREE",
    "POST_COLUMNS",
    "Draft",
    "Target",
    "accept_swap",
    "answer_check",
    "approve_swap",
    "ask_swap",
    "assign",
    "by_token",
    "change_contact",
    "change_group",
    "change_person",
    "change_post",
    "check_units",
    "climb_tree",
    "close_about",
    "close_matter",
    "close_message",
    "create_contact",
    "create_group",
    "create_person",
    "create_post",
    "discard",
    "draft_roster",
    "draw_units",
    "escalate_handovers",
    "fill_by_rotation",
    "hand_over",
    "incoming",
    "may_answer",
    "note_call",
    "note_receipt",
    "open_handovers",
    "open_matter",
    "people_of",
    "publish",
    "reachable",
    "receive",
    "receive_by_link",
    "receive_elsewhere",
    "send_message",
    "send_to",
    "set_rotation",
    "take_over",
    "write_log",
]
