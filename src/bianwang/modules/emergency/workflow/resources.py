"""The standing of a resource and the course of one call-up as tables."""

from __future__ import annotations

from typing import Any

from bianwang.modules.emergency.pack.resources import kind_of
from bianwang.platform.workflow.table import State, Transition, Workflow

OUT = ("called", "arrived")
"""States of a call-up that has not come back."""


def _holds_people(resource: Any, user: Any) -> str | None:
    return None if kind_of(resource.kind).holds == "people" else "只有避难场所登记入住人数。"


RESOURCE = Workflow(
    "emergency resource",
    (
        State("available", "可用", "green"),
        State("called", "已调用", "orange"),
        State("repair", "维修", "yellow"),
        State("disabled", "停用"),
    ),
    (
        Transition(
            "verify", "核实", ("*",), "*", "emergency.resource_edit", verb="emergency.resource_verify", primary=True
        ),
        Transition(
            "occupy",
            "更新入住人数",
            ("*",),
            "*",
            "emergency.resource_edit",
            verb="emergency.resource_occupy",
            guard=_holds_people,
        ),
        Transition(
            "repair",
            "送修",
            ("available",),
            "repair",
            "emergency.resource_edit",
            verb="emergency.resource_repair",
            reason=True,
        ),
        Transition(
            "disable",
            "停用",
            ("available", "repair"),
            "disabled",
            "emergency.resource_edit",
            verb="emergency.resource_disable",
            reason=True,
        ),
        Transition(
            "restore",
            "恢复可用",
            ("repair", "disabled"),
            "available",
            "emergency.resource_edit",
            verb="emergency.resource_restore",
            reason=True,
        ),
        Transition("call", "调用", ("available",), "called", "", verb="emergency.resource_call"),
        Transition("free", "归建", ("called",), "available", "", verb="emergency.resource_free"),
    ),
)

CALL_UP = Workflow(
    "emergency call-up",
    (
        State("called", "待到达", "orange", todo="emergency.answer"),
        State("arrived", "已到达", "blue"),
        State("released", "已归建", "green", final=True),
    ),
    (
        Transition(
            "arrive",
            "报告到达",
            ("called",),
            "arrived",
            "emergency.answer",
            verb="emergency.callup_arrive",
            primary=True,
        ),
        Transition(
            "enter_arrival",
            "登记到达",
            ("called",),
            "arrived",
            "emergency.command",
            verb="emergency.callup_arrive",
            primary=True,
        ),
        Transition("release", "报告归建", OUT, "released", "emergency.answer", verb="emergency.callup_release"),
        Transition("enter_release", "登记归建", OUT, "released", "emergency.command", verb="emergency.callup_release"),
    ),
)
