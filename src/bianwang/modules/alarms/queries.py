"""Reads of alarms for others, and what the judge must know of a binding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson
from django.db.models import Count, Q

from bianwang.modules.alarms.models import Alarm, Severity
from bianwang.modules.rules.models import Binding, RuleLevel
from bianwang.platform.clock import now_ms
from bianwang.platform.places.models import Party


@dataclass(frozen=True, slots=True)
class BindingFacts:
    """A binding as alarms need it: who answers, what it is called, how bad each level is, and the evidence."""

    binding: int
    owner: int
    owner_is_enterprise: bool
    signal: int
    version: int
    rule: int
    title: str
    severities: tuple[int, ...]
    schedule: tuple[dict[str, str], ...]
    evidence: dict[str, Any]
    limits: tuple[dict[str, Any], ...]


def binding_facts(bindings: Iterable[int] | None = None) -> dict[int, BindingFacts]:
    """Facts of the given bindings, or of all that are in force; two queries."""
    rows = Binding.objects.select_related("version__rule", "signal", "owner")
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
    return BindingFacts(
        binding=row.pk,
        owner=row.owner_id,
        owner_is_enterprise=row.owner.party_kind == Party.Kind.ENTERPRISE,
        signal=row.signal_id,
        version=row.version_id,
        rule=version.rule_id,
        title=f"{version.rule.name} · {signal.title}"[:200],
        severities=tuple(Severity[level.severity.upper()] for level in levels),
        schedule=tuple(orjson.loads(version.schedule)),
        evidence={
            "rule": version.rule.name,
            "version": version.number,
            "parameters": orjson.loads(version.parameters),
            "basis": f"{version.source}{version.article}",
            "unit": signal.unit,
            "baseline": row.baseline,
            "span": row.span,
        },
        limits=tuple(_limit(row, level) for level in levels),
    )


def _limit(row: Binding, level: RuleLevel) -> dict[str, Any]:
    """A level's condition in the signal's unit (see `Binding`)."""
    offset = row.baseline if level.kind == RuleLevel.Kind.THRESHOLD else 0.0
    in_unit = level.kind != RuleLevel.Kind.SILENCE

    def scaled(limit: float | None) -> float | None:
        return None if limit is None or not in_unit else offset + row.span * limit

    return {
        "severity": level.severity,
        "kind": level.get_kind_display(),
        "op": level.get_op_display(),
        "limit": scaled(level.limit),
        "limit_high": scaled(level.limit_high),
        "window_ms": level.window_ms + (0 if in_unit else round(row.baseline)),
        "hold_ms": level.hold_ms,
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
        FalseRate(
            r["rule_version__rule"], r["rule_version__rule__name"], r["raised"], r["decided"], r["false"]
        )
        for r in rows
    ]
    return sorted(rates, key=lambda rate: (-(rate.rate or 0), -rate.raised))
