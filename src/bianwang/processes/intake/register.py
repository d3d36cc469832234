"""What the intake takes from the business database: the device directory and the rules in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from bianwang.modules.rules import queries as rules
from bianwang.modules.rules.hours import rest_days
from bianwang.modules.sensing import queries as sensing
from bianwang.modules.sensing.models import Device
from bianwang.modules.sensing.queries import DeviceConfig
from bianwang.platform.calendar import queries as calendar
from bianwang.platform.clock import now, now_ms, today
from bianwang.platform.registry import registry
from bianwang.processes.intake import directory as known
from bianwang.processes.intake.judging import RuleSet
from bianwang.processes.intake.watermark import OwnerIndex

YEAR_MS = 366 * 86_400_000


@dataclass(frozen=True)
class Register:
    """One reading of the configuration; `revisions` says which."""

    revisions: Mapping[str, int]
    configs: tuple[DeviceConfig, ...]
    directory: known.Directory
    rules: RuleSet
    day: date = field(default_factory=lambda: today())
    """The day whose rules are in force."""
    calendar: str = ""
    """Which calendar says what a day off is."""

    @property
    def recorded(self) -> frozenset[int]:
        """Owners whose readings are replayed recordings."""
        return frozenset(config.owner for config in self.configs if config.is_demo)

    def of_protocol(self, protocol: str) -> list[DeviceConfig]:
        """The devices that speak a protocol."""
        return [config for config in self.configs if config.protocol == protocol]

    def judges_as(self, other: Register) -> bool:
        """Whether the same is judged in the same way."""
        alike = self.rules.instances == other.rules.instances and self.recorded == other.recorded
        return alike and self.calendar == other.calendar and self.day.year == other.day.year


def read() -> Register:
    """Read everything. What tells of changes is read first, so one in between is noticed at the next look."""
    revisions, day = sensing.revisions(), today()
    configs = tuple(sensing.directory())
    # Without alarms there is nobody to tell: readings are stored and not judged.
    instances = rules.active_instances(now()) if "alarms" in registry() else []
    recorded = frozenset(config.owner for config in configs if config.is_demo)
    dates, moment = calendar.version(), now_ms()
    judged = RuleSet.build(instances, recorded, rest_days(moment - YEAR_MS, moment + YEAR_MS))
    return Register(revisions, configs, directory(configs), judged, day, dates)


def all_owners(register: Register) -> OwnerIndex:
    """Whose every signal is, judged or not: what goes to a cluster does not depend on the rules of the moment."""
    lateness: dict[int, int] = {}
    for config in register.configs:
        lateness[config.owner] = max(config.lateness_ms, lateness.get(config.owner, 0))
    return OwnerIndex(sensing.signal_owners(), register.recorded, lateness)


def changed(register: Register) -> bool:
    """Whether the configuration has moved on since, or another day has begun: rules are valid by day."""
    moved = sensing.revisions() != register.revisions or today() != register.day
    return moved or calendar.version() != register.calendar


def presence() -> dict[int, str]:
    """States in which devices were last reported, by device."""
    return dict(Device.objects.filter(is_enabled=True).order_by().values_list("pk", "presence"))


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
