"""What the judge found becomes alarms: in pieces, in short transactions, and only once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

import orjson
from django.db import transaction

from bianwang.engine.changes import Changes
from bianwang.engine.semantics import ChangeKind
from bianwang.modules.alarms.episodes import Change, Effect, Standing, What, by_binding, in_order, load
from bianwang.modules.alarms.models import Alarm, Episode, JudgeState, Severity, page_of
from bianwang.modules.alarms.queries import BindingFacts
from bianwang.modules.alarms.services.batch import Batch
from bianwang.modules.rules.hours import is_within
from bianwang.platform.calendar.queries import is_working_day
from bianwang.platform.clock import SHANGHAI, from_ms, now
from bianwang.platform.ledger.context import acting

PIECE = 50
"""Bindings in one transaction: with 50 new alarms well below the 200 ms that a write may take."""

Moment = tuple[int, int]
"""A signal and a time in ms."""
Samples = Sequence[Sequence[float]]
"""Rows [time ms, value, quality]."""

DAY_MS = 86_400_000


@dataclass(frozen=True)
class Context:
    """What the judge knows beside the changes, kept as evidence.

    `clock`: earliest and latest moment (ms) at which the readings of this batch were received; `inputs`: gives
    the samples around some moments, none by default. It is asked once a piece, before the transaction begins.
    `states`: by binding, what a formula without bound remembered shortly before (an engine snapshot).
    """

    clock: tuple[int, int] | None = None
    calendar: str = ""
    inputs: Callable[[Collection[Moment]], Mapping[Moment, Samples]] | None = None
    samples: Mapping[Moment, Samples] = field(default_factory=dict)
    states: Mapping[int, bytes] = field(default_factory=dict)
    is_working: Callable[[date], bool] = field(default_factory=lambda: lru_cache(is_working_day))


def apply_changes(
    changes: Changes,
    facts: Mapping[int, BindingFacts],
    judged_seq: int,
    context: Context | None = None,
) -> None:
    """Turn verdict changes into alarms and move `judged_seq` on.

    `facts` has every binding that occurs (`queries.binding_facts`); changes of others, whose rule is gone,
    are passed over. Changes that were applied before have no effect, so after a crash the judge may start
    from any older snapshot. `judged_seq` moves in the transaction of the last piece, and never back.
    """
    surroundings = context or Context()
    page_of(0)
    grouped = {binding: rows for binding, rows in by_binding(in_order(changes)).items() if binding in facts}
    pieces = _pieces(sorted(grouped)) or [[]]
    with acting(None, "本机", name="研判"):
        for number, piece in enumerate(pieces, 1):
            rows = {binding: grouped[binding] for binding in piece}
            known = _with_samples(surroundings, rows, facts)
            with transaction.atomic():
                _apply(rows, facts, known)
                if number == len(pieces):
                    _advance(judged_seq)


def apply_late(changes: Changes, facts: Mapping[int, BindingFacts], context: Context | None = None) -> int:
    """Alarms (补判) of a separate pass over late readings; returns how many.

    The pass starts from nothing and covers whole episodes. One that overlaps an alarm of the same binding is
    known already; one without an end is closed as 补判截止, for the present is the live judge's business.
    """
    surroundings = context or Context()
    grouped = {binding: rows for binding, rows in by_binding(in_order(changes)).items() if binding in facts}
    made = 0
    with acting(None, "本机", name="补判"):
        for piece in _pieces(sorted(grouped)):
            known = _with_samples(surroundings, {binding: grouped[binding] for binding in piece}, facts)
            with transaction.atomic():
                batch = Batch(_known_alarms(piece))
                for binding in piece:
                    made += _replay(grouped[binding], facts[binding], known, batch)
                batch.write()
    return made


def end_for_rule_change(bindings: Iterable[int], at_ms: int) -> int:
    """End the open episodes of bindings whose rule changed at a moment; returns how many alarms ended."""
    ended = 0
    with acting(None, "本机", name="研判"):
        for piece in _pieces(sorted(bindings)):
            with transaction.atomic():
                batch = Batch()
                episodes = list(Episode.objects.select_for_update().filter(binding__in=piece, is_open=True))
                alarms = _locked_alarms(episodes)
                for episode in episodes:
                    standing = load(episode.levels)
                    standing.close(at_ms)
                    episode.levels, episode.is_open = standing.dump(), False
                    batch.keep(episode, is_new=False)
                    alarm = alarms.get(episode.alarm_id)
                    if alarm is not None:
                        _end(alarm, at_ms, Alarm.EndReason.RULE_CHANGE, batch)
                        ended += 1
                batch.write()
    return ended


def note_alive() -> None:
    """A judge on a cluster has finished a batch. Presence: no ledger."""
    JudgeState.objects.update_or_create(pk=1, defaults={"alive_at": now()})


def raise_waiting(episode: Episode, facts: BindingFacts, at_ms: int, batch: Batch) -> None:
    """Make an alarm of an episode that began outside its rule's hours and still lasts now."""
    standing = load(episode.levels)
    episode.alarm = _begin(standing.worst, at_ms, None, facts, Context(), batch)
    batch.keep(episode, is_new=False)


