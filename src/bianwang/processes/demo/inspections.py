"""Inspections on site: one of a town that is done, one of the law, one with two versions, and one arranged."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import uuid4

import msgspec
from PIL import Image, ImageDraw

from bianwang.modules.documents import services as documents
from bianwang.modules.documents.queries import documents_of
from bianwang.modules.inspections import services
from bianwang.modules.inspections.content import Answer, Content, Finding, Officer, Photo, Refusal, Signature
from bianwang.modules.inspections.models import NOTICE, Inspection
from bianwang.modules.inspections.pack import chosen
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Enterprise, Party
from bianwang.processes.demo.cast import Cast

_LISTS = ("general@2021-09-01", "industry@2021-09-01")
_PHONE, _OTHER = "3f6a91d2-demo", "b07c44e8-demo"


def load(cast: Cast) -> None:
    """Enter them, once."""
    if Inspection.objects.exists():
        return
    town, bureau = cast.organisation("500120003"), cast.organisation("bureau")
    reporter, officer = cast.user("zhenjie"), cast.user("zhifa")
    people = tuple(Officer(row.name, row.certificate) for row in (officer, cast.user("zhifa2")))
    with acting(reporter, "本机"):
        _patrolled(reporter, town, cast.owners["shunda"])
        _twice(reporter, town, cast.owners["jiahua"])
    with acting(officer, "本机"):
        _inspected(officer, bureau, cast.owners["ruifeng"], people)
        begun = _begun("statutory", bureau, cast.owners["mingguang"], people, reason="complaint")
        services.arrange(officer, begun, is_demo=True)


def _patrolled(user: User, unit: Party, enterprise: Enterprise) -> None:
    """With a photo and a signature, so that everything follows by itself."""
    picture, signed = _image("演示照片", "#9db4c9"), _image("演示签字", "white")
    content = _filled(_begun("patrol", unit, enterprise, (Officer(user.name),)), ("GM-02",))
    photo = Photo(uuid4(), _sha256(picture), _moment(2), content.findings[0].id, 106.271, 29.541, 12.0)
    signature = Signature(uuid4(), _sha256(signed), "刘工", _moment(1), "安全负责人")
    content = msgspec.structs.replace(content, photos=(photo,), signature=signature, finished_at=_moment(1))
    inspection = services.receive(user, uuid4(), content, base=0, device=_PHONE, is_demo=True).inspection
    services.receive_picture(user, inspection.key, photo.id, picture)
    services.settle(services.receive_picture(user, inspection.key, signature.id, signed), user)


def _inspected(user: User, unit: Party, enterprise: Enterprise, people: tuple[Officer, ...]) -> None:
    """An inspection of law; the party would not sign."""
    content = _filled(_begun("statutory", unit, enterprise, people, reason="plan"), ("TY-05", "GM-01"))
    refusal = Refusal("社区网格员", "对整改期限有异议", _moment(1))
    content = msgspec.structs.replace(content, refusal=refusal, finished_at=_moment(1))
    inspection = services.receive(user, uuid4(), content, base=0, device=_PHONE, is_demo=True).inspection
    assert inspection.dossier is not None  # noqa: S101  (an inspection of law has one)
    documents.issue(documents_of(inspection.dossier).get(kind=NOTICE), user)
    services.settle(inspection, user)


def _twice(user: User, unit: Party, enterprise: Enterprise) -> None:
    """Two phones went on with the same draft while they were out of reach."""
    begun = _begun("patrol", unit, enterprise, (Officer(user.name),), lists=("general@2021-09-01",))
    key = services.receive(user, uuid4(), begun, base=0, device=_PHONE, is_demo=True).inspection.key
    first = msgspec.structs.replace(begun, answers={"TY-01": Answer("pass")}, summary="演示：查了责任制。")
    second = msgspec.structs.replace(begun, answers={"TY-01": Answer("na")}, summary="演示：只看了现场。")
    services.receive(user, key, first, base=1, device=_PHONE)
    services.receive(user, key, second, base=1, device=_OTHER)


def _begun(
    kind: str,
    unit: Party,
    enterprise: Enterprise,
    people: tuple[Officer, ...],
    *,
    reason: str = "",
    lists: tuple[str, ...] = _LISTS,
) -> Content:
    plain = {"enterprise": enterprise.pk, "unit": unit.pk, "kind": kind, "reason": reason, "day": today()}
    begun = msgspec.convert({**plain, "lists": lists, "started_at": _moment(3).isoformat()}, Content)
    return msgspec.structs.replace(begun, officers=people, companion=enterprise.contact)


def _filled(content: Content, faults: tuple[str, ...]) -> Content:
    """Every item in order but these."""
    items = [item for row in chosen(content.lists, content.day) for item in row.items]
    answers = {item.code: Answer("fail" if item.code in faults else "pass") for item in items}
    findings = tuple(
        Finding(
            uuid4(), f"演示：未做到{item.text}", item.code, category=item.category, deadline=today() + timedelta(15)
        )
        for item in items
        if item.code in faults
    )
    return msgspec.structs.replace(content, answers=answers, findings=findings, summary="演示：对照检查表逐项检查。")


def _image(text: str, colour: str) -> bytes:
    """A picture that says what it is, in shapes: no font is needed."""
    image = Image.new("RGB", (640, 400), colour)
    pen = ImageDraw.Draw(image)
    for number, character in enumerate(text):
        left, height = 60 + number * 130, 60 + ord(character) % 200
        pen.line((left, 320, left + 90, 320 - height), fill="#10243a", width=8)
    target = BytesIO()
    image.save(target, "JPEG", quality=80)
    return target.getvalue()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _moment(hours: int) -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(hours=hours)
