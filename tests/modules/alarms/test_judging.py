"""From verdict changes to alarms."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from bianwang.modules.alarms.models import Alarm, Episode, JudgeState, Severity
from bianwang.modules.alarms.queries import binding_facts
from bianwang.modules.alarms.services import apply_changes, apply_late, end_for_rule_change, open_windows
from bianwang.platform.clock import to_ms
from bianwang.platform.ledger.models import Entry
from bianwang.platform.todo.models import Todo
from tests.modules.alarms.plant import BEGAN, ENDED, INTERRUPTED, RESUMED, Row, bound, changes, judge, raised
from tests.people import World

pytestmark = pytest.mark.django_db

T0 = 1_790_000_000_000


def only_alarm() -> Alarm:
    return Alarm.objects.get()


def verbs() -> list[str]:
    return list(Entry.objects.filter(object_type="alarms.alarm").order_by("id").values_list("verb", flat=True))


def test_several_levels_of_one_binding_are_one_alarm_that_follows_the_worst(world: World) -> None:
    gas = bound(world.plant)
    judge(gas, (0, T0, BEGAN), (1, T0 + 1000, BEGAN), (2, T0 + 2000, BEGAN))
    alarm = only_alarm()
    assert (alarm.severity, alarm.peak, alarm.started_ms) == (Severity.RED, Severity.RED, T0)
    judge(gas, (2, T0 + 3000, ENDED), (1, T0 + 4000, ENDED))
    alarm.refresh_from_db()
    assert (alarm.severity, alarm.peak, alarm.is_active) == (Severity.YELLOW, Severity.RED, True)
    judge(gas, (0, T0 + 5000, ENDED))
    alarm.refresh_from_db()
    assert (alarm.is_active, alarm.ended_ms, alarm.end_reason) == (False, T0 + 5000, "ended")
    assert alarm.is_open, "ended, but nobody has acknowledged it"
    assert verbs() == ["alarms.raise", *["alarms.severity"] * 4, "alarms.end"]


def test_an_alarm_carries_its_evidence(world: World) -> None:
    gas = bound(world.plant)
    judge(gas, (1, T0, BEGAN))
    evidence = only_alarm().facts
    assert evidence["rule"] == "可燃气体浓度超限"
    assert (evidence["version"], evidence["limit"], evidence["unit"]) == (1, 50.0, "%LEL")
    assert (evidence["value"], evidence["margin"]) == (31.5, 6.5)
    assert [level["limit"] for level in evidence["limits"]] == [25.0, 50.0, 75.0]


def test_changes_that_come_again_change_nothing(world: World) -> None:
    gas = bound(world.plant)
    rows: tuple[Row, ...] = ((0, T0, BEGAN), (1, T0 + 5, BEGAN), (1, T0 + 9, ENDED), (0, T0 + 9, ENDED))
    judge(gas, *rows, seq=7)
    before = (list(Alarm.objects.values()), verbs())
    judge(gas, *rows, seq=7)
    judge(gas, *rows[:2], seq=5)
    assert (list(Alarm.objects.values()), verbs()) == before
    assert JudgeState.objects.get().judged_seq == 7, "an older snapshot does not move it back"


def test_a_new_episode_is_a_new_alarm_and_counts_the_repetition(world: World) -> None:
    gas = bound(world.plant)
    judge(gas, (0, T0, BEGAN), (0, T0 + 10, ENDED), (0, T0 + 20, BEGAN))
    judge(gas, (0, T0 + 30, ENDED), (0, T0 + 90_000_000, BEGAN))
    assert list(Alarm.objects.order_by("started_ms").values_list("repeat", flat=True)) == [1, 2, 1]


def test_silence_keeps_an_alarm_open_as_interrupted_until_it_is_false(world: World) -> None:
    gas = bound(world.plant)
    judge(gas, (0, T0, BEGAN), (1, T0, BEGAN), (0, T0 + 10, INTERRUPTED), (1, T0 + 10, INTERRUPTED))
    alarm = only_alarm()
    assert (alarm.is_active, alarm.is_interrupted) == (True, True)
    judge(gas, (0, T0 + 20, RESUMED))
    alarm.refresh_from_db()
    assert (alarm.is_interrupted, alarm.severity) == (False, Severity.ORANGE)
    judge(gas, (1, T0 + 30, ENDED), (0, T0 + 40, INTERRUPTED))
    alarm.refresh_from_db()
    assert (alarm.is_active, alarm.is_interrupted, alarm.severity) == (True, True, Severity.YELLOW)
    judge(gas, (0, T0 + 50, ENDED))
    alarm.refresh_from_db()
    assert (alarm.is_active, alarm.is_interrupted) == (False, False)
    assert verbs().count("alarms.interrupt") == 2


def test_worse_than_acknowledged_must_be_acknowledged_again(world: World) -> None:
    from bianwang.modules.alarms.services import acknowledge

    gas = bound(world.plant)
    alarm = raised(gas, 0, at=T0)
    acknowledge(alarm, world.who("duty"))
    assert alarm.acknowledged_by == world.who("duty")
    judge(gas, (2, T0 + 100, BEGAN))
    alarm.refresh_from_db()
    assert (alarm.severity, alarm.acknowledged_at) == (Severity.RED, None)
    assert Todo.objects.filter(object_id=alarm.pk, done_at=None).count() == 1
    assert alarm.escalate_at is not None


def test_a_rule_change_ends_the_open_episodes(world: World) -> None:
    gas, pump = bound(world.plant), bound(world.plant, code="pump", signal="压力")
    raised(gas, 0, at=T0)
    raised(pump, 0, at=T0)
    assert end_for_rule_change([gas.pk], T0 + 500) == 1
    assert Alarm.objects.get(binding=gas).end_reason == "rule_change"
    assert Alarm.objects.get(binding=pump).is_active
    judge(gas, (1, T0 + 400, BEGAN))
    judge(gas, (0, T0 + 450, ENDED))
    assert Alarm.objects.filter(binding=gas).count() == 2, "what the old version still says starts anew only by a begin"


def test_outside_the_rules_hours_an_episode_waits_until_they_begin(world: World, time_machine: Any) -> None:
    from datetime import datetime

    from bianwang.platform.clock import SHANGHAI

    schedule = '[{"days":"all","from":"08:00","to":"18:00"}]'
    gas = bound(world.plant, schedule=schedule)
    night = datetime(2026, 11, 23, 7, 0, tzinfo=SHANGHAI)
    judge(gas, (0, to_ms(night), BEGAN))
    assert not Alarm.objects.exists()
    time_machine.move_to(night.replace(hour=7, minute=59), tick=False)
    open_windows()
    assert not Alarm.objects.exists()
    time_machine.move_to(night.replace(hour=8, minute=0), tick=False)
    open_windows()
    open_windows()
    assert only_alarm().started_ms == to_ms(night.replace(hour=8))
    judge(gas, (0, to_ms(night.replace(hour=9)), ENDED))
    assert not only_alarm().is_active
    judge(gas, (0, to_ms(night.replace(hour=19)), BEGAN), (0, to_ms(night.replace(hour=20)), ENDED))
    assert Alarm.objects.count() == 1, "an episode wholly outside is none"


def test_a_flood_of_one_rule_at_one_enterprise_hangs_on_its_first_alarm(world: World) -> None:
    many = [bound(world.plant, signal=f"探头{number}") for number in range(6)]
    elsewhere = bound(world.other, signal="探头")
    facts = binding_facts()
    rows = [(binding, [(0, T0 + number, BEGAN)]) for number, binding in enumerate(many[:5])]
    apply_changes(changes(*rows, (many[5], [(2, T0 + 9, BEGAN)]), (elsewhere, [(0, T0, BEGAN)])), facts, 1)
    root = Alarm.objects.get(binding=many[0])
    assert root.members.count() == 4
    assert Alarm.objects.get(binding=many[5]).root is None, "a red alarm never hides behind a yellow one"
    assert Alarm.objects.get(binding=elsewhere).root is None
    assert Todo.objects.count() == 3
    judge(many[1], (2, T0 + 100, BEGAN))
    assert Alarm.objects.get(binding=many[1]).root is None
    assert Todo.objects.count() == 4


def test_late_episodes_are_marked_and_never_doubled(world: World) -> None:
    gas = bound(world.plant)
    judge(gas, (0, T0 + 1000, BEGAN), (0, T0 + 2000, ENDED))
    rows = [
        (0, T0, BEGAN),
        (2, T0 + 100, BEGAN),
        (2, T0 + 200, ENDED),
        (0, T0 + 300, ENDED),
        (0, T0 + 1500, BEGAN),
        (0, T0 + 1600, ENDED),
        (0, T0 + 5000, BEGAN),
    ]
    found = changes((gas, rows))
    assert apply_late(found, binding_facts([gas.pk])) == 2
    assert apply_late(found, binding_facts([gas.pk])) == 0
    late = Alarm.objects.filter(is_late=True).order_by("started_ms")
    assert [(a.started_ms, a.peak, a.end_reason, a.is_active) for a in late] == [
        (T0, Severity.RED, "ended", False),
        (T0 + 5000, Severity.YELLOW, "late", False),
    ]
    assert all(alarm.escalate_at is None for alarm in late)


def test_changes_of_a_rule_that_is_gone_are_passed_over(world: World) -> None:
    apply_changes(changes((999_999, [(0, T0, BEGAN)])), {}, 3)
    assert not Alarm.objects.exists()
    assert JudgeState.objects.get().judged_seq == 3


@st.composite
def histories(draw: st.DrawFn) -> list[list[Row]]:
    """What two bindings of three levels may go through: each level's changes legal and strictly ordered."""
    found = []
    for _ in range(2):
        rows: list[Row] = []
        for level in range(3):
            state, at = "closed", T0 + draw(st.integers(0, 3))
            for _ in range(draw(st.integers(0, 6))):
                legal = {
                    "closed": [BEGAN],
                    "open": [ENDED, INTERRUPTED],
                    "interrupted": [ENDED, RESUMED],
                }[state]
                kind = draw(st.sampled_from(legal))
                rows.append((level, at, kind))
                state = {BEGAN: "open", RESUMED: "open", ENDED: "closed", INTERRUPTED: "interrupted"}[kind]
                at += draw(st.integers(1, 4))
        found.append(sorted(rows, key=lambda row: (row[1], row[0])))
    return found


