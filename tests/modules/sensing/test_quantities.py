"""Units convert as physics says, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from bianwang.modules.sensing.quantities import QUANTITIES, factor


@pytest.mark.parametrize(
    ("source", "target", "quantity", "expected"),
    [
        ("MPa", "kPa", "pressure", 1000.0),
        ("bar", "MPa", "pressure", 0.1),
        ("m³/h", "L/s", "flow", 1 / 3.6),
        ("ppm", "mg/m³", "hydrogen_sulfide", 34.08 / 24.45),
        ("℃", "℃", "temperature", 1.0),
    ],
)
def test_known_conversions(source: str, target: str, quantity: str, expected: float) -> None:
    found = factor(source, target, quantity)
    assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("source", "target", "quantity"),
    [("MPa", "℃", "pressure"), ("ppm", "mg/m³", "combustible_gas"), ("%LEL", "%VOL", "combustible_gas")],
)
def test_what_does_not_convert_gives_none(source: str, target: str, quantity: str) -> None:
    assert factor(source, target, quantity) is None


@given(st.sampled_from(sorted(QUANTITIES)), st.data())
def test_there_and_back_is_the_same_number(code: str, data: st.DataObject) -> None:
    units = QUANTITIES[code].units or ("",)
    source, target = data.draw(st.sampled_from(units)), data.draw(st.sampled_from(units))
    there, back = factor(source, target, code), factor(target, source, code)
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert there * back == pytest.approx(1.0)
