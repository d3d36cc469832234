"""Evacuation lists: how they add up, who is written safe, who reads names, and that an event waits for everybody."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings, strategies as st

from bianwang.modules.emergency import services
from bianwang.modules.emergency.evacuating import STATES, Count
from bianwang.modules.emergency.models import Evacuee, Event
from bianwang.modules.emergency.sheets.people import PEOPLE
from bianwang.platform.exchange import services as exchange
from bianwang.platform.exchange.models import StagedRow
from bianwang.platform.ledger.models import Entry
from bianwang.platform.workflow.errors import Refused
from tests.modules.emergency.command import listed, ordered, seat
from tests.modules.emergency.test_response import _loss
from tests.modules.emergency.things import fire, fought, reported
from tests.people import ClientFor, World
from tests.platform.exchange import samples

database = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(STATES)), st.integers(0, 500)))
def test_everybody_but_mistakes_is_moved_left_or_missing(states: dict[str, int]) -> None:
    count = Count.of(states)
    assert count.ought == sum(states.values()) - states.get("void", 0)
    assert count.ought == count.moved + count.unsafe


class TestEvacuation:
    """With the database."""

    pytestmark = database

    def test_one_tap_on_a_phone_writes_somebody_safe(self, world: World, client_for: ClientFor) -> None:
        event = fire(world)
        person, *_ = listed(world, event)
        url = reverse("emergency:evacuation", args=[event.pk])
        tap = reverse("emergency:person_set", args=[person.pk])
        town = client_for("town")
        answer = town.post(tap, {"state": "safe", "back": f"{url}?group=left"})
        assert answer["Location"] == f"{url}?group=left"
        away = town.post(tap, {"state": "safe", "back": "//evil.example/"})
        assert away["Location"] == person.get_absolute_url()
        person.refresh_from_db()
        assert (person.state, person.state_by) == ("safe", world.who("town"))
        page = town.get(url)
        count = page.context["count"]
        assert (count.ought, count.moved, count.left, count.missing) == (3, 1, 2, 0)
        assert [row.state for row, *_ in page.context["people"]] == ["waiting", "waiting", "safe"]
        assert len(town.get(url, {"group": "moved"}).context["people"]) == 1
        assert Entry.objects.filter(verb="emergency.evacuee_state").count() == 1

    def test_the_missing_stand_first_in_red(self, world: World, client_for: ClientFor) -> None:
        event = fire(world)
        people = listed(world, event)
        services.set_people(world.who("duty"), people[2:], "missing")
        page = client_for("duty").get(reverse("emergency:evacuation", args=[event.pk]))
        assert page.context["people"][0][0].pk == people[2].pk
        services.set_people(world.who("duty"), people[:1], "safe")
        sheet = client_for("duty").get(reverse("emergency:evacuees")).context["sheet"]
        assert [row.state for row in sheet.object_list] == ["missing", "waiting", "safe"]
        assert page.content.decode().count('class="emergency-unsafe"') == 3

    def test_names_and_phones_are_whole_only_for_those_who_move_people(
        self, world: World, client_for: ClientFor
    ) -> None:
        event = fire(world)
        listed(world, event, 1)
        for name, args in (("evacuation", [event.pk]), ("evacuation_paper", [event.pk]), ("evacuees", [])):
            url = reverse(f"emergency:{name}", args=args)
            for who, whole in (("duty", True), ("town", True), ("leader", False), ("finance", False)):
                page = client_for(who).get(url).content.decode()
                assert ("张三0" in page) is whole, (name, who)
                assert ("13800000000" in page) is whole, (name, who)
                assert ("张**" in page) is not whole
        search = reverse("emergency:evacuees")
        assert client_for("duty").get(search, {"q": "张三0"}).context["sheet"].paginator.count == 1
        assert client_for("leader").get(search, {"q": "张三0"}).context["sheet"].paginator.count == 0
        assert client_for("town2").get(search).context["sheet"].paginator.count == 0
        told = "".join(Entry.objects.values_list("changes", flat=True))
        labels = "".join(Entry.objects.values_list("object_label", flat=True))
        assert "张三0" not in told + labels
        assert "13800000000" not in told

    def test_many_are_set_at_once_and_others_may_not(self, world: World, client_for: ClientFor) -> None:
        event = fire(world)
        people = listed(world, event, 120)
        rows = [person.pk for person in people]
        with CaptureQueriesContext(connection) as captured:
            client_for("duty").post(reverse("emergency:evacuees"), {"action": "safe", "row": rows[:119]})
        assert Evacuee.objects.filter(state="safe").count() == 119
        assert Entry.objects.filter(verb="emergency.evacuee_state").count() == 119
        assert len(captured) < 60  # nothing for each person
        with pytest.raises(PermissionDenied):
            services.set_people(world.who("leader"), people[119:], "safe")
        with pytest.raises(Http404):
            services.set_people(world.who("town2"), people[119:], "safe")

    def test_lists_and_the_event_ask_the_same_for_many(self, world: World, client_for: ClientFor) -> None:
        event, duty = fire(world), client_for("duty")
        urls = [
            reverse("emergency:evacuation", args=[event.pk]),
            reverse("emergency:evacuees"),
            event.get_absolute_url(),
        ]
        seen = []
        for number in (2, 30):
            listed(world, event, number)
            seat(world)
            for url in urls:
                duty.get(url)
                with CaptureQueriesContext(connection) as captured:
                    duty.get(url)
                seen.append(len(captured))
        assert seen[:3] == seen[3:]

    def test_an_event_is_not_closed_while_somebody_is_not_safe(self, world: World, client_for: ClientFor) -> None:
        duty, event, other = world.who("duty"), fought(world), fire(world, name="北坡火情")
        people = [*listed(world, event, 2), *listed(world, other, 1)]
        services.merge(other, duty, event, "同一起火")
        services.end(event, duty, None, "明火扑灭")
        reported(world, event)
        reported(world, event, "final")
        event = Event.objects.get(pk=event.pk)
        with pytest.raises(Refused, match="还有 3 人未转或失联"):
            services.close_early(event, duty, "无复燃")
        services.set_people(duty, people[:2], "safe")
        services.set_people(duty, people[2:], "missing")
        with pytest.raises(Refused, match="还有 1 人未转或失联"):
            services.close_early(event, duty, "无复燃")
        services.set_people(duty, people[2:], "safe")
        services.close_early(event, duty, "无复燃")
        with pytest.raises(Refused, match="不能再改动"):
            services.set_people(duty, people, "missing")
        taken = client_for("duty").post(
            reverse("emergency:evacuees"), {"action": "told", "row": [people[0].pk]}, follow=True
        )
        assert "不能再改动" in taken.content.decode()
        assert services.set_people(duty, people, "returned") == 3

    def test_a_mistake_is_explained_and_counts_nowhere(self, world: World, client_for: ClientFor) -> None:
        event = fire(world)
        people = listed(world, event, 2)
        with pytest.raises(Refused, match="说明"):
            services.set_people(world.who("duty"), people[:1], "void")
        tap = reverse("emergency:person_set", args=[people[0].pk])
        page = client_for("duty").post(tap, {"state": "void"}, follow=True)
        assert "误登的人员须写明说明" in page.content.decode()
        services.set_people(world.who("duty"), people[:1], "void", note="重复登记")
        page = client_for("duty").get(reverse("emergency:evacuation", args=[event.pk]))
        assert page.context["count"].ought == 1

    def test_what_losses_state_is_compared_with_the_list(self, world: World, client_for: ClientFor) -> None:
        event, duty = fire(world), world.who("duty")
        services.set_people(duty, listed(world, event, 3), "safe")
        for stated, differs in ((3, False), (4, True)):
            services.enter_loss(duty, event, _loss(evacuated=stated))
            page = client_for("duty").get(event.get_absolute_url()).content.decode()
            assert ("请核对" in page) is differs
            assert f"{reverse('emergency:evacuation', args=[event.pk])}?group=moved" in page

    def test_a_list_comes_from_excel_whole_or_not_at_all(self, world: World) -> None:
        event = fire(world)
        batch = ordered(world, event)

        def stage(*rows: list[Any], who: str = "town") -> Any:
            file = samples.filled(*rows, sheet=PEOPLE)
            return exchange.stage(PEOPLE, world.who(who), "名单.xlsx", file, samples.size_of(file))

        row = [event.number, 1, "三社 1 户", "李四", "13900001111", "卧床", "", ""]
        wrong = stage(row, [event.number, 2, *row[2:]], [*row[:3], "王五", "电话没有", "", "", ""])
        errors = dict(StagedRow.objects.filter(batch=wrong).values_list("number", "errors"))
        assert "没有可登记的第 2 批" in errors[4]
        assert "不是电话" in errors[5]
        with pytest.raises(ValidationError, match="一行都不会写入"):
            exchange.confirm(wrong)
        assert "没有可登记" in StagedRow.objects.get(batch=stage(row, who="town2")).errors
        for help_ in ("卧床", "轮椅"):  # the same person again is changed, not listed twice
            good = stage([*row[:5], help_, "", ""])
            assert "李四" not in StagedRow.objects.get(batch=good).values
            exchange.confirm(good)
            exchange.apply_confirmed()
        person = batch.people.get()
        assert (person.help, person.shelter) == ("轮椅", "石河小学")

    def test_a_row_is_put_right_but_never_into_another(self, world: World, client_for: ClientFor) -> None:
        event = fire(world)
        one, two, _ = listed(world, event)
        url = reverse("emergency:person_change", args=[one.pk])
        values = {"name": two.name, "household": two.household, "phone": "", "help": "", "shelter": "石河小学",
                  "place_from": "石河村三社", "reason": "抄错"}  # fmt: skip
        assert client_for("town").post(url, values).status_code == 422
        assert client_for("town").post(url, {**values, "name": "张小三"}).status_code == 302
        one.refresh_from_db()
        assert one.name == "张小三"
