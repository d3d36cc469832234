"""Shelters of evacuation lists: chosen by name, counted, and said to be overfull where they are."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bianwang.modules.emergency import services
from bianwang.modules.emergency.models import Evacuee, Resource
from bianwang.modules.emergency.queries.shelters import labels, stays
from bianwang.modules.emergency.sheets.people import PEOPLE
from bianwang.platform.exchange import services as exchange
from bianwang.platform.exchange.models import StagedRow
from bianwang.platform.ledger.models import Entry
from tests.modules.emergency.command import listed, ordered
from tests.modules.emergency.resources import described, shelter, team
from tests.modules.emergency.things import fire
from tests.people import ClientFor, World
from tests.platform.exchange import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def _table(world: World, who: str, event: Any) -> list[tuple[str, int, int, int]]:
    return [(str(row.shelter or ""), row.safe, row.coming, row.present) for row in stays(world.who(who), event)]


def test_a_name_chooses_a_shelter_and_other_words_stay_words(world: World, client_for: ClientFor) -> None:
    event, school = fire(world), shelter(world)
    town = client_for("town")
    order = {"reason": "火线逼近", "place_from": "石河村三社", "place_to": school.name, "home": world.village_area.pk}
    form = town.get(reverse("emergency:batch_new", args=[event.pk])).content.decode()
    assert f'<option value="{school.name}">余 300 人</option>' in form
    assert town.post(reverse("emergency:batch_new", args=[event.pk]), order).status_code == 302
    batch = event.batches.get()
    assert (batch.site, batch.home) == (school, world.village_area)
    new = reverse("emergency:person_new", args=[event.pk])
    person = {"batch": batch.pk, "household": "三社 1 户", "name": "李四"}
    assert town.post(new, person).status_code == 302
    assert town.post(new, {**person, "name": "王五", "shelter": "投靠女儿家"}).status_code == 302
    four, five = Evacuee.objects.order_by("pk")
    assert (four.site, four.shelter, four.home) == (school, school.name, world.village_area)
    assert (five.site, five.shelter, five.home) == (None, "投靠女儿家", world.village_area)
    tap = reverse("emergency:person_set", args=[five.pk])
    town.post(tap, {"state": "safe", "shelter": school.name})
    five.refresh_from_db()
    assert (five.site, five.state) == (school, "safe")
    change = reverse("emergency:person_change", args=[five.pk])
    kept = town.get(change).context["form"].initial
    assert (kept["shelter"], kept["home"]) == (school.name, world.village_area)
    values = {**{name: value or "" for name, value in kept.items()}, "home": "", "reason": "回到女儿家"}
    assert town.post(change, {**values, "shelter": "女儿家"}).status_code == 302
    five.refresh_from_db()
    assert (five.site, five.shelter, five.home) == (None, "女儿家", None)


def test_who_is_there_is_seen_on_the_pages_of_shelter_and_event(world: World, client_for: ClientFor) -> None:
    event, school, duty = fire(world), shelter(world), world.who("duty")
    people = listed(world, event, 5, place_to=school.name)
    services.set_people(duty, people[:3], "safe")
    services.set_people(duty, people[3:4], "safe", shelter="女儿家")
    played = fire(world, is_exercise=True, name="演练")
    services.set_people(duty, listed(world, played, 2, place_to=school.name), "safe")
    assert _table(world, "duty", event) == [(school.name, 3, 1, 3), ("", 1, 0, 1)]
    assert _table(world, "duty", played) == [(school.name, 2, 0, 2)]
    services.set_occupied(school, duty, 40)  # more came by themselves
    assert _table(world, "duty", event)[0] == (school.name, 3, 1, 40)
    client = client_for("duty")
    page = client.get(school.get_absolute_url())
    cells = {cell.title: cell for group in page.context["facts"] for cell in group.rows}
    assert cells["现有"].text == "40 人，余 260 人"
    assert cells["转移名单上安置在此"].value == 3
    assert client.get(cells["转移名单上安置在此"].href).context["sheet"].paginator.count == 3
    roll = reverse("emergency:evacuation", args=[event.pk])
    for url in (roll, event.get_absolute_url()):
        text = client.get(url).content.decode()
        assert school.get_absolute_url() in text
        assert "余 260 人" in text
    for stay in stays(duty, event):
        for group, number in (("here", stay.safe), ("unsafe", stay.coming)):
            assert len(client.get(roll, {"site": stay.key, "group": group}).context["people"]) == number


def test_too_many_are_said_plainly_and_not_refused(world: World, client_for: ClientFor) -> None:
    event, hut = fire(world), shelter(world, name="村活动室", quantity=2)
    people = listed(world, event, 4, place_to=hut.name)
    town, words = client_for("town"), "村活动室现有 3 人，可容纳 2 人，超员 1 人"
    for number, person in enumerate(people[:3], 1):
        page = town.post(reverse("emergency:person_set", args=[person.pk]), {"state": "safe"}, follow=True)
        assert (words in page.content.decode()) is (number > 2)
    assert Evacuee.objects.filter(state="safe", site=hut).count() == 3
    for url in (hut.get_absolute_url(), event.get_absolute_url(), reverse("emergency:evacuation", args=[event.pk])):
        assert "超员 1 人" in town.get(url).content.decode()
    many = {"action": "safe", "row": [people[3].pk]}
    page = client_for("duty").post(reverse("emergency:evacuees"), many, follow=True)
    assert "村活动室现有 4 人" in page.content.decode()
    order = {"reason": "火线逼近", "place_from": "四社", "place_to": hut.name}
    page = town.post(reverse("emergency:batch_new", args=[event.pk]), order, follow=True)
    assert "超员 2 人" in page.content.decode()


def test_two_shelters_of_one_name_are_told_apart(world: World, client_for: ClientFor) -> None:
    one, two = shelter(world, name="活动室"), shelter(world, name="活动室", owner=world.town2)
    names = [f"活动室（{party.name}）" for party in (world.town2, world.town)]
    assert {label: row.pk for label, row in labels().items()} == dict(zip(names, (two.pk, one.pk), strict=True))
    with pytest.raises(ValidationError, match="有几个避难场所叫“活动室”"):
        ordered(world, fire(world), place_to="活动室")
    [person] = listed(world, fire(world), 1, place_to=names[0])
    assert (person.site, person.shelter) == (two, "活动室")
    kept = client_for("duty").get(reverse("emergency:person_change", args=[person.pk])).context["form"].initial
    assert kept["shelter"] == names[0]


def test_a_town_may_send_people_to_another_towns_shelter_but_not_open_it(world: World, client_for: ClientFor) -> None:
    far, event = shelter(world, name="八塘小学", owner=world.town2), fire(world)
    [person] = listed(world, event, 1, place_to=far.name)
    town = client_for("town")
    for url in (event.get_absolute_url(), reverse("emergency:evacuees")):
        page = town.get(url).content.decode()
        assert far.name in page
        assert far.get_absolute_url() not in page
        assert far.get_absolute_url() in client_for("duty").get(url).content.decode()
    services.set_people(world.who("town"), [person], "safe")
    # Whoever keeps it reads how many are there, and not who they are.
    page = client_for("town2").get(far.get_absolute_url())
    cells = {cell.title: cell for group in page.context["facts"] for cell in group.rows}
    assert (cells["转移名单上安置在此"].value, cells["转移名单上安置在此"].href) == (1, "")


def test_a_shelter_may_be_renamed_and_stays_a_shelter(world: World) -> None:
    school, event = shelter(world), fire(world)
    [person] = listed(world, event, 1, place_to=school.name)
    services.change_resource(world.who("duty"), school, {"name": "青杠中学"})
    person.refresh_from_db()
    assert (person.shelter, person.batch.place_to, person.site) == ("青杠中学", "青杠中学", school)
    with pytest.raises(ValidationError, match="有人安置在这里"):
        services.change_resource(world.who("duty"), school, {"kind": "expert"})


def test_a_sheet_names_shelter_and_village(world: World) -> None:
    event, school = fire(world), shelter(world)
    shelter(world, name="活动室"), shelter(world, name="活动室", owner=world.town2)
    batch = ordered(world, event)

    def stage(*places: str) -> Any:
        row = [event.number, 1, "三社 1 户", "李四", "13900001111", "卧床", "", *places]
        file = samples.filled(row, sheet=PEOPLE)
        return exchange.stage(PEOPLE, world.who("town"), "名单.xlsx", file, samples.size_of(file))

    errors = StagedRow.objects.get(batch=stage("活动室", "石河庄")).errors
    assert "没有名为“石河庄”的镇街或村社" in errors
    assert "有几个避难场所叫“活动室”" in errors
    exchange.confirm(stage(school.name, f"{world.town_area.name}石河村"))
    exchange.apply_confirmed()
    person = batch.people.get()
    assert (person.site, person.home) == (school, world.village_area)


def test_a_shelter_in_a_village_is_found_by_its_town(world: World, client_for: ClientFor) -> None:
    shelter(world, name="村活动室", territory=world.village_area)
    team(world, name="八塘队", owner=world.town2, territory=world.town2_area)
    found = client_for("duty").get(reverse("emergency:resources"), {"territory": world.town_area.pk})
    assert [row.name for row in found.context["sheet"].object_list] == ["村活动室"]
    form = described(world, territory=world.village_area.pk, owner=world.town.pk, name="二队")
    assert client_for("town").post(reverse("emergency:resource_new"), form).status_code == 302
    assert Resource.objects.get(name="二队").territory == world.village_area


def test_lists_that_named_a_shelter_in_words_are_linked_once(world: World) -> None:
    event = fire(world)
    people = listed(world, event, 2, place_to="青杠中学避难场所")
    school = shelter(world)
    import_module("bianwang.modules.emergency.migrations.0007_places").link(apps, None)
    assert set(Evacuee.objects.values_list("site", flat=True)) == {school.pk}
    assert people[0].batch.__class__.objects.get().site == school


def test_many_shelters_ask_the_same(world: World, client_for: ClientFor) -> None:
    event, duty, seen = fire(world), client_for("duty"), []
    urls = [
        reverse("emergency:evacuation", args=[event.pk]),
        event.get_absolute_url(),
        reverse("emergency:evacuees"),
        reverse("emergency:resources"),
    ]
    for first in (0, 2):
        for number in range(first, first + 2 + first):
            listed(world, event, 1, place_to=shelter(world, name=f"学校{number}").name)
        for url in urls:
            duty.get(url)
            with CaptureQueriesContext(connection) as captured:
                duty.get(url)
            seen.append(len(captured))
    assert seen[:4] == seen[4:]


def test_the_ledger_tells_the_shelter(world: World) -> None:
    school = shelter(world)
    people = listed(world, fire(world), 1)
    services.set_people(world.who("duty"), people, "safe", shelter=school.name)
    told = Entry.objects.get(verb="emergency.evacuee_state").changes
    assert school.name in told
    assert "张三" not in told
