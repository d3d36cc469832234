"""Who is acting in this request, job or process: the ledger asks here, so services need not pass it on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bianwang.platform.accounts.models import User


@dataclass(frozen=True)
class Actor:
    """A person, or a part of the platform (`user` is None), and where the act came from."""

    user: User | None
    name: str
    origin: str
    operation: str = ""


SYSTEM = Actor(None, "系统", "本机")
_current: ContextVar[Actor] = ContextVar("actor", default=SYSTEM)


def current() -> Actor:
    """The actor in charge now; the system itself outside any `acting`."""
    return _current.get()


@contextmanager
def acting(user: User | None, origin: str, *, name: str = "", operation: str = "") -> Iterator[Actor]:
    """Everything recorded inside is the act of `user`, or of the named part of the platform."""
    actor = Actor(user, name or (user.name if user else "系统"), origin, operation)
    token = _current.set(actor)
    try:
        yield actor
    finally:
        _current.reset(token)
