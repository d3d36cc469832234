"""Years, lines, projects and adjustments."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from bianwang.modules.budget.lists.filters import Behind, Below, On, counted, year_filter
from bianwang.modules.budget.models import Adjustment, BudgetYear, Line, Payment, Project
from bianwang.modules.budget.printed import percent
from bianwang.modules.budget.queries import alerts
from bianwang.modules.budget.queries.lines import progress
from bianwang.modules.budget.workflow import YEAR
from bianwang.platform.clock import today
from bianwang.platform.ui.cells import Column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, Search
from bianwang.platform.ui.lists import Button, ListPage, list_url

MONEY: DecimalField[Any, Any] = DecimalField(max_digits=16, decimal_places=2)
_ZERO = Value(Decimal(0), output_field=MONEY)


def summed(model: type[Adjustment | Payment], path: str) -> Any:
    """A subquery's sum of the rows of a line or a project; `path` leads from the row to it."""
    rows = model._default_manager.filter(**{path: OuterRef("pk")}).order_by()
    total = rows.values(path).annotate(found=Sum("amount")).values("found")
    return Coalesce(Subquery(total), _ZERO, output_field=MONEY)


def with_figures(rows: QuerySet[Any], path: str) -> QuerySet[Any]:
    """Rows with `changed`, `executed`, `adjusted` and `left`; `path` as in `summed`."""
    given = F("opening") + F("changed") + (F("carried_in") if path == "line" else _ZERO)
    moved = rows.annotate(changed=summed(Adjustment, path), executed=summed(Payment, path))
    found: QuerySet[Any] = moved.annotate(adjusted=given, left=given - F("executed"))
    return found


def rate(row: Any) -> str:
    """Executed ÷ adjusted, of a row of `with_figures`."""
    return percent(100 * row.executed / row.adjusted if row.adjusted else None)


def _money(name: str, title: str, **more: Any) -> Column:
    return Column(name, title, kind="money", unit="元", sort=name, total=name, **more)


class YearList(ListPage):
    """Budgets by year."""

    model = BudgetYear
    permission = "budget.view"
    title = "年度预算"
    columns = (
        Column("year", "年度", lambda row: f"{row.year}年", kind="link", sort="year"),
        Column("owner", "单位", "owner.name", sort="owner__pinyin"),
        state_column(),
        Column("replied_on", "预算批复", kind="date", sort="replied_on"),
        Column("document", "批复文号"),
        Column("final_replied_on", "决算批复", kind="date", sort="final_replied_on"),
        Column("final_document", "决算批复文号", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="单位或文号", fields=("owner__name", "owner__initials", "document", "final_document")),
        year_filter("year"),
        Choice("state", "状态", choices=tuple(YEAR.choices())),
    )
    related = ("owner",)
    sort = "-year"
    empty = "还没有年度预算。点“登记年度预算”，再登记或导入科目和项目，收到财政批复后“登记预算批复”。"
    buttons = (Button("登记年度预算", "budget:year_new", "budget.edit"),)


class LineList(ListPage):
    """Lines with what was given, changed and spent."""

    model = Line
    permission = "budget.view"
    title = "预算科目"
    columns = (
        Column("subject", "科目", str, kind="link", sort="subject"),
        Column("year", "年度", lambda row: f"{row.year.year}年", sort="year__year"),
        _money("opening", "年初预算"),
        _money("carried_in", "上年结转", default=False),
        _money("changed", "预算调整", link=lambda row: list_url("budget:adjustments", line=row.pk)),
        _money("adjusted", "调整预算"),
        _money("executed", "执行", link=lambda row: list_url("budget:payments", line=row.pk)),
        _money("left", "结转结余"),
        Column("rate", "执行率", rate, kind="number"),
        Column("low_reason", "执行偏低原因", default=False),
        Column("owner", "单位", "year.owner.name", default=False),
    )
    filters = (
        Search(title="科目代码或名称", fields=("subject", "name")),
        year_filter("year__year"),
        Below(field="subject"),
        counted("year"),
    )
    related = ("year__owner",)
    sort = "subject"
    empty = "还没有科目。先登记年度预算，再在年度页面“登记科目”，或点“导入科目”。"
    buttons = (Button("导入科目", "budget:line_import", "budget.edit", "upload"),)

    def rows(self) -> QuerySet[Any]:
        return with_figures(super().rows(), "line")


