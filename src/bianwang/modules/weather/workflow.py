"""The lives of a receipt and of an internal hint as tables."""

from __future__ import annotations

from typing import Any

from bianwang.modules.weather.pack import call_rule
from bianwang.platform import access
from bianwang.platform.clock import SHANGHAI
from bianwang.platform.workflow.table import State, Transition, Workflow

OPEN = ("pending", "phone", "sent", "seen")
"""States of a receipt that nobody has answered."""


def works_at(user: Any, party_id: int) -> bool:
    """Whether the user works at the party itself: a town does not answer for the villages in it."""
    return party_id in access.scope_of(user, "weather.answer").parties


def _own(row: Any, user: Any) -> str | None:
    if user is not None and not works_at(user, row.unit_id):
        return f"只能由{row.unit}的人员应答；没有应答的请电话叫应后登记。"
    return None


def _button(row: Any, user: Any) -> str | None:
    rule = call_rule(row.warning.level, row.sent_at.astimezone(SHANGHAI).date())
    if rule.phone:
        return f"{row.warning.level_row.name}预警须电话叫应，请接听值班电话，由叫应人员登记。"
    return _own(row, user)


def _called(row: Any, user: Any) -> str | None:
    if user is not None and works_at(user, row.unit_id):
        return "电话叫应由上级值班人员登记，不能由本单位自己登记。"
    return None


RECEIPT = Workflow(
    "receipt",
    (
        State("pending", "待送达", "secondary"),
        State("phone", "待电话叫应", "orange", todo="weather.call"),
        State("sent", "已送达", "yellow", todo="weather.answer"),
        State("seen", "已阅", "blue", todo="weather.answer"),
        State("answered", "已应答", "green", final=True),
        State("ended", "预警已失效", final=True),
    ),
    (
        Transition("deliver", "送达", ("pending", "phone"), "sent", "", "weather.deliver"),
        Transition("telephone", "转电话叫应", ("pending",), "phone", "", "weather.telephone"),
        Transition("read", "短信确认已阅", ("pending", "phone", "sent"), "seen", "", "weather.see"),
        Transition("reply", "短信回执", OPEN, "answered", "", "weather.answer"),
        Transition("answer", "应答", ("sent", "seen"), "answered", "weather.answer", guard=_button, primary=True),
        Transition("see", "确认已阅", ("sent",), "seen", "weather.answer", "weather.see", guard=_own),
        Transition(
            "call",
            "登记电话叫应",
            OPEN,
            "answered",
            "weather.call",
            "weather.call",
            reason=True,
            guard=_called,
            primary=True,
        ),
        Transition("escalate", "逾时上报", OPEN, "*", "", "weather.escalate"),
        Transition("end", "预警失效", OPEN, "ended", "", "weather.receipt_end", clears_deadline=True),
    ),
)

HINT = Workflow(
    "hint",
    (
        State("open", "持续", "red", todo="weather.oversee"),
        State("noted", "已知悉", "blue"),
        State("closed", "已结束", final=True),
    ),
    (
        Transition("note", "知悉", ("open",), "noted", "weather.oversee", "weather.hint_note", primary=True),
        Transition("close", "雨量回落", ("open", "noted"), "closed", "", "weather.hint_close"),
        Transition(
            "dismiss", "人工结束", ("open", "noted"), "closed", "weather.oversee", "weather.hint_dismiss", reason=True
        ),
    ),
)
