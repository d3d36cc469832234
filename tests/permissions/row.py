"""Who gets what at every URL: a row of the one table (`table.py`). Whoever adds a URL adds its row beside it.

A row names the people (keys of `tests.people.PEOPLE`) who are let in (`ok`) and what they get: `get=200` or
`get=302` for reading, `post=302` (done, redirected) or `post=422` (let in, but the empty form is incomplete) for
writing. A method that a row does not name must not exist there (405). `hidden` are people who hold the
permission, but not in that place: 404. Everybody else is refused with 403, and a visitor is sent to the log-in.

`args` names the thing in the URL: a function of `subjects.py` or of the row's own file, which
makes it for `world.plant`; or plain text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.people import PEOPLE, World

Made = Callable[[World], Any]

EVERYBODY = frozenset(person[0] for person in PEOPLE) - {"disabled"}
"""Everybody who can log in, also the one without a post."""
ADMINISTRATORS = frozenset({"system", "security", "audit"})
POSTED = EVERYBODY - {"nobody"}
BUSINESS = POSTED - ADMINISTRATORS
OFFICERS = frozenset({"enforcement", "enforcement2"})
HEAD, DUTY, LEADER, FINANCE = ({key} for key in ("head", "duty", "leader", "finance"))
BUREAU = OFFICERS | HEAD | DUTY | LEADER | FINANCE
UNITS = frozenset({"department", "committee"})
TOWNS = frozenset({"town", "town2"})
SAFETY = frozenset({"safety", "safety_mate", "safety_joint", "safety2"})

ELSEWHERE = frozenset({"committee", "town2", "safety_joint", "safety2"})
"""Business people in whose scope `world.plant` does not lie."""


@dataclass(frozen=True)
class Row:
    """One URL. See the module's docstring."""

    url: str
    ok: frozenset[str]
    get: int = 0
    post: int = 0
    hidden: frozenset[str] = frozenset()
    args: Mapping[str, Made | str] = field(default_factory=dict)
    data: Mapping[str, str] = field(default_factory=dict)
    visitor: int = 302
    visitor_post: int = 302
    """What somebody gets who is not logged in."""
    refused: int = 403
    other: Mapping[str, int] = field(default_factory=dict)
    """People who get something else than the rest."""
    tested_by: str = ""
    """A file that asks this URL of everybody where a test client cannot."""

    def __str__(self) -> str:
        return self.url


def page(url: str, ok: frozenset[str] | set[str], get: int = 200, post: int = 0, **more: Any) -> Row:
    """A page that belongs to no party: a list, a form for something new."""
    return Row(url, frozenset(ok), get, post, **more)


def thing(
    url: str, made: Made, ok: frozenset[str] | set[str], get: int = 200, post: int = 0, name: str = "pk", **more: Any
) -> Row:
    """A page of something of `world.plant`: who holds the permission elsewhere learns nothing of it."""
    args = {name: made, **more.pop("args", {})}
    holders = frozenset(ok)
    return Row(url, holders - ELSEWHERE, get, post, holders & ELSEWHERE, args, **more)


def listing(url: str, ok: frozenset[str] | set[str], **more: Any) -> Row:
    """A `ListPage`: it also takes batch actions and saved filters, and goes back to itself."""
    return page(url, ok, 200, 302, **more)