class ProjectList(ListPage):
    """Projects with what they hold and how they stand against their plan."""

    model = Project
    permission = "budget.view"
    title = "预算项目"
    columns = (
        Column("name", "项目", kind="link", sort="name"),
        Column("code", "项目代码", sort="code"),
        Column("year", "年度", lambda row: f"{row.line.year.year}年", sort="line__year__year"),
        Column("source", "资金来源", sort="source"),
        _money("opening", "年初预算", default=False),
        _money("adjusted", "调整预算", link=lambda row: list_url("budget:adjustments", project=row.pk)),
        _money("executed", "执行", link=lambda row: list_url("budget:payments", project=row.pk)),
        _money("left", "结转结余"),
        Column("rate", "执行率", rate, kind="number"),
        Column("wanted", "计划进度", "progress.planned", kind="number"),
        Column(
            "pace",
            "进度",
            "progress.word",
            kind="badge",
            colour=lambda row: row.progress.colour or "secondary",
        ),
        Column("office", "责任科室", "office.name", sort="office__pinyin"),
        Column("line", "科目", "line", sort="line__subject", default=False),
        Column("may_transfer", "可转移支付", kind="flag", default=False),
        Column("low_reason", "执行偏低原因", default=False),
    )
    filters = (
        Search(title="项目代码或名称", fields=("code", "name")),
        year_filter("line__year__year"),
        Below(field="line__subject"),
        Choice("source", "资金来源"),
        Behind(),
        On(),
        Flag("transfer", "可转移支付", field="may_transfer"),
        Flag("lagging", "本年度当前滞后", where=alerts.lagging),
        counted("line__year"),
    )
    related = ("line__year", "office")
    sort = "code"
    empty = "还没有项目。在科目页面“登记项目”，或点“导入项目”。"
    buttons = (Button("导入项目", "budget:project_import", "budget.edit", "upload"),)

    def rows(self) -> QuerySet[Any]:
        return with_figures(super().rows(), "project")

    def equip(self, rows: Sequence[Any]) -> None:
        """Give each project its progress, today or at the end of its year."""
        found = {row.project.pk: row for row in progress(rows, today())}
        for row in rows:
            row.progress = found[row.pk]


class AdjustmentList(ListPage):
    """What was moved, with reason and document."""

    model = Adjustment
    permission = "budget.view"
    title = "预算调整"
    columns = (
        Column("line", "科目", "line", link=lambda row: row.line.get_absolute_url(), sort="line__subject"),
        Column("day", "调整日期", kind="date", sort="day"),
        Column("project", "项目", link=lambda row: row.project.get_absolute_url() if row.project else ""),
        Column("amount", "调整金额", kind="money", unit="元", sort="amount", total="amount"),
        Column("reason", "调整原因"),
        Column("document", "文号", sort="document"),
        Column("year", "年度", lambda row: f"{row.line.year.year}年", sort="line__year__year", default=False),
    )
    filters = (
        Search(title="原因或文号", fields=("reason", "document")),
        year_filter("line__year__year"),
        Below(field="line__subject"),
        DateRange("day", "调整日期"),
        Choice("line", "科目", choices=lambda user: line_choices()),
        Choice("project", "项目", choices=lambda user: project_choices()),
        counted("line__year"),
    )
    related = ("line__year", "project")
    sort = "-day"
    empty = "还没有预算调整。预算批复以后，在科目页面点“调整预算”，写明原因和文号。"


def line_choices() -> list[tuple[int, str]]:
    """Lines for filters, the newest year first."""
    return [(row.pk, f"{row.year.year}年 {row}") for row in Line.objects.select_related("year")]


def project_choices() -> list[tuple[int, str]]:
    """Projects for filters, the newest year first."""
    rows = Project.objects.select_related("line__year")
    return [(row.pk, f"{row.line.year.year}年 {row.name}") for row in rows]
