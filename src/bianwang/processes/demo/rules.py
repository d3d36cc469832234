"""Puts the district's rule templates in force on given signals, as an engineer does at commissioning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bianwang.modules.rules import services as rules
from bianwang.modules.rules.commissioning import Baseline, baseline
from bianwang.modules.rules.models import RuleVersion
from bianwang.modules.rules.placing import targets
from bianwang.modules.rules.services import Wording
from bianwang.modules.rules.templates import Template, templates
from bianwang.modules.sensing import permit_signals
from bianwang.modules.sensing.models import Signal
from bianwang.platform.places.models import Party, Zone
from bianwang.processes.simulator.feed import SimulatedDevice
from bianwang.processes.simulator.plants import PLANTS

COMMISSIONING_S = 300


def apply_templates(signals: Sequence[Signal], devices: Iterable[SimulatedDevice]) -> None:
    """Judge the simulated devices' signals by every template that fits them."""
    bind(signals, _rehearse(signals, {device.key: device for device in devices}))


def bind_places(owners: Iterable[Party]) -> None:
    """Put the formulas in force wherever a place of these units has all the signals that they speak of."""
    owned = Zone.objects.filter(owner__in=list(owners)).select_related("owner").order_by("pk")
    signals = list(Signal.objects.filter(owner__in=list(owners)).select_related("device", "zone"))
    for template in templates().values():
        if not template.is_formula:
            continue
        places = owned.filter(kind__in=template.bind.place) if template.bind.place else owned
        found, _ = targets(template, places, signals, permit_signals.ensure)
        if found:
            _create(template, Wording(template, template.defaults(), targets=found))


def bind(signals: Sequence[Signal], baselines: Mapping[int, Baseline], only: frozenset[str] = frozenset()) -> None:
    """Judge signals by the templates (all, or `only` some) that fit them; one demo rule a template."""
    for template in templates().values():
        if template.is_formula or (only and template.id not in only):
            continue
        fitting = _fitting(template, signals)
        if template.scale == "spread":
            fitting = [signal for signal in fitting if signal.pk in baselines]
        if fitting:
            _put_in_force(template, fitting, baselines)


def _put_in_force(template: Template, signals: list[Signal], baselines: Mapping[int, Baseline]) -> None:
    known = RuleVersion.objects.filter(rule__is_demo=True, template=template.id, state=RuleVersion.State.ACTIVE).first()
    if known is not None:
        rules.bind(known, signals, baselines)
        return
    _create(template, Wording(template, template.defaults(), signals, baselines=baselines))


def _create(template: Template, wording: Wording) -> None:
    version = rules.create(template.name, wording, None, is_demo=True)
    rules.activate(version, "演示数据载入")


def _fitting(template: Template, signals: Iterable[Signal]) -> list[Signal]:
    if not template.bind.quantities:
        # A rule about a device needs one of its signals only.
        return list({signal.device_id: signal for signal in signals}.values())
    zones = template.bind.zones
    return [
        signal
        for signal in signals
        if signal.quantity in template.bind.quantities
        and (not zones or (signal.zone is not None and signal.zone.kind in zones))
    ]


def _rehearse(signals: Iterable[Signal], devices: Mapping[str, SimulatedDevice]) -> dict[int, Baseline]:
    """Baselines from five minutes of each plant's normal running."""
    found: dict[int, Baseline] = {}
    runs: dict[str, list[dict[str, float]]] = {}
    for signal in signals:
        device = devices[signal.device.key] if signal.device else None
        if device is None:
            continue
        if device.key not in runs:
            plant = PLANTS[device.plant](device.seed)
            runs[device.key] = [plant.step(device.period_s) for _ in range(int(COMMISSIONING_S / device.period_s))]
        values = [row[signal.name] for row in runs[device.key]]
        if any(values):
            found[signal.pk] = baseline(values)
    return found
