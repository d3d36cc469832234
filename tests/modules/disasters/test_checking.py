"""The arithmetic of figures: every relation at its boundary, sums, and what fell."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from bianwang.modules.disasters.checking import broken, fallen, misfit, show, total
from bianwang.modules.disasters.pack import pack, read, set_of
from bianwang.platform.config import ConfigError
from bianwang.platform.workflow.errors import UnknownLimit
from tests.modules.disasters.things import RULES

ZERO = {row.code: Decimal(0) for row in RULES.indicators}
TABLES = st.dictionaries(
    st.sampled_from(sorted(ZERO)), st.integers(0, 10**8).map(lambda cents: Decimal(cents) / 100), max_size=6
)
CALM = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""The machine may be busy with other tests."""


def _wrong(**values: int | str) -> list[str]:
    """Codes of the hard relations that these figures break."""
    found = broken({**ZERO, **{code: Decimal(value) for code, value in values.items()}}, RULES)
    return [finding.code for finding in found if finding.hard]


@pytest.mark.parametrize(
    ("right", "wrong", "code"),
    [
        ({"affected": 2, "dead": 1, "missing": 1}, {"affected": 2, "dead": 2, "missing": 1}, "dead"),
        ({"affected": 5, "relocated": 5, "central": 2, "scattered": 3}, {"affected": 4, "relocated": 5, "central": 2,
         "scattered": 3}, "relocated"),
        ({"affected": 5, "relocated": 5, "central": 2, "scattered": 3}, {"affected": 5, "relocated": 5, "central": 2,
         "scattered": 2}, "central"),
        ({"affected": 5, "relocated": 5, "scattered": 5, "now": 5, "now_central": 5}, {"affected": 5, "relocated": 5,
         "scattered": 5, "now": 6, "now_central": 6}, "now"),
        ({"collapsed_rooms": 2, "collapsed_homes": 2}, {"collapsed_rooms": 2, "collapsed_homes": 3}, "collapsed_homes"),
        ({"severe_rooms": 1, "severe_homes": 1}, {"severe_rooms": 1}, "severe_rooms"),
        ({"crops_hit": "1.50", "crops_lost": "1.50"}, {"crops_hit": "1.50", "crops_lost": "1.51"}, "crops_lost"),
        ({"loss": "3.01", "loss_home": "1.01", "loss_works": 2}, {"loss": "3.00", "loss_home": "1.01", "loss_works": 2},
         "loss_home"),
    ],
)  # fmt: skip
def test_each_relation_holds_up_to_its_boundary(right: dict[str, int], wrong: dict[str, int], code: str) -> None:
    assert _wrong(**right) == []
    assert _wrong(**wrong) == [code]


def test_a_sentence_names_both_sides_and_their_figures() -> None:
    found = broken({**ZERO, "dead": Decimal(12), "missing": Decimal(1), "affected": Decimal(1200)}, RULES)
    assert not found
    [finding] = broken({**ZERO, "dead": Decimal(2), "missing": Decimal(1)}, RULES)
    assert finding.text == (
        "因灾死亡和失踪人口不能多于受灾人口：现为因灾死亡人口、因灾失踪人口合计 3 人，受灾人口 0 人。"
    )


def test_damage_without_loss_is_asked_about_and_not_forbidden() -> None:
    found = broken({**ZERO, "crops_hit": Decimal(3)}, RULES)
    assert [finding.hard for finding in found] == [False]
    assert broken({**ZERO, "crops_hit": Decimal(3), "loss": Decimal(1), "loss_farming": Decimal(1)}, RULES) == []


def test_only_what_counts_from_the_beginning_must_not_fall() -> None:
    before = {**ZERO, "affected": Decimal(10), "missing": Decimal(1), "now": Decimal(3)}
    assert [finding.code for finding in fallen(before, ZERO, RULES)] == ["affected"]
    assert fallen(before, {**ZERO, "affected": Decimal(10)}, RULES) == []
    assert fallen({}, ZERO, RULES) == []


@CALM
@given(st.lists(TABLES, max_size=6))
def test_the_district_is_the_sum_of_its_towns_in_any_order(tables: list[dict[str, Decimal]]) -> None:
    found = total(tables)
    assert found == total(reversed(tables))
    for code in ZERO:
        told = [table[code] for table in tables if code in table]
        assert (code in found) == bool(told)
        assert found.get(code, Decimal(0)) == sum(told, Decimal(0))


@CALM
@given(st.lists(TABLES, min_size=2, max_size=4))
def test_what_holds_in_every_town_holds_in_the_district(tables: list[dict[str, Decimal]]) -> None:
    sums = [check for check in RULES.checks if check.op != "needs"]
    for check in sums:
        if all(check.holds(table) for table in tables):
            assert check.holds(total(tables))


@pytest.mark.parametrize(
    ("code", "value", "wrong"),
    [
        ("affected", "1", ""),
        ("affected", "1.5", "整数"),
        ("affected", "-1", "负数"),
        ("loss", "0.01", ""),
        ("loss", "0.001", "2 位小数"),
        ("loss", "99999999999.99", ""),
        ("loss", "100000000000", "过大"),
    ],
)
def test_a_value_has_the_form_of_its_indicator(code: str, value: str, wrong: str) -> None:
    found = misfit(Decimal(value), RULES.indicator(code))
    assert (wrong in found) if wrong else found == ""


def test_figures_are_shown_as_people_write_them() -> None:
    assert [show(Decimal(text)) for text in ("0.00", "1200.00", "12.50")] == ["0", "1,200", "12.5"]


def test_the_set_of_the_day_applies_and_a_wrong_pack_is_refused() -> None:
    assert set_of(RULES.valid_from).code == "2020"
    with pytest.raises(UnknownLimit, match="灾情统计指标"):
        set_of(RULES.valid_from.replace(year=2019))
    raw = {"kinds": [], "sets": [{"code": "x", "name": "x", "source": "x", "article": "x", "certainty": "x",
           "valid_from": "2020-01-01", "indicators": [], "ledger": {}, "deaths": {"dead": "gone"}, "photos": 3,
           "photos_certainty": "x", "head": [], "foot": [], "checks": []}]}  # fmt: skip
    with pytest.raises(ConfigError, match="gone"):
        read(raw)
    with pytest.raises(ConfigError, match="同日生效"):
        read({"kinds": [], "sets": [{**raw["sets"][0], "deaths": {}}] * 2})
    assert pack().sets
