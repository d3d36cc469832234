"""The roll call of villages and towns: their own people and those whom they take in, and nothing else of an event."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bianwang.modules.emergency import services
from bianwang.modules.emergency.models import Evacuee, Event
from bianwang.modules.emergency.queries.evacuees import roll_count, roll_of
from bianwang.platform.ledger.models import Entry
from bianwang.platform.places.models import Territory
from bianwang.platform.workflow.errors import Refused
from tests.modules.emergency.command import listed
from tests.modules.emergency.resources import shelter
from tests.modules.emergency.things import ended, fire, reported
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def _elsewhere() -> Territory:
    return Territory.objects.get(name="福禄村")


def _roll(world: World, who: str) -> set[int]:
    return set(roll_of(world.who(who)).values_list("pk", flat=True))


def test_a_village_calls_its_people_and_those_it_takes_in(world: World) -> None:
    event = fire(world)
    kept = shelter(world, name="村委会", owner=world.village)
    near = shelter(world, name="村小学", territory=world.village_area)
    mine = listed(world, event, 1, home=world.village_area)
    mine += listed(world, event, 1, home=_elsewhere(), place_to=kept.name)
    mine += listed(world, event, 1, home=_elsewhere(), place_to=near.name)
    other = listed(world, event, 1, home=_elsewhere(), place_to="八塘小学")
    unsaid = listed(world, event, 1)
    assert _roll(world, "village") == {row.pk for row in mine}
    # A town calls all of its villages, also people of an event that is not its own.
    assert _roll(world, "town2") == {row.pk for row in (*mine[1:], *other)}
    assert not {row.pk for row in unsaid} & (_roll(world, "town") | _roll(world, "town2"))
    for who in ("duty", "department", "safety"):
        assert not _roll(world, who)


def test_one_tap_says_here_and_another_not_found(world: World, client_for: ClientFor) -> None:
    event = fire(world)
    one, two = listed(world, event, 2, home=world.village_area)
    village, url = client_for("village"), reverse("emergency:roll_call")
    assert roll_count(world.who("village")) == 2
    page = village.get(url).content.decode()
    assert one.name in page
    assert one.phone not in page
    assert "138****0000" in page
    for person, state in ((one, "safe"), (two, "missing")):
        answer = village.post(reverse("emergency:roll_call_set", args=[person.pk]), {"state": state, "back": url})
        assert answer["Location"] == url
        person.refresh_from_db()
        assert (person.state, person.state_by) == (state, world.who("village"))
    assert roll_count(world.who("village")) == 1
    assert [row.pk for row, *_ in village.get(url, {"group": "unsafe"}).context["people"]] == [two.pk]
    assert not village.get(url, {"q": two.phone}).context["people"], "nobody finds out a phone by searching for it"
    assert [row.pk for row, *_ in village.get(url, {"q": two.name}).context["people"]] == [two.pk]
    # Who moves people sees it at once, and by whom.
    roll = client_for("duty").get(reverse("emergency:evacuation", args=[event.pk]))
    assert (roll.context["count"].moved, roll.context["count"].missing) == (1, 1)
    assert "孙村社" in roll.content.decode()
    entries = Entry.objects.filter(verb="emergency.evacuee_state")
    assert {entry.actor for entry in entries} == {world.who("village")}
    assert not any(one.name in entry.changes + entry.object_label for entry in entries)


def test_a_village_reads_and_writes_nothing_else(world: World, client_for: ClientFor) -> None:
    event = fire(world)
    mine, other = listed(world, event, 1, home=world.village_area)[0], listed(world, event, 1, home=_elsewhere())[0]
    village, who = client_for("village"), world.who("village")
    page = village.get(reverse("emergency:roll_call")).content.decode()
    assert event.get_absolute_url() not in page
    assert event.place not in page
    for name in ("detail", "evacuation", "evacuation_paper", "record"):
        assert village.get(reverse(f"emergency:{name}", args=[event.pk])).status_code == 403
    assert village.post(reverse("emergency:person_set", args=[mine.pk]), {"state": "void"}).status_code == 403
    assert village.post(reverse("emergency:roll_call_set", args=[other.pk]), {"state": "safe"}).status_code == 404
    for state in ("void", "returned", "told", "", "nonsense"):
        with pytest.raises(Refused, match="只登记"):
            services.call_roll(who, mine, state)
    with pytest.raises(Http404):
        services.call_roll(who, other, "safe")
    with pytest.raises(PermissionDenied):
        services.call_roll(world.who("leader"), mine, "safe")
    assert set(Evacuee.objects.values_list("state", flat=True)) == {"waiting"}


def test_whoever_went_home_or_was_a_mistake_is_not_called(world: World, client_for: ClientFor) -> None:
    home, mistake = listed(world, fire(world), 2, home=world.village_area)
    services.set_people(world.who("duty"), [home], "returned")
    services.set_people(world.who("duty"), [mistake], "void", note="重复")
    page = client_for("village").get(reverse("emergency:roll_call"))
    assert [(row.pk, called) for row, _, called in page.context["people"]] == [(home.pk, False)]
    with pytest.raises(Refused, match="已返回"):
        services.call_roll(world.who("village"), home, "missing")
    with pytest.raises(Http404):
        services.call_roll(world.who("village"), mistake, "safe")


def test_a_closed_event_is_called_no_more(world: World) -> None:
    event, duty = ended(world), world.who("duty")
    [person] = listed(world, event, 1, home=world.village_area)
    services.set_people(duty, [person], "safe")
    reported(world, event)
    reported(world, event, "final")
    assert _roll(world, "village") == {person.pk}
    services.close_early(Event.objects.get(), duty, "连降大雨")
    assert not _roll(world, "village")
    with pytest.raises(Refused, match="不能再改动"):
        services.call_roll(world.who("village"), person, "missing")


def test_the_people_of_a_merged_event_are_called_while_the_main_one_lasts(world: World) -> None:
    main, other = fire(world), fire(world, name="北坡火情")
    [person] = listed(world, other, 1, home=world.village_area)
    services.merge(other, world.who("duty"), main, "同一起火")
    assert services.call_roll(world.who("village"), person, "safe") == 1
    assert services.call_roll(world.who("village"), person, "safe") == 0


def test_an_exercise_is_called_but_alarms_nobody(world: World, client_for: ClientFor) -> None:
    [person] = listed(world, fire(world, is_exercise=True), 1, home=world.village_area)
    assert _roll(world, "village") == {person.pk}
    assert roll_count(world.who("village")) == 0
    assert "【演练】" in client_for("village").get(reverse("emergency:roll_call")).content.decode()


def test_the_roll_asks_the_same_for_many(world: World, client_for: ClientFor) -> None:
    event, village, seen = fire(world), client_for("village"), []
    for number in (2, 30):
        listed(world, event, number, home=world.village_area)
        village.get(reverse("emergency:roll_call"))
        with CaptureQueriesContext(connection) as captured:
            page: Any = village.get(reverse("emergency:roll_call"))
        seen.append(len(captured))
    assert len(page.context["people"]) == 32
    assert seen[0] == seen[1]
