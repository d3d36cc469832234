"""What the intake takes from the business database: the device directory and the rules in force."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bianwang.modules.alarms import queries as alarms
from bianwang.modules.rules import queries as rules
from bianwang.modules.rules.binding import LEVELS
from bianwang.modules.sensing import queries as sensing
from bianwang.modules.sensing.queries import DeviceConfig
from bianwang.platform.clock import now
from bianwang.processes.intake.directory import Device, Directory, SignalRef
from bianwang.processes.intake.judging import RuleSet


@dataclass(frozen=True)
class Register:
    """One reading of the configuration; `revisions` says which."""

    revisions: Mapping[str, int]
    configs: tuple[DeviceConfig, ...]
    directory: Directory
    rules: RuleSet

    def of_protocol(self, protocol: str) -> list[DeviceConfig]:
        """The devices that speak a protocol."""
        return [config for config in self.configs if config.protocol == protocol]


def read() -> Register:
    """Read everything. The revisions are read first, so a change in between is noticed at the next look."""
    revisions = sensing.revisions()
    configs = tuple(sensing.directory())
    instances = rules.active_instances(now())
    facts = alarms.binding_facts()
    meta = {binding: facts[binding] for binding in {i.key // LEVELS for i in instances} if binding in facts}
    recorded = frozenset(config.owner for config in configs if config.is_demo)
    return Register(revisions, configs, directory(configs), RuleSet.build(instances, meta, recorded))


def changed(register: Register) -> bool:
    """Whether the configuration has moved on since."""
    return sensing.revisions() != register.revisions


def directory(configs: Iterable[DeviceConfig]) -> Directory:
    """The devices as the pipeline and the endpoint know them."""
    return Directory(
        Device(
            id=config.id,
            key=config.key,
            owner=config.owner,
            signals={name: SignalRef(*reference) for name, reference in config.signals.items()},
            period_s=config.period_s,
            lateness_ms=config.lateness_ms,
            token_sm3=config.token_sm3,
            username=config.username,
            password_sm3=config.password_sm3,
            children=config.children,
        )
        for config in configs
    )
