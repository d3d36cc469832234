"""Whom to reach at a unit: whoever is on duty by the roster, else the first of its contact list."""

from __future__ import annotations

from collections.abc import Iterable

from bianwang.modules.duty.models import Contact
from bianwang.modules.duty.models.people import Role
from bianwang.modules.duty.queries import seats_at
from bianwang.modules.duty.services.sending import Target, target_of


def reachable(units: Iterable[int]) -> list[Target]:
    """One person of each unit where there is one, in two queries; units without are left out.

    Whoever is on duty and stands in the contact list brings his branch of the call tree.
    """
    keys = list(units)
    rows = Contact.objects.filter(owner__in=keys, is_active=True).select_related("owner").prefetch_related("numbers")
    contacts: dict[int, list[Contact]] = {}
    for row in rows.order_by("position", "pk"):
        contacts.setdefault(row.owner_id, []).append(row)
    found = {unit: target_of(_first(people)) for unit, people in contacts.items()}
    seats = seats_at().filter(shift__post__owner__in=keys)
    for seat in sorted(seats, key=lambda seat: (seat.role == Role.OFFICER, -seat.pk)):
        unit, person = seat.shift.post.owner_id, seat.person
        known = next((row for row in contacts.get(unit, ()) if row.name == person.name), None)
        found[unit] = Target(unit, person.name, person.phone, None, known)
    return list(found.values())


def _first(people: list[Contact]) -> Contact:
    """The first who can take a text, else the first."""
    return next((row for row in people if row.mobile), people[0])