def snapshot() -> list[tuple[Any, ...]]:
    """What matters of all alarms and of the ledger about them."""
    alarms = Alarm.objects.order_by("binding", "started_ms").values_list(
        "binding", "started_ms", "ended_ms", "severity", "peak", "is_active", "is_interrupted", "repeat", "end_reason"
    )
    told = Entry.objects.order_by("object_id", "id").values_list("verb", "changes", "reason")
    return [*alarms, *sorted(told)]


def forget() -> None:
    """Back to a world without alarms."""
    Episode.objects.all().delete()
    Alarm.objects.update(root=None)
    Alarm.objects.all().delete()
    Todo.objects.all().delete()
    Entry.objects.all()._raw_delete(Entry.objects.db)


@settings(max_examples=30, deadline=None)
@given(history=histories(), data=st.data())
def test_any_cut_and_any_repetition_gives_the_same_alarms(history: list[list[Row]], data: st.DataObject) -> None:
    from tests.people import build_world

    plant = _plant(build_world)
    bindings, facts = plant
    stream = sorted(
        ((binding, row) for binding, rows in zip(bindings, history, strict=True) for row in rows),
        key=lambda pair: (pair[1][1], pair[0].pk, pair[1][0]),
    )
    forget()
    apply_changes(changes(*((binding, [row]) for binding, row in stream)), facts, len(stream))
    whole = snapshot()
    forget()
    position = 0
    while position < len(stream):
        end = data.draw(st.integers(position + 1, len(stream)))
        start = data.draw(st.integers(0, position))
        piece = changes(*((binding, [row]) for binding, row in stream[start:end]))
        apply_changes(piece, facts, end)
        position = end
    assert snapshot() == whole
    assert Episode.objects.filter(is_open=True).count() == Alarm.objects.filter(is_active=True).count()


_made: dict[str, Any] = {}


def _plant(build: Any) -> Any:
    """The world is built once for all examples of a run; hypothesis keeps one transaction around them."""
    from bianwang.modules.rules.models import Binding

    if not Binding.objects.exists():
        world = build()
        bindings = [bound(world.plant, signal=f"探头{number}") for number in range(2)]
        _made["plant"] = (bindings, binding_facts([binding.pk for binding in bindings]))
    return _made["plant"]
