"""Figures of the bureau's money and people, for indicators and reports. Money is 万元, exactly."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from bianwang.modules.budget import pack
from bianwang.modules.budget.models import Adjustment, BudgetYear, Establishment, Payment, Project
from bianwang.modules.budget.printed import wan
from bianwang.modules.budget.queries import funds, lines, publications, staff, statements
from bianwang.modules.budget.queries.lines import Standing
from bianwang.platform.measures import Measured, Rows, share
from bianwang.platform.period import Period
from bianwang.platform.ui.lists import list_url

_SCOPE = "部门整体支出"


def opening(period: Period, *, subject: str = "") -> Measured:
    """年初预算数."""
    return _money(period, subject, lambda found: found.opening, _lines)


def adjusted(period: Period, *, subject: str = "") -> Measured:
    """调整预算数: opening, what was carried in, and the adjustments up to the last day."""
    return _money(period, subject, lambda found: found.adjusted, _lines, _adjustments)


def executed(period: Period, *, subject: str = "") -> Measured:
    """预算执行数: payments less refunds up to the last day."""
    return _money(period, subject, lambda found: found.executed, _payments)


def carry_over(period: Period, *, subject: str = "") -> Measured:
    """结转结余: adjusted less executed."""
    return _money(period, subject, lambda found: found.carry_over, _lines, _adjustments, _payments)


def execution_rate(period: Period, *, subject: str = "") -> Measured:
    """预算执行率: executed ÷ adjusted, per cent."""
    found = _standing(period, subject)
    if found is None or found.rate is None:
        return _missing(period, subject)
    rows = tuple(part(period, subject) for part in (_lines, _adjustments, _payments))
    return Measured(found.rate, rows, wan(found.executed), wan(found.adjusted), _scope(subject))


def publication_rate(period: Period) -> Measured:
    """预决算公开率: published by the last day of the law ÷ those whose last day lies in the period, per cent."""
    due = publications.due(period)
    in_time = due.filter(publications.IN_TIME)
    query = period.query("due")
    return share(
        Rows("按期公开", in_time.count(), list_url("budget:publications", **query, in_time="1")),
        Rows("应公开", due.count(), list_url("budget:publications", **query)),
        missing="这段时间没有到期的预决算公开，请在“预决算公开”登记批复日期。",
        note="自批复之日起二十日内公开，起算当日不计入，最后一日为法定休假日的顺延",
    )


def undisbursed(period: Period) -> Measured:
    """Superior money that has rested as long as the limit says, or longer, on the last day."""
    found = funds.undisbursed(period.last)
    value = wan(sum((rest.amount for rest in found), Decimal(0)))
    url = list_url("budget:receipts", rest_on=period.last.isoformat())
    return Measured(value, (Rows("未支付未转移的上级资金", len(found), url),))


def low_projects(period: Period) -> Measured:
    """Projects of the year that are behind their plan on the last day (yellow or red)."""
    rows = Project.objects.filter(line__in=lines.lines_of(period.year)).select_related("line__year")
    found = lines.progress(rows, period.last)
    if not found:
        return Measured(None, missing=f"还没有{period.year}年的预算项目，请在“预算项目”登记或导入。")
    low = [row.project.name for row in found if row.colour in ("red", "yellow")]
    query: dict[str, Any] = {"year": period.year, "counted": "1"}
    behind = list_url("budget:projects", **query, pace="low", on=period.last.isoformat())
    every = Rows("预算项目", len(found), list_url("budget:projects", **query))
    return Measured(len(low), (Rows("进度滞后的项目", len(low), behind), every), note="、".join(low))


def printed_gaps(period: Period) -> Measured:
    """Totals printed for the year that are not those of the lines on the last day, with why."""
    years = BudgetYear.objects.filter(year=period.year).exclude(state="draft")
    told = [row for year in years for row in statements.compared(year, period.last) if not row.agrees]
    rows = tuple(Rows(str(row.statement), 1, row.statement.get_absolute_url()) for row in told)
    reasons = (f"{row.statement.get_kind_display()}：{row.statement.explanation or '尚未说明'}" for row in told)
    return Measured(len(told), rows, note="；".join(reason.rstrip("。") for reason in reasons))


def posts(period: Period, *, kind: str = "") -> Measured:
    """编制."""
    return _people(period, kind, "posts")


def employed(period: Period, *, kind: str = "") -> Measured:
    """实有人数."""
    return _people(period, kind, "staff")


def retired(period: Period) -> Measured:
    """退休人数, who are outside the staff."""
    return _people(period, "", "retired")


def _standing(period: Period, subject: str) -> Standing | None:
    rows = list(lines.lines_of(period.year, subject))
    return lines.total(lines.standings(rows, period.last).values()) if rows else None


def _money(
    period: Period,
    subject: str,
    figure: Callable[[Standing], Decimal],
    *parts: Callable[[Period, str], Rows],
) -> Measured:
    found = _standing(period, subject)
    if found is None:
        return _missing(period, subject)
    return Measured(wan(figure(found)), tuple(part(period, subject) for part in parts), scope=_scope(subject))


def _missing(period: Period, subject: str) -> Measured:
    what = f"科目“{subject} {pack.name_of(subject)}”" if subject else "科目"
    return Measured(None, missing=f"{period.year}年预算还没有已批复的{what}，请在“年度预算”登记。")


def _scope(subject: str) -> str:
    return pack.name_of(subject) if subject else _SCOPE


def _query(period: Period, subject: str) -> dict[str, Any]:
    return {"year": period.year, "counted": "1", **({"subject": subject} if subject else {})}


def _lines(period: Period, subject: str) -> Rows:
    count = lines.lines_of(period.year, subject).count()
    return Rows("预算科目", count, list_url("budget:lines", **_query(period, subject)))


def _adjustments(period: Period, subject: str) -> Rows:
    return _moved("预算调整", Adjustment, "budget:adjustments", period, subject)


def _payments(period: Period, subject: str) -> Rows:
    return _moved("支付", Payment, "budget:payments", period, subject)


def _moved(name: str, model: type[Adjustment | Payment], page: str, period: Period, subject: str) -> Rows:
    inside = model._default_manager.filter(line__in=lines.lines_of(period.year, subject), day__lte=period.last)
    url = list_url(page, **_query(period, subject), day_to=period.last.isoformat())
    return Rows(name, inside.count(), url)


def _people(period: Period, kind: str, field: str) -> Measured:
    rows = staff.latest(period.last).filter(**({"kind": kind} if kind else {}))
    count = rows.count()
    if not count:
        return Measured(None, missing=f"还没有{period.last}以前的编制人员情况，请在“编制人员”登记。")
    value = rows.order_by().aggregate(total=Sum(field))["total"]
    query = {"latest_on": period.last.isoformat(), **({"kind": kind} if kind else {})}
    days = sorted({str(day) for day in rows.order_by().values_list("as_of", flat=True)})
    return Measured(
        value,
        (Rows("编制人员", count, list_url("budget:staff", **query)),),
        scope=Establishment.Kind(kind).label if kind else "各类人员",
        note=f"截至 {'、'.join(days)} 登记",
    )
