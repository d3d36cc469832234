"""What phones send: each document and picture counts once, conflicts keep both, and what is signed never changes."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import Http404
from django.test import Client
from django.urls import reverse

from bianwang.modules.inspections import services
from bianwang.modules.inspections.content import Content, Officer
from bianwang.modules.inspections.models import Inspection, Picture, Version
from bianwang.platform.files.models import Attachment
from bianwang.platform.files.storage import path_of
from bianwang.platform.ledger.models import Entry
from bianwang.platform.places.models import Enterprise
from tests.modules.inspections import things
from tests.modules.inspections.things import begun, changed, envelope, finished, image, sent
from tests.people import ClientFor, World
from tests.permissions.inspections import _INSPECTORS
from tests.permissions.row import EVERYBODY
from tests.platform.files import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


PHONE_QUERIES = 20


def put(client: Client, key: UUID, body: bytes) -> Any:
    return client.put(
        reverse("inspections:sync", args=[key]), body, "application/json", headers={"Accept": "application/json"}
    )


def put_picture(client: Client, key: UUID, picture: UUID, data: bytes) -> Any:
    url = reverse("inspections:picture", args=[key, picture])
    return client.put(url, data, "image/jpeg", headers={"Accept": "application/json"})


def test_sending_the_same_again_changes_nothing(world: World, client_for: ClientFor) -> None:
    town, key = client_for("town"), uuid4()
    draft = begun(world)
    first = put(town, key, envelope(world, draft, "town"))
    assert (first.status_code, first.json()["revision"], first.json()["state"]) == (200, 1, "draft")
    before = Entry.objects.count()
    again = put(town, key, envelope(world, draft, "town"))
    assert (again.status_code, again.json()) == (200, first.json())
    second = changed(draft, summary="继续")
    assert put(town, key, envelope(world, second, "town", base=1)).json()["revision"] == 2
    # The answer to the second was lost, and it is sent again over the version that it was made from.
    lost = put(town, key, envelope(world, second, "town", base=1))
    assert (lost.status_code, lost.json()["revision"]) == (200, 2)
    assert "content" not in lost.json()
    assert Version.objects.count() == 2
    assert Entry.objects.count() == before + 1


def test_a_version_sent_again_after_others_learns_what_is_there_now(world: World, client_for: ClientFor) -> None:
    draft = begun(world)
    inspection = sent(world, draft).inspection
    sent(world, changed(draft, summary="甲"), inspection.key, base=1)
    sent(world, changed(draft, summary="乙"), inspection.key, base=2, device="phone-2")
    answer = put(client_for("town"), inspection.key, envelope(world, changed(draft, summary="甲"), "town", base=1))
    assert (answer.status_code, answer.json()["revision"]) == (200, 3)
    assert answer.json()["content"]["summary"] == "乙"
    assert not Inspection.objects.get().has_conflict


def test_a_conflict_keeps_both_and_says_what_differs(world: World, client_for: ClientFor) -> None:
    draft, town = begun(world), client_for("town")
    inspection = sent(world, draft).inspection
    sent(world, changed(draft, summary="服务器的"), inspection.key, base=1)
    mine = envelope(world, changed(draft, summary="手机的"), "town", base=1)
    answer = put(town, inspection.key, mine)
    assert answer.status_code == 409
    told = answer.json()
    assert (told["revision"], told["frozen"], told["content"]["summary"]) == (2, False, "服务器的")
    assert told["differences"] == [{"title": "检查情况", "mine": "手机的", "theirs": "服务器的"}]
    assert put(town, inspection.key, mine).json()["conflict"] == told["conflict"]
    fresh = Inspection.objects.get()
    assert (fresh.has_conflict, fresh.revision, fresh.content.summary) == (True, 2, "服务器的")
    assert list(fresh.versions.values_list("number", "fate")) == [(1, "accepted"), (2, "accepted"), (None, "waiting")]


@pytest.mark.parametrize("take", [True, False])
def test_the_officer_chooses_on_the_phone(world: World, client_for: ClientFor, *, take: bool) -> None:
    kept = things.conflicted(world)
    inspection, town = kept.inspection, client_for("town")
    present = inspection.content
    content = kept.content if take else present
    body = envelope(world, content, "town", base=2, drops=[kept.pk])
    answer = put(town, inspection.key, body)
    assert (answer.status_code, answer.json()["revision"]) == (200, 3 if take else 2)
    assert put(town, inspection.key, body).json()["revision"] == answer.json()["revision"]
    inspection.refresh_from_db()
    assert (inspection.has_conflict, inspection.content) == (False, content)
    assert inspection.versions.count() == 3
    assert not inspection.versions.filter(fate="waiting").exists()
    assert Entry.objects.filter(verb="inspections.choose").exists()


@pytest.mark.parametrize("take", [True, False])
def test_the_officer_chooses_in_the_office(world: World, client_for: ClientFor, *, take: bool) -> None:
    kept = things.conflicted(world)
    url = reverse("inspections:version", args=[kept.inspection_id, kept.pk])
    page = client_for("town").get(url).content.decode()
    assert "第一台手机" in page
    assert "第二台手机" in page
    url = reverse("inspections:choose", args=[kept.inspection_id, kept.pk])
    assert client_for("town").post(url, {"choice": "take" if take else "leave"}).status_code == 302
    fresh = Inspection.objects.get()
    assert (fresh.has_conflict, fresh.content.summary) == (False, "第二台手机" if take else "第一台手机")
    assert "已有人处理过" in client_for("town").post(url, {"choice": "take"}).content.decode()


def test_what_is_signed_is_never_replaced(world: World, client_for: ClientFor) -> None:
    inspection = things.completed(world)
    assert inspection.state == "done"
    before = inspection.content
    other = changed(before, summary="签字后改的")
    for base in (1, 0, 7):
        answer = put(client_for("town"), inspection.key, envelope(world, other, "town", base=base))
        assert (answer.status_code, answer.json()["frozen"]) == (409, True)
    fresh = Inspection.objects.get()
    assert (fresh.content, fresh.revision, fresh.has_conflict) == (before, 1, False)
    kept = fresh.versions.get(number=None)
    assert (kept.fate, kept.content.summary) == ("rejected", "签字后改的")
    with pytest.raises(ValidationError, match="已有人处理过"):
        services.choose(fresh, world.who("town"), kept, take=True)


def test_a_version_that_waited_cannot_be_chosen_after_the_signature(world: World) -> None:
    kept = things.conflicted(world)
    inspection, town = kept.inspection, world.who("town")
    sent(world, finished(world), inspection.key, base=2)
    inspection.refresh_from_db()
    assert "没有选择" in services.settle(inspection, town)
    assert inspection.state == "signed"
    with pytest.raises(ValidationError, match="已经签字"):
        services.choose(inspection, town, kept, take=True)
    services.choose(inspection, town, kept, take=False)
    inspection.refresh_from_db()
    assert services.settle(inspection, town) == ""
    assert inspection.state == "done"


def test_a_signed_document_waits_for_its_pictures_and_no_other_phone_changes_it(world: World) -> None:
    photo = things.photo()
    content = finished(world, photos=(photo,))
    inspection = sent(world, content).inspection
    assert inspection.state == "submitted"
    reopened = changed(content, finished_at=None, refusal=None)
    assert sent(world, reopened, inspection.key, base=1, device="phone-2").conflict is not None
    services.receive_picture(world.who("town"), inspection.key, photo.id, image())
    inspection.refresh_from_db()
    assert (services.settle(inspection, world.who("town")), inspection.state, inspection.revision) == ("", "done", 1)


def test_pictures_are_kept_once_with_the_time_and_place_of_the_device(world: World, client_for: ClientFor) -> None:
    photo, signed = things.photo(), things.signature()
    content = finished(world, photos=(photo,), signature=signed)
    town, key = client_for("town"), uuid4()
    answer = put(town, key, envelope(world, content, "town"))
    assert answer.json()["missing"] == sorted([str(photo.id), str(signed.id)])
    assert answer.json()["state"] == "submitted"
    for _ in range(2):
        answer = put_picture(town, key, photo.id, image())
        assert (answer.status_code, answer.json()["missing"]) == (200, [str(signed.id)])
    assert put_picture(town, key, signed.id, image("white")).json()["state"] == "done"
    assert put_picture(town, key, signed.id, image("white")).status_code == 200
    kept = Picture.objects.get(key=photo.id)
    assert (kept.taken_at, kept.longitude, kept.accuracy) == (photo.taken_at, 106.2, 8.5)
    assert kept.received_at > kept.taken_at
    assert hashlib.sha256(path_of(kept.file.digest).read_bytes()).hexdigest() == photo.sha256
    assert Attachment.objects.filter(object_type="inspections.inspection").count() == 2
    assert Inspection.objects.get().signer == "冯安全"


def test_pictures_that_are_not_what_was_named_are_refused(world: World, client_for: ClientFor) -> None:
    text = b"plain text, no picture"
    photo, forged, signed = things.photo(), things.photo(data=text), things.signature()
    inspection = sent(world, finished(world, photos=(photo, forged), signature=signed)).inspection
    town = client_for("town")
    for picture, data, words in (
        (photo.id, image("red"), "校验值不符"),
        (photo.id, b"", "校验值不符"),
        (forged.id, text, "不是照片"),
        (uuid4(), image(), "没有这张照片"),
    ):
        answer = put_picture(town, inspection.key, picture, data)
        assert answer.status_code == 422, words
        assert words in answer.json()["error"]
    assert put_picture(town, inspection.key, photo.id, b"x" * 6_000_000).status_code == 413
    assert put_picture(town, uuid4(), photo.id, image()).status_code == 404
    assert not Picture.objects.exists()
    other = sent(world, begun(world, photos=(photo,))).inspection
    assert put_picture(town, inspection.key, photo.id, image()).status_code == 200
    assert "另一张照片" in put_picture(town, other.key, photo.id, image()).json()["error"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lists": ("no@2020-01-01",)}, "不适用"),
        ({"lists": ("confined-59@2013-07-01",)}, "不适用"),
        ({"answers": {"ZZ": things.Answer("pass")}}, "不在所选的检查表里"),
        ({"kind": "self"}, "企业自查由企业自己进行"),
        ({"visit": 99}, "计划检查"),
        ({"finished_at": things.moment()}, "还有 14 项没有检查"),
    ],
)
def test_a_faulty_document_is_refused_whole(
    world: World, client_for: ClientFor, changes: dict[str, Any], words: str
) -> None:
    answer = put(client_for("town"), uuid4(), envelope(world, changed(begun(world), **changes), "town"))
    assert answer.status_code == 422
    assert words in answer.json()["error"]
    assert not Inspection.objects.exists()
    assert not Entry.objects.filter(verb__startswith="inspections.").exists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"user": 1}', b'{"user": "x"}', b"\xff"])
def test_what_is_no_document_is_refused_in_one_sentence(client_for: ClientFor, body: bytes) -> None:
    answer = put(client_for("town"), uuid4(), body)
    assert answer.status_code == 422
    assert "格式不对" in answer.json()["error"]


def test_a_faulty_document_is_not_kept_beside_another_either(world: World, client_for: ClientFor) -> None:
    draft = begun(world)
    inspection = sent(world, draft).inspection
    sent(world, changed(draft, summary="续"), inspection.key, base=1)
    for values in ({"lists": ("no@2020-01-01",)}, {"day": things.in_days(-1)}):
        answer = put(client_for("town"), inspection.key, envelope(world, changed(draft, **values), "town", base=1))
        assert answer.status_code == 422
    assert not Inspection.objects.get().has_conflict


def test_another_enterprise_is_another_inspection(world: World, client_for: ClientFor) -> None:
    world.joint.territories.add(world.town_area)
    inspection = sent(world, begun(world)).inspection
    for values in ({"enterprise": world.joint.pk}, {"day": things.in_days(-1)}):
        answer = put(client_for("town"), inspection.key, envelope(world, begun(world, **values), "town", base=1))
        assert "请另建一次检查" in answer.json()["error"]


@pytest.mark.parametrize("key", sorted(EVERYBODY))
def test_who_may_send(world: World, client_for: ClientFor, key: str) -> None:
    """A new inspection in the name of the first town at the plant."""
    expected = 200 if key == "town" else 422 if key in _INSPECTORS else 403
    answer = put(client_for(key), uuid4(), envelope(world, begun(world), key))
    assert (key, answer.status_code) == (key, expected)
    assert Inspection.objects.exists() == (expected == 200)


def test_only_those_who_take_part_go_on_with_it(world: World, client_for: ClientFor) -> None:
    content = begun(world, "statutory")
    inspection = sent(world, content).inspection
    more = changed(content, summary="续")
    photo = things.photo()
    for who, status in (("safety", 404), ("town", 404), ("head", 403), ("enforcement2", 200)):
        answer = put(client_for(who), inspection.key, envelope(world, more, who, base=1))
        assert (who, answer.status_code) == (who, status)
        expected = status if status != 200 else 422
        assert put_picture(client_for(who), inspection.key, photo.id, image()).status_code == expected
    assert put(Client(), inspection.key, envelope(world, more, "enforcement")).status_code == 302


def test_a_record_of_another_account_on_the_same_phone_is_not_sent(world: World, client_for: ClientFor) -> None:
    answer = put(client_for("town"), uuid4(), envelope(world, begun(world), "town", user=world.who("town2").pk))
    assert answer.status_code == 403
    assert "另一个账号" in answer.json()["error"]
    assert not Inspection.objects.exists()


def test_requests_need_the_csrf_token(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.who("town"))
    assert put(client, uuid4(), envelope(world, begun(world), "town")).status_code == 403
    client.get(reverse("inspections:data"))
    url, token = reverse("inspections:sync", args=[uuid4()]), client.cookies["csrftoken"].value
    headers = {"X-CSRFToken": token}
    assert (
        client.put(url, envelope(world, begun(world), "town"), "application/json", headers=headers).status_code == 200
    )


def test_in_whose_name_somebody_inspects(world: World) -> None:
    def refuse(content: Content, who: str, error: type[Exception]) -> None:
        with pytest.raises(error):
            sent(world, content, who=who)

    sent(world, begun(world, "self"))
    sent(world, begun(world, "statutory"))
    refuse(begun(world, unit=world.town2.pk), "town", ValidationError)
    refuse(begun(world, unit=world.bureau.pk), "town", ValidationError)
    refuse(begun(world, enterprise=world.other.pk), "town", Http404)
    refuse(begun(world, "self", enterprise=world.other.pk, unit=world.other.pk), "safety", ValidationError)
    refuse(begun(world, unit=world.plant.pk), "safety", ValidationError)
    refuse(begun(world), "duty", PermissionDenied)
    assert Inspection.objects.count() == 2


def test_what_a_phone_takes_along(world: World, client_for: ClientFor, django_assert_max_num_queries: Any) -> None:
    things.criteria()
    world.plant.zones.create(name="污水池", kind="confined_space")
    things.officers(world)
    mine = things.started(world, "statutory")
    plan = things.planned(world)
    client = client_for("enforcement")
    with django_assert_max_num_queries(PHONE_QUERIES):
        data = client.get(reverse("inspections:data")).json()
    assert data["user"]["id"] == world.who("enforcement").pk
    assert [(row["id"], row["kinds"]) for row in data["units"]] == [(world.bureau.pk, ["statutory", "patrol"])]
    assert {row["id"] for row in data["enterprises"]} == {row.pk for row in Enterprise.objects.all()}
    plant = next(row for row in data["enterprises"] if row["id"] == world.plant.pk)
    assert plant["zones"] == ["confined_space"]
    assert {"general@2021-09-01", "confined@2024-01-01"} <= {row["version"] for row in data["lists"]}
    assert all(row["items"] for row in data["lists"])
    assert [(row["key"], row["notice"]) for row in data["inspections"]] == [(str(mine.key), False)]
    things.noticed(mine)
    assert client.get(reverse("inspections:data")).json()["inspections"][0]["notice"]
    assert [row["id"] for row in data["visits"]] == [plan.pk]
    assert {row["name"] for row in data["officers"]} == {"李执法", "何执法"}
    # A number that only begins like somebody's certificate is somebody else's.
    other = world.who("enforcement2")
    other.certificate = other.certificate[:-1]
    other.save()
    assert client_for("enforcement2").get(reverse("inspections:data")).json()["inspections"] == []
    own = client_for("safety").get(reverse("inspections:data")).json()
    assert [(row["id"], row["kinds"]) for row in own["units"]] == [(world.plant.pk, ["self"])]
    assert [row["id"] for row in own["enterprises"]] == [world.plant.pk]
    assert (own["inspections"], own["visits"], own["officers"]) == ([], [], [])


def test_the_shell_is_the_same_for_everybody_and_the_worker_keeps_it(world: World, client_for: ClientFor) -> None:
    pages = {client_for(who).get(reverse("inspections:field")).content for who in ("town", "enforcement", "safety")}
    assert len(pages) == 1
    assert b"csrf" not in pages.pop().lower()
    worker = client_for("town").get(reverse("inspections:worker"))
    assert worker.headers["Content-Type"].startswith("text/javascript")
    text = worker.content.decode()
    for name in ("/inspections/field/", "/static/inspections/field/page.js", "/static/inspections/field/outbox.js"):
        assert f'"{name}"' in text


@pytest.mark.django_db(transaction=True)
def test_two_tabs_that_send_at_the_same_moment_make_one_inspection(world: World, limits: None) -> None:
    key, content, gate = uuid4(), begun(world), Barrier(2)

    def send() -> int:
        gate.wait()
        try:
            return services.receive(world.who("town"), key, content, base=0, device="phone").inspection.revision
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        found = [future.result() for future in [threads.submit(send) for _ in range(2)]]
    assert found == [1, 1]
    assert (Inspection.objects.count(), Version.objects.count()) == (1, 1)


def test_officers_of_a_patrol_may_be_anybody(world: World) -> None:
    people = (Officer("赵镇街"), Officer("钱村长"))
    assert sent(world, finished(world, officers=people)).inspection.state == "submitted"


def test_upload_of_a_bomb_is_refused(world: World, client_for: ClientFor) -> None:
    data = samples.png_bomb()
    photo = things.photo(data=data)
    inspection = sent(world, begun(world, photos=(photo,))).inspection
    answer = put_picture(client_for("town"), inspection.key, photo.id, data)
    assert answer.status_code == 422
    assert "像素" in answer.json()["error"]
