"""What is seen at a camera: a person's looks, the second look of somebody else, and what models said beside them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from bianwang.modules.patrol import drawing, pictures
from bianwang.modules.patrol.models import Look, Suspicion
from bianwang.modules.patrol.pack import Item
from bianwang.modules.patrol.shapes import Box
from bianwang.modules.patrol.workflow import walks
from bianwang.modules.sensing import queries as sensing
from bianwang.modules.sensing.watching import FACES
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.files.services import attach
from bianwang.platform.files.storage import Stored, store
from bianwang.platform.ledger.services import record
from bianwang.platform.todo import services as todo
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.errors import Conflict, Refused
from bianwang.platform.workflow.queries import deadline, limit
from bianwang.platform.workflow.table import Deadline


@dataclass(frozen=True)
class Seen:
    """What a person says of a camera."""

    result: str
    item: Item | None = None
    note: str = ""
    mark: Box | None = None


def look(row: Look, user: User, seen: Seen, snapshots: Iterable[Stored] = ()) -> None:
    """Keep what was seen with its pictures, the newest one of the camera where the page brought none.

    May be said again until the round is finished. Raises PermissionDenied, Http404, Refused, ValidationError.
    """
    access.check(user, Look, row.pk, "patrol.walk")
    if refusal := walks(row.round, user):
        raise Refused(refusal)
    _check(row, seen)
    kept = list(snapshots)[-pictures.MOST :] or _newest(row, user, seen)
    is_open = bool(kept) and sensing.may_tell_people(user, row.camera)
    hidden = _hidden(row) if is_open else None
    moment = now()
    share = float(limit("patrol.second_share").value)
    normal = seen.result == Look.Result.NORMAL
    fields = {
        "result": seen.result,
        "item": seen.item.code if seen.item else "",
        "item_text": seen.item.text if seen.item else "",
        "note": seen.note.strip(),
        "mark": seen.mark.text() if seen.mark else "",
        "second": "wanted" if normal and drawing.is_drawn(row.round.seed, row.pk, share) else "",
    }
    changes = {name: (getattr(row, name), value) for name, value in fields.items() if getattr(row, name) != value}
    changes.pop("second", None)
    for name, value in {**fields, "at": moment, "by": user, "suggested": _suggestion(row, moment)}.items():
        setattr(row, name, value)
    with transaction.atomic():
        row.save(update_fields=[*fields, "at", "by", "suggested"])
        if hidden is not None:
            attach(row, hidden, user=None, label=pictures.HIDDEN)
        for picture in kept:
            attach(row, replace(picture, needs=FACES if is_open else ""), user=user, label=pictures.LABEL)
        record("patrol.look", row, owner=row.owner_id, changes=changes)


def call_second(row: Look) -> None:
    """Ask for the second look of a finished round's look."""
    todo.open_for(
        row,
        title=f"巡检记录再看：{row.camera}",
        url=row.get_absolute_url(),
        owner=row.owner_id,
        permission="patrol.second",
        due_at=deadline(limit("patrol.second"), now()),
    )


def for_second_look(user: User, pk: int) -> Look:
    """The look that this person may look at a second time.

    Raises PermissionDenied (also for one's own), Http404, Conflict where no second look is wanted (any more).
    """
    row = access.get(user, Look, pk, "patrol.second", related=("camera", "owner", "by"))
    if row.by_id == user.pk:
        raise PermissionDenied("再看须由他人进行，不能看自己的记录。")
    if row.second != Look.Second.WANTED:
        raise Conflict("这条记录不在再看之列，或已由他人看过。")
    return row


@transaction.atomic
def second_look(row: Look, user: User, *, agrees: bool, note: str = "") -> None:
    """Somebody else says whether the pictures are normal. Raises as `for_second_look`, and ValidationError."""
    fresh = for_second_look(user, row.pk)
    if not agrees and not note.strip():
        raise ValidationError("意见不一致时请写明看到了什么。")
    value = Look.Second.AGREED if agrees else Look.Second.DIFFERED
    claimed = Look.objects.filter(pk=row.pk, second=Look.Second.WANTED).update(
        second=value, second_by=user, second_at=now(), second_note=note.strip()
    )
    if not claimed:
        raise Conflict("这条记录已由他人看过。")
    todo.close_for(fresh)
    told = {"second": (Look.Second.WANTED.label, value.label)}
    record("patrol.second", fresh, owner=fresh.owner_id, changes=told, reason=note.strip())


def to_review(row: Look, user: User) -> Suspicion:
    """Put a problem that its finder is not sure of into the review queue; once. Raises Refused, access errors."""
    access.check(user, Look, row.pk, "patrol.walk")
    if row.result != Look.Result.PROBLEM:
        raise Refused("只有“有问题”的记录可以提请复核。")
    if row.review_id is not None:
        raise Refused("这条记录已提请复核，不必重复。")
    assert row.at is not None  # noqa: S101
    made = Suspicion(
        camera=row.camera,
        owner_id=row.owner_id,
        origin=Suspicion.Origin.PERSON,
        kind=Suspicion.Kind.OTHER,
        box=row.mark,
        first_at=row.at,
        last_at=row.at,
        note="：".join(filter(None, [row.item_text, row.note]))[:300],
        raised_by=user,
        is_demo=row.is_demo,
    )
    with transaction.atomic():
        workflow.start(made, by=user, verb="patrol.suspect", deadline=Deadline("patrol.judge"))
        for label in (pictures.HIDDEN, pictures.LABEL):
            for kept in pictures.of(row, label):
                attach(made, pictures.as_stored(kept), user=user, label=label)
        row.review = made
        row.save(update_fields=["review"])
        record("patrol.to_review", row, owner=row.owner_id)
    return made


def _check(row: Look, seen: Seen) -> None:
    if seen.result not in {Look.Result.NORMAL, Look.Result.PROBLEM, Look.Result.NO_PICTURE}:
        raise ValidationError({"result": "请选择结果：正常、有问题或视频不可用。"})
    if row.review_id is not None:
        raise Refused("这条记录已提请复核，不能再改。")
    if seen.result == Look.Result.PROBLEM:
        if seen.item is None and not seen.note.strip():
            raise ValidationError({"note": "请选择检查项，或写明看到了什么问题。"})
    elif seen.item is not None or seen.mark is not None:
        raise ValidationError({"result": "选择了检查项或作了标记，结果应为“有问题”。"})


def _newest(row: Look, user: User, seen: Seen) -> list[Stored]:
    """The camera's newest picture as the user sees it, where there is one."""
    found = pictures.newest(user, row.camera) if seen.result != Look.Result.NO_PICTURE else None
    return [store(SimpleUploadedFile(f"{row.camera_id}.jpg", found, "image/jpeg"))] if found else []


def _hidden(row: Look) -> Stored | None:
    """The camera's newest picture with heads hidden, where there is one."""
    found = pictures.newest_hidden(row.camera)
    return store(SimpleUploadedFile(f"{row.camera_id} 打码.jpg", found, "image/jpeg")) if found else None


def _suggestion(row: Look, moment: datetime) -> Suspicion | None:
    """What a model suspected there in those minutes."""
    around = timedelta(minutes=float(limit("patrol.match").value))
    rows = Suspicion.objects.filter(camera=row.camera_id, origin=Suspicion.Origin.MODEL)
    return rows.filter(first_at__lte=moment + around, last_at__gte=moment - around).order_by("-last_at", "-pk").first()
