"""What several pages show alike: phones, and the rows of seats."""

from __future__ import annotations

from typing import Any

from bianwang.modules.duty.models import Seat
from bianwang.platform import access
from bianwang.platform.ui.cells import Cell, Column, fact


def sees_phones(user: Any, owner: int) -> bool:
    """Whether the user needs the phones of a unit's people: who calls them, and the unit itself."""
    return access.scope_of(user, "duty.phones").includes(owner)


def phone_fact(title: str, phone: str, *, full: bool) -> Cell:
    """A phone in full for those who need it, masked for the rest."""
    return fact(title, phone, href=f"tel:{phone}") if full and phone else fact(title, phone, "phone")


def seat_columns(*, full: bool) -> tuple[Column, ...]:
    """Who sits in a shift, with the phone."""
    return (
        Column("role", "职责"),
        Column("person", "姓名", "person.name", link=lambda seat: seat.person.get_absolute_url()),
        Column("title", "职务", "person.title"),
        Column("phone", "手机", "person.phone", link=_call)
        if full
        else Column("phone", "手机", "person.phone", "phone"),
    )


def _call(seat: Seat) -> str:
    return f"tel:{seat.person.phone}"
