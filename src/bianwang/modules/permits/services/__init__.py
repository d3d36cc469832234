"""The only writers of permits: people step by step, and the clock."""

from bianwang.modules.permits.services.clock import run, watch_levels
from bianwang.modules.permits.services.gas_tests import Value, record_test
from bianwang.modules.permits.services.register import change, register
from bianwang.modules.permits.services.steps import (
    accept,
    analyse,
    apply,
    approve,
    brief,
    cancel,
    close,
    interrupt,
    isolate,
    keep_photos,
    lock,
    reject,
    release,
    resume,
    sign_in,
    start,
    stop,
    suspend,
    unlock,
)

__all__ = [
    "Value",
    "accept",
    "analyse",
    "apply",
    "approve",
    "brief",
    "cancel",
    "change",
    "close",
    "interrupt",
    "isolate",
    "keep_photos",
    "lock",
    "record_test",
    "register",
    "reject",
    "release",
    "resume",
    "run",
    "sign_in",
    "start",
    "stop",
    "suspend",
    "unlock",
    "watch_levels",
]
