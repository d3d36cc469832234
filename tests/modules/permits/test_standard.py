"""Levels, nights and rest days, gas criteria: the district's data, on both sides of each limit."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bianwang.modules.permits import gas, levels, standard
from bianwang.modules.sensing import permit_signals
from bianwang.platform.clock import SHANGHAI
from bianwang.platform.places.models import Zone
from bianwang.platform.workflow.errors import UnknownLimit
from tests.modules.permits.jobs import DETAILS

DAY = date(2026, 11, 23)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_the_eight_types_each_have_levels_with_a_validity_a_source_and_measures(limits: None) -> None:
    kinds = standard.work_types(DAY)
    assert set(kinds) == set(DETAILS) == set(permit_signals.KINDS) - {permit_signals.ALL}
    for kind in kinds.values():
        assert kind.source
        assert kind.measures
        for level in kind.levels:
            assert standard.validity(kind.code, level.code, DAY) > timedelta()
            if kind.retests:
                assert standard.longest_break(kind.code, level.code, DAY) > timedelta()


def test_conflicts_and_zones_name_what_exists() -> None:
    kinds = set(standard.work_types(DAY))
    for rule in standard.standard().conflicts:
        assert set(rule.types) <= kinds
    assert set(standard.standard().explosive_zones) <= set(Zone.Kind.values)


def test_before_the_standard_there_is_no_rule() -> None:
    with pytest.raises(UnknownLimit, match="hot_work"):
        standard.work_type("hot_work", date(2022, 9, 30))
    assert standard.work_type("hot_work", date(2022, 10, 1)).name == "动火"


@pytest.mark.parametrize(
    ("kind", "measure", "level"),
    [
        ("height", 2, "first"),
        ("height", 5, "first"),
        ("height", 5.01, "second"),
        ("height", 15, "second"),
        ("height", 15.1, "third"),
        ("height", 30, "third"),
        ("height", 30.1, "fourth"),
        ("lifting", 39.9, "third"),
        ("lifting", 40, "second"),
        ("lifting", 100, "second"),
        ("lifting", 100.1, "first"),
    ],
)
def test_the_level_follows_from_the_measure(kind: str, measure: float, level: str) -> None:
    assert levels.base_level(standard.work_type(kind, DAY), measure=measure) == level


def test_less_than_two_metres_is_no_work_at_height() -> None:
    with pytest.raises(ValueError, match="不足 2 米"):
        levels.base_level(standard.work_type("height", DAY), measure=1.99)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("moment", "special"),
    [
        ("2026-11-23T08:00", False),
        ("2026-11-23T07:59", True),
        ("2026-11-23T19:59", False),
        ("2026-11-23T20:00", True),
        ("2026-11-22T10:00", True),
        ("2026-10-01T10:00", True),
        ("2026-10-10T10:00", False),
    ],
    ids=["morning", "before", "evening", "night", "sunday", "holiday", "shifted workday"],
)
def test_nights_rest_days_and_holidays_are_special(moment: str, special: bool) -> None:
    assert levels.is_special_time(at(moment)) is special


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("base", "start", "end", "day_only", "level"),
    [
        ("second", "2026-11-23T09:00", "2026-11-23T17:00", False, "second"),
        ("second", "2026-11-23T16:00", "2026-11-23T20:00", False, "second"),
        ("second", "2026-11-23T16:00", "2026-11-23T20:01", False, "first"),
        ("first", "2026-11-22T09:00", "2026-11-22T12:00", False, "special"),
        ("special", "2026-11-22T09:00", "2026-11-22T12:00", False, "special"),
        ("second", "2026-11-23T09:00", "2026-11-26T09:00", True, "second"),
    ],
)
def test_hot_work_is_one_level_higher_where_it_may_fall_into_a_special_time(
    base: str, start: str, end: str, day_only: bool, level: str
) -> None:
    kind = standard.work_type("hot_work", DAY)
    assert levels.level_for(kind, base, at(start), at(end), day_only=day_only) == level


@pytest.mark.django_db
def test_other_work_is_not_upgraded() -> None:
    kind = standard.work_type("height", DAY)
    assert levels.level_for(kind, "first", at("2026-11-22T01:00"), at("2026-11-22T02:00"), day_only=False) == "first"


@pytest.mark.parametrize(
    ("species", "value", "unit", "rich", "passed"),
    [
        ("oxygen", 19.5, "%VOL", False, True),
        ("oxygen", 19.49, "%VOL", False, False),
        ("oxygen", 21.0, "%VOL", False, True),
        ("oxygen", 21.1, "%VOL", False, False),
        ("oxygen", 23.5, "%VOL", True, True),
        ("oxygen", 23.6, "%VOL", True, False),
        ("methane", 0.5, "%VOL", False, True),
        ("methane", 0.51, "%VOL", False, False),
        ("methane", 10.0, "%LEL", False, True),
        ("methane", 10.1, "%LEL", False, False),
        ("hydrogen", 0.5, "%VOL", False, True),
        ("propane", 0.2, "%VOL", False, True),
        ("propane", 0.21, "%VOL", False, False),
        ("hydrogen_sulfide", 10, "mg/m³", False, True),
        ("hydrogen_sulfide", 10.1, "mg/m³", False, False),
        ("hydrogen_sulfide", 7.1, "ppm", False, True),
        ("hydrogen_sulfide", 7.2, "ppm", False, False),
        ("carbon_monoxide", 20.1, "mg/m³", False, False),
    ],
)
def test_gas_passes_on_one_side_of_the_limit(species: str, value: float, unit: str, rich: bool, passed: bool) -> None:
    measured = gas.Measured("middle", standard.gas(species), value, unit)
    assert gas.judge(measured, standard.criteria(DAY), rich=rich).passed is passed


def test_a_test_is_complete_when_every_group_is_measured_at_every_height_and_heights_suffice() -> None:
    oxygen = [gas.Measured(height, standard.gas("oxygen"), 20.9, "%VOL") for height in gas.HEIGHTS]
    assert gas.missing([], ["oxygen"], 1)
    assert gas.missing(oxygen[:1], ["oxygen"], 1) == ""
    assert "至少 3 个高度" in gas.missing(oxygen[:2], ["oxygen"], 3)
    assert gas.missing(oxygen, ["oxygen"], 3) == ""
    assert "上部缺少可燃气体" in gas.missing(oxygen, ["oxygen", "combustible"], 3)
