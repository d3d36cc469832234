"""The ledgers of persons and dwellings: sealed, masked, read for a reason only; and how they are put right."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse

from bianwang.modules.disasters import services
from bianwang.modules.disasters.findings import dwellings, persons, summed
from bianwang.modules.disasters.models import Casualty, House
from bianwang.platform.ledger.models import Entry
from bianwang.platform.workflow.errors import Refused
from tests.modules.disasters.things import casualty, filed, flood, house, latest, number, person
from tests.people import ClientFor, World
from tests.platform.files.samples import image, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

SECRETS = (person().name, person().id_number, person().phone)


def _form(world: World, **values: Any) -> dict[str, Any]:
    who = person()
    return {
        "unit": world.town.pk, "name": who.name, "id_number": who.id_number, "phone": who.phone, "village": "石河村3组",
        "people": 3, "structure": "earth", "rooms": 4, "collapsed": 2, "severe": 1, "general": 0, **values,
    }  # fmt: skip


def test_nobody_is_named_in_lists_pages_the_log_or_the_database(world: World, client_for: ClientFor) -> None:
    disaster, town = flood(world), client_for("town")
    assert town.post(reverse("disasters:house_new", args=[disaster.pk]), _form(world)).status_code == 302
    row = House.objects.get()
    assert (row.masked_name, row.masked_number[:-2]) == ("王**", "5002" + 12 * "*")
    raw = " ".join(str(value) for value in House.objects.values_list().get())
    told = " ".join(f"{entry.object_label} {entry.changes}" for entry in Entry.objects.all())
    pages = [town.get(url).content.decode() for url in (row.get_absolute_url(), reverse("disasters:houses"))]
    for text in (raw, bytes(row.sealed).decode("latin-1"), told, *pages, repr(person())):
        assert not [secret for secret in SECRETS if secret in text]


def test_who_it_is_is_read_with_a_reason_and_told_to_the_log(world: World, client_for: ClientFor) -> None:
    row = house(world, flood(world))
    url = reverse("disasters:house_identity", args=[row.pk])
    town = client_for("town")
    assert SECRETS[1] not in town.get(url).content.decode()
    assert town.post(url, {"reason": "看"}).status_code == 422
    assert not Entry.objects.filter(verb="disasters.identity_read").exists()
    answer = town.post(url, {"reason": "核对户籍信息"})
    assert all(secret in answer.content.decode() for secret in SECRETS)
    assert answer["Cache-Control"] == "no-store"
    assert Entry.objects.get(verb="disasters.identity_read").reason == "核对户籍信息"
    for who, refusal in (("duty", PermissionDenied), ("town2", Http404)):
        with pytest.raises(refusal):
            services.read_person(world.who(who), row, "核对户籍信息")
    other = house(world, row.disaster, 2)
    House.objects.filter(pk=other.pk).update(sealed=row.sealed)
    other.refresh_from_db()
    with pytest.raises(ValidationError, match="不符"):
        services.read_person(world.who("head"), other, "核对户籍信息")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"collapsed": 0, "severe": 0}, "collapsed"),
        ({"rooms": 2}, "rooms"),
        ({"people": 0}, "people"),
        ({"id_number": "500227199001010000"}, "id_number"),
        ({"phone": "电话"}, "phone"),
    ],
)
def test_what_cannot_be_stands_at_its_field(
    world: World, client_for: ClientFor, values: dict[str, Any], field: str
) -> None:
    answer = client_for("town").post(reverse("disasters:house_new", args=[flood(world).pk]), _form(world, **values))
    assert list(answer.context["form"].errors) == [field]
    assert not House.objects.exists()


def test_a_household_stands_once_in_a_disaster_and_again_in_the_next(world: World) -> None:
    first, second = flood(world), flood(world)
    house(world, first)
    with pytest.raises(ValidationError, match="已有登记"):
        house(world, first)
    house(world, second)
    with pytest.raises(ValidationError, match="受灾镇街"):
        services.add_house(world.who("town2"), first, world.town2, {**_columns(), "rooms": 4}, person(3))
    with pytest.raises(Http404):
        services.add_house(world.who("town2"), first, world.town, _columns(), person(3))


def test_what_is_withdrawn_or_put_right_counts_as_it_stands(world: World, client_for: ClientFor) -> None:
    disaster, town = flood(world), client_for("town")
    one, two = house(world, disaster), house(world, disaster, 2, severe=2)
    report = latest(disaster)
    assert [row.listed for row in dwellings(report, summed(report))][:4] == [2, 2, 2, 1]
    change = reverse("disasters:house_change", args=[one.pk])
    form = {**_form(world), "collapsed": 3, "severe": 0, "reason": "复核"}
    assert town.post(change, {**form, "reason": ""}).status_code == 422
    assert town.post(change, form).status_code == 302
    assert town.post(reverse("disasters:house_withdraw", args=[two.pk]), {"reason": "重复"}).status_code == 302
    assert [row.listed for row in dwellings(report, summed(report))][:4] == [3, 1, 0, 0]
    shown = town.get(reverse("disasters:houses"), {"live": "1"}).context["sheet"].object_list
    assert [row.pk for row in shown] == [one.pk]
    two.refresh_from_db()
    with pytest.raises(Refused, match="已经撤销"):
        services.withdraw(two, world.who("town"), "再次")
    with pytest.raises(ValidationError, match="可以恢复"):
        house(world, disaster, 2)
    assert "恢复并更正" in town.get(two.get_absolute_url()).content.decode()
    change = reverse("disasters:house_change", args=[two.pk])
    assert town.post(change, {**form, "collapsed": 1, "severe": 2, "reason": "不是重复"}).status_code == 302
    assert [row.listed for row in dwellings(report, summed(report))][:4] == [4, 2, 2, 1]


def test_photos_are_counted_as_they_come(world: World, client_for: ClientFor) -> None:
    row = house(world, flood(world))
    url = reverse("disasters:house_photos", args=[row.pk])
    town = client_for("town")
    assert town.post(url, {}).status_code == 422
    assert town.post(url, {"photos": [_photo(64), _photo(65)]}).status_code == 302
    assert town.post(url, {"photos": [_photo(66)]}).status_code == 302
    row.refresh_from_db()
    assert row.photos == 3


def test_somebody_missing_is_found_dead(world: World, client_for: ClientFor) -> None:
    disaster, town = flood(world), client_for("town")
    row = casualty(world, disaster, outcome="missing")
    report = latest(disaster)
    assert [found.listed for found in persons(report, {})] == [0, 1]
    url = reverse("disasters:casualty_change", args=[row.pk])
    form = {"outcome": "dead", "sex": "male", "age": 62, "place": "下游", "cause": "落水", "reason": "已找到"}
    assert town.post(url, {**form, "happened_on": "2020-01-01"}).status_code == 422
    assert town.post(url, {**form, "happened_on": row.happened_on.isoformat()}).status_code == 302
    assert [found.listed for found in persons(report, {})] == [1, 0]
    assert "李四光" not in town.get(reverse("disasters:casualties")).content.decode()
    assert Casualty.objects.get().masked_name == "李**"


def test_a_verified_ledger_is_closed(world: World) -> None:
    disaster = flood(world)
    filed(world, disaster, stable=True)
    filed(world, disaster)
    disaster.refresh_from_db()
    with pytest.raises(Refused, match="重新核报"):
        house(world, disaster)


def _photo(width: int) -> Any:
    return upload(f"{width}.jpg", image(size=(width, 48)), "image/jpeg")


def _columns() -> dict[str, Any]:
    return {"village": "村", "people": 1, "structure": "earth", "rooms": 1, "collapsed": 1, "severe": 0, "general": 0,
            "is_sole": True, "note": ""}  # fmt: skip


def test_invented_numbers_are_all_different() -> None:
    assert len({number(serial) for serial in range(100)}) == 100
