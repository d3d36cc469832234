"""Reads of inspections: who may make one, in whose name, and figures for lists and the home page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from bianwang.modules.enforcement.units import LEVELS
from bianwang.modules.inspections.content import LEAST_OFFICERS, Content
from bianwang.modules.inspections.models import Inspection
from bianwang.modules.inspections.workflow import OPEN
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.places.models import Organisation, Party
from bianwang.platform.registry import permissions
from bianwang.platform.ui.search import LIMIT, Hit

PERMISSION = "inspections.inspect"

WAITING = Q(state="signed") | Q(has_conflict=True, state__in=OPEN)
"""Signed and not completed, or with a version that somebody has to choose."""


def own_units(user: User) -> list[Party]:
    """In whose name a person inspects: the authorities and enterprises of his posts; an office is its bureau."""
    posts = user.posts.filter(role__in=permissions()[PERMISSION].roles).select_related("party").order_by("pk")
    found: dict[int, Party] = {}
    for post in posts:
        party = _authority(post.party) if post.party.party_kind == Party.Kind.ORGANISATION else post.party
        if party is not None:
            found[party.pk] = party
    return list(found.values())


def takes_part(user: User, inspection: Inspection) -> bool:
    """Whether somebody made the inspection or is one of its officers."""
    return inspection.made_by_id == user.pk or is_officer(user, inspection.content)


def is_officer(user: User, content: Content) -> bool:
    """Whether somebody is named among the officers: by certificate, or by name without one."""
    if user.certificate:
        return any(row.certificate == user.certificate for row in content.officers)
    return any((row.name, row.certificate) == (user.name, "") for row in content.officers)


def uncertified(content: Content) -> list[str]:
    """Why the officers of an inspection of law may not make it, in sentences: certificates as registered, that day."""
    if content.kind != "statutory":
        return []
    numbers = {row.certificate for row in content.officers if row.certificate}
    known = {user.certificate: user for user in User.objects.filter(certificate__in=numbers)}
    found, valid = [], set()
    for officer in content.officers:
        user = known.get(officer.certificate)
        if not officer.certificate:
            continue
        if user is None or user.name != officer.name:
            found.append(f"“{officer.name}”的执法证号 {officer.certificate} 与账号登记的不符，请核对。")
        elif not user.is_certified(content.day):
            until = user.certificate_until
            found.append(f"“{officer.name}”的执法证有效期至 {until}，检查当日 {content.day} 已过期，请换人或先换证。")
        else:
            valid.add(officer.certificate)
    if len(valid) < LEAST_OFFICERS and not found:
        found.append("执法检查须有至少两名执法人员，并写明各自的执法证号。")
    return found


def waiting_count(user: Any) -> int:
    """Inspections on which somebody has to decide."""
    return access.visible(user, Inspection, "inspections.view").filter(WAITING).count()


def search(user: Any, text: str) -> list[Hit]:
    """Inspections by the enterprise's name, the newest first."""
    if not access.can(user, "inspections.view"):
        return []
    rows = access.visible(user, Inspection, "inspections.view").filter(enterprise__name__icontains=text)
    found = rows.select_related("enterprise")[:LIMIT]
    return [Hit(str(row), f"现场检查 · {row.state_row.name}", row.get_absolute_url()) for row in found]


def unit_choices(user: Any) -> Sequence[tuple[int, str]]:
    """Units that have made something the user may see."""
    rows = access.visible(user, Inspection, "inspections.view").order_by()
    return list(rows.values_list("unit", "unit__name").distinct())


def open_for(user: User) -> QuerySet[Inspection]:
    """Drafts in which a person's name stands; `takes_part` says whether it is the same person."""
    rows = access.visible(user, Inspection, PERMISSION).filter(state="draft")
    named = Q(made_by=user) | Q(people__contains=user.certificate or user.name)
    return rows.filter(named).select_related("enterprise").order_by("day", "pk")


def _authority(party: Party) -> Party | None:
    found = Organisation.objects.filter(pk=party.pk).first()
    while found is not None and found.level not in LEVELS:
        found = found.parent
    return found
