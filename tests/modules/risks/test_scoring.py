"""Scores and their colours: boundaries of every band, and more risk is never a lower colour."""

from __future__ import annotations

import doctest
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings, strategies as st

from bianwang.modules.risks import dates, items, pack, scoring
from bianwang.modules.risks.major_hazards import Unknown
from bianwang.platform.config import ConfigError
from bianwang.platform.workflow.errors import UnknownLimit

DAY = date(2026, 3, 2)
LEC, LS = (pack.method(code, DAY) for code in ("lec", "ls"))


def colour(method: pack.Method, score: str) -> str:
    return scoring.level(Decimal(score), method.bands)


def test_the_examples() -> None:
    extra = {"date": date, "Decimal": Decimal, "Band": scoring.Band}
    for module in (scoring, dates, items):
        assert doctest.testmod(module, extraglobs=extra).failed == 0


@pytest.mark.parametrize(
    ("score", "level"),
    [
        ("10000", "red"), ("320.001", "red"), ("320", "orange"), ("160", "orange"), ("159.999", "yellow"),
        ("70", "yellow"), ("69.999", "blue"), ("20", "blue"), ("0.05", "blue"),
    ],
)  # fmt: skip
def test_lec_at_its_boundaries(score: str, level: str) -> None:
    assert colour(LEC, score) == level


@pytest.mark.parametrize(
    ("score", "level"),
    [("25", "red"), ("20", "red"), ("16", "orange"), ("15", "orange"), ("12", "yellow"), ("9", "yellow"), ("8", "blue"),
     ("1", "blue")],
)  # fmt: skip
def test_ls_at_its_boundaries(score: str, level: str) -> None:
    assert colour(LS, score) == level


factors = st.tuples(
    *(st.sampled_from([each.value for each in LEC.factors[name]]) for name in ("likelihood", "exposure", "consequence"))
)


@settings(max_examples=100, deadline=None)
@given(one=factors, other=factors)
def test_more_of_everything_is_never_a_lower_colour(one: tuple[Decimal, ...], other: tuple[Decimal, ...]) -> None:
    more = tuple(max(pair) for pair in zip(one, other, strict=True))
    high, low = (scoring.lec(*each) for each in (more, one))
    order = scoring.ORDER
    assert high >= low
    assert order.index(scoring.level(high, LEC.bands)) <= order.index(scoring.level(low, LEC.bands))


@pytest.mark.parametrize("text", ["甲醇", "甲醇 W1 3 4"])
def test_a_line_that_cannot_be_read_is_named(text: str) -> None:
    with pytest.raises(Unknown, match="第 2 行"):
        items.parse(f"氨，1\n{text}")


def test_a_day_without_rules_is_refused() -> None:
    with pytest.raises(UnknownLimit, match=r"risk_levels\.yaml"):
        pack.method("lec", date(2000, 1, 1))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{from: '160', level: orange}", "{from: '60', level: orange}", "从高到低"),
        ("{from: '0', level: blue}", "{from: '5', level: blue}", "从 0 开始"),
        ("{from: '160', level: orange}", "{from: '160', level: red}", "红橙黄蓝"),
        ("{level: blue, held_at", "{level: green, held_at", "四级"),
    ],
)
def test_a_wrong_pack_is_refused_in_one_sentence(old: str, new: str, words: str) -> None:
    source = Path(pack.__file__).parents[2] / "districts" / "bishan" / "risk_levels.yaml"
    raw = yaml.safe_load(source.read_text("utf-8").replace(old, new, 1))
    with pytest.raises(ConfigError, match=words):
        pack.read(raw)
