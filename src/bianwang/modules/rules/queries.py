"""What is judged now, for the intake; and who may see which rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import numpy as np
from django.db.models import Q, QuerySet

from bianwang.engine.replay import replay
from bianwang.engine.semantics import GOOD, ChangeKind
from bianwang.engine.table import Instance, compile_table
from bianwang.modules.rules.binding import LEVELS, Bound, instances
from bianwang.modules.rules.commissioning import Baseline, baseline
from bianwang.modules.rules.models import Binding, Rule, RuleLevel, RuleVersion
from bianwang.modules.rules.templates import Template, templates
from bianwang.modules.sensing.models import Signal
from bianwang.modules.sensing.telemetry import client
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now

_BOUND = ("pk", "signal_id", "signal__owner_id", "baseline", "span", "signal__device__period_s")
_PIECE = 200
"""Signals of one telemetry request of a back-test or a commissioning."""


def active_instances(at: datetime | None = None) -> list[Instance]:
    """Every condition that is judged at `at` (now): active versions whose basis is in force on that day,
    bound to signals in use. Two queries however many there are; key = binding x 8 + level."""
    day = (at or now()).astimezone(SHANGHAI).date()
    active = RuleVersion.objects.filter(state=RuleVersion.State.ACTIVE, valid_from__lte=day)
    active = active.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day)).order_by()
    levels: dict[int, list[RuleLevel]] = {}
    for level in RuleLevel.objects.filter(version__in=active).order_by("version_id", "index"):
        levels.setdefault(level.version_id, []).append(level)
    rows = _in_use(Binding.objects.filter(version__in=list(levels), ended_at__isnull=True))
    found: list[Instance] = []
    for version, *values in rows.values_list("version_id", *_BOUND).iterator(chunk_size=5000):
        found += instances(_bound(values), levels[version])
    return found


def version_instances(version: RuleVersion) -> list[Instance]:
    """What one version, draft or not, judges or would judge."""
    levels = list(version.levels.all())
    rows = _in_use(version.bindings.filter(ended_at__isnull=True)).values_list(*_BOUND)
    return [instance for values in rows for instance in instances(_bound(values), levels)]


def visible_rules(user: User) -> QuerySet[Rule]:
    """Rules that judge a signal in the user's scope; all of them for the bureau."""
    if access.scope_of(user).whole:
        return Rule.objects.all()
    return Rule.objects.filter(pk__in=access.visible(user, Binding).order_by().values("version__rule"))


def candidates(
    user: User, template: Template, owner: int | None = None, zone: int | None = None
) -> QuerySet[Signal]:
    """Signals in the user's scope, in use, that the template may judge."""
    rows = access.visible(user, Signal).filter(is_enabled=True).select_related("device", "owner", "zone")
    if template.bind.quantities:
        rows = rows.filter(quantity__in=template.bind.quantities)
    if template.bind.zones:
        direct = Q(zone__kind__in=template.bind.zones)
        rows = rows.filter(direct | Q(zone__isnull=True, device__zone__kind__in=template.bind.zones))
    if owner:
        rows = rows.filter(owner=owner)
    if zone:
        rows = rows.filter(Q(zone=zone) | Q(zone__isnull=True, device__zone=zone))
    return rows


def template_of(version: RuleVersion) -> Template | None:
    """The template that the version was made from, if the locality pack still has it."""
    return templates().get(version.template)


def parameters_of(version: RuleVersion) -> dict[str, float]:
    """The version's parameters."""
    return msgspec.json.decode(version.parameters, type=dict[str, float])


def recorded_baselines(signals: Iterable[Signal], start_ms: int, end_ms: int) -> dict[int, Baseline]:
    """Normal value and spread of each signal in a stored recording [start_ms, end_ms).

    Raises TelemetryError, and ValueError naming the signal whose recording will not do.
    """
    found: dict[int, Baseline] = {}
    wanted = list(signals)
    for start in range(0, len(wanted), _PIECE):
        piece = wanted[start : start + _PIECE]
        rows = client().series([signal.pk for signal in piece], start_ms, end_ms)
        good = np.where(rows["quality"] == GOOD, rows["value"], np.nan)
        for signal in piece:
            try:
                found[signal.pk] = baseline(good[rows["signal"] == signal.pk])
            except ValueError as error:
                raise ValueError(f"信号“{signal.title}”：{error}") from error
    return found


def back_test(version: RuleVersion, start_ms: int, end_ms: int) -> Mapping[int, int]:
    """How many episodes of each binding would have begun on the stored readings of [start_ms, end_ms).

    Counts what the engine calls BEGAN of the mildest level; hours of day are not considered. Raises
    TelemetryError.
    """
    wanted = version_instances(version)
    signals = sorted({instance.signal for instance in wanted})
    began: dict[int, int] = {}
    for start in range(0, len(signals), _PIECE):
        piece = set(signals[start : start + _PIECE])
        rows = client().series(sorted(piece), start_ms, end_ms)
        table = compile_table(instance for instance in wanted if instance.signal in piece)
        changes = replay(
            table,
            rows["signal"],
            rows["time"],
            rows["value"],
            rows["quality"],
            start_ms=start_ms,
            end_ms=end_ms,
        )
        for key in changes.key[(changes.kind == ChangeKind.BEGAN) & (changes.key % LEVELS == 0)]:
            began[int(key) // LEVELS] = began.get(int(key) // LEVELS, 0) + 1
    return began


def _in_use(rows: QuerySet[Binding]) -> QuerySet[Binding]:
    in_use = Q(signal__device__isnull=True) | Q(signal__device__is_enabled=True)
    return rows.filter(in_use, signal__is_enabled=True).order_by()


def _bound(values: Sequence[Any]) -> Bound:
    binding, signal, owner, base, span, period = values
    return Bound(binding, signal, owner, base, span, period or 0)
