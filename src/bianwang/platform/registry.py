"""The closed registry of modules, built once from each `module.py`.

A module that is switched off (`BIAN_MODULES`) loses its menu, URLs, jobs, permissions and
subscriptions; its tables and rows stay, so that it can be switched on again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from importlib import import_module
from types import MappingProxyType
from typing import Any

from bianwang.platform.config import ConfigError, config

# In the order of the data flow (DESIGN §3): a module may depend only on earlier ones.
FLOW = (
    "sensing",
    "detection",
    "patrol",
    "permits",
    "rules",
    "alarms",
    "hazards",
    "documents",
    "enforcement",
    "inspections",
    "penalties",
    "licensing",
    "risks",
    "standardisation",
    "committee",
    "accidents",
    "duty",
    "weather",
    "emergency",
    "disasters",
    "relief",
    "outreach",
    "budget",
    "indicators",
    "reports",
    "audits",
)


@dataclass(frozen=True)
class Permission:
    """What somebody may do. `roles` are the role codes that have it by default."""

    code: str
    name: str
    roles: frozenset[str]


@dataclass(frozen=True)
class MenuItem:
    """A line of the left menu; shown to those who hold the permission."""

    name: str
    url: str
    permission: str
    icon: str = ""


@dataclass(frozen=True)
class Tile:
    """A figure and a link to the rows that it counts; `count` is a dotted path of `(user) -> int`.

    Shown on the home page to those who hold the permission; the one with `header` also in the top bar.
    """

    name: str
    url: str
    permission: str
    count: str
    icon: str = ""
    colour: str = ""
    header: bool = False
    query: str = ""
    """Query string of the list, e.g. `state=open`."""


@dataclass(frozen=True)
class Job:
    """Background work that the loop runs every `every`; `run` is a dotted path, so manifests stay cheap."""

    code: str
    name: str
    every: timedelta
    run: str
    is_long: bool = False
    """May take minutes: runs beside the others, whose deadlines and messages must not wait for it."""


@dataclass(frozen=True)
class Subscription:
    """A reaction to ledger entries whose verb starts with one of `verbs`; `handle` is a dotted path.

    The handler is called with one sealed entry, must be idempotent, and runs in its own transaction with the cursor.
    """

    code: str
    verbs: tuple[str, ...]
    handle: str


@dataclass(frozen=True)
class Measure:
    """A number that a module counts; `query` is a dotted path of `(period, **arguments) -> measures.Measured`."""

    code: str
    name: str
    unit: str
    query: str
    source: str
    """The records it is counted from, in words: 检查登记, 隐患台账 …"""


@dataclass(frozen=True)
class Module:
    """The manifest of one module; every `module.py` defines exactly one as `module`."""

    code: str
    name: str
    depends: tuple[str, ...] = ()
    icon: str = ""
    menu: tuple[MenuItem, ...] = ()
    permissions: tuple[Permission, ...] = ()
    jobs: tuple[Job, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    tiles: tuple[Tile, ...] = ()
    measures: tuple[Measure, ...] = ()
    search: str = ""
    """Dotted path of `(user, text) -> list[ui.search.Hit]` for the search box; empty: nothing to find."""
    sheets: tuple[str, ...] = ()
    """Dotted paths of `exchange.sheets.Sheet` objects: what can be imported from Excel."""
    verbs: Mapping[str, str] = field(default_factory=dict)
    """Ledger verbs of this module (`alarms.verify`) and their Chinese text."""


def resolve(dotted: str) -> Callable[..., Any]:
    """The function that a dotted path names."""
    module, _, name = dotted.rpartition(".")
    function: Callable[..., Any] = getattr(import_module(module), name)
    return function


def installed_modules() -> tuple[str, ...]:
    """Codes of all modules in the flow, switched on or not: their tables are always migrated."""
    return FLOW


@lru_cache(maxsize=1)
def registry() -> Mapping[str, Module]:
    """Switched-on modules by code, in flow order; read-only. Raises ConfigError for a wrong selection."""
    chosen = [code.strip() for code in config().modules.split(",") if code.strip()] or list(FLOW)
    unknown = [code for code in chosen if code not in FLOW]
    if unknown:
        raise ConfigError(f"环境变量 BIAN_MODULES 中的“{unknown[0]}”不是已有模块，可用：{'、'.join(FLOW)}。")
    modules = {code: _load(code) for code in FLOW if code in chosen}
    for module in modules.values():
        for needed in module.depends:
            if needed not in modules:
                raise ConfigError(
                    f"环境变量 BIAN_MODULES 启用了“{module.code}”，它所需的“{needed}”没有启用，请一并写上。"
                )
    return MappingProxyType(modules)


def _load(code: str) -> Module:
    module: Module = import_module(f"bianwang.modules.{code}.module").module
    if module.code != code:
        raise ConfigError(f"模块文件夹 {code} 的 module.py 写的代码是“{module.code}”，两者必须一致。")
    return module


def manifests() -> Iterator[Module]:
    """The platform's own manifest, then every switched-on module."""
    from bianwang.platform.manifest import module as platform_module

    yield platform_module
    yield from registry().values()


@lru_cache(maxsize=1)
def verbs() -> Mapping[str, str]:
    """Every ledger verb and its Chinese text, also of modules that are switched off: what happened stays told."""
    from bianwang.platform.manifest import module as platform_module

    known = (platform_module, *(_load(code) for code in FLOW))
    return MappingProxyType({verb: text for module in known for verb, text in module.verbs.items()})


@lru_cache(maxsize=1)
def permissions() -> Mapping[str, Permission]:
    """Every permission of the running instance by code."""
    found: dict[str, Permission] = {}
    for module in manifests():
        for permission in module.permissions:
            if permission.code in found:
                raise ConfigError(f"权限代码“{permission.code}”被定义了两次。")
            found[permission.code] = permission
    return MappingProxyType(found)
