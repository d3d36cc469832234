"""What is judged now, for the intake; what a draft would judge, for its author."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, cast

import msgspec
import numpy as np
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from bianwang.engine.semantics import GOOD
from bianwang.engine.table import Instance
from bianwang.modules.rules.binding import Bound, RoleSignal, Text, instances, text_of
from bianwang.modules.rules.commissioning import Baseline, baseline
from bianwang.modules.rules.models import Binding, BindingSignal, Rule, RuleLevel, RuleVersion
from bianwang.modules.rules.templates import Template, templates
from bianwang.modules.sensing.models import Signal
from bianwang.modules.sensing.telemetry import client
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, now

_BOUND = (
    "pk", "signal_id", "signal__owner_id", "baseline", "span",
    "signal__device__period_s", "signal__device__lateness_ms",
)  # fmt: skip
_PIECE = 200
"""Signals of one telemetry request of a commissioning."""


def active_instances(at: datetime | None = None) -> list[Instance]:
    """Every condition that is judged at `at` (now): active versions whose basis is in force on that day,
    bound to signals in use. Four queries however many there are; key = binding x 8 + level."""
    day = (at or now()).astimezone(SHANGHAI).date()
    active = RuleVersion.objects.filter(state=RuleVersion.State.ACTIVE, valid_from__lte=day)
    active = active.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day)).order_by()
    texts = {version.pk: text_of(version, ()) for version in active}
    levels: dict[int, list[RuleLevel]] = {version: [] for version in texts}
    for level in RuleLevel.objects.filter(version__in=active).order_by("version_id", "index"):
        levels[level.version_id].append(level)
    texts = {version: replace(text, levels=levels[version]) for version, text in texts.items()}
    rows = _in_use(Binding.objects.filter(version__in=list(texts), ended_at__isnull=True))
    return list(_instances(rows, texts))


def version_instances(version: RuleVersion) -> list[Instance]:
    """What one version, draft or not, judges or would judge."""
    texts = {version.pk: text_of(version, version.levels.all())}
    return list(_instances(_in_use(version.bindings.filter(ended_at__isnull=True)), texts))


def _instances(rows: QuerySet[Binding], texts: Mapping[int, Text]) -> Iterator[Instance]:
    roles = _roles(rows)
    for version, place, *values in rows.values_list("version_id", "place_id", *_BOUND).iterator(chunk_size=5000):
        found = roles.get(values[0]) if place else None
        if place and (found is None or not found.is_complete):
            continue
        yield from instances(_bound(values, found), texts[version])


@dataclass
class _Roles:
    """The signals of one formula's binding."""

    signals: dict[str, RoleSignal] = field(default_factory=dict)
    lateness_ms: int = 0
    is_complete: bool = True
    """Whether all of them are in use."""


def _roles(rows: QuerySet[Binding]) -> dict[int, _Roles]:
    """By binding; one query."""
    found: dict[int, _Roles] = {}
    of_places = BindingSignal.objects.filter(binding__in=rows.filter(place__isnull=False).values("pk")).order_by()
    for binding, role, signal, span, lateness, enabled, device in of_places.values_list(
        "binding_id", "role", "signal_id", "span",
        "signal__device__lateness_ms", "signal__is_enabled", "signal__device__is_enabled",
    ).iterator(chunk_size=5000):  # fmt: skip
        each = found.setdefault(binding, _Roles())
        each.signals[role] = RoleSignal(signal, span)
        each.lateness_ms = max(each.lateness_ms, lateness or 0)
        each.is_complete &= enabled and device is not False
    return found


@dataclass(frozen=True)
class Selection:
    """Which signals an officer wants: of one owner, in one kind of zone, of one quantity; None: any."""

    owner: int | None = None
    zone_kind: str = ""
    quantity: str = ""


def candidates(user: User, template: Template, wanted: Selection = Selection()) -> QuerySet[Signal]:
    """Signals in use that the template may judge and for which the user may write rules."""
    rows = access.visible(user, Signal, "rules.edit").filter(is_enabled=True)
    rows = rows.select_related("device", "owner", "zone").order_by("owner__pinyin", "pk")
    if template.bind.quantities:
        rows = rows.filter(quantity__in=template.bind.quantities)
    for kinds in (template.bind.zones, (wanted.zone_kind,) if wanted.zone_kind else ()):
        if kinds:
            inherited = Q(zone__isnull=True, device__zone__kind__in=kinds)
            rows = rows.filter(Q(zone__kind__in=kinds) | inherited)
    if wanted.owner:
        rows = rows.filter(owner=wanted.owner)
    return rows.filter(quantity=wanted.quantity) if wanted.quantity else rows


def judged_elsewhere(template: Template, besides: Rule | None = None) -> QuerySet[Binding]:
    """Bindings of other rules' active versions made from the same template."""
    active = RuleVersion.objects.filter(template=template.id, state=RuleVersion.State.ACTIVE)
    if besides is not None:
        active = active.exclude(rule=besides)
    return Binding.objects.filter(version__in=active, ended_at__isnull=True).order_by()


def active_version(rule: Rule) -> RuleVersion | None:
    """The version that is judged by now."""
    return rule.versions.filter(state=RuleVersion.State.ACTIVE).first()


def with_newest(user: User, rules: QuerySet[Rule]) -> QuerySet[Any]:
    """Rules with `state`, `number` and `source` of the version in force, or else of the newest; `bound`, how many
    signals in the user's scope it judges; `drafts`, how many drafts there are. None where there is nothing."""
    versions = RuleVersion.objects.filter(rule=OuterRef("pk"))
    order = versions.order_by("state", "-number")  # active < draft < retired
    newest = {name: Subquery(order.values(name)[:1]) for name in ("state", "number", "source")}
    judged = access.visible(user, Binding).filter(version__rule=OuterRef("pk"), ended_at__isnull=True)
    judged = judged.filter(version__state=RuleVersion.State.ACTIVE).order_by()
    drafts = versions.filter(state=RuleVersion.State.DRAFT).order_by()
    found: Any = rules.annotate(**newest)
    found = found.annotate(bound=Subquery(judged.values("version__rule").annotate(n=Count("pk")).values("n")))
    found = found.annotate(drafts=Subquery(drafts.values("rule").annotate(n=Count("pk")).values("n")))
    return cast("QuerySet[Any]", found)


def last_bindings(version: RuleVersion) -> list[Binding]:
    """What a version judges, or judged when it was retired, as far as the signals are still in use."""
    rows = version.bindings.filter(signal__is_enabled=True)
    kept = Q(ended_at__isnull=True) | Q(ended_at=version.retired_at)
    rows = rows.filter(kept).select_related("signal__device", "signal__owner", "place__owner")
    return list(rows.prefetch_related("roles"))


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


def _in_use(rows: QuerySet[Binding]) -> QuerySet[Binding]:
    in_use = Q(signal__device__isnull=True) | Q(signal__device__is_enabled=True)
    return rows.filter(in_use, signal__is_enabled=True).order_by()


def _bound(values: Sequence[Any], roles: _Roles | None) -> Bound:
    binding, signal, owner, base, span, period, lateness = values
    if roles is not None:
        return Bound(binding, signal, owner, base, span, period or 0, roles.lateness_ms, roles.signals)
    return Bound(binding, signal, owner, base, span, period or 0, lateness or 0)
