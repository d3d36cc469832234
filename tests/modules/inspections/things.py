"""Inspections that tests start from."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
from PIL import Image

import bianwang
from bianwang.modules.documents import services as documents
from bianwang.modules.documents.queries import documents_of
from bianwang.modules.enforcement.models import Visit
from bianwang.modules.enforcement.services import record_visit
from bianwang.modules.enforcement.units import certified
from bianwang.modules.hazards.services import load_criteria
from bianwang.modules.inspections import services
from bianwang.modules.inspections.content import Answer, Content, Finding, Officer, Photo, Refusal, Signature
from bianwang.modules.inspections.models import NOTICE, Inspection, Version
from bianwang.modules.inspections.pack import chosen
from bianwang.platform.clock import today
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Party
from tests.modules.enforcement.things import certify
from tests.people import World

PACK = Path(bianwang.__file__).parent / "districts" / "bishan"
GENERAL = "general@2021-09-01"
PHONE = "phone-1"
ITEM = "TY-09"


def officers(world: World) -> tuple[Officer, ...]:
    """The two officers of the bureau, with certificates."""
    certify(world, "enforcement", "enforcement2")
    return tuple(Officer(row.name, row.certificate) for row in certified())


@lru_cache(maxsize=8)
def image(colour: str = "gray") -> bytes:
    """A small JPEG."""
    target = BytesIO()
    Image.new("RGB", (64, 48), colour).save(target, "JPEG")
    return target.getvalue()


def moment(hours: int = 1) -> datetime:
    """So many hours ago, as a phone says it."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(hours=hours)


def photo(finding: UUID | None = None, data: bytes | None = None) -> Photo:
    """A photo that the phone names."""
    digest = hashlib.sha256(data or image()).hexdigest()
    return Photo(uuid4(), digest, moment(), finding, 106.2, 29.6, 8.5)


def signature(data: bytes | None = None) -> Signature:
    """A signature that the phone names."""
    return Signature(uuid4(), hashlib.sha256(data or image("white")).hexdigest(), "冯安全", moment(), "安全负责人")


REFUSAL = Refusal("孙见证", "不同意检查结论", moment())


def begun(world: World, kind: str = "patrol", **values: Any) -> Content:
    """A document as it is when the officer begins at the plant."""
    unit: Party = {"statutory": world.bureau, "patrol": world.town}.get(kind, world.plant)
    people = {"patrol": (Officer("赵镇街"),), "self": (Officer("冯安全"),)}.get(kind, ())
    given: dict[str, Any] = {
        "enterprise": world.plant.pk,
        "unit": unit.pk,
        "kind": kind,
        "day": today(),
        "lists": (GENERAL,),
        "officers": people or officers(world),
        "reason": "complaint" if kind == "statutory" else "",
        "started_at": moment(2),
        **values,
    }
    return Content(**given)


def answers(content: Content, failed: tuple[str, ...] = ()) -> dict[str, Answer]:
    """Every item in order but these."""
    items = [item for row in chosen(content.lists, content.day) for item in row.items]
    return {item.code: Answer("fail" if item.code in failed else "pass") for item in items}


def finding(item: str = ITEM, **values: Any) -> Finding:
    """What is written of a fault."""
    return Finding(uuid4(), values.pop("title", "疏散通道堆放纸箱"), item, category="3", deadline=in_days(20), **values)


def finished(world: World, kind: str = "patrol", faults: int = 1, **values: Any) -> Content:
    """A complete document; refused to sign, so that no picture is needed, unless told otherwise."""
    content = begun(world, kind, **values)
    codes = tuple(answers(content))[:faults]
    rest: dict[str, Any] = {
        "answers": answers(content, codes),
        "findings": tuple(finding(code, title=f"问题{number}") for number, code in enumerate(codes)),
        "finished_at": moment(0),
    }
    if content.signature is None:
        rest["refusal"] = REFUSAL
    return changed(content, **{name: value for name, value in rest.items() if name not in values})


def changed(content: Content, **values: Any) -> Content:
    """The document with something else in it."""
    return msgspec.structs.replace(content, **values)


def who_of(content: Content) -> str:
    """Who makes such an inspection."""
    return {"statutory": "enforcement", "patrol": "town", "self": "safety"}[content.kind]


def sent(world: World, content: Content, key: UUID | None = None, base: int = 0, **values: Any) -> services.Receipt:
    """What becomes of a document that a phone sends; nothing that follows by itself."""
    user = world.who(values.pop("who", who_of(content)))
    with acting(user, "测试"):
        return services.receive(user, key or uuid4(), content, base=base, device=values.pop("device", PHONE), **values)


def started(world: World, kind: str = "patrol", **values: Any) -> Inspection:
    """A draft."""
    return sent(world, begun(world, kind, **values)).inspection


def completed(world: World, kind: str = "patrol", **values: Any) -> Inspection:
    """Sent and all that follows; what stands in the way is left to the test."""
    content = finished(world, kind, **values)
    inspection = sent(world, content).inspection
    noticed(inspection)
    user = world.who(who_of(content))
    with acting(user, "测试"):
        services.settle(inspection, user)
    return inspection


def noticed(inspection: Inspection) -> None:
    """The office has issued the notice of an inspection of law."""
    if inspection.dossier is not None:
        documents.issue(documents_of(inspection.dossier).get(kind=NOTICE), inspection.made_by)


def conflicted(world: World) -> Version:
    """A draft that a second phone has changed too."""
    content = begun(world)
    inspection = sent(world, content).inspection
    sent(world, changed(content, summary="第一台手机"), inspection.key, base=1)
    kept = sent(world, changed(content, summary="第二台手机"), inspection.key, base=1, device="phone-2").conflict
    assert kept is not None
    return kept


def latest() -> int:
    """The version that was kept last."""
    return Version.objects.latest("pk").pk


def criteria() -> None:
    """The district's criteria of major hazards."""
    load_criteria(PACK / "hazard_criteria.yaml")


def in_days(days: int) -> date:
    """A day so many days ahead."""
    return today() + timedelta(days=days)


def envelope(world: World, content: Content, who: str, base: int = 0, **values: Any) -> bytes:
    """The body of a PUT."""
    sent_by = values.pop("user", world.who(who).pk)
    return msgspec.json.encode({"user": sent_by, "device": PHONE, "base": base, "content": content, **values})


def planned(world: World) -> Visit:
    """A visit that the bureau has planned at the plant."""
    user = world.who("enforcement")
    people = [(row.name, row.certificate) for row in officers(world)]
    values = {"date": in_days(3), "kind": "plan", "state": "planned", "is_statutory": True}
    with acting(user, "测试"):
        return record_visit(user, world.bureau, world.plant, values, people)
