"""Which signals of which places a formula can judge: a signal for every role, and why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from django.db.models import Q

from bianwang.engine.program import compile_formula
from bianwang.modules.rules.binding import PLAIN, Mapped, RoleSignal, role_span
from bianwang.modules.rules.formulas import SAME, Role
from bianwang.modules.rules.models import Binding
from bianwang.modules.rules.templates import Template
from bianwang.modules.sensing import permit_signals
from bianwang.modules.sensing.models import Signal
from bianwang.modules.sensing.quantities import QUANTITIES
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.places.models import Zone

MOST_COMBINATIONS = 16
"""Of signals that may play the same roles in one place; more is a mistake of the registry."""


@dataclass(frozen=True)
class Target:
    """What one binding judges: a signal, or a place with a signal for every role."""

    signal: Signal
    by: Mapped = PLAIN
    place: Zone | None = None
    roles: Mapping[str, RoleSignal] = field(default_factory=dict)

    @property
    def key(self) -> tuple[int, ...]:
        """Equal for bindings that would judge the same."""
        return (self.signal.pk or 0, *sorted(each.signal for each in self.roles.values()))


MakeSignal = Callable[[Zone, str, str], Signal]
"""Gives the permit signal of a place, a type of work and a quantity that nobody has needed so far."""


def targets(
    template: Template,
    places: Iterable[Zone],
    signals: Iterable[Signal],
    make: MakeSignal = permit_signals.planned,
) -> tuple[list[Target], list[str]]:
    """The bindings that a formula's template makes of these places, and a sentence (Chinese) for each place that lacks
    a signal. `signals` with their devices; of other places they are passed over. A place that never had a permit has
    no signals of permits, yet there the rule matters most: `make` gives them, without being asked to it only plans."""
    by_place: dict[int, list[Signal]] = {}
    for signal in signals:
        zone = signal.zone_id or (signal.device.zone_id if signal.device else None)
        if zone is not None:
            by_place.setdefault(zone, []).append(signal)
    found: list[Target] = []
    reasons: list[str] = []
    for place in places:
        made = _of_place(template, place, by_place.get(place.pk, []), make)
        if isinstance(made, str):
            reasons.append(f"{place.owner.name}“{place.name}”：{made}")
        else:
            found += made
    return found, reasons


def _of_place(template: Template, place: Zone, signals: list[Signal], make: MakeSignal) -> list[Target] | str:
    choices: list[list[tuple[str, Signal, float]]] = []
    lacking: list[tuple[int, str, Role]] = []
    for number, (name, role) in enumerate(template.signals.items()):
        fitting, why = _fitting(name, role, signals)
        if not fitting and (role.initial is None or role.permit not in permit_signals.KINDS):
            return why
        if not fitting:
            lacking.append((number, name, role))
        choices.append(fitting)
    for number, name, role in lacking:
        choices[number] = [(name, make(place, role.permit, role.quantity), 1.0)]
    combinations = [each for each in product(*choices) if _is_of_one_kind(template, each)]
    if not combinations:
        return "没有哪一类作业票备齐了所需的信号。"
    if len(combinations) > MOST_COMBINATIONS:
        return f"可用的信号有 {len(combinations)} 种组合，超过 {MOST_COMBINATIONS} 种，请把区域分细。"
    main = compile_formula(template.when, template.definition.signature()).main_signal
    found = []
    for combination in combinations:
        roles = {name: RoleSignal(signal.pk or 0, span) for name, signal, span in combination}
        if _is_ambiguous(template, roles):
            return "同一单位的几个信号换算比例不同，请统一信号的单位。"
        signal = next(each for name, each, _ in combination if name == main)
        found.append(Target(signal, place=place, roles=roles))
    return found


def _fitting(name: str, role: Role, signals: list[Signal]) -> tuple[list[tuple[str, Signal, float]], str]:
    """Signals that can play a role, and why there is none."""
    found, why = [], f"没有“{role.title or QUANTITIES[role.quantity].name}”的信号。"
    for signal in signals:
        if signal.quantity == role.quantity and _is_permit(role, signal):
            try:
                found.append((name, signal, role_span(role, signal)))
            except ValueError as error:
                why = str(error)
    return found, why


def _is_permit(role: Role, signal: Signal) -> bool:
    """Whether the signal tells of the permits that the role asks for, if it asks for any."""
    kind = permit_signals.kind_of(signal)
    return bool(kind) if role.permit == SAME else kind == role.permit


def _is_of_one_kind(template: Template, combination: Sequence[tuple[str, Signal, float]]) -> bool:
    alike = {permit_signals.kind_of(signal) for name, signal, _ in combination if template.signals[name].permit == SAME}
    return len(alike) < 2


def _is_ambiguous(template: Template, roles: Mapping[str, RoleSignal]) -> bool:
    """Whether a parameter in one unit would need two different numbers."""
    spans: dict[str, float] = {}
    for name, role in template.signals.items():
        if role.unit and spans.setdefault(role.unit, roles[name].span) != roles[name].span:
            return True
    return False


def candidates(
    user: User, template: Template, owner: int | None = None, zone_kind: str = ""
) -> tuple[list[Zone], list[Signal]]:
    """Places for which the user may write rules and that the template may judge, and the signals in them."""
    places = access.visible(user, Zone, "rules.edit").filter(owner__is_active=True).select_related("owner")
    for kinds in (template.bind.place or (), (zone_kind,) if zone_kind else ()):
        if kinds:
            places = places.filter(kind__in=kinds)
    if owner:
        places = places.filter(owner=owner)
    found = list(places.order_by("owner__pinyin", "pk"))
    quantities = {role.quantity for role in template.signals.values()}
    inside = Q(zone__in=found) | Q(zone__isnull=True, device__zone__in=found)
    in_use = Q(device__isnull=True) | Q(device__is_enabled=True)
    signals = access.visible(user, Signal, "rules.edit").filter(inside, in_use, is_enabled=True)
    return found, list(signals.filter(quantity__in=quantities).select_related("device", "owner", "zone"))


def targets_of(bindings: Iterable[Binding]) -> list[Target]:
    """What these bindings judge; `signal__owner`, `place` and `roles` read."""
    return [
        Target(
            row.signal,
            Mapped(row.baseline, row.span),
            row.place,
            {each.role: RoleSignal(each.signal_id, each.span) for each in row.roles.all()} if row.place else {},
        )
        for row in bindings
    ]