def _pieces(bindings: list[int]) -> list[list[int]]:
    return [bindings[start : start + PIECE] for start in range(0, len(bindings), PIECE)]


def _with_samples(context: Context, grouped: Mapping[int, list[Change]], facts: Mapping[int, BindingFacts]) -> Context:
    """The context with the samples around every moment at which an alarm may begin."""
    if context.inputs is None:
        return context
    moments = {
        (signal, change.time)
        for binding, rows in grouped.items()
        for change in rows
        if change.kind is ChangeKind.BEGAN
        for signal in (facts[binding].signal, *facts[binding].others)
    }
    return replace(context, samples=context.inputs(moments)) if moments else context


def _advance(judged_seq: int) -> None:
    state, _ = JudgeState.objects.select_for_update().get_or_create(pk=1)
    if judged_seq > state.judged_seq:
        JudgeState.objects.filter(pk=1).update(judged_seq=judged_seq)


def _apply(grouped: Mapping[int, list[Change]], facts: Mapping[int, BindingFacts], context: Context) -> None:
    if not grouped:
        return
    episodes = {row.pk: row for row in Episode.objects.select_for_update().filter(binding__in=grouped)}
    alarms = _locked_alarms(episodes.values())
    batch = Batch(_known_starts(grouped))
    for binding, rows in grouped.items():
        known = episodes.get(binding)
        episode = known or Episode(binding_id=binding)
        if episode.alarm_id:
            episode.alarm = alarms[episode.alarm_id]
        standing = load(episode.levels)
        before = episode.levels
        for change in rows:
            effect = standing.apply(change)
            if effect is not None:
                _react(episode, effect, standing, facts[binding], context, batch)
        episode.levels, episode.is_open = standing.dump(), standing.worst >= 0
        if episode.levels != before:
            batch.keep(episode, is_new=known is None)
    batch.write()


def _locked_alarms(episodes: Iterable[Episode]) -> dict[int | None, Alarm]:
    """The episodes' alarms, locked in one order, with their roots."""
    wanted = [episode.alarm_id for episode in episodes if episode.alarm_id]
    rows = Alarm.objects.select_for_update(of=("self",)).select_related("root").filter(pk__in=wanted).order_by("pk")
    return {row.pk: row for row in rows}


def _known_starts(grouped: Mapping[int, list[Change]]) -> list[Alarm]:
    """Alarms that already stand at one of the times in question: the unique key asked beforehand."""
    times = {change.time for rows in grouped.values() for change in rows}
    return list(Alarm.objects.filter(binding__in=grouped, started_ms__gte=min(times), started_ms__lte=max(times)))


def _known_alarms(bindings: Sequence[int]) -> list[Alarm]:
    return list(Alarm.objects.filter(binding__in=bindings))


def _react(
    episode: Episode, effect: Effect, standing: Standing, facts: BindingFacts, context: Context, batch: Batch
) -> None:
    at = effect.change.time
    if effect.what is What.BEGAN:
        episode.opened_ms = at
        previous = episode.alarm
        wanted = is_within(facts.schedule, at, context.is_working)
        episode.alarm = _begin(effect.after, at, effect.change, facts, context, batch, previous) if wanted else None
        return
    alarm = episode.alarm
    if alarm is None or not alarm.is_active:
        return
    if effect.what is What.ENDED:
        _end(alarm, at, Alarm.EndReason.ENDED, batch)
        return
    _grade(alarm, facts.severities[effect.after], at, facts.first, batch)
    if effect.interrupted != alarm.is_interrupted:
        alarm.is_interrupted = effect.interrupted
        verb = "alarms.interrupt" if effect.interrupted else "alarms.resume"
        batch.note(alarm, verb, {"is_interrupted": (not effect.interrupted, effect.interrupted)}, _at(at))


