"""Reads of alarms for others, and what the judge must know of a binding."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db.models import Count, Q

from bianwang.engine.table import Instance
from bianwang.modules.alarms.episodes import load
from bianwang.modules.alarms.models import Alarm, Episode, JudgeState, Severity
from bianwang.modules.rules import schedule
from bianwang.modules.rules.binding import bound, instances, text_of
from bianwang.modules.rules.episodes import LEVELS
from bianwang.modules.rules.limits import limits
from bianwang.modules.rules.models import Binding, RuleLevel
from bianwang.modules.rules.schedule import Window
from bianwang.platform.clock import now_ms
from bianwang.platform.places.models import Party


@dataclass(frozen=True, slots=True)
class BindingFacts:
    """A binding as alarms need it: who answers, its name, how bad each level is, and the evidence."""

    binding: int
    owner: int
    first: int
    """The level (`Alarm.Level`) that answers first."""
    signal: int
    others: dict[int, str]
    """Further signals that a formula looks at, with their names."""
    version: int
    rule: int
    title: str
    severities: tuple[int, ...]
    schedule: tuple[Window, ...]
    notice: int
    """The level (`Alarm.Level`) up to which everybody is told at once."""
    evidence: dict[str, Any]
    limits: tuple[dict[str, Any], ...]


def binding_facts(bindings: Iterable[int] | None = None) -> dict[int, BindingFacts]:
    """Facts of the given bindings, or of all that are in force; three queries."""
    rows = Binding.objects.select_related("version__rule", "signal__device", "owner", "place")
    rows = rows.prefetch_related("roles__signal__device")
    rows = rows.filter(ended_at__isnull=True) if bindings is None else rows.filter(pk__in=list(bindings))
    found = list(rows)
    levels: dict[int, list[RuleLevel]] = {}
    for level in RuleLevel.objects.filter(version__in={row.version_id for row in found}).order_by(
        "version_id", "index"
    ):
        levels.setdefault(level.version_id, []).append(level)
    return {row.pk: _facts(row, levels.get(row.version_id, [])) for row in found}


def _facts(row: Binding, levels: list[RuleLevel]) -> BindingFacts:
    version, signal = row.version, row.signal
    roles = {each.role: each.signal for each in row.roles.all()} if row.place_id else {}
    return BindingFacts(
        binding=row.pk,
        owner=row.owner_id,
        first=Alarm.Level.ENTERPRISE if row.owner.party_kind == Party.Kind.ENTERPRISE else Alarm.Level.TOWN,
        signal=row.signal_id,
        others={each.pk: each.title for each in roles.values() if each.pk != row.signal_id},
        version=row.version_id,
        rule=version.rule_id,
        title=f"{version.rule.name} · {row.subject}"[:200],
        severities=tuple(Severity[level.severity.upper()] for level in levels),
        schedule=tuple(schedule.read(version.schedule)),
        notice=version.notice,
        evidence={
            "rule": version.rule.name,
            "version": version.number,
            "parameters": orjson.loads(version.parameters),
            "basis": f"{version.source}{version.article}",
            "unit": signal.unit,
            "baseline": row.baseline,
            "span": row.span,
            "signals": {role: each.pk for role, each in roles.items()},
        },
        limits=tuple(
            _limit(level, made, row.signal_id)
            for level, made in zip(levels, instances(bound(row), text_of(version, levels)), strict=True)
        ),
    )


def _limit(level: RuleLevel, instance: Instance, signal: int) -> dict[str, Any]:
    """A level's condition: the formula, what its parameters are, and the limits of the binding's first signal."""
    own = [each for each in limits(instance) if instance.signals[each.signal] == signal]
    return {
        "severity": level.severity,
        "kind": level.get_kind_display(),
        "formula": instance.program.text,
        "values": dict(zip(instance.program.parameters, instance.parameters, strict=True)),
        "limit": own[0].value if own else None,
        "lines": [each.value for each in own if not each.prefix],
        "hold_ms": instance.hold_ms,
    }


@dataclass(frozen=True, slots=True)
class FalseRate:
    """How often a rule was wrong, among its alarms that somebody could decide on."""

    rule: int
    name: str
    raised: int
    decided: int
    false: int

    @property
    def rate(self) -> float | None:
        """Share of false alarms, None while nothing was decided."""
        return self.false / self.decided if self.decided else None

    @property
    def percent(self) -> float | None:
        """The rate in per cent."""
        return None if self.rate is None else self.rate * 100


def false_rates(days: int = 90) -> list[FalseRate]:
    """False-alarm rate of each rule over the last days, worst first."""
    since = now_ms() - days * 86_400_000
    rows = (
        Alarm.objects.filter(started_ms__gte=since)
        .order_by()
        .values("rule_version__rule", "rule_version__rule__name")
        .annotate(
            raised=Count("pk"),
            decided=Count("pk", filter=Q(verdict__in=[Alarm.Verdict.GENUINE, Alarm.Verdict.FALSE])),
            false=Count("pk", filter=Q(verdict=Alarm.Verdict.FALSE)),
        )
    )
    rates = [
        FalseRate(r["rule_version__rule"], r["rule_version__rule__name"], r["raised"], r["decided"], r["false"])
        for r in rows
    ]
    return sorted(rates, key=lambda rate: (-(rate.rate or 0), -rate.raised))


def open_levels() -> tuple[set[int], set[int]]:
    """Engine keys of the levels that are open: with fresh evidence, and interrupted."""
    certain: set[int] = set()
    interrupted: set[int] = set()
    for binding, text in Episode.objects.filter(is_open=True).values_list("binding", "levels"):
        for index, level in load(text).levels.items():
            if level.is_open:
                (interrupted if level.is_interrupted else certain).add(binding * LEVELS + index)
    return certain, interrupted


@dataclass(frozen=True, slots=True)
class Seen:
    """An alarm, when it began (ms), and those of the asked signals that it was judged by."""

    alarm: int
    started_ms: int
    signals: frozenset[int]


def raised_by(signals: Collection[int], from_ms: int, until_ms: int) -> list[Seen]:
    """Alarms that began in a span and whose rule looks at any of the signals; two queries."""
    rows = Alarm.objects.filter(started_ms__gte=from_ms, started_ms__lt=until_ms).prefetch_related("binding__roles")
    found = []
    for row in rows:
        judged = {row.signal_id, *(role.signal_id for role in row.binding.roles.all())}
        if judged := judged.intersection(signals):
            found.append(Seen(row.pk, row.started_ms, frozenset(judged)))
    return found


def judged_seq() -> int:
    """Up to which reading the judge's findings have been applied; 0 before the first."""
    return JudgeState.objects.filter(pk=1).values_list("judged_seq", flat=True).first() or 0


def judge_alive_at() -> datetime | None:
    """When a judge on a cluster last finished a batch; None before the first."""
    return JudgeState.objects.filter(pk=1).values_list("alive_at", flat=True).first()
