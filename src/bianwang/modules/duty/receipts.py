"""Figures of receipts: 应收, 已收, 未收 count people who were asked at first; each leads to its rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from bianwang.modules.duty.models import GroupMessage, Recipient
from bianwang.platform import access
from bianwang.platform.clock import now
from bianwang.platform.ui.lists import list_url


@dataclass(frozen=True)
class Progress:
    """How far the receipts of one message are."""

    message: int
    asked: int
    covered: int
    late: int

    @property
    def silent(self) -> int:
        """Who has not said so, nor any substitute."""
        return self.asked - self.covered

    @property
    def percent(self) -> int:
        """Rounded down: a hundred means everybody."""
        return 100 * self.covered // self.asked if self.asked else 0

    def _url(self, **more: Any) -> str:
        return list_url("duty:recipients", message=self.message, **more)

    @property
    def asked_url(self) -> str:
        """Everybody who was asked at first."""
        return self._url(roots=1)

    @property
    def covered_url(self) -> str:
        """Whose branch has said so."""
        return self._url(covered=1)

    @property
    def silent_url(self) -> str:
        """Whose branch is silent."""
        return self._url(silent=1)

    @property
    def late_url(self) -> str:
        """Whose branch is silent though the limit has passed."""
        return self._url(silent=1, late=1)


def roots() -> Q:
    """People who were asked at first."""
    return Q(root__isnull=True)


def covered() -> Q:
    """Roots whose branch of the call tree has said so."""
    return roots() & Q(covered_at__isnull=False)


def silent() -> Q:
    """Roots whose branch is silent."""
    return roots() & Q(covered_at__isnull=True)


def late() -> Q:
    """Silent though the limit has passed, while receipts are still collected."""
    return Q(received_at__isnull=True, covered_at__isnull=True, due_at__lt=now(), message__closed_at__isnull=True)


def progress(messages: Iterable[GroupMessage]) -> dict[int, Progress]:
    """How far each message is, in one query."""
    keys = [message.pk for message in messages]
    rows = (
        Recipient.objects.filter(roots(), message__in=keys)
        .order_by()
        .values("message")
        .annotate(
            asked=Count("pk"),
            covered=Count("pk", filter=covered()),
            late=Count("pk", filter=late()),
        )
    )
    found = {row["message"]: Progress(**row) for row in rows}
    return {key: found.get(key, Progress(key, 0, 0, 0)) for key in keys}


def ranked(rows: QuerySet[Any]) -> QuerySet[Any]:
    """With `rank`: the silent whose limit has passed first, then those whom no text reached, then the rest."""
    failed = Q(received_at__isnull=True) & (Q(sms__state="failed") | Q(sms__isnull=True))
    done = Q(received_at__isnull=False) | Q(covered_at__isnull=False)
    cases = (When(late(), then=Value(0)), When(done, then=Value(3)), When(failed, then=Value(1)))
    found: QuerySet[Any] = rows.annotate(rank=Case(*cases, default=Value(2), output_field=IntegerField()))
    return found


def collecting(user: Any) -> QuerySet[GroupMessage]:
    """Messages in the user's scope of which receipts are still collected."""
    rows = access.visible(user, GroupMessage, "duty.view").filter(closed_at__isnull=True)
    return rows.select_related("owner").order_by("-sent_at")


def late_count(user: Any) -> int:
    """People in the user's scope whose branch is silent though the limit has passed."""
    return access.visible(user, Recipient, "duty.view").filter(silent(), late()).count()


def waiting_for(user: Any) -> int:
    """Messages that the user himself has not answered."""
    rows = access.visible(user, Recipient, "duty.receive").filter(mine(user))
    return rows.filter(received_at__isnull=True, message__closed_at__isnull=True).count()


def mine(user: Any) -> Q:
    """What was sent to the user himself."""
    return Q(user=user.pk)
