"""The only writers of warnings, receipts, gauges and internal hints."""

from bianwang.modules.weather.services.ending import end_receipts
from bianwang.modules.weather.services.gauges import register_gauge
from bianwang.modules.weather.services.hints import dismiss, note, watch_rain
from bianwang.modules.weather.services.passing import (
    answer,
    deliver_pending,
    escalate_overdue,
    pass_on,
    register_call,
    see,
)
from bianwang.modules.weather.services.texting import take_receipt
from bianwang.modules.weather.services.warnings import receive_cap, type_in
from bianwang.modules.weather.services.watching import take_files

__all__ = [
    "answer",
    "deliver_pending",
    "dismiss",
    "end_receipts",
    "escalate_overdue",
    "note",
    "pass_on",
    "receive_cap",
    "register_call",
    "register_gauge",
    "see",
    "take_files",
    "take_receipt",
    "type_in",
    "watch_rain",
]
