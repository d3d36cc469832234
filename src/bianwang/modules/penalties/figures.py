"""A year of penalties: every figure with its arithmetic and the address of exactly its rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import ExtractMonth
from django.http import QueryDict
from django.urls import reverse

from bianwang.modules.enforcement.models import Visit
from bianwang.modules.enforcement.planning import Share
from bianwang.modules.enforcement.queries import DONE
from bianwang.modules.penalties.models import Case, Payment
from bianwang.modules.penalties.pack import conduct_choices
from bianwang.modules.penalties.queries import overdue
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.ui.cells import show

PUNISHED = ~Q(kinds="")
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Figure:
    """A figure and its rows."""

    name: str
    value: Decimal | int | float | None
    unit: str
    url: str
    arithmetic: str = ""

    @property
    def text(self) -> str:
        """Counts as they are, money and rates with two decimals."""
        return show(self.value, "number" if isinstance(self.value, int) else "money")


@dataclass(frozen=True)
class Line:
    """A group with its cases and its fines."""

    name: str
    filed: int
    decided: int
    fine: Decimal
    paid: Decimal
    filed_url: str
    decided_url: str
    paid_url: str


@dataclass(frozen=True)
class Statistics:
    """A year."""

    year: int
    figures: list[Figure]
    conducts: list[Line]
    enterprises: list[Line]
    months: list[Line]


def annual(user: Any, year: int) -> Statistics:
    """The figures of a year: filed by the day of filing, decided by that of the decision, paid by that of payment."""
    cases = access.visible(user, Case, "penalties.view").order_by()
    payments = access.visible(user, Payment, "penalties.view").order_by()
    return Statistics(
        year,
        _figures(user, cases, payments, year),
        _lines(cases, payments, year, "conduct", dict(conduct_choices())),
        _lines(cases, payments, year, "enterprise"),
        _months(cases, payments, year),
    )


def years(user: Any) -> list[int]:
    """The years that have cases, and this one, the newest first."""
    rows = access.visible(user, Case, "penalties.view").order_by("found_on")
    first = rows.values_list("found_on", flat=True).first()
    this = today().year
    return list(range(this, min(first.year if first else this, this) - 1, -1))


def _figures(user: Any, cases: QuerySet[Case], payments: QuerySet[Payment], year: int) -> list[Figure]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    filed, decided = Q(filed_on__range=(first, last)), Q(decided_on__range=(first, last))
    n = cases.aggregate(
        found=Count("pk", filter=Q(found_on__range=(first, last))),
        filed=Count("pk", filter=filed),
        summary=Count("pk", filter=filed & Q(procedure="summary")),
        decided=Count("pk", filter=decided),
        punished=Count("pk", filter=decided & PUNISHED),
        fine=Sum("fine", filter=decided),
        confiscated=Sum("confiscated", filter=decided),
        late=Count("pk", filter=overdue()),
    )
    paid = payments.filter(day__range=(first, last)).aggregate(
        all=Sum("amount"), fine=Sum("amount", filter=Q(kind="fine"))
    )
    visits = access.visible(user, Visit, "enforcement.view").filter(DONE, date__range=(first, last)).count()
    rate = Share(n["filed"], visits)
    at = {"filed": _days("filed", first, last), "decided": _days("decided", first, last)}
    money = _days("day", first, last)
    return [
        Figure("线索", n["found"], "件", _cases(_days("found", first, last))),
        Figure("立案", n["filed"], "件", _cases({**at["filed"]})),
        Figure(
            "立案率",
            rate.percent,
            "%",
            _cases({**at["filed"]}),
            f"立案 ÷ 检查家次 = {rate.part} ÷ {rate.whole}",
        ),
        Figure("其中当场处罚", n["summary"], "件", _cases({**at["filed"], "procedure": "summary"})),
        Figure("作出决定", n["decided"], "件", _cases(at["decided"])),
        Figure("其中处罚", n["punished"], "件", _cases({**at["decided"], "punished": "1"})),
        Figure("决定罚款", n["fine"] or _ZERO, "元", _cases({**at["decided"], "punished": "1"})),
        Figure("决定没收", n["confiscated"] or _ZERO, "元", _cases({**at["decided"], "punished": "1"})),
        Figure("缴纳罚款", paid["fine"] or _ZERO, "元", _payments({**money, "kind": "fine"})),
        Figure("罚没缴款合计", paid["all"] or _ZERO, "元", _payments(money)),
        Figure("现有逾期", n["late"], "件", _cases({"overdue": "1"})),
    ]


def _lines(
    cases: QuerySet[Case], payments: QuerySet[Payment], year: int, name: str, words: dict[str, str] | None = None
) -> list[Line]:
    """By conduct or by enterprise, the most fined first."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    fields = (name,) if words else (name, f"{name}__name")
    names: dict[Any, str] = dict(words or {})
    filed: Counter[Any] = Counter()
    decided: Counter[Any] = Counter()
    fine: dict[Any, Decimal] = defaultdict(Decimal)
    paid: dict[Any, Decimal] = defaultdict(Decimal)
    for row in cases.filter(filed_on__range=(first, last)).values(*fields).annotate(n=Count("pk")):
        filed[row[name]] = row["n"]
        names.setdefault(row[name], row.get(f"{name}__name", row[name]))
    made = cases.filter(decided_on__range=(first, last)).values(*fields).annotate(n=Count("pk"), all=Sum("fine"))
    for row in made:
        decided[row[name]], fine[row[name]] = row["n"], row["all"] or _ZERO
        names.setdefault(row[name], row.get(f"{name}__name", row[name]))
    came = payments.filter(day__range=(first, last), kind="fine").values(*(f"case__{field}" for field in fields))
    for row in came.annotate(all=Sum("amount")):
        paid[row[f"case__{name}"]] = row["all"]
        names.setdefault(row[f"case__{name}"], row.get(f"case__{name}__name", ""))
    keys = sorted({*filed, *decided, *paid}, key=lambda key: (-fine[key], names[key]))
    parameter = {"conduct": "conduct", "enterprise": "owner"}[name]
    at = {what: _days(what, first, last) for what in ("filed", "decided", "day")}
    return [
        Line(
            names[key],
            filed[key],
            decided[key],
            fine[key],
            paid[key],
            _cases({**at["filed"], parameter: str(key)}),
            _cases({**at["decided"], parameter: str(key)}),
            _payments({**at["day"], "kind": "fine", parameter: str(key)}),
        )
        for key in keys
    ]


