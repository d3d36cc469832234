"""What the frame of every page needs; each part is worked out only when a template asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from bianwang.platform import access, roles
from bianwang.platform.config import config
from bianwang.platform.registry import Tile, manifests, resolve
from bianwang.platform.todo import queries as todo
from bianwang.platform.ui import menu


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
    def menu(self) -> tuple[menu.Group, ...]:
        """Modules in flow order, then the platform; only what the user may open."""
        return menu.groups(access.role_codes(self._user))

    @cached_property
    def menu_lines(self) -> SafeString:
        """The same as drawn beside the page, with the line of this page marked."""
        held = access.role_codes(self._user)
        return menu.drawn(held, menu.nearest(held, self._request.path))

    @cached_property
    def todo_count(self) -> int:
        """Open duties of the user."""
        return todo.mine(self._user).count()

    @cached_property
    def tiles(self) -> list[Count]:
        """Figures of the modules, each with a link to its rows."""
        return [_count(self._user, tile) for tile in _tiles(self._user)]

    @property
    def zeros(self) -> list[Count]:
        """Those of the figures that are 0: they are folded away."""
        return [count for count in self.tiles if not count.value]

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
