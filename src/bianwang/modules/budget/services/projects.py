"""Projects inside lines."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from bianwang.modules.budget.models import BudgetYear, Line, Project
from bianwang.modules.budget.queries import lines as figures
from bianwang.modules.budget.queries.lines import NOTHING
from bianwang.modules.budget.services.lines import given_to_projects, room_faults
from bianwang.modules.budget.services.writing import hold, refuse, save
from bianwang.platform.accounts.models import User

COLUMNS = ("code", "name", "source", "opening", "office", "may_transfer", "share_q1", "share_q2", "share_q3")


@transaction.atomic
def save_project(user: User, project: Project, values: Mapping[str, Any]) -> Project:
    """Enter a project of a line or change it (`COLUMNS`; what is left out stays).

    Its opening amount is part of the line's: after the reply it is changed by adjustments only. Raises
    ValidationError that names the difference, and what the access door raises.
    """
    year = hold(user, project.line.year, "更改项目", project.line, project)
    columns = {name: values[name] for name in COLUMNS if name in values}
    columns["opening"] = columns.get("opening", project.opening) or NOTHING
    refuse(project_faults(year, project, columns))
    if project.pk is None or columns["opening"] > project.opening:
        more = columns["opening"] - (project.opening if project.pk else NOTHING)
        given = given_to_projects(project.line.projects.all()) + more
        refuse(room_faults(project.line, figures.standing(project.line), "opening", given))
    save(project, "budget.project_change" if project.pk else "budget.project", columns)
    return project


def project_faults(year: BudgetYear, project: Project, columns: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with a project beside the money of its line."""
    wrong: dict[str, str] = {}
    opening: Decimal = columns["opening"]
    if opening < 0:
        wrong["opening"] = "金额不能是负数。"
    elif year.state != "draft" and opening != project.opening:
        wrong["opening"] = "预算已批复，新项目的年初数填 0，再用一笔预算调整安排资金；已有项目的年初数不能改。"
    code = columns.get("code", project.code)
    same = Project.objects.filter(line__year=year, code=code).exclude(pk=project.pk)
    if same.exists():
        wrong["code"] = f"项目代码“{code}”本年度已用于“{same[0].name}”。"
    shares = [columns.get(name, getattr(project, name)) for name in ("share_q1", "share_q2", "share_q3")]
    for name, share, before in zip(("share_q1", "share_q2", "share_q3"), shares, [0, *shares], strict=False):
        if not before <= share <= 100:
            wrong[name] = f"计划进度是累计数，应在 {before}% 到 100% 之间，不能是 {share}%。"
    return wrong


def line_of(year: BudgetYear, subject: str) -> Line | None:
    """The year's line of a subject."""
    return Line.objects.filter(year=year, subject=subject).first()
