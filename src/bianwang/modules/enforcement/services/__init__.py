"""The only writers of the module: plans and their draws, campaigns, visits one by one and in bulk."""

from bianwang.modules.enforcement.services.draws import make_draw, verify
from bianwang.modules.enforcement.services.history import load_history
from bianwang.modules.enforcement.services.imports import import_rows
from bianwang.modules.enforcement.services.plans import (
    add_items,
    amend,
    approve,
    change,
    change_item,
    create,
    discard,
    remove_item,
)
from bianwang.modules.enforcement.services.recusals import recuse, withdraw_recusal
from bianwang.modules.enforcement.services.visits import (
    approve_over,
    change_visit,
    note_hazards,
    record_visit,
    save_campaign,
    void,
)

__all__ = [
    "add_items",
    "amend",
    "approve",
    "approve_over",
    "change",
    "change_item",
    "change_visit",
    "create",
    "discard",
    "import_rows",
    "load_history",
    "make_draw",
    "note_hazards",
    "record_visit",
    "recuse",
    "remove_item",
    "save_campaign",
    "verify",
    "void",
    "withdraw_recusal",
]
