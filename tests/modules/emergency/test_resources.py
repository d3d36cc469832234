"""Resources are kept, verified, imported, called up once, and come back before an event is closed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from bianwang.modules.emergency import services
from bianwang.modules.emergency.models import CallUp, Event, Resource, Task
from bianwang.modules.emergency.queries.events import search
from bianwang.modules.emergency.queries.resources import unverified_count
from bianwang.modules.emergency.queries.shelters import in_use
from bianwang.modules.emergency.services.callups import call_up
from bianwang.modules.emergency.sheets import resources as resource_sheet
from bianwang.modules.emergency.views.resources import uses
from bianwang.platform.clock import now, today
from bianwang.platform.ledger.models import Entry
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.errors import Conflict, Refused
from tests.modules.emergency.resources import called, described, shelter, team
from tests.modules.emergency.things import fire, fought, reported
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def test_a_town_keeps_its_own_and_phones_are_masked(world: World, client_for: ClientFor) -> None:
    values = {**described(world), "owner": world.town.pk, "territory": world.town_area.pk}
    form = {name: value for name, value in values.items() if value is not None}
    assert client_for("town").post(reverse("emergency:resource_new"), form).status_code == 302
    row = Resource.objects.get()
    assert client_for("town2").post(reverse("emergency:resource_new"), form).status_code == 422
    listed = client_for("finance").get(reverse("emergency:resources")).content.decode()
    assert "139****2222" in listed
    for who, shown in (("duty", True), ("leader", True), ("town", True), ("finance", False), ("enforcement", False)):
        assert ("13911112222" in client_for(who).get(row.get_absolute_url()).content.decode()) == shown, who
    told = Entry.objects.filter(object_type="emergency.resource").values_list("changes", flat=True)
    assert not any("13911112222" in text for text in told)
    form["phone"] = "13922223333"
    assert client_for("town").post(reverse("emergency:resource_edit", args=[row.pk]), form).status_code == 302
    entry = Entry.objects.filter(verb="emergency.resource_change").get()
    assert "phone" in entry.changes
    assert "13922223333" not in entry.changes
    assert client_for("town").post(reverse("emergency:resource_edit", args=[row.pk]), form).status_code == 302
    assert Entry.objects.filter(verb="emergency.resource_change").count() == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "boat"}, "kind"),
        ({"longitude": None}, "latitude"),
        ({"verified_on": today() + timedelta(days=1)}, "verified_on"),
        ({"items": "水带 20 盘"}, "items"),
        ({"kind": "store", "items": "水带"}, "items"),
    ],
)
def test_a_wrong_entry_leaves_nothing(world: World, values: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as error:
        team(world, **values)
    assert field in error.value.message_dict
    assert not Resource.objects.exists()


@pytest.mark.parametrize(("days", "late"), [(30, 0), (31, 1)])
def test_a_drone_must_be_looked_at_again_after_thirty_days(world: World, days: int, late: int) -> None:
    duty = world.who("duty")
    row = team(world, kind="drone", verified_on=today() - timedelta(days=days))
    assert (unverified_count(duty), row.is_unverified) == (late, bool(late))
    services.verify_resource(row, duty, today())
    assert unverified_count(duty) == 0
    with pytest.raises(ValidationError):
        services.verify_resource(row, duty, today() + timedelta(days=1))


def test_a_shelter_counts_its_free_places_also_below_zero(world: World, client_for: ClientFor) -> None:
    row, duty = shelter(world), world.who("duty")
    services.set_occupied(row, duty, 120)
    page = client_for("duty").get(row.get_absolute_url()).content.decode()
    assert "余 180 人" in page
    assert "转移名单上安置在此" in page
    assert [(found.pk, found.free) for found in in_use()] == [(row.pk, 180)]
    services.set_occupied(row, duty, 305)
    assert (row.free_places, row.amount) == (-5, "可容纳 300 人，现有 305 人，超员 5 人")
    with pytest.raises(Refused):
        services.set_occupied(team(world), duty, 3)


def test_who_orders_people_to_leave_is_told_where_they_can_go(world: World, client_for: ClientFor) -> None:
    far = shelter(world, name="八塘小学", quantity=50, longitude=106.3, latitude=29.8)
    shelter(world, name="青杠中学", quantity=80)
    full = shelter(world, name="青杠小学", quantity=10)
    services.set_occupied(full, world.who("duty"), 10)
    near, unplaced = fire(world), fire(world, longitude=None, latitude=None)
    url = reverse("emergency:batch_new", args=[near.pk])
    assert "（由近到远）：青杠中学（余 80 人）、八塘小学（余 50 人）。" in client_for("duty").get(url).content.decode()
    services.set_standing(far, world.who("duty"), "disable", "改建")
    url = reverse("emergency:batch_new", args=[unplaced.pk])
    assert "有余位的避难场所：青杠中学（余 80 人）。" in client_for("duty").get(url).content.decode()


def test_a_town_called_to_the_next_reads_its_call_but_no_link_to_the_event(world: World, client_for: ClientFor) -> None:
    event = fire(world)
    made = called(world, event, team(world, owner=world.town2, territory=world.town2_area))
    assert made.task
    for page in (made, made.task):
        shown = client_for("town2").get(page.get_absolute_url())
        assert shown.status_code == 200
        assert f'href="{event.get_absolute_url()}"' not in shown.content.decode()
    assert f'href="{event.get_absolute_url()}"' in client_for("duty").get(made.get_absolute_url()).content.decode()


def test_a_called_team_gets_a_task_arrives_by_its_own_phone_and_comes_back(world: World, client_for: ClientFor) -> None:
    event, row, town = fire(world), team(world), client_for("town")
    url = reverse("emergency:call_up", args=[event.pk, row.pk])
    assert client_for("duty").post(url, {"quantity": 21, "content": "开设隔离带"}).status_code == 422
    assert client_for("duty").post(url, {"quantity": 12, "content": "开设隔离带"}).status_code == 302
    made = CallUp.objects.get()
    assert made.task is not None
    assert (made.task.owner_id, made.distance) == (world.town.pk, Decimal("5.3"))
    assert Resource.objects.get().state == "called"
    assert made.get_absolute_url() in town.get(made.task.get_absolute_url()).content.decode()
    assert client_for("town2").get(made.get_absolute_url()).status_code == 404
    step = f"{made.get_absolute_url()}step"
    early = (now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    assert town.post(f"{step}/arrive/", {"at": early}).status_code == 422
    assert town.post(f"{step}/arrive/", {}).status_code == 302
    assert client_for("duty").post(f"{step}/enter_release/", {"reason": "余火清完"}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.minutes) == ("released", 0)
    assert made.arrived_at is not None
    assert Resource.objects.get().state == "available"


def test_who_has_no_account_is_called_by_phone(world: World) -> None:
    event, row = fire(world), team(world, outside_unit="蓝天救援队")
    with pytest.raises(ValidationError) as error:
        called(world, event, row)
    assert "answered_by" in error.value.message_dict
    assert Resource.objects.get().state == "available"
    made = called(world, event, row, answered_by="赵队长")
    assert (made.task, made.answered_by) == (None, "赵队长")
    assert not Task.objects.exists()
    bureau = team(world, name="区局应急车", owner=world.bureau, kind="vehicle")
    assert called(world, event, bureau, answered_by="周师傅").task is None


def test_a_unit_in_use_is_not_called_twice_a_shared_one_once_an_event(world: World) -> None:
    first, second, row = fire(world), fire(world), team(world)
    called(world, first, row)
    with pytest.raises(Conflict, match="已调用"):
        called(world, second, row)
    school = shelter(world)
    called(world, first, school)
    called(world, second, school)
    with pytest.raises(Conflict, match="不必再调用"):
        called(world, first, school)
    assert CallUp.objects.count() == 3
    with pytest.raises(Conflict):
        services.set_standing(row, world.who("duty"), "disable", "撤编")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("made", [team, shelter])
def test_two_officers_at_once_call_a_unit_once(world: World, made: Callable[[World], Resource]) -> None:
    event, row = fire(world), made(world)
    barrier, outcomes = threading.Barrier(2), []

    def race(key: str) -> None:
        user, mine = world.who(key), Resource.objects.get(pk=row.pk)
        barrier.wait()
        try:
            call_up(user, event, mine, quantity=1, content="到北坡")
            outcomes.append("called")
        except Conflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=race, args=(key,)) for key in ("duty", "head")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["called", "conflict"]
    assert (CallUp.objects.count(), Task.objects.count()) == (1, 1)


def test_an_event_is_closed_when_everything_is_back(world: World, client_for: ClientFor) -> None:
    event, other, duty = fought(world), fire(world), world.who("duty")
    mine = called(world, event)
    late = called(world, other, team(world, name="二队"))
    services.merge(other, duty, event, "同一起火")
    Task.objects.update(state="done")
    services.end(event, duty, None, "明火扑灭")
    reported(world, event)
    reported(world, event, "final")
    event.refresh_from_db()
    listed = reverse("emergency:callups") + f"?event={event.pk}"
    both = client_for("duty").get(listed).context["sheet"].object_list
    assert {row.pk for row in both} == {mine.pk, late.pk}
    services.release(mine, duty, "enter_release")
    with pytest.raises(Refused, match="没有归建"):
        services.close_early(event, duty, "无复燃")
    ticked = {"action": "release", "row": [row.pk for row in both]}
    assert client_for("duty").post(listed, ticked).status_code == 302
    assert set(CallUp.objects.values_list("state", flat=True)) == {"released"}
    services.close_early(event, duty, "无复燃")
    with pytest.raises(Refused, match="不能再调用"):
        called(world, Event.objects.get(pk=event.pk), team(world, name="三队"))


def test_an_event_is_not_revoked_while_something_is_out(world: World) -> None:
    event, duty = fire(world), world.who("duty")
    made = called(world, event)
    with pytest.raises(Refused, match="没有归建"):
        workflow.advance(event, "revoke", duty, reason="误报")
    services.release(made, duty, "enter_release")
    workflow.advance(event, "revoke", duty, reason="误报")


def test_the_years_use_is_the_sum_of_its_rows(world: World, client_for: ClientFor) -> None:
    duty = world.who("duty")
    for number, exercise in enumerate((False, False, True)):
        drone = team(world, name=f"无人机{number}", kind="drone", quantity=3)
        made = called(world, fire(world, is_exercise=exercise), drone, quantity=2)
        if number:
            CallUp.objects.filter(pk=made.pk).update(called_at=now() - timedelta(minutes=90))
            services.release(CallUp.objects.get(pk=made.pk), duty, "enter_release")
    found = {use.name: use for use in uses(duty, today().year)}["无人机"]
    assert (found.count, found.quantity, found.hours, found.out) == (2, 4, Decimal("1.5"), 1)
    client = client_for("duty")
    rows = client.get(found.url).context
    assert rows["sheet"].paginator.count == found.count
    assert {cell.title: cell.text for cell in rows["totals"]} == {"用时（分钟）": "90"}
    assert sum(row.quantity for row in rows["sheet"].object_list) == found.quantity
    assert client.get(found.out_url).context["sheet"].paginator.count == found.out
    assert client.get(reverse("emergency:resource_use")).status_code == 200


def test_the_excel_list_enters_and_corrects_and_names_every_fault(world: World) -> None:
    sheet, duty, town = resource_sheet.RESOURCES, world.who("duty"), world.who("town")
    cells = {
        "owner": world.town.name,
        "name": "青杠物资库",
        "kind": "物资库",
        "quantity": 1,
        "territory": world.town_area.name,
        "place": "青杠街道仓库",
        "longitude": 106.25,
        "latitude": 29.58,
        "contact": "李队长",
        "phone": "13911112222",
        "verified_on": today(),
        "items": "水带20盘；铁锹 50 把",
    }

    def row(**values: Any) -> dict[str, Any]:
        return {column.name: column.read({**cells, **values}.get(column.name)) for column in sheet.columns}

    assert sheet.check
    assert not sheet.check(duty, [row()])
    for values, field in (
        ({"kind": "飞船"}, "kind"),
        ({"owner": "外星人"}, "owner"),
        ({"territory": "月球"}, "territory"),
        ({"quantity": 1.5}, "quantity"),
        ({"longitude": 29.58, "latitude": 106.25}, "longitude"),
        ({"latitude": None}, "latitude"),
        ({"verified_on": today() + timedelta(days=1)}, "verified_on"),
        ({"kind": "无人机"}, "items"),
    ):
        assert field in sheet.check(duty, [row(**values)])[0], values
    assert "owner" in sheet.check(world.who("town2"), [row()])[0]
    for column, wrong in (("items", "水带若干"), ("phone", "打给老李")):
        with pytest.raises(ValidationError):
            sheet.column(column).read(wrong)
    sheet.apply(town, [row()])
    sheet.apply(town, [row()])
    sheet.apply(duty, [row(items="水带 18 盘", place="新仓库")])
    made = Resource.objects.get()
    assert (made.place, [str(item) for item in made.items.all()]) == ("新仓库", ["水带 18 盘"])
    verbs = Entry.objects.filter(object_type="emergency.resource").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["emergency.resource_add", "emergency.resource_change"]


def test_the_search_box_finds_a_resource_by_what_it_can_do(world: World) -> None:
    row = team(world)
    assert [hit.url for hit in search(world.who("town"), "隔离带")] == [row.get_absolute_url()]
    assert search(world.who("town2"), "隔离带") == []


def test_a_store_is_found_by_what_lies_in_it(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    kept = team(world, kind="store", name="一号库", items="高压水泵 2 台\n水带 20 盘")
    for number in range(12):
        team(world, kind="store", name=f"空库{number}", items="水泵 0 台")
    client = client_for("duty")
    with django_assert_max_num_queries(14):
        page = client.get(reverse("emergency:resources") + "?item=水泵")
    assert page.context["sheet"].object_list == [kept]
    assert "高压水泵" in client.get(kept.get_absolute_url()).content.decode()
