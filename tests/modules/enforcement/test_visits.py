"""Visits: who reports them, what is refused, what is flagged; the year's ceiling; imports."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client
from django.urls import reverse

from bianwang.modules.enforcement import figures, services, units
from bianwang.modules.enforcement.models import Visit
from bianwang.modules.enforcement.sheets import VISITS
from bianwang.platform.clock import today
from bianwang.platform.ledger.context import acting
from bianwang.platform.ledger.models import Entry
from bianwang.platform.places.models import Enterprise
from bianwang.platform.workflow.errors import Conflict
from tests.modules.enforcement import things
from tests.people import ClientFor, World

pytestmark = pytest.mark.django_db

YEAR = today().year


def sheet_row(world: World, **values: Any) -> dict[str, Any]:
    """A faultless row of the Excel list."""
    empty = {column.name: None for column in VISITS.columns}
    given = {"unit": world.town.name, "number": "QG-1", "credit_code": world.plant.credit_code}
    return {**empty, **given, "date": date(YEAR, 1, 5), "kind": "patrol", "people": "赵镇街", **values}


def test_a_town_reports_under_its_own_name_only(world: World) -> None:
    visit = things.visited(world)
    assert (visit.unit_id, visit.scope) == (world.town.pk, "district")
    town, values = world.who("town"), {"date": today(), "kind": "patrol"}
    with pytest.raises(Http404):
        services.record_visit(town, world.bureau, world.plant, values, [])
    with pytest.raises(Http404):
        services.record_visit(town, world.town, world.other, values, [])
    with pytest.raises(ValidationError, match="不能以"):
        services.record_visit(town, world.village, world.plant, values, [])
    with pytest.raises(PermissionDenied):
        services.record_visit(world.who("safety"), world.town, world.plant, values, [])
    assert Visit.objects.count() == 1


def test_owner_teammate_and_stranger(world: World, client_for: ClientFor) -> None:
    visit = things.visited(world)
    url = visit.get_absolute_url()
    assert client_for("town").get(url).status_code == 200
    assert client_for("enforcement2").get(url).status_code == 200, "the bureau sees every unit's visits"
    for stranger in ("town2", "department", "committee"):
        client = client_for(stranger)
        assert client.get(url).status_code == 404
        assert "青杠机械厂" not in client.get(reverse("enforcement:list")).content.decode()
        assert client.post(f"{url}void/", {"reason": "x"}).status_code == 404
    assert client_for("safety").get(url).status_code == 403, "an enterprise does not see who visits it"


def test_the_scope_is_that_of_the_bureaus_own_visits_to_directly_supervised(world: World) -> None:
    Enterprise.objects.filter(pk=world.plant.pk).update(is_direct=True)
    world.plant.refresh_from_db()
    assert things.visited(world, "enforcement").scope == "direct"
    assert things.visited(world, "town").scope == "district"
    assert things.visited(world, "enforcement", world.other).scope == "district"
    assert units.unit_of(world.who("enforcement")) == world.bureau, "an office reports as the bureau"


@pytest.mark.parametrize(
    ("values", "people", "field"),
    [
        ({"is_statutory": True}, [("李执法", "渝B1")], "people"),
        ({"is_statutory": True}, [("李执法", "渝B1"), ("李执法", "渝B1")], "people"),
        ({"is_statutory": True, "kind": "self"}, things.PAIR, "is_statutory"),
        ({"date": today() + timedelta(days=1)}, [], "date"),
        ({"kind": "campaign"}, [], "campaign"),
        ({"state": "planned", "is_filed": True}, [], "is_filed"),
        ({"recheck_by": today() - timedelta(days=1)}, [], "recheck_by"),
    ],
)
def test_what_is_wrong_names_its_field(
    world: World, values: dict[str, Any], people: list[tuple[str, str]], field: str
) -> None:
    given = {"date": today(), "kind": "plan", "state": "done", **values}
    with pytest.raises(ValidationError) as error:
        services.record_visit(world.who("enforcement"), world.bureau, world.plant, given, people)
    assert set(error.value.message_dict) == {field}


def test_a_visit_made_beyond_the_ceiling_is_kept_and_waits_for_approval(world: World) -> None:
    visit = things.visited_too_often(world)
    visit.refresh_from_db()
    assert visit.is_over
    assert visit.over[0] == "超频次，待审批"
    assert Visit.objects.filter(is_over=True).count() == 1
    with pytest.raises(PermissionDenied):
        services.approve_over(visit, world.who("town"), "必要")
    with pytest.raises(ValidationError):
        services.approve_over(visit, world.who("head"), " ")
    with acting(world.who("head"), "测试"):
        services.approve_over(visit, world.who("head"), "汛期专项部署")
    with pytest.raises(Conflict):
        services.approve_over(visit, world.who("leader"), "再批一次")
    visit.refresh_from_db()
    assert (visit.over_by, visit.over[0]) == (world.who("head"), "超频次，已审批")
    verbs = set(Entry.objects.filter(object_id=visit.pk).values_list("verb", flat=True))
    assert {"enforcement.visit", "enforcement.flag", "enforcement.exceed"} <= verbs


def test_a_visit_planned_beyond_the_ceiling_is_refused_with_ceiling_and_visits(world: World) -> None:
    Enterprise.objects.filter(pk=world.plant.pk).update(standardisation="2")
    world.plant.refresh_from_db()
    plan = things.approved(world, times=1)
    things.visited(world, "enforcement", is_statutory=True)
    assert plan.items.get().times == 1
    coming = {"date": date(YEAR, 12, 30), "kind": "campaign", "state": "planned", "campaign": things.campaign(world)}
    user = world.who("enforcement")
    services.record_visit(user, world.bureau, world.plant, coming, [])
    with pytest.raises(ValidationError) as error:
        services.record_visit(user, world.bureau, world.plant, coming, [])
    words = error.value.messages[0]
    for part in ("将检查 3 次", "上限 2 次", "标准化二级企业", f"{today()} 计划检查"):
        assert part in words
    exempt = {"date": date(YEAR, 12, 30), "kind": "complaint", "state": "planned"}
    services.record_visit(user, world.bureau, world.plant, exempt, [])
    other_unit = {"date": date(YEAR, 12, 30), "kind": "patrol", "state": "planned"}
    services.record_visit(world.who("town"), world.town, world.plant, other_unit, [])


def test_voiding_and_correcting_move_the_flag(world: World) -> None:
    late = things.visited_too_often(world)
    first = Visit.objects.exclude(pk=late.pk).get()
    town = world.who("town")
    with pytest.raises(ValidationError):
        services.void(first, town, "")
    with acting(town, "测试"):
        services.void(first, town, "登记重了")
    assert not Visit.objects.get(pk=late.pk).is_over
    with pytest.raises(Conflict):
        services.change_visit(first, town, {"result": "x"}, [])
    third = things.visited(world)
    assert Visit.objects.get(pk=third.pk).is_over
    with acting(town, "测试"):
        services.change_visit(third, town, {"kind": "recheck"}, [("赵镇街", "")])
    assert not Visit.objects.get(pk=third.pk).is_over


def test_a_recheck_is_noted_at_its_original(world: World) -> None:
    user, due = world.who("enforcement"), today() + timedelta(days=10)
    original = things.visited(world, "enforcement", is_statutory=True, recheck_by=due)
    elsewhere = things.visited(world, "enforcement", world.other, recheck_by=due)
    again = things.visited(world, "enforcement", kind="recheck", recheck_of=original)
    assert Visit.objects.get(pk=original.pk).rechecked_on == today()
    with pytest.raises(ValidationError, match="同一企业"):
        things.visited(world, "enforcement", kind="recheck", recheck_of=elsewhere)
    with acting(user, "测试"):
        services.void(again, user, "没有去")
    assert Visit.objects.get(pk=original.pk).rechecked_on is None


def test_a_visit_is_entered_and_completed_on_the_phone(world: World, client_for: ClientFor) -> None:
    officers = things.certify(world, "enforcement", "enforcement2")
    client: Client = client_for("enforcement")
    url = reverse("enforcement:visit_new")
    data = {"unit": world.bureau.pk, "enterprise": world.plant.pk, "date": today(), "kind": "plan", "state": "planned"}
    assert client.post(url, {**data, "is_statutory": "on"}).status_code == 422
    answer = client.post(url, {**data, "is_statutory": "on", "officers": [row.pk for row in officers]})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    visit = Visit.objects.get()
    change = reverse("enforcement:visit_change", args=[visit.pk])
    shown = client.get(change).content.decode()
    assert officers[0].certificate in shown
    people = "；".join(f"{row.name} {row.certificate}" for row in officers)
    done = {**data, "state": "done", "is_statutory": "on", "people": people, "documents_complete": "on"}
    assert client.post(change, done).status_code == 302
    visit.refresh_from_db()
    assert (visit.state, visit.documents_complete, visit.officers.count()) == ("done", True, 2)
    page = client_for("town").get(url).content.decode()
    assert "区应急管理局" not in page.partition("<main")[2]


def test_an_import_checks_writes_and_comes_again(world: World) -> None:
    assert VISITS.check is not None
    town = world.who("town")
    rows = [sheet_row(world, number=f"QG-{number}") for number in range(3)]
    rows[2] |= {"kind": "campaign", "campaign": things.campaign(world).name, "filed": True}
    assert VISITS.check(town, rows) == {}
    with acting(town, "导入"):
        VISITS.apply(town, rows)
        before = Entry.objects.count()
        VISITS.apply(town, rows)
    assert Entry.objects.count() == before, "the same list changes nothing"
    assert Visit.objects.filter(unit=world.town, state="done").count() == 3
    assert Visit.objects.get(external_number="QG-2").campaign is not None
    rows[0] |= {"people": "赵镇街；钱镇街", "result": "已口头纠正"}
    with acting(town, "导入"):
        VISITS.apply(town, rows)
    assert Visit.objects.get(external_number="QG-0").officers.count() == 2


def test_an_import_flags_what_goes_beyond_the_ceiling(world: World) -> None:
    Enterprise.objects.filter(pk=world.plant.pk).update(standardisation="1")
    town = world.who("town")
    rows = [sheet_row(world, number=f"QG-{number}", date=date(YEAR, 1, 5 + number)) for number in range(3)]
    with acting(town, "导入"):
        VISITS.apply(town, rows)
    over = Visit.objects.filter(is_over=True).values_list("external_number", flat=True)
    assert sorted(over) == ["QG-1", "QG-2"]


def rechecks_in_a_list(world: World) -> list[dict[str, Any]]:
    """A visit that wants a recheck, its recheck, and the recheck of that one."""
    first = sheet_row(world, recheck_by=date(YEAR, 1, 10))
    again = {"kind": "recheck", "date": date(YEAR, 1, 9), "recheck_by": date(YEAR, 1, 12)}
    second = sheet_row(world, number="QG-2", recheck_number="QG-1", **again)
    third = {**second, "number": "QG-3", "recheck_number": "QG-2", "date": date(YEAR, 1, 12), "recheck_by": None}
    return [first, second, third]


def test_imported_rechecks_count_for_the_visits_that_they_name(world: World) -> None:
    assert VISITS.check is not None
    town, rows = world.who("town"), rechecks_in_a_list(world)
    assert VISITS.check(town, rows) == {}
    with acting(town, "导入"):
        VISITS.apply(town, rows)
        before = Entry.objects.count()
        VISITS.apply(town, rows)
    assert Entry.objects.count() == before, "the same list changes nothing"
    found = {row.external_number: row for row in Visit.objects.all()}
    assert [found[f"QG-{n}"].rechecked_on for n in (1, 2, 3)] == [date(YEAR, 1, 9), date(YEAR, 1, 12), None]
    assert found["QG-3"].recheck_of == found["QG-2"]
    rate = figures.annual(world.who("leader"), YEAR, today()).groups[-1].figures
    assert next(row.value for row in rate if row.name == "复查率") == 100
    rows[2] |= {"kind": "patrol", "recheck_number": None}
    assert VISITS.check(town, rows[2:]) == {}
    with acting(town, "导入"):
        VISITS.apply(town, rows[2:])
    assert Visit.objects.get(external_number="QG-2").rechecked_on is None
    assert VISITS.check(town, rows[1:2]) == {}, "the earlier visit was reported before"


@pytest.mark.parametrize(
    ("place", "values", "words"),
    [
        (1, {"recheck_number": None}, "请填写原检查"),
        (1, {"recheck_number": "QG-9"}, "没有编号为“QG-9”的原检查"),
        (1, {"recheck_number": "QG-2"}, "没有编号为“QG-2”的原检查"),
        (1, {"recheck_number": "QG-3"}, "放在本行之前"),
        (1, {"kind": "patrol"}, "只有类别为“复查”"),
        (1, {"date": date(YEAR, 1, 4), "recheck_by": None}, "早于原检查日期"),
    ],
)
def test_a_recheck_without_its_earlier_visit_is_refused(
    world: World, place: int, values: dict[str, Any], words: str
) -> None:
    assert VISITS.check is not None
    rows = rechecks_in_a_list(world)
    rows[place] |= values
    errors = VISITS.check(world.who("town"), rows)
    assert words in errors[place]["recheck_number"]


def test_a_recheck_is_of_the_same_enterprise_and_of_what_was_not_voided(world: World) -> None:
    assert VISITS.check is not None
    town, rows = world.who("town"), rechecks_in_a_list(world)
    other = [{**rows[0], "credit_code": world.joint.credit_code}, rows[1]]
    assert "同一企业" in VISITS.check(town, other)[1]["recheck_number"]
    with acting(town, "导入"):
        VISITS.apply(town, rows[:2])
        first, second = (Visit.objects.get(external_number=number) for number in ("QG-1", "QG-2"))
        services.void(first, town, "登记错了")
    assert "已作废" in VISITS.check(town, rows[1:2])[0]["recheck_number"]
    with acting(town, "导入"):
        services.void(second, town, "登记错了")
    assert VISITS.check(town, rows[1:2]) == {}, "what was voided is left alone"


def test_an_imported_recheck_can_be_corrected_by_hand(world: World, client_for: ClientFor) -> None:
    town, rows = world.who("town"), rechecks_in_a_list(world)
    rows[0]["recheck_by"] = None
    with acting(town, "导入"):
        VISITS.apply(town, rows[:2])
    visit = Visit.objects.get(external_number="QG-2")
    page = client_for("town").get(reverse("enforcement:visit_change", args=[visit.pk])).content.decode()
    assert f'<option value="{visit.recheck_of_id}" selected' in page


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"unit": "八塘镇人民政府"}, "unit"),
        ({"credit_code": "9" * 18}, "credit_code"),
        ({"campaign": "没有的行动"}, "campaign"),
        ({"statutory": True}, "people"),
        ({"date": today() + timedelta(days=1)}, "date"),
    ],
)
def test_an_import_names_the_wrong_cell(world: World, values: dict[str, Any], field: str) -> None:
    assert VISITS.check is not None
    errors = VISITS.check(world.who("town"), [sheet_row(world, **values)])
    assert set(errors[0]) == {field}


def test_the_list_stays_cheap(world: World, client_for: ClientFor, django_assert_max_num_queries: Any) -> None:
    rows = things.enterprises(world, 60)
    things.many_visits(world, [(row, today()) for row in rows])
    client = client_for("enforcement")
    with django_assert_max_num_queries(20):
        page = client.get(reverse("enforcement:list"))
    assert "直管企业059" in page.content.decode()
    export = client.get(reverse("enforcement:list"), {"export": "xlsx", "kind": "plan"})
    assert export["Content-Type"].startswith("application/vnd.openxmlformats")
