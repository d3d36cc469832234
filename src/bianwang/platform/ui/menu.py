"""The menu: one group a module. It depends on the roles alone, so each set of roles has its menu worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from bianwang.platform.registry import Module, manifests, permissions


@dataclass(frozen=True)
class Link:
    """One line of the menu."""

    name: str
    url: str
    icon: str


@dataclass(frozen=True)
class Group:
    """One module's lines of the menu."""

    code: str
    name: str
    icon: str
    links: tuple[Link, ...]

    @property
    def urls(self) -> frozenset[str]:
        """Where its lines lead."""
        return frozenset(link.url for link in self.links)


@lru_cache(maxsize=256)
def groups(held: frozenset[str]) -> tuple[Group, ...]:
    """Modules in flow order, then the platform; only what somebody with these roles may open."""
    platform, *modules = manifests()
    found = (
        Group(module.code, module.name, module.icon or "point", _links(module, held)) for module in (*modules, platform)
    )
    return tuple(group for group in found if group.links)


def nearest(held: frozenset[str], path: str) -> str:
    """The line that a page belongs to: the longest one above it. /hazards/board/ is not under /hazards/."""
    above = (link.url for group in groups(held) for link in group.links if path.startswith(link.url))
    return max(above, key=len, default="")


@lru_cache(maxsize=2048)
def drawn(held: frozenset[str], here: str) -> SafeString:
    """The lines as HTML, the one that leads `here` marked and its group open."""
    return render_to_string("ui/_menu.html", {"groups": groups(held), "here": here})


def _links(module: Module, held: frozenset[str]) -> tuple[Link, ...]:
    return tuple(
        Link(item.name, reverse(item.url), item.icon or module.icon or "point")
        for item in module.menu
        if permissions()[item.permission].roles & held
    )
