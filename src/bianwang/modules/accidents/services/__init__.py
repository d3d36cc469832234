"""The only writers of accidents: registration, the report chain, the investigation, the GDP table."""

from bianwang.modules.accidents.services.gdp import save_gdp
from bianwang.modules.accidents.services.investigation import (
    add_member,
    apply_extension,
    approve,
    check,
    close,
    decide_extension,
    file_away,
    investigate,
    sanction,
    send_back,
    settle,
    submit,
)
from bianwang.modules.accidents.services.register import add_casualty, change_figures, correct, register, revoke
from bianwang.modules.accidents.services.reports import send

__all__ = [
    "add_casualty",
    "add_member",
    "apply_extension",
    "approve",
    "change_figures",
    "check",
    "close",
    "correct",
    "decide_extension",
    "file_away",
    "investigate",
    "register",
    "revoke",
    "sanction",
    "save_gdp",
    "send",
    "send_back",
    "settle",
    "submit",
]
