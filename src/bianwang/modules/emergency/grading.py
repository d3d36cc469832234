"""The grade of an event and the response that the table asks for, by the rules of its day."""

from __future__ import annotations

from decimal import Decimal

from bianwang.modules.accidents import pack as accidents
from bianwang.modules.emergency.judging import Metric, Threshold, fire_grade, reached
from bianwang.modules.emergency.models import Event, Loss
from bianwang.modules.emergency.pack import fire_grades, kind_of, thresholds

METRICS: tuple[Metric, ...] = ("deaths", "injuries", "evacuated", "area", "loss")


def grade_of(event: Event, loss: Loss | None) -> str:
    """The grade in words with its rule; empty without numbers or for a class without grades."""
    kind = kind_of(event.kind)
    if loss is None or kind is None or not kind.grading:
        return ""
    if kind.grading == "accident":
        found = accidents.grade_of(loss.deaths, loss.injuries, loss.loss, event.day)
        return f"{found.name}（{found.source}{found.article}）"
    fire = fire_grade(loss.area, loss.deaths, loss.injuries, fire_grades(event.day))
    return f"{fire.name}（{fire.source}{fire.article}）"


def suggested(event: Event, loss: Loss | None) -> Threshold | None:
    """The response level that the numbers ask for; people decide."""
    if loss is None:
        return None
    figures = {name: Decimal(getattr(loss, name)) for name in METRICS}
    return reached(figures, thresholds(event.kind, event.day))
