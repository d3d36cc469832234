"""The only writers of the hotline: calls, rewards, and who reported."""

from bianwang.modules.outreach.services.calls import (
    close,
    correct,
    dispatch,
    extend,
    file_case,
    finish,
    mark_duplicate,
    recall,
    register,
    reply,
    revoke,
    send_back,
    verify,
)
from bianwang.modules.outreach.services.identity import Person, is_named, read_identity, save_identity
from bianwang.modules.outreach.services.rewards import apply_reward, approve_reward, pay_reward, refuse_reward

__all__ = [
    "Person",
    "apply_reward",
    "approve_reward",
    "close",
    "correct",
    "dispatch",
    "extend",
    "file_case",
    "finish",
    "is_named",
    "mark_duplicate",
    "pay_reward",
    "read_identity",
    "recall",
    "refuse_reward",
    "register",
    "reply",
    "revoke",
    "save_identity",
    "send_back",
    "verify",
]