def _begin(
    level: int,
    at: int,
    change: Change | None,
    facts: BindingFacts,
    context: Context,
    batch: Batch,
    previous: Alarm | None = None,
    *,
    is_late: bool = False,
) -> Alarm:
    known = batch.known.get((facts.version, facts.binding, at))
    if known is not None:
        return known
    severity = facts.severities[level]
    recent = previous is not None and at - previous.started_ms < DAY_MS
    alarm = Alarm(
        owner_id=facts.owner,
        signal_id=facts.signal,
        rule_version_id=facts.version,
        binding_id=facts.binding,
        title=facts.title,
        started_ms=at,
        severity=severity,
        peak=severity,
        is_late=is_late,
        level=max(facts.first, facts.notice),
        repeat=previous.repeat + 1 if previous is not None and recent else 1,
        evidence=_evidence(level, at, change, facts, context),
        created_at=now(),
    )
    batch.add(alarm, facts.rule, facts.first)
    if facts.binding in context.states:
        batch.remember(alarm, context.states[facts.binding])
    batch.note(alarm, "alarms.raise", {"severity": (None, Severity(severity).label)}, _at(at))
    return alarm


def _grade(alarm: Alarm, severity: int, at: int, first: int, batch: Batch) -> None:
    """Severity follows the condition up and down; the worst is remembered."""
    if severity == alarm.severity:
        return
    change = {"severity": (Severity(alarm.severity).label, Severity(severity).label)}
    worse = severity > alarm.peak
    alarm.severity, alarm.peak = severity, max(alarm.peak, severity)
    if worse:
        batch.worsened(alarm, first)
    batch.note(alarm, "alarms.severity", change, _at(at))


def _end(alarm: Alarm, at: int, reason: Alarm.EndReason, batch: Batch) -> None:
    alarm.is_active = alarm.is_interrupted = False
    alarm.ended_ms, alarm.end_reason = max(at, alarm.started_ms), reason
    batch.note(alarm, "alarms.end", {"is_active": (True, False), "end_reason": (None, reason.label)}, _at(at))


def _at(ms: int) -> str:
    """The moment of the data, which may lie before that of the ledger row."""
    return f"数据时间 {from_ms(ms).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _evidence(level: int, at: int, change: Change | None, facts: BindingFacts, context: Context) -> str:
    found: dict[str, Any] = {
        **facts.evidence,
        **facts.limits[level],
        "level": level,
        "limits": facts.limits,
        "value": _number(change),
        "margin": change.margin if change else None,
        "inputs": context.samples.get((facts.signal, at), []),
        "other_inputs": {name: context.samples.get((signal, at), []) for signal, name in facts.others.items()},
        "clock": context.clock,
        "calendar": context.calendar,
    }
    return orjson.dumps(found, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_SORT_KEYS).decode()


def _number(change: Change | None) -> float | None:
    """A value as JSON can keep it: not a number becomes nothing."""
    if change is None or change.value != change.value:
        return None
    return change.value


def _replay(rows: list[Change], facts: BindingFacts, context: Context, batch: Batch) -> int:
    """Whole episodes of one binding in a late pass; returns how many were new."""
    standing, begun, made = Standing(), None, 0
    spans: list[tuple[Change, int, int | None]] = []
    worst = -1
    for change in rows:
        effect = standing.apply(change)
        if effect is None:
            continue
        if effect.what is What.BEGAN:
            begun, worst = change, effect.after
        elif effect.what is What.ENDED and begun is not None:
            spans.append((begun, worst, change.time))
            begun = None
        worst = max(worst, effect.after)
    if begun is not None:
        spans.append((begun, worst, None))
    for begin, level, until in spans:
        overlap = any(batch.overlaps(facts.binding, begin.time, until))
        if overlap or not is_within(facts.schedule, begin.time, context.is_working):
            continue
        alarm = _begin(level, begin.time, begin, facts, context, batch, is_late=True)
        _end(alarm, until or rows[-1].time, Alarm.EndReason.ENDED if until else Alarm.EndReason.LATE, batch)
        made += 1
    return made
