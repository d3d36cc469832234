"""Devices for the slower doors, registered by hand beside a running intake."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from bianwang.modules.sensing import settings
from bianwang.modules.sensing.queries import DeviceConfig
from bianwang.processes.intake.directory import sm3
from bianwang.processes.intake.judging import RuleSet
from bianwang.processes.intake.register import Register, directory
from tests.processes.intake.conftest import Running

START = 1_790_000_000_000


def config(
    pk: int,
    key: str,
    protocol: str,
    signals: Mapping[str, int],
    options: Mapping[str, object] | None = None,
    **values: object,
) -> DeviceConfig:
    """A device as the register knows it; `signals`: name -> id."""
    token = values.pop("token", None)
    fields: dict[str, object] = {
        "owner": 10,
        "period_s": 60,
        "lateness_ms": 0,
        "username": None,
        "password_sm3": None,
        "source_address": None,
        "is_demo": False,
    }
    return DeviceConfig(
        id=pk,
        key=key,
        protocol=protocol,
        signals={name: (signal, 1.0, 0.0) for name, signal in signals.items()},
        token_sm3=sm3(str(token)) if token else None,
        settings=settings.read(protocol, msgspec.json.encode(options or {}).decode()),
        **{**fields, **values},
    )


def put_in_force(intake: Running, *configs: DeviceConfig) -> Register:
    """A register of these devices, which the intake knows from now on."""
    register = Register({}, configs, directory(configs), RuleSet.build([], frozenset()))
    intake.live.swap(register.directory)
    return register
