"""Lines of a year and what is adjusted in them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet

from bianwang.modules.budget import pack
from bianwang.modules.budget.models import Adjustment, BudgetYear, Line, Project
from bianwang.modules.budget.queries import lines as figures
from bianwang.modules.budget.queries.lines import NOTHING, Standing
from bianwang.modules.budget.services.writing import EDIT, hold, inside_year, refuse, save, yuan
from bianwang.platform import access
from bianwang.platform.accounts.models import User


@transaction.atomic
def save_line(user: User, line: Line, values: Mapping[str, Any]) -> Line:
    """Enter a line ({subject: code or name, opening, carried_in}) or change it while the year is a draft.

    During the year a line may still be added for a subject that money is then moved to, with nothing at first.
    Raises ValidationError and what the access door raises.
    """
    year = hold(user, line.year, "更改科目", line)
    opening, carried_in = values.get("opening") or NOTHING, values.get("carried_in") or NOTHING
    subject = pack.subject(values["subject"], year.year)
    if subject is None:
        raise ValidationError({"subject": unknown(values["subject"], year.year)})
    others = set(Line.objects.filter(year=year).exclude(pk=line.pk).values_list("subject", flat=True))
    refuse(line_faults(year, line, subject, (opening, carried_in), others))
    if line.pk:
        given = figures.standing(line)
        refuse(room_faults(line, Standing(opening, carried_in, given.changed, given.executed), "opening"))
    columns = {"subject": subject.code, "name": subject.name, "opening": opening, "carried_in": carried_in}
    save(line, "budget.line_change" if line.pk else "budget.line", columns)
    return line


@transaction.atomic
def adjust(user: User, line: Line, values: Mapping[str, Any]) -> Adjustment:
    """Move money into a line or out of it ({day, amount signed, reason, document, project or None}).

    Raises ValidationError (what was spent or given to projects stays covered; the error names the difference)
    and what the access door raises.
    """
    project: Project | None = values.get("project")
    year = hold(user, line.year, "调整预算", line, project)
    if year.state == "draft":
        raise ValidationError("预算还没有批复，请直接改年初数；批复以后才有预算调整。")
    amount: Decimal = values["amount"]
    wrong = inside_year(year, values["day"], "day")
    for name, words in (("reason", "调整原因"), ("document", "文号")):
        if not (values.get(name) or "").strip():
            wrong[name] = f"请填写{words}。"
    if not amount:
        wrong["amount"] = "调整金额不能是零，调减填负数。"
    if project is not None and project.line_id != line.pk:
        wrong["project"] = f"“{project}”不属于科目“{line}”。"
    refuse(wrong)
    refuse(_adjust_faults(line, project, amount))
    row = Adjustment(line=line)
    save(row, "budget.adjust", {**values, "project": project})
    return row


@transaction.atomic
def explain(user: User, row: Line | Project, reason: str) -> None:
    """Say why a line or project was carried out so far only. Raises ValidationError and what the door raises."""
    access.check(user, type(row), row.pk, EDIT)
    hold(user, row.year if isinstance(row, Line) else row.line.year, "填写原因")
    if not reason.strip():
        raise ValidationError({"low_reason": "请填写执行偏低原因。"})
    save(row, "budget.explain", {"low_reason": reason.strip()})


def unknown(text: str, year: int) -> str:
    """What to do about a subject that the year does not have."""
    return f"{year}年没有科目“{text}”，请填科目代码（如 2240106）或名称。"


def line_faults(
    year: BudgetYear, line: Line, subject: pack.Subject, amounts: tuple[Decimal, Decimal], others: set[str]
) -> dict[str, str]:
    """What is wrong with a line of (opening, carried in); `others` are the codes of the year's other lines."""
    wrong: dict[str, str] = {}
    if min(amounts) < 0:
        wrong["opening" if amounts[0] < 0 else "carried_in"] = "金额不能是负数。"
    if year.state != "draft" and amounts != (line.opening, line.carried_in):
        wrong["opening"] = "预算已批复，年初数和上年结转不能再改；请用一笔预算调整更正。"
    return {**wrong, **_subject_faults(subject, others)}


def _subject_faults(subject: pack.Subject, others: set[str]) -> dict[str, str]:
    """A subject twice, or one inside another: its money would be counted twice."""
    if subject.code in others:
        return {"subject": f"科目“{subject.code} {subject.name}”本年度已登记。"}
    around = sorted(code for code in others if code.startswith(subject.code) or subject.code.startswith(code))
    if around:
        words = f"科目“{subject.code}”与已登记的“{around[0]}”是上下级，金额会重复计算，请只登记其中一级。"
        return {"subject": words}
    return {}


def room_faults(line: Line, after: Standing, name: str, projects: Decimal | None = None) -> dict[str, str]:
    """What a line must keep covered: what was spent, and what its projects were given."""
    given = given_to_projects(line.projects.all()) if projects is None else projects
    if after.adjusted < after.executed:
        return {name: _short(line, after.adjusted, f"已支付 {yuan(after.executed)}", after.executed)}
    if after.adjusted < given:
        return {name: _short(line, after.adjusted, f"下属项目共 {yuan(given)}", given)}
    return {}


def given_to_projects(projects: QuerySet[Project]) -> Decimal:
    """What projects of a line have been given, adjusted."""
    return figures.total(figures.project_standings(projects).values()).adjusted


def _adjust_faults(line: Line, project: Project | None, amount: Decimal) -> dict[str, str]:
    if project is not None:
        held = figures.standing(project)
        after = held.adjusted + amount
        if after < max(held.executed, NOTHING):
            lack = held.executed - after
            return {"amount": f"调整后“{project}”只有 {yuan(after)}，比已支付的少 {yuan(lack)}。"}
    given = given_to_projects(line.projects.all()) + (amount if project else NOTHING)
    return room_faults(line, figures.standing(line) + Standing(changed=amount), "amount", given)


def _short(line: Line, adjusted: Decimal, what: str, needed: Decimal) -> str:
    return f"“{line}”的调整预算数将是 {yuan(adjusted)}，{what}，相差 {yuan(needed - adjusted)}。"
