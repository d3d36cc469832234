"""How a figure is shown with its arithmetic, on every page and in the file."""

from __future__ import annotations

from decimal import Decimal

from bianwang.modules.reports.material import Quantity


def value(quantity: Quantity) -> str:
    """The value with its unit: 300328 家次."""
    return f"{quantity.text} {quantity.unit}".strip() if quantity.value is not None else "没有数"


def working(quantity: Quantity) -> str:
    """Numerator and denominator where it has them, and how it is asked for."""
    if quantity.id.startswith("score."):
        return f"{quantity.query} = {quantity.text}" if quantity.id == "score.total" else quantity.query
    if quantity.numerator is None or quantity.denominator is None:
        return quantity.query
    parts = f"{short(quantity.numerator)} ÷ {short(quantity.denominator)}"
    return f"{parts}（{quantity.query}）" if quantity.query else parts


def short(number: Decimal) -> str:
    """A number without idle zeros, at most six decimals."""
    rounded = round(number, 6)
    return f"{rounded.normalize():f}" if rounded else "0"
