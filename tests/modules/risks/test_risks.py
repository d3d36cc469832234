"""Risk points and major hazard sources: what is computed, kept, missing, seen and shown."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse

from bianwang.modules.risks import services
from bianwang.modules.risks.models import RiskPoint, Source
from bianwang.modules.risks.queries import faulty, faulty_count, search, statistics
from bianwang.modules.risks.sheets import POINTS
from bianwang.platform import access
from bianwang.platform.clock import now, today
from bianwang.platform.ledger.models import Entry
from bianwang.platform.places.models import Enterprise, Zone
from tests.modules.risks.things import keeper, point, source, values
from tests.people import ClientFor, World

pytestmark = pytest.mark.django_db

LIST_QUERIES = 22


def test_a_point_is_scored_and_reviewed_by_its_colour(world: World) -> None:
    row = point(world, assessed_on=date(2026, 3, 2))
    assert (row.score, row.level, row.arithmetic) == (126, "yellow", "D = 3×6×7 = 126")
    assert row.review_by == date(2027, 3, 2)
    changed = services.save_point(
        world.who("safety"),
        world.plant,
        values(assessed_on=date(2026, 3, 2), method="ls", likelihood=Decimal(5), consequence=Decimal(4)),
        row,
    )
    assert (changed.score, changed.level, changed.exposure, changed.review_by) == (20, "red", None, date(2026, 6, 2))
    assert changed.arithmetic == "R = 5×4 = 20"


def test_the_enterprise_is_raised_but_never_lowered(world: World) -> None:
    row = point(world)
    assert Enterprise.objects.get(pk=world.plant.pk).risk == "yellow"
    services.save_point(world.who("safety"), world.plant, values(consequence=Decimal(100)), row)
    assert Enterprise.objects.get(pk=world.plant.pk).risk == "red"
    services.save_point(world.who("safety"), world.plant, values(consequence=Decimal(1)), row)
    assert Enterprise.objects.get(pk=world.plant.pk).risk == "red"


def test_nothing_is_written_twice_and_names_stay_out_of_the_ledger(world: World) -> None:
    row = point(world)
    entries = Entry.objects.count()
    services.save_point(world.who("safety"), world.plant, values(), RiskPoint.objects.get())
    assert Entry.objects.count() == entries
    told = Entry.objects.get(verb="risks.create", object_id=row.pk).changes
    assert "周班长" not in told
    assert "13800001111" not in told


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"likelihood": Decimal(4)}, "只能取 10、6、3"),
        ({"exposure": None}, "只能取"),
        ({"method": "ls", "likelihood": Decimal("0.5")}, "只能取 5、4、3、2、1"),
        ({"method": "?"}, "评价方法"),
        ({"assessed_on": date(2999, 1, 1)}, "不能晚于今天"),
        ({"name": "甲" * 81}, "80"),
    ],
)
def test_what_cannot_be_scored(world: World, more: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        point(world, **more)
    assert not RiskPoint.objects.exists()


def test_a_zone_of_another_and_a_name_twice(world: World) -> None:
    theirs = Zone.objects.create(owner=world.other, name="窑")
    for save in (point, source):
        with pytest.raises(ValidationError, match="不属于"):
            save(world, zone=theirs)
        save(world)
        with pytest.raises(ValidationError):
            save(world)


def test_a_source_is_graded_and_keeps_its_old_results(world: World) -> None:
    row = source(world)
    assert (row.s, row.r, row.grade) == (6, 12, "三级")
    services.save_source(world.who("safety"), world.plant, {"items": "液氨，250"}, row)
    services.save_source(world.who("safety"), world.plant, {"filing_number": "BA渝1号"}, row)
    fresh = Source.objects.get()
    assert (fresh.grade, fresh.filing_number) == ("二级", "BA渝1号")
    assert list(fresh.gradings.values_list("grade", flat=True)) == ["二级", "三级"]
    assert services.save_source(world.who("safety"), world.plant, {"items": "液氨，9.9"}, fresh).grade == ""


@pytest.mark.parametrize(
    ("items", "words"),
    [("某某醇，1", "不在"), ("一氧化碳，1", "没有临界量"), ("甲醇", "应写"), ("甲醇，很多", "不是数字")],
)
def test_nothing_is_guessed(world: World, items: str, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        source(world, items=items)
    assert not Source.objects.exists()


def test_what_is_missing_or_late_is_seen(world: World, time_machine: Any) -> None:
    row = source(world)
    assert row.faults == ["未备案", "未做安全评估", "缺主要负责人", "缺技术负责人", "缺操作负责人"]
    given = {"filing_number": "1号", "evaluated_on": today()}
    row = services.save_source(world.who("safety"), world.plant, given, row)
    people = {level: keeper(world, row, level) for level in ("principal", "technical", "operational")}
    row = Source.objects.get()
    assert (row.faults, faulty_count(world.who("head"))) == ([], 0)
    start = now()
    time_machine.move_to(start + timedelta(days=8))
    assert (row.faults, faulty_count(world.who("head"))) == (["操作负责人履职逾期"], 1)
    services.add_record(world.who("safety_mate"), people["operational"], today(), "巡查罐区")
    row = Source.objects.get()
    assert (row.faults, faulty_count(world.who("head"))) == ([], 0)
    time_machine.move_to(start + timedelta(days=3 * 366))
    assert "安全评估逾期" in "".join(row.faults)
    assert [faulty_count(world.who(who)) for who in ("head", "safety", "safety2")] == [1, 1, 0]
    services.save_source(world.who("safety"), world.plant, {"items": "液氨，1"}, row)
    assert not Source.objects.filter(faulty()).exists()


def test_keepers_follow_each_other(world: World) -> None:
    row = source(world)
    first = keeper(world, row, since=today() - timedelta(days=30))
    with pytest.raises(ValidationError, match="不能早于现任"):
        keeper(world, row, since=today() - timedelta(days=31))
    keeper(world, row, name="李厂长")
    first.refresh_from_db()
    assert first.until == today()
    assert row.keepers.get(until__isnull=True).name == "李厂长"
    with pytest.raises(ValidationError, match="请选择主要负责人"):
        keeper(world, row, level="boss")
    with pytest.raises(ValidationError, match="任职期间"):
        services.add_record(world.who("safety"), first, today() - timedelta(days=31), "检查")
    assert "李厂长" not in Entry.objects.filter(verb="risks.keeper").latest("id").changes


def test_each_enterprise_has_its_own(world: World, owner: Any, teammate: Any, stranger: Any) -> None:
    row, unit = point(world), source(world)
    person = keeper(world, unit)
    for who in (owner, teammate, world.who("town"), world.who("village")):
        assert access.get(who, RiskPoint, row.pk, "risks.view") == row
        assert len(search(who, "液氨")) == 1
    for who in (stranger, world.who("town2")):
        assert search(who, "液氨") == []
        with pytest.raises(Http404):
            access.get(who, Source, unit.pk, "risks.view")
    for change in (
        lambda who: services.save_point(who, world.plant, values(name="新")),
        lambda who: services.save_source(who, world.plant, {"people": 1}, unit),
        lambda who: services.set_keeper(who, unit, {"level": "technical", "since": today()}),
        lambda who: services.add_record(who, person, today(), "检查"),
    ):
        with pytest.raises(Http404):
            change(stranger)
        with pytest.raises(PermissionDenied):
            change(world.who("town"))


def test_statistics_lead_to_their_rows(world: World, client_for: ClientFor) -> None:
    point(world)
    point(world, name="罐区", consequence=Decimal(100))
    services.save_point(world.who("safety2"), world.other, values(name="窑"))
    client = client_for("head")
    lines = statistics(world.who("head"))
    found = {line.name: [figure.value for figure in line.figures] for line in lines}
    assert found == {"青杠街道": [1, 0, 1, 0, 2], "八塘镇": [0, 0, 1, 0, 1], "合计": [1, 0, 2, 0, 3]}
    for line in lines:
        for figure in line.figures:
            assert client.get(figure.url).context["sheet"].paginator.count == figure.value, (line.name, figure)
    assert client.get(reverse("risks:statistics")).status_code == 200


def test_a_list_comes_twice_and_faults_stand_at_their_cell(world: World) -> None:
    user = world.who("safety")
    row = {**values(), "credit_code": world.plant.credit_code, "zone": None, "emergency": None}
    assert POINTS.check
    wrong = [{**row, "credit_code": world.other.credit_code}, {**row, "zone": "无"}, {**row, "likelihood": Decimal(5)}]
    found = POINTS.check(user, [row, *wrong])
    assert {index: list(names) for index, names in found.items()} == {
        1: ["credit_code"],
        2: ["zone"],
        3: ["likelihood"],
    }
    POINTS.apply(user, [row])
    entries = Entry.objects.count()
    POINTS.apply(user, [row])
    assert (Entry.objects.count(), RiskPoint.objects.count()) == (entries, 1)


def test_by_clicks(world: World, client_for: ClientFor) -> None:
    client = client_for("safety")
    given = {name: value for name, value in values().items() if value is not None}
    assert client.post(reverse("risks:new"), {**given, "owner": world.other.pk}).status_code == 422
    assert client.post(reverse("risks:new"), {**given, "owner": world.plant.pk}).status_code == 302
    row = RiskPoint.objects.get()
    assert client.post(reverse("risks:edit", args=[row.pk]), {**given, "consequence": "40"}).status_code == 302
    page = client.get(row.get_absolute_url()).content.decode()
    assert "D = 3×6×40 = 720" in page
    card = client.get(reverse("risks:card", args=[row.pk])).content.decode()
    assert "安全风险告知卡" in card
    assert "红（重大风险）" in card
    unit = {
        "owner": world.plant.pk,
        "name": "罐区",
        "unit": "storage",
        "people": "10",
        "items": "甲醇，30\r\n氟化氢，2",
    }
    assert client.post(reverse("risks:source_new"), {**unit, "items": "某某醇，1"}).status_code == 422
    assert client.post(reverse("risks:source_new"), unit).status_code == 302
    made = Source.objects.get()
    who = {"level": "principal", "name": "王厂长", "phone": "13900001111", "since": today().isoformat()}
    assert client.post(reverse("risks:keeper", args=[made.pk]), who).status_code == 302
    done = {"keeper": made.keepers.get().pk, "done_on": today().isoformat(), "content": "检查联锁"}
    assert client.post(reverse("risks:duty", args=[made.pk]), done).status_code == 302
    page = client.get(made.get_absolute_url()).content.decode()
    for words in (
        "氟化氢：q/Q = 2/1 = 2，β = 5，β·q/Q = 10",
        "α = 1<br>",
        "S = 30/500 + 2/1 = 2.06 ≥ 1",
        "缺技术负责人",
        "检查联锁",
        "王厂长",
    ):
        assert words in page


def test_lists_ask_little(world: World, client_for: ClientFor, django_assert_max_num_queries: Any) -> None:
    for number in range(5):
        point(world, name=f"{number}")
        keeper(world, source(world, name=f"{number}"))
    for name in ("list", "sources"):
        client = client_for("head")
        with django_assert_max_num_queries(LIST_QUERIES):
            assert len(client.get(reverse(f"risks:{name}")).context["sheet"].object_list) == 5
        assert len(client_for("safety2").get(reverse(f"risks:{name}")).context["sheet"].object_list) == 0
