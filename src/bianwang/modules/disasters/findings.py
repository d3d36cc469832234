"""What is wrong with a report that is being collected: missing towns, broken relations, and the two ledgers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from bianwang.modules.disasters.checking import Finding, Indicator, broken, fallen, show, total
from bianwang.modules.disasters.models import Casualty, Figure, House, Report

LIVE = Q(is_withdrawn=False)
DAMAGE = ("collapsed", "severe", "general")


@dataclass(frozen=True)
class Compared:
    """One indicator of the report beside what the ledger counts."""

    indicator: Indicator
    reported: Decimal
    listed: int
    damage: str
    """The column of the household ledger, or the outcome of the ledger of persons."""

    @property
    def reported_text(self) -> str:
        """The report's figure as people read it."""
        return show(self.reported)

    @property
    def differs(self) -> bool:
        """Whether they are not the same."""
        return self.reported != self.listed


def findings(report: Report) -> list[Finding]:
    """Everything that forbids to file, or asks for a reason. The report is still being collected."""
    rules, final = report.rules, report.kind == Report.Kind.FINAL
    now, before = summed(report), filed_before(report)
    found = [
        Finding(f"{sheet.unit}还没有填报，不能当作 0。", final)
        for sheet in report.sheets.filter(state__in=("asked", "returned")).select_related("unit")
    ]
    found += broken(now, rules) + fallen(before, now, rules)
    found += [_different(row, "因灾死亡失踪人员台账", "人", hard=final) for row in persons(report, now) if row.differs]
    if final:
        found += [
            _different(row, "倒损住房户台账", row.indicator.unit, hard=True)
            for row in dwellings(report, now)
            if row.differs
        ]
        found += _photos(report)
    return found


def summed(report: Report) -> dict[str, Decimal]:
    """The sum of the towns that have answered."""
    tables: dict[int, dict[str, Decimal]] = {}
    for row in Figure.objects.filter(sheet__report=report, sheet__state__in=("filled", "summed")):
        tables.setdefault(row.sheet_id, {})[row.code] = row.value
    return total(tables.values())


def filed_before(report: Report) -> dict[str, Decimal]:
    """The totals of the report filed before this one; nothing for the first."""
    last = (
        Report.objects.filter(disaster=report.disaster_id, state="filed", number__lt=report.number)
        .order_by("-number")
        .first()
    )
    return dict(last.totals.values_list("code", "value")) if last else {}


def persons(report: Report, now: Mapping[str, Decimal]) -> list[Compared]:
    """Deaths and missing persons beside their ledger."""
    rows = Casualty.objects.filter(LIVE, disaster=report.disaster_id)
    listed = dict(rows.order_by().values_list("outcome").annotate(Count("pk")))
    return [
        Compared(report.rules.indicator(code), now.get(code, Decimal(0)), listed.get(outcome, 0), outcome)
        for outcome, code in report.rules.deaths.items()
    ]


def dwellings(report: Report, now: Mapping[str, Decimal]) -> list[Compared]:
    """Damaged rooms and households beside their ledger; a household counts in every class in which it has rooms."""
    sums = {f"{name}_rooms": Sum(name) for name in DAMAGE}
    homes = {f"{name}_homes": Count("pk", filter=Q(**{f"{name}__gt": 0})) for name in DAMAGE}
    listed = House.objects.filter(LIVE, disaster=report.disaster_id).aggregate(**sums, **homes)
    found = []
    for name, (rooms, households) in report.rules.ledger.items():
        for code, count in ((rooms, listed[f"{name}_rooms"] or 0), (households, listed[f"{name}_homes"])):
            found.append(Compared(report.rules.indicator(code), now.get(code, Decimal(0)), count, name))
    return found


def lacking_photos(report: Report) -> int:
    """Households with fewer photos than the response asks for; none while there is no response."""
    if not report.disaster.has_response:
        return 0
    return House.objects.filter(LIVE, disaster=report.disaster_id, photos__lt=report.rules.photos).count()


def _photos(report: Report) -> list[Finding]:
    count = lacking_photos(report)
    if not count:
        return []
    least = report.rules.photos
    return [Finding(f"已启动救灾应急响应，倒损住房户台账中有 {count} 户照片不足 {least} 张。", hard=True)]


def _different(row: Compared, ledger: str, unit: str, *, hard: bool) -> Finding:
    text = f"{row.indicator.plain} {show(row.reported)} {unit}，与{ledger}的 {row.listed} {unit}不符。"
    return Finding(text, hard, row.indicator.code)
