"""The only writers of what is kept of being on duty."""

from bianwang.modules.duty.services.people import (
    POST_COLUMNS,
    change_person,
    change_post,
    create_person,
    create_post,
    set_rotation,
)
from bianwang.modules.duty.services.rosters import assign, discard, draft_roster, fill_by_rotation, publish

__all__ = [
    "POST_COLUMNS",
    "assign",
    "change_person",
    "change_post",
    "create_person",
    "create_post",
    "discard",
    "draft_roster",
    "fill_by_rotation",
    "publish",
    "set_rotation",
]