def _months(cases: QuerySet[Case], payments: QuerySet[Payment], year: int) -> list[Line]:
    """Every month that has begun."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    filed = dict(_by_month(cases.filter(filed_on__range=(first, last)), "filed_on", n=Count("pk")))
    decided = dict(
        _by_month(cases.filter(decided_on__range=(first, last)), "decided_on", n=Count("pk"), all=Sum("fine"))
    )
    paid = dict(_by_month(payments.filter(day__range=(first, last), kind="fine"), "day", all=Sum("amount")))
    made = []
    for month in range(1, 13):
        start = date(year, month, 1)
        if start > today():
            break
        end = date.fromordinal((date(year + month // 12, month % 12 + 1, 1)).toordinal() - 1)
        made.append(
            Line(
                f"{month}月",
                filed.get(month, {}).get("n", 0),
                decided.get(month, {}).get("n", 0),
                decided.get(month, {}).get("all") or _ZERO,
                paid.get(month, {}).get("all") or _ZERO,
                _cases({**_days("filed", start, end)}),
                _cases(_days("decided", start, end)),
                _payments({**_days("day", start, end), "kind": "fine"}),
            )
        )
    return made


def _by_month(rows: QuerySet[Any], name: str, **what: Any) -> Any:
    return ((row["month"], row) for row in rows.annotate(month=ExtractMonth(name)).values("month").annotate(**what))


def _days(name: str, first: date, last: date) -> dict[str, str]:
    return {f"{name}_from": first.isoformat(), f"{name}_to": last.isoformat()}


def _cases(params: dict[str, str]) -> str:
    return _address("list", params)


def _payments(params: dict[str, str]) -> str:
    return _address("payments", params)


def _address(name: str, params: dict[str, str]) -> str:
    made = QueryDict(mutable=True)
    made.update(params)
    return f"{reverse(f'penalties:{name}')}?{made.urlencode()}"
