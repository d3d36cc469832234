"""The only writers of budgets: years, lines, projects, money, papers, staff."""

from bianwang.modules.budget.services.lines import adjust, explain, save_line
from bianwang.modules.budget.services.money import assign, pay, receive
from bianwang.modules.budget.services.projects import save_project
from bianwang.modules.budget.services.publications import add_publication, publish
from bianwang.modules.budget.services.staff import save_staff
from bianwang.modules.budget.services.statements import state_total
from bianwang.modules.budget.services.years import approve, close, open_year, redraft, reopen

__all__ = [
    "add_publication",
    "adjust",
    "approve",
    "assign",
    "close",
    "explain",
    "open_year",
    "pay",
    "publish",
    "receive",
    "redraft",
    "reopen",
    "save_line",
    "save_project",
    "save_staff",
    "state_total",
]
