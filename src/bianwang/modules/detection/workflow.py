"""A model is off until somebody has seen how well it finds what it is for (`services.switch_on`)."""

from __future__ import annotations

from bianwang.platform.workflow.table import State, Transition, Workflow

MODEL = Workflow(
    "detection.model",
    states=(State("off", "未启用"), State("on", "启用中", "green")),
    transitions=(
        Transition("switch_on", "启用", ("off",), "on", "detection.switch", primary=True),
        Transition("switch_off", "停用", ("on",), "off", "detection.switch", reason=True),
    ),
)
