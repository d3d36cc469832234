"""Figures and evaluations for others and for the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.http import Http404

from bianwang.modules.indicators import figures as figures_
from bianwang.modules.indicators.evaluation import Evaluation, Row, evaluate_scheme, row_of
from bianwang.modules.indicators.figures import Figure
from bianwang.modules.indicators.formula import names
from bianwang.modules.indicators.models import Indicator, Scheme
from bianwang.modules.indicators.pack import figure_rows, schemes_for, template, warnings_on
from bianwang.modules.indicators.scoring import Grade
from bianwang.platform.clock import today
from bianwang.platform.files.models import Attachment
from bianwang.platform.period import Period


def figures(period: Period) -> Mapping[str, Figure]:
    """Every figure of the district over a period, by id."""
    return figures_.compute(period)


def figure(period: Period, id_: str) -> Figure:
    """One of them. Raises Http404."""
    found = figures_.compute(period, {id_}).get(id_)
    if found is None:
        raise Http404(f"没有代码为“{id_}”的数字，请从数字清单中选。")
    return found


def figure_choices() -> list[tuple[str, str]]:
    """Ids and labels of all figures."""
    return [(row.id, f"{row.label}（{row.unit}）") for row in figure_rows()]


def template_choices(year: int) -> list[tuple[str, str]]:
    """Templates in force for a year."""
    return [(row.code, row.name) for row in schemes_for(year)]


def scheme_of(year: int) -> Scheme | None:
    """The indicators of a year."""
    return Scheme.objects.filter(year=year).first()


def evaluation(year: int, on: date | None = None) -> Evaluation:
    """The sheet of a year as of a day. Raises Http404 for a year without indicators."""
    scheme = scheme_of(year)
    if scheme is None:
        raise Http404(f"{year}年度还没有绩效指标，请先在“绩效指标”中编制。")
    return evaluate(scheme, on)


def evaluate(scheme: Scheme, on: date | None = None, found: Mapping[str, Figure] | None = None) -> Evaluation:
    """The same for a scheme at hand; `found`: figures that are already worked out for that day."""
    span = period(scheme.year, on)
    indicators = list(scheme.indicators.all())
    wanted = {name for row in indicators if row.formula for name in names(row.formula)}
    known = dict(found) if found is not None else figures_.compute(span, wanted)
    thresholds = warnings_on(span.last)
    counts = evidence(indicators)
    rows = [row_of(row, known, counts.get(row.pk, 0), span.last, thresholds) for row in indicators]
    grades = [Grade(row.name, row.at_least) for row in template(scheme.template, scheme.year).grades]
    return evaluate_scheme(scheme, rows, span.last, grades, thresholds)


def evaluated(indicator: Indicator, on: date | None = None) -> Row:
    """One indicator as of a day."""
    span = period(indicator.scheme.year, on)
    wanted = names(indicator.formula) if indicator.formula else set()
    count = evidence([indicator]).get(indicator.pk, 0)
    known = figures_.compute(span, wanted)
    return row_of(indicator, known, count, span.last, warnings_on(span.last))


def period(year: int, on: date | None = None) -> Period:
    """A year up to a day, today at the latest."""
    return Period.of_year(year, min(on or today(), today()))


def evidence(indicators: Sequence[Indicator]) -> dict[int, int]:
    """How many files were uploaded for each."""
    rows = Attachment.objects.filter(
        object_type=Indicator._meta.label_lower, object_id__in=[row.pk for row in indicators]
    )
    return dict(rows.order_by().values_list("object_id").annotate(Count("pk")))


def weights(scheme: Scheme) -> Decimal:
    """The sum of its weights."""
    return scheme.indicators.aggregate(sum=Sum("weight"))["sum"] or Decimal(0)


def year_choices(user: Any = None) -> list[tuple[int, str]]:
    """Years with indicators."""
    return [(year, f"{year}年度") for year in Scheme.objects.values_list("year", flat=True)]
