"""What object pages of budgets show. Lines and projects in 元, as they are entered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse

from bianwang.modules.budget import pack
from bianwang.modules.budget.models import Adjustment, BudgetYear, Line, Payment, Project, Publication, Receipt
from bianwang.modules.budget.pace import WORDS
from bianwang.modules.budget.queries import funds, lines, publications
from bianwang.modules.budget.queries.lines import Standing
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.ui.cells import Cell, Column, fact
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.objects import Facts, Related

_SHOWN = 20
_ADJUSTMENTS = (
    Column("day", "日期", kind="date"),
    Column("amount", "金额", kind="money", unit="元"),
    Column("project", "项目"),
    Column("reason", "原因"),
    Column("document", "文号"),
)
_PAYMENTS = (
    Column("day", "日期", kind="date"),
    Column("voucher", "凭证号", kind="link"),
    Column("payee", "收款人"),
    Column("amount", "金额", kind="money", unit="元"),
    Column("project", "项目"),
)
_PROJECTS = (
    Column("name", "项目", "project.name", link=lambda row: row.project.get_absolute_url()),
    Column("source", "资金来源", "project.get_source_display"),
    Column("office", "责任科室", "project.office.name"),
    Column("adjusted", "调整预算", "standing.adjusted", kind="money", unit="元"),
    Column("rate", "执行率", "standing.percent", kind="number"),
    Column("pace", "进度", "word", kind="badge", colour=lambda row: row.colour or "secondary"),
)
_RECEIPTS = (
    Column("received_on", "收到日期", kind="date"),
    Column("document", "文号", kind="link"),
    Column("purpose", "用途"),
    Column("amount", "金额", kind="money", unit="元"),
)


def last_day(year: int) -> date:
    """Today, or the end of a year that has passed."""
    return min(today(), date(year, 12, 31))


def line_facts(line: Line) -> Sequence[Facts]:
    """The line and its money."""
    held = lines.standing(line)
    on = last_day(line.year.year)
    what = [
        fact("年度", str(line.year), href=line.year.get_absolute_url()),
        fact("单位", line.year.owner.name),
        fact("科目", str(line)),
        fact("级次", pack.LEVELS[len(line.subject)]),
        fact("进度", _pace(lines.colour(held, line.year.year, on), f"按全年时间，截至 {on}")),
        fact("执行偏低原因", line.low_reason),
    ]
    return [Facts("科目", what), Facts("金额", _money(held, {"line": line.pk}))]


def project_facts(project: Project) -> Sequence[Facts]:
    """The project, its plan and its money."""
    year = project.line.year
    on = last_day(year.year)
    found = lines.progress([project], on)[0]
    what = [
        fact("年度", str(year), href=year.get_absolute_url()),
        fact("科目", str(project.line), href=project.line.get_absolute_url()),
        fact("项目代码", project.code),
        fact("资金来源", project.get_source_display()),
        fact("责任科室", project.office.name),
        fact("可以转移支付到受益对象", project.may_transfer, "flag"),
        fact("执行偏低原因", project.low_reason),
    ]
    plan = [
        *(
            fact(f"{name}季度末", f"{share.normalize():f}%")
            for name, share in zip("一二三四", project.plan, strict=True)
        ),
        fact("计划进度", f"{found.wanted:.1f}%（截至 {on}）"),
        fact("实际进度", _pace(found.colour, found.standing.percent)),
    ]
    money = _money(found.standing, {"project": project.pk})
    return [Facts("项目", what), Facts("金额", money), Facts("计划", plan)]


def receipt_facts(row: Receipt) -> Sequence[Facts]:
    """The money and what of it is still here."""
    rest = next((rest for rest in funds.rests(today()) if rest.receipt.pk == row.pk), None)
    project = row.project
    what = [
        fact("文号", row.document),
        fact("用途", row.purpose),
        fact("来源", row.get_source_display()),
        fact("金额", row.amount, "money", unit="元"),
        fact("收到日期", row.received_on, "date"),
        fact("年度", str(row.year), href=row.year.get_absolute_url()),
        fact("落实到项目", str(project or "未落实"), href=project.get_absolute_url() if project else ""),
        fact("未支付未转移", rest.amount if rest else 0, "money", unit="元"),
        fact("滞留", f"{rest.days} 天" if rest else "无"),
    ]
    return [Facts("上级资金", what)]


def payment_facts(row: Payment) -> Sequence[Facts]:
    """One payment."""
    project = row.project
    what = [
        fact("凭证号", row.voucher),
        fact("支付日期", row.day, "date"),
        fact("收款人", row.payee),
        fact("金额", row.amount, "money", unit="元"),
        fact("支付方式", row.get_kind_display()),
        fact("资金来源", project.get_source_display() if project else "区级资金"),
        fact("项目", str(project or "不对应项目"), href=project.get_absolute_url() if project else ""),
        fact("科目", str(row.line), href=row.line.get_absolute_url()),
        fact("摘要", row.reason),
    ]
    return [Facts("支付", what)]


def publication_facts(row: Publication) -> Sequence[Facts]:
    """One paper and its clock."""
    rule = pack.publication_rule(row.kind, row.clock, row.started_on)
    word, colour = publications.state(row)
    clock = [
        fact(f"{row.get_clock_display()}日期", row.started_on, "date"),
        fact("文号", row.document),
        fact("公开截止", row.due_on, "date"),
        fact("公开日期", row.published_on, "date"),
        fact("情况", word, "badge", colour=colour),
        fact("公开网址或载体", row.place),
    ]
    law = [
        fact("规定", f"{rule.name}自{row.get_clock_display()}之日起 {rule.days} 日内公开"),
        fact("依据", rule.basis),
        fact("期间计算", pack.period_rule(row.started_on).basis),
    ]
    return [Facts("公开", clock), Facts("依据", law)]


def line_related(line: Line, user: Any, may_edit: bool) -> Sequence[Related]:
    """Projects, adjustments, payments of a line."""
    found = access.visible(user, Project, "budget.view").filter(line=line).select_related("office", "line__year")
    projects = lines.progress(found, last_day(line.year.year))
    add = ("登记项目", reverse("budget:project_new", args=[line.pk])) if may_edit else None
    return [
        Related("项目", _PROJECTS, projects, add=add, empty="这个科目没有项目。"),
        *_movements(user, "line", line.pk),
    ]


def project_related(project: Project, user: Any) -> Sequence[Related]:
    """Superior money, adjustments, payments of a project."""
    receipts = access.visible(user, Receipt, "budget.view").filter(project=project)
    return [Related("上级资金", _RECEIPTS, receipts), *_movements(user, "project", project.pk)]


def _movements(user: Any, name: str, pk: int) -> list[Related]:
    adjustments = access.visible(user, Adjustment, "budget.view").filter(**{name: pk}).select_related("project", "line")
    payments = access.visible(user, Payment, "budget.view").filter(**{name: pk}).select_related("project", "line")
    return [
        Related("预算调整", _ADJUSTMENTS, adjustments[:_SHOWN], list_url("budget:adjustments", **{name: pk})),
        Related("支付", _PAYMENTS, payments[:_SHOWN], list_url("budget:payments", **{name: pk})),
    ]


def _money(held: Standing, of: dict[str, int]) -> list[Cell]:
    found = [
        fact("年初预算数", held.opening, "money", unit="元"),
        fact("预算调整", held.changed, "money", unit="元", href=list_url("budget:adjustments", **of)),
        fact("调整预算数", held.adjusted, "money", unit="元"),
        fact("执行数", held.executed, "money", unit="元", href=list_url("budget:payments", **of)),
        fact("结转结余", held.carry_over, "money", unit="元"),
        fact("执行率", held.percent),
    ]
    if "line" in of:
        found.insert(1, fact("上年结转", held.carried_in, "money", unit="元"))
    return found


def _pace(colour: str | None, words: str) -> str:
    return f"{WORDS[colour]}（{words}）" if colour else "没有可支付的金额"


def year_facts(year: BudgetYear) -> Sequence[Facts]:
    """The replies of a year."""
    replies = [
        fact("单位", year.owner.name),
        fact("预算批准", year.approved_on, "date"),
        fact("预算批复", year.replied_on, "date"),
        fact("预算批复文号", year.document),
        fact("决算批准", year.final_approved_on, "date"),
        fact("决算批复", year.final_replied_on, "date"),
        fact("决算批复文号", year.final_document),
        fact("公开", "查看公开情况", href=list_url("budget:publications", year=year.year)),
    ]
    return [Facts("批复", replies)]
