"""Superior money comes, is set to a project, and is paid."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction

from bianwang.modules.budget.models import BudgetYear, Line, Payment, Project, Receipt
from bianwang.modules.budget.queries.lines import Standing, project_standings, standings
from bianwang.modules.budget.services.writing import hold, inside_year, not_ahead, refuse, save, yuan
from bianwang.platform.accounts.models import User


@transaction.atomic
def receive(user: User, year: BudgetYear, values: Mapping[str, Any]) -> Receipt:
    """Money was passed down ({source, document, purpose, amount, received_on, project or None}).

    Raises ValidationError and what the access door raises.
    """
    held = hold(user, year, "登记上级资金")
    wrong = not_ahead(values["received_on"], "received_on")
    if values["received_on"].year > held.year:
        wrong["received_on"] = f"收到日期不能晚于{held.year}年。"
    if values["amount"] <= 0:
        wrong["amount"] = "金额应大于零。"
    project: Project | None = values.get("project")
    wrong |= _fit_faults(held, values["source"], project)
    refuse(wrong)
    row = Receipt(year=held)
    save(row, "budget.receive", {**values, "project": project})
    return row


@transaction.atomic
def assign(user: User, receipt: Receipt, project: Project) -> None:
    """Say which project received money is for. Raises ValidationError and what the access door raises."""
    held = hold(user, receipt.year, "落实上级资金")
    refuse(_fit_faults(held, receipt.source, project))
    save(receipt, "budget.assign", {"project": project})


@transaction.atomic
def pay(user: User, line: Line, values: Mapping[str, Any]) -> Payment:
    """Money left ({day, amount, kind, payee, voucher, reason, project or None}); a refund is negative, with a reason.

    Raises ValidationError (never more than the line or the project has; the error names the difference) and
    what the access door raises.
    """
    project: Project | None = values.get("project")
    held = hold(user, line.year, "登记支付", line, project)
    wrong = payment_faults(held, line, {**values, "project": project})
    if not wrong and Payment.objects.filter(line__year=held, voucher=values["voucher"].strip()).exists():
        wrong["voucher"] = f"凭证号“{values['voucher']}”本年度已登记；一张凭证有几笔的，在号后加“-1”“-2”。"
    refuse(wrong)
    room = Room(standings([line]), project_standings([project] if project else []))
    refuse(room.take(line, project, values["amount"]))
    row = Payment(line=line)
    save(row, "budget.pay", {**values, "voucher": values["voucher"].strip(), "project": project})
    return row


class Room:
    """What lines and projects have left while payments are taken from them one after the other."""

    def __init__(self, lines: Mapping[int, Standing], projects: Mapping[int, Standing]) -> None:
        self._lines = dict(lines)
        self._projects = dict(projects)

    def take(self, line: Line, project: Project | None, amount: Decimal) -> dict[str, str]:
        """Take a payment, or say what is wrong with its amount and leave everything as it was."""
        spent = Standing(executed=amount)
        found = [(f"科目“{line}”", self._lines, line.pk, self._lines[line.pk] + spent)]
        if project is not None:
            found.append((f"项目“{project}”", self._projects, project.pk, self._projects[project.pk] + spent))
        for what, _, _, after in found:
            if after.carry_over < 0:
                left = after.carry_over + amount
                return {"amount": f"{what}还能支付 {yuan(left)}，这笔超出 {yuan(-after.carry_over)}。"}
            if after.executed < 0:
                paid = after.executed - amount
                return {"amount": f"{what}只支付过 {yuan(paid)}，退回的多出 {yuan(-after.executed)}。"}
        for _, held, key, after in found:
            held[key] = after
        return {}


def payment_faults(year: BudgetYear, line: Line, values: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with a payment beside the money that is left."""
    wrong = inside_year(year, values["day"], "day")
    project: Project | None = values["project"]
    if not values["amount"]:
        wrong["amount"] = "金额不能是零，退回填负数。"
    elif values["amount"] < 0 and not (values.get("reason") or "").strip():
        wrong["reason"] = "退回的款项请写明原因。"
    if not values["payee"].strip():
        wrong["payee"] = "请填写收款人。"
    if project is not None and project.line_id != line.pk:
        wrong["project"] = f"项目“{project}”不属于科目“{line}”。"
    if values["kind"] == Payment.Kind.TRANSFER and not (project and project.may_transfer):
        wrong["kind"] = "只有允许转移支付的项目才能“转移到受益对象”，请核对项目。"
    return wrong


def _fit_faults(year: BudgetYear, source: str, project: Project | None) -> dict[str, str]:
    if project is None:
        return {}
    if project.line.year_id != year.pk:
        return {"project": f"项目“{project}”不是{year.year}年的。"}
    if project.source != source:
        return {"project": f"项目“{project}”是{project.get_source_display()}，与这笔资金的来源不一致。"}
    return {}
