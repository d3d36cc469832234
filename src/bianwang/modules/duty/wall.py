"""What the one-screen view (值守一屏) shows, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q

from bianwang.modules.duty.models import Answer, Check, DutyPost, GroupMessage, Matter, Seat
from bianwang.modules.duty.queries import seats_at
from bianwang.modules.duty.receipts import Progress, collecting, progress
from bianwang.modules.duty.showing import sees_phones
from bianwang.platform import access
from bianwang.platform.clock import now
from bianwang.platform.places.models import Organisation
from bianwang.platform.ui.lists import list_url

_SHOWN = 10
_MESSAGES, _MESSAGES_LOOKED_AT = 4, 30


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


@dataclass(frozen=True)
class Sent:
    """A message of which receipts are still collected."""

    message: GroupMessage
    progress: Progress


def sent(user: Any) -> list[Sent]:
    """Messages that still wait for receipts: those with the most who are late first."""
    rows = list(collecting(user)[:_MESSAGES_LOOKED_AT])
    found = progress(rows)
    waiting = [Sent(row, found[row.pk]) for row in rows if found[row.pk].silent]
    return sorted(waiting, key=lambda row: -row.progress.late)[:_MESSAGES]


@dataclass(frozen=True)
class Round:
    """A spot check that runs: how many have answered."""

    check: Check
    asked: int
    answered: int
    due_at: datetime

    @property
    def url(self) -> str:
        """The answers to it."""
        return list_url("duty:answers", round=self.check.pk)


def rounds(user: Any) -> list[Round]:
    """Spot checks whose limit has not passed and which somebody has not answered yet."""
    open_answer = Q(answered_at__isnull=True, due_at__gte=now())
    mine = access.visible(user, Answer, "duty.view")
    running = mine.filter(open_answer).order_by().values("check_round")
    rows = mine.filter(check_round__in=running).order_by().values("check_round")
    counted = rows.annotate(asked=Count("pk"), answered=Count("answered_at"), due_at=Max("due_at"))
    found = {row["check_round"]: row for row in counted}
    checks = Check.objects.filter(pk__in=found).order_by("-asked_at")
    return [
        Round(check, row["asked"], row["answered"], row["due_at"]) for check in checks for row in (found[check.pk],)
    ]


def _post(user: Any, post: DutyPost, seats: list[Seat], check: Answer | None) -> Post:
    leaders = [seat for seat in seats if seat.role == "leader"]
    officers = [seat for seat in seats if seat.role == "officer"]
    return Post(post, leaders, officers, sees_phones(user, post.owner_id), check)


def _last_checks(units: set[int]) -> dict[int, Answer]:
    last = Answer.objects.filter(unit__in=units).order_by().values("unit").annotate(last=Max("pk")).values("last")
    return {row.unit_id: row for row in Answer.objects.filter(pk__in=last).select_related("check_round")}
