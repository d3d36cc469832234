"""What the intake takes from the business database: the device directory and the rules in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from bianwang.modules.rules import queries as rules
from bianwang.modules.sensing import queries as sensing
from bianwang.modules.sensing.models import Device
from bianwang.modules.sensing.queries import DeviceConfig
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.registry import registry
from bianwang.processes.intake import directory as known
from bianwang.processes.intake.judging import RuleSet


@dataclass(frozen=True)
class Register:
    """One reading of the configuration; `revisions` says which."""

    revisions: Mapping[str, int]
    configs: tuple[DeviceConfig, ...]
    directory: known.Directory
    rules: RuleSet
    day: date = field(default_factory=lambda: _today())
    """The day whose rules are in force."""

    @property
    def recorded(self) -> frozenset[int]:
        """Owners whose readings are replayed recordings."""
        return frozenset(config.owner for config in self.configs if config.is_demo)

    def of_protocol(self, protocol: str) -> list[DeviceConfig]:
        """The devices that speak a protocol."""
        return [config for config in self.configs if config.protocol == protocol]

    def judges_as(self, other: Register) -> bool:
        """Whether the same is judged in the same way."""
        return self.rules.instances == other.rules.instances and self.recorded == other.recorded


def read() -> Register:
    """Read everything. What tells of changes is read first, so one in between is noticed at the next look."""
    revisions, day = sensing.revisions(), _today()
    configs = tuple(sensing.directory())
    # Without alarms there is nobody to tell: readings are stored and not judged.
    instances = rules.active_instances(now()) if "alarms" in registry() else []
    recorded = frozenset(config.owner for config in configs if config.is_demo)
    return Register(revisions, configs, directory(configs), RuleSet.build(instances, recorded), day)


def changed(register: Register) -> bool:
    """Whether the configuration has moved on since, or another day has begun: rules are valid by day."""
    return sensing.revisions() != register.revisions or _today() != register.day


def presence() -> dict[int, str]:
    """States in which devices were last reported, by device."""
    return dict(Device.objects.filter(is_enabled=True).order_by().values_list("pk", "presence"))


def _today() -> date:
    return now().astimezone(SHANGHAI).date()


def directory(configs: Iterable[DeviceConfig]) -> known.Directory:
    """The devices as the pipeline and the endpoint know them."""
    return known.Directory(
        known.Device(
            id=config.id,
            key=config.key,
            owner=config.owner,
            signals={name: known.SignalRef(*reference) for name, reference in config.signals.items()},
            period_s=config.period_s,
            lateness_ms=config.lateness_ms,
            token_sm3=config.token_sm3,
            username=config.username,
            password_sm3=config.password_sm3,
            children=config.children,
        )
        for config in configs
    )
