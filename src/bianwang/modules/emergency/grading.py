"""The grade of an event and the response that the table asks for, by the rules of its day."""

from __future__ import annotations

from decimal import Decimal

from bianwang.modules.accidents import pack as accidents
from bianwang.modules.accidents.grading import Grade
from bianwang.modules.emergency.judging import FireGrade, Metric, Threshold, fire_grade, reached
from bianwang.modules.emergency.models import Event, Loss
from bianwang.modules.emergency.pack.events import fire_grades, kind_of, thresholds

METRICS: tuple[Metric, ...] = ("deaths", "injuries", "evacuated", "area", "loss")


def grade_of(event: Event, loss: Loss | None) -> str:
    """The grade in words with its rule; empty without numbers or for a class without grades."""
    found = _grade(event, loss)
    return f"{found.name}（{found.source}{found.article}）" if found else ""


def grade_name(event: Event, loss: Loss | None) -> str:
    """The grade alone in words; empty as above."""
    found = _grade(event, loss)
    return found.name if found else ""


def _grade(event: Event, loss: Loss | None) -> FireGrade | Grade | None:
    kind = kind_of(event.kind)
    if loss is None or kind is None or not kind.grading:
        return None
    if kind.grading == "accident":
        return accidents.grade_of(loss.deaths, loss.injuries, loss.loss, event.day)
    return fire_grade(loss.area, loss.deaths, loss.injuries, fire_grades(event.day))


def suggested(event: Event, loss: Loss | None) -> Threshold | None:
    """The response level that the numbers ask for; people decide."""
    if loss is None:
        return None
    figures = {name: Decimal(getattr(loss, name)) for name in METRICS}
    return reached(figures, thresholds(event.kind, event.day))
