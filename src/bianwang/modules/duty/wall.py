"""What the one-screen view (值守一屏) shows, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from bianwang.modules.duty.models import Answer, DutyPost, Matter, Seat
from bianwang.modules.duty.queries import seats_at
from bianwang.modules.duty.showing import sees_phones
from bianwang.platform import access
from bianwang.platform.places.models import Organisation

_SHOWN = 10


@dataclass(frozen=True)
class Post:
    """One post now: who leads, who is on duty, and the unit's last spot check."""

    post: DutyPost
    leaders: list[Seat]
    officers: list[Seat]
    phones: bool
    check: Answer | None

    @property
    def lacks(self) -> bool:
        """Whether somebody is missing."""
        return len(self.officers) < self.post.officers or (self.post.needs_leader and not self.leaders)


def posts(user: Any) -> tuple[list[Post], list[Post]]:
    """The bureau's posts and those of the other units in the user's scope."""
    rows = access.visible(user, DutyPost, "duty.view").filter(is_active=True)
    found = list(rows.select_related("owner__organisation").order_by("owner__pinyin", "pk"))
    seats: dict[int, list[Seat]] = {}
    for seat in seats_at().filter(shift__post__in=[post.pk for post in found]):
        seats.setdefault(seat.shift.post_id, []).append(seat)
    checks = _last_checks({post.owner_id for post in found})
    made = [_post(user, post, seats.get(post.pk, []), checks.get(post.owner_id)) for post in found]
    own = [row for row in made if row.post.owner.organisation.level == Organisation.Level.BUREAU]
    return own, [row for row in made if row not in own]


def matters(user: Any) -> list[Matter]:
    """What has been going on longest."""
    rows = access.visible(user, Matter, "duty.view").filter(closed_at__isnull=True)
    return list(rows.select_related("post__owner").order_by("opened_at")[:_SHOWN])


def _post(user: Any, post: DutyPost, seats: list[Seat], check: Answer | None) -> Post:
    leaders = [seat for seat in seats if seat.role == "leader"]
    officers = [seat for seat in seats if seat.role == "officer"]
    return Post(post, leaders, officers, sees_phones(user, post.owner_id), check)


def _last_checks(units: set[int]) -> dict[int, Answer]:
    last = Answer.objects.filter(unit__in=units).order_by().values("unit").annotate(last=Max("pk")).values("last")
    return {row.unit_id: row for row in Answer.objects.filter(pk__in=last).select_related("check_round")}
