"""What the pages of disasters, reports and sheets show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.urls import reverse

from bianwang.modules.disasters.checking import Indicator, IndicatorSet, show
from bianwang.modules.disasters.findings import dwellings, filed_before, persons, summed
from bianwang.modules.disasters.models import Casualty, Disaster, House, Report, Sheet
from bianwang.platform import access
from bianwang.platform.ui.cells import Column, due_column, state_column
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.objects import Related
from bianwang.platform.ui.templatetags.bian import moment


@dataclass(frozen=True)
class Line:
    """One indicator with its figure, the figure before, and the way to its rows."""

    indicator: Indicator
    value: str
    before: str
    change: str
    url: str = ""


def lines(
    rules: IndicatorSet, now: Mapping[str, Decimal], before: Mapping[str, Decimal], report: int = 0
) -> list[tuple[str, list[Line]]]:
    """The table of figures under its heads; with a report, each figure leads to the towns'."""
    return [(name, [_line(row, now, before, report) for row in rows]) for name, rows in rules.groups.items()]


def report_lines(report: Report) -> list[tuple[str, list[Line]]]:
    """A report's figures: as filed, or what the towns have told so far."""
    now = dict(report.totals.values_list("code", "value")) or summed(report)
    return lines(report.rules, now, filed_before(report), report.pk)


def form_facts(report: Report) -> dict[str, str]:
    """What the rows above and below the form may name (`heading.FACTS`)."""
    disaster = report.disaster
    return {
        "disaster": str(disaster),
        "kind": disaster.kind_name,
        "report": f"第{report.number}报（{report.get_kind_display()}）",
        "began_at": moment(disaster.began_at),
        "ended_at": moment(disaster.ended_at),
        "unit": report.owner.name,
        "filed_by": report.filed_by.name if report.filed_by else "",
        "filed_at": moment(report.filed_at),
    }


def towns_of(report: Report, user: Any) -> Related:
    """The towns' sheets with their main figures; one that did not answer shows no figure."""
    rows = (
        access.visible(user, Sheet, "disasters.figures")
        .filter(report=report)
        .exclude(state="dropped")
        .select_related("unit", "report__disaster")
        .prefetch_related("figures")
        .order_by("unit__organisation__code")
    )
    return Related("各镇街", (*_TOWN, *_main(report.rules)), rows, empty="没有要填报的镇街。")


def compared(report: Report) -> list[tuple[Any, str]]:
    """Report beside ledgers, with the way to the ledger's rows."""
    now = dict(report.totals.values_list("code", "value")) or summed(report)
    people = [
        (row, list_url("disasters:casualties", disaster=report.disaster_id, outcome=row.damage, live="1"))
        for row in persons(report, now)
    ]
    houses = [
        (row, list_url("disasters:houses", disaster=report.disaster_id, **{row.damage: "1"}, live="1"))
        for row in dwellings(report, now)
    ]
    return people + houses


def reports_of(disaster: Disaster, user: Any) -> Related:
    """The reports of a disaster, for those who read them."""
    rows = access.visible(user, Report, "disasters.reports").filter(disaster=disaster).order_by("number")
    return Related("灾情报告", _REPORT, rows.select_related("disaster"))


def sheets_of(disaster: Disaster, user: Any) -> Related:
    """The sheets of the user's own town."""
    rows = access.visible(user, Sheet, "disasters.figures").filter(report__disaster=disaster)
    return Related("本镇街灾情表", _OWN, rows.select_related("report__disaster", "unit").order_by("report__number"))


def ledgers_of(disaster: Disaster, user: Any) -> list[Related]:
    """The first rows of both ledgers, with the way to all of them and to a new one."""
    may_add = disaster.is_open and access.can(user, "disasters.ledger_edit")
    found = []
    ledgers: tuple[tuple[type[Any], str, Sequence[Column], str, str], ...] = (
        (House, "倒损住房户台账", _HOUSE, "house", "houses"),
        (Casualty, "因灾死亡失踪人员台账", _CASUALTY, "casualty", "casualties"),
    )
    for model, title, columns, name, many in ledgers:
        rows = access.visible(user, model, "disasters.ledgers").filter(disaster=disaster, is_withdrawn=False)
        add = ("登记", reverse(f"disasters:{name}_new", args=[disaster.pk])) if may_add else None
        more = list_url(f"disasters:{many}", disaster=disaster.pk, live="1")
        found.append(Related(title, columns, rows.select_related("unit").order_by("pk")[:_SHOWN], more=more, add=add))
    return found


def _line(row: Indicator, now: Mapping[str, Decimal], before: Mapping[str, Decimal], report: int) -> Line:
    value, old = now.get(row.code), before.get(row.code)
    change = "" if value is None or old is None or value == old else f"{'+' if value > old else ''}{show(value - old)}"
    url = list_url("disasters:figures", report=report, code=row.code) if report and value is not None else ""
    return Line(row, "—" if value is None else show(value), "" if old is None else show(old), change, url)


def _main(rules: IndicatorSet) -> Sequence[Column]:
    return [
        Column(row.code, f"{row.plain}（{row.unit}）", partial(_told, row.code), kind="number")
        for row in rules.indicators
        if row.main
    ]


def _told(code: str, sheet: Sheet) -> Decimal | None:
    return next((figure.value for figure in sheet.figures.all() if figure.code == code), None)


_SHOWN = 10
_HOUSE = (
    Column("masked_name", "户主", kind="link"),
    Column("unit", "镇街", "unit.name"),
    Column("village", "村（社区）和组"),
    Column("collapsed", "倒塌", kind="number", unit="间"),
    Column("severe", "严重损坏", kind="number", unit="间"),
    Column("general", "一般损坏", kind="number", unit="间"),
    Column("photos", "照片", kind="number"),
)
_CASUALTY = (
    Column("masked_name", "姓名", kind="link"),
    Column("outcome", "情况"),
    Column("unit", "镇街", "unit.name"),
    Column("happened_on", "日期", kind="date"),
)
_TOWN = (
    Column("unit", "镇街", "unit.name", kind="link"),
    state_column(),
)
_OWN = (
    Column(
        "report", "灾情报告", lambda row: f"第{row.report.number}报（{row.report.get_kind_display()}）", kind="link"
    ),
    state_column(),
    due_column(),
    Column("is_zero", "零报告", kind="flag"),
)
_REPORT = (
    Column("number", "报次", lambda row: f"第{row.number}报（{row.get_kind_display()}）", kind="link"),
    state_column(),
    due_column(),
    Column("filed_at", "上报时间", kind="datetime"),
    Column("standing", "是否按时", lambda row: row.standing[0], kind="badge", colour=lambda row: row.standing[1]),
)
