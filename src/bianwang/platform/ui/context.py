"""What the frame of every page needs; each part is worked out only when a template asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from bianwang.platform import access, roles
from bianwang.platform.config import config
from bianwang.platform.registry import Tile, manifests, resolve
from bianwang.platform.todo import queries as todo


@dataclass(frozen=True)
class Link:
    """One line of the menu."""

    name: str
    url: str
    icon: str
    active: bool


@dataclass(frozen=True)
class Group:
    """One module's lines of the menu."""

    code: str
    name: str
    icon: str
    links: list[Link]

    @property
    def active(self) -> bool:
        """Whether the page that is shown is one of its own."""
        return any(link.active for link in self.links)


@dataclass(frozen=True)
class Count:
    """A tile with its figure."""

    tile: Tile
    value: int
    url: str


class Frame:
    """The frame's variables for one request."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._user = request.user

    @cached_property
    def menu(self) -> list[Group]:
        """Modules in flow order, then the platform; only what the user may open."""
        platform, *modules = manifests()
        found = [
            (module, [(item, reverse(item.url)) for item in module.menu if access.can(self._user, item.permission)])
            for module in (*modules, platform)
        ]
        # Pages below a line belong to it, unless a longer line is nearer: /hazards/board/ is not under /hazards/.
        here = [url for _, items in found for _, url in items if self._request.path.startswith(url)]
        nearest = max(here, key=len, default="")
        return [
            Group(
                module.code,
                module.name,
                module.icon or "point",
                [Link(item.name, url, item.icon or module.icon or "point", url == nearest) for item, url in items],
            )
            for module, items in found
            if items
        ]

    @cached_property
    def todo_count(self) -> int:
        """Open duties of the user."""
        return todo.mine(self._user).count()

    @cached_property
    def tiles(self) -> list[Count]:
        """Figures of the modules, each with a link to its rows."""
        return [_count(self._user, tile) for tile in _tiles(self._user)]

    @cached_property
    def header(self) -> Count | None:
        """The figure beside the to-do count: open alarms."""
        return next((_count(self._user, tile) for tile in _tiles(self._user) if tile.header), None)

    @cached_property
    def role_names(self) -> str:
        """The user's roles in words."""
        return "、".join(name for code, name in roles.NAMES.items() if code in access.role_codes(self._user))

    @cached_property
    def demo(self) -> bool:
        """Whether this is the demonstration instance."""
        return config().mode == "demo"

    @cached_property
    def watches(self) -> bool:
        """Whether the user is told when the platform itself is in trouble."""
        return access.can(self._user, "platform.watch")

    @cached_property
    def can_places(self) -> bool:
        """Whether the phone's bottom bar shows the enterprises."""
        return access.can(self._user, "places.view")


def frame(request: HttpRequest) -> dict[str, Any]:
    """Variables of `ui/page.html` and `ui/wall.html`."""
    return {"frame": Frame(request) if hasattr(request, "user") else None}


def _tiles(user: Any) -> list[Tile]:
    return [tile for module in manifests() for tile in module.tiles if access.can(user, tile.permission)]


def _count(user: Any, tile: Tile) -> Count:
    url = reverse(tile.url) + (f"?{tile.query}" if tile.query else "")
    return Count(tile, resolve(tile.count)(user), url)
