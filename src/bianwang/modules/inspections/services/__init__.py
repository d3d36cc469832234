"""The only writers of the module: arranging in the office, what phones send, and completion."""

from bianwang.modules.inspections.services.arranging import arrange
from bianwang.modules.inspections.services.completing import complete, settle, void
from bianwang.modules.inspections.services.papers import draw_up_order, problems
from bianwang.modules.inspections.services.pictures import receive_picture
from bianwang.modules.inspections.services.syncing import Receipt, choose, receive

__all__ = [
    "Receipt",
    "arrange",
    "choose",
    "complete",
    "draw_up_order",
    "problems",
    "receive",
    "receive_picture",
    "settle",
    "void",
]
