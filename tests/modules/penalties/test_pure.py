"""The arithmetic of penalties: bands, the lighter law, late fees, ceilings, the statute, standing clocks."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings, strategies as st

import bianwang
from bianwang.modules.penalties.discretion import Circumstance, Proposal, Range, assess, lighter, step_of
from bianwang.modules.penalties.late_fee import Part, late_fee, outstanding
from bianwang.modules.penalties.pack import bands_on, ceiling, circumstances_on, conduct, first_offence, parse, statute
from bianwang.modules.penalties.spans import Span, last_day
from bianwang.modules.penalties.statute import is_barred, last_day_to_find
from bianwang.modules.penalties.summary import why_not_on_the_spot

FILE = Path(bianwang.__file__).parent / "districts" / "bishan" / "penalties.yaml"
TODAY = date(2026, 6, 1)
BANDS = bands_on(TODAY)
NOW = {row.code: row for row in circumstances_on(TODAY)}
OVERDUE = Range("unit", True, Decimal(50000), Decimal(200000), "逾期未改正")
FIRST = Range("unit", False, Decimal(0), Decimal(100000), "限期改正")
few = settings(max_examples=30, deadline=None)


def band(step: int, *codes: str, range_: Range = OVERDUE, listed: bool = False) -> tuple[str, Decimal, Decimal]:
    found = assess(range_, BANDS, step, [NOW[code] for code in codes], first_listed=listed)
    return found.code, found.low, found.high


@pytest.mark.parametrize(
    ("step", "codes", "expected"),
    [
        (0, (), ("light", 50000, 95000)),
        (1, (), ("normal", 95000, 155000)),
        (2, (), ("heavy", 155000, 200000)),
        (1, ("cooperative",), ("light", 50000, 95000)),
        (1, ("repeated",), ("heavy", 155000, 200000)),
        (2, ("repeated",), ("heavy", 155000, 200000)),
        (1, ("repeated", "relieved"), ("normal", 95000, 155000)),
        (0, ("cooperative",), ("light", 50000, 95000)),
        (0, ("relieved",), ("reduced", 0, Decimal("49999.99"))),
        (2, ("minor_corrected",), ("none", 0, 0)),
        (2, ("no_fault",), ("none", 0, 0)),
    ],
)
def test_the_band_follows_from_degree_and_circumstances(step: int, codes: tuple[str, ...], expected: Any) -> None:
    assert band(step, *codes) == expected


def test_a_first_offence_goes_unpunished_only_when_it_is_listed() -> None:
    assert band(0, "first_minor", range_=FIRST, listed=True)[0] == "none"
    assert band(0, "first_minor", range_=FIRST)[0] == "light"
    assert first_offence("training", date(2021, 7, 14)) is None
    assert first_offence("training", date(2021, 7, 15)) is not None
    assert first_offence("dangerous_work", TODAY) is None


def test_circumstances_that_exclude_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="不能同时成立"):
        band(0, "minor_corrected", "repeated")


@few
@given(
    st.integers(0, 2),
    st.lists(st.sampled_from(sorted(NOW)), unique=True, max_size=5),
    st.booleans(),
    st.integers(0, 9),
    st.integers(1, 9),
)
def test_the_fine_stays_within_the_law_and_circumstances_pull_their_way(
    step: int, codes: list[str], listed: bool, low: int, more: int
) -> None:
    range_ = Range("unit", False, Decimal(low * 10000), Decimal((low + more) * 10000), "")

    def judged(found: list[Circumstance]) -> Proposal | None:
        try:
            return assess(range_, BANDS, step, found, first_listed=listed)
        except ValueError:
            return None

    found = judged([NOW[code] for code in codes])
    if found is None:
        return
    assert found.low <= found.high <= range_.high
    assert found.code in {"none", "reduced"} or range_.low <= found.low
    assert len(found.reasons) >= len(codes)
    for row in NOW.values():
        more_of_it = None if row.code in codes else judged([*(NOW[code] for code in codes), row])
        if more_of_it is not None:
            higher = more_of_it.weight > found.weight
            assert not higher if row.effect != "heavier" else more_of_it.weight >= found.weight


@pytest.mark.parametrize(
    ("code", "respondent", "overdue", "expected"),
    [
        ("training", "unit", True, "old"),  # 2021 doubled the fine
        ("training", "unit", False, "old"),
        ("hazard_unremoved", "unit", True, "new"),  # 2021: 5–20 instead of 10–50万
        ("hazard_unremoved", "person", True, "old"),
        ("warning_signs", "unit", True, "old"),  # the same: the law of its day
    ],
)
def test_old_law_unless_the_new_one_is_lighter(code: str, respondent: str, overdue: bool, expected: str) -> None:
    old, new = (row.range_for(respondent, overdue=overdue) for row in conduct(code).versions)
    assert old
    assert new
    first, second = (assess(row, BANDS, 1, [], first_listed=False) for row in (old, new))
    assert lighter(first, second) == expected


def test_the_harder_kind_of_penalty_weighs_more_than_the_fine() -> None:
    fine = Proposal("normal", "", Decimal(0), Decimal(200000), (), ())
    stop = Proposal("normal", "", Decimal(0), Decimal(50000), (), ("suspend",))
    nothing = Proposal("none", "", Decimal(0), Decimal(0), (), ())
    assert (lighter(stop, fine), lighter(fine, stop), lighter(fine, nothing), lighter(nothing, fine)) == (
        "new", "old", "new", "old",
    )  # fmt: skip


def test_steps_begin_at_their_threshold() -> None:
    assert [step_of(Decimal(n), conduct("training").measure.steps) for n in (2, 3, 9, 10)] == [0, 1, 1, 2]


DUE = date(2026, 3, 10)
RATE = Decimal("0.03")


@pytest.mark.parametrize(
    ("days", "expected"), [(0, "0.00"), (1, "30.00"), (2, "60.00"), (33, "990.00"), (34, "1000.00"), (400, "1000.00")]
)
def test_three_per_cent_a_day_from_the_day_after_the_last_and_never_above_the_fine(days: int, expected: str) -> None:
    assert late_fee([Part(DUE, Decimal(1000))], [], RATE, DUE + timedelta(days=days)) == Decimal(expected)


def test_it_stops_with_payment_and_stands_during_review() -> None:
    whole = [Part(DUE, Decimal(1000))]
    paid = [Part(DUE + timedelta(days=2), Decimal(1000))]
    assert late_fee(whole, paid, RATE, DUE + timedelta(days=30)) == Decimal("60.00")
    half = [Part(DUE + timedelta(days=1), Decimal(500))]
    assert late_fee(whole, half, RATE, DUE + timedelta(days=3)) == Decimal("60.00")  # 30 + 15 + 15
    review = [Span(DUE + timedelta(days=2), DUE + timedelta(days=4))]
    assert late_fee(whole, [], RATE, DUE + timedelta(days=5), review) == Decimal("60.00")
    assert late_fee(whole, [], RATE, DUE + timedelta(days=90), [Span(DUE + timedelta(days=2), None)]) == 30


def test_an_instalment_is_late_only_after_its_own_day() -> None:
    parts = [Part(DUE, Decimal(400)), Part(DUE + timedelta(days=30), Decimal(600))]
    paid = [Part(DUE, Decimal(400))]
    assert late_fee(parts, paid, RATE, DUE + timedelta(days=30)) == 0
    assert late_fee(parts, paid, RATE, DUE + timedelta(days=31)) == 18


amounts = st.decimals(min_value=Decimal("0.01"), max_value=Decimal(500000), places=2)


@few
@given(amounts, st.lists(st.tuples(st.integers(-20, 200), amounts), max_size=4), st.integers(-5, 300))
def test_the_late_fee_never_exceeds_the_fine_never_falls_and_payment_never_raises_it(
    fine: Decimal, paid: list[tuple[int, Decimal]], days: int
) -> None:
    schedule, on = [Part(DUE, fine)], DUE + timedelta(days=days)
    payments = [Part(DUE + timedelta(days=n), amount) for n, amount in paid]
    found = late_fee(schedule, payments, RATE, on)
    assert 0 <= found <= fine
    assert found <= late_fee(schedule, payments, RATE, on + timedelta(days=1))
    assert found <= late_fee(schedule, payments[1:], RATE, on)
    assert outstanding(schedule, payments, on) >= 0


@pytest.mark.parametrize(
    ("kinds", "amount", "top", "allowed"),
    [
        ({"fine"}, "200", "200", True),
        ({"fine"}, "200.01", "200", False),
        ({"fine"}, "3000", "3000", True),
        ({"fine"}, "3000.01", "3000", False),
        ({"warning"}, "0", "200", True),
        ({"warning", "fine"}, "100", "200", True),
        ({"warning", "suspend"}, "0", "3000", False),
        ({"warning"}, "100", "3000", False),
        ({"fine"}, "0", "3000", False),
        (set(), "0", "3000", False),
    ],
)
def test_on_the_spot(kinds: set[str], amount: str, top: str, allowed: bool) -> None:
    assert (why_not_on_the_spot(kinds, Decimal(amount), Decimal(top)) is None) is allowed


def test_the_old_ceilings_on_the_spot_are_dead_since_2021_07_15() -> None:
    found = {
        day: [ceiling("summary", who, day).value for who in ("person", "unit")]
        for day in (date(2021, 7, 14), date(2021, 7, 15))
    }
    assert found == {date(2021, 7, 14): [50, 1000], date(2021, 7, 15): [200, 3000]}


@pytest.mark.parametrize(
    ("end", "years", "last"),
    [
        (date(2024, 3, 1), 2, date(2026, 3, 1)),
        (date(2024, 2, 29), 2, date(2026, 2, 28)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (None, 2, None),
    ],
)
def test_the_statute_runs_from_the_end_of_the_conduct(end: date | None, years: int, last: date | None) -> None:
    assert last_day_to_find(end, years) == last
    if last:
        assert not is_barred(end, last, years)
        assert is_barred(end, last + timedelta(days=1), years)


def test_five_years_for_life_and_health_only_since_the_new_law() -> None:
    old, new = statute(date(2021, 7, 14)), statute(date(2021, 7, 15))
    assert [(row.years, row.life_years) for row in (old, new)] == [(2, 2), (2, 5)]


@few
@given(st.integers(1, 120), st.lists(st.tuples(st.integers(-10, 150), st.integers(0, 40)), max_size=4))
def test_days_that_stand_still_do_not_count(days: int, gaps: list[tuple[int, int]]) -> None:
    start = date(2026, 3, 1)
    spans = [Span(start + timedelta(days=n), start + timedelta(days=n + length)) for n, length in gaps]
    last = last_day(start, days, spans)
    assert last is not None
    still = {
        span.first + timedelta(days=n) for span, (_, length) in zip(spans, gaps, strict=True) for n in range(length + 1)
    }
    counted = [day for n in range(1, (last - start).days + 1) if (day := start + timedelta(days=n)) not in still]
    assert len(counted) == days
    assert counted[-1] == last


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: data["conducts"].append(data["conducts"][0]), "不能重复"),
        (lambda data: data["conducts"][0]["versions"][0].update(valid_to="2022-01-01"), "重叠"),
        (lambda data: data["conducts"][0]["versions"][0]["ranges"][0].update(low="90000"), "罚款幅度"),
        (lambda data: data["conducts"][0]["versions"][0]["ranges"][0].update(kinds=["jail"]), "不认识"),
        (lambda data: data["conducts"][0]["measure"].update(steps=["9", "3"]), "从小到大"),
        (lambda data: data["first_offences"][0].update(conduct="nothing"), "没有定义"),
        (lambda data: data["bands"][1].update(start="0.4"), "连续"),
        (lambda data: data["ceilings"][0].pop("value"), "不合格式"),
        (lambda data: data["late_fees"][0].pop("valid_to"), "重叠"),
    ],
)
def test_a_wrong_pack_is_refused_in_one_sentence(change: Any, words: str) -> None:
    data = yaml.safe_load(FILE.read_text("utf-8"))
    parse(data)
    change(data)
    with pytest.raises(ValueError, match=words):
        parse(data)
