"""Rosters: checked before they are published, never edited afterwards, and the answer to who is on duty."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bianwang.modules.duty import services
from bianwang.modules.duty.models import Roster, Seat
from bianwang.modules.duty.models.people import Role
from bianwang.modules.duty.pack import read
from bianwang.modules.duty.queries import leader_on_duty, on_duty
from bianwang.modules.duty.sheets import ROSTER
from bianwang.platform.clock import SHANGHAI, today
from bianwang.platform.config import ConfigError
from bianwang.platform.exchange import services as exchange
from bianwang.platform.exchange.models import Import
from bianwang.platform.ledger.models import Entry
from bianwang.platform.workflow.errors import Refused
from tests.modules.duty.things import drafted, person, posted, published, seated
from tests.people import ClientFor, World
from tests.platform.exchange import samples

pytestmark = pytest.mark.django_db


def test_who_is_on_duty_changes_at_the_very_minute(world: World) -> None:
    with time_machine.travel(datetime(2026, 5, 11, 2, tzinfo=UTC), tick=False):
        roster = drafted(world, posted(world), date(2026, 5, 11), days=2)
        people = [person(world, name) for name in ("甲", "乙", "丙", "丁")]
        for shift, (leader, officer) in zip(roster.shifts.all(), ((0, 1), (2, 3)), strict=True):
            services.assign(shift, world.who("head"), people[leader], [people[officer]])
        change = datetime(2026, 5, 12, 8, 30, tzinfo=SHANGHAI)
        assert on_duty(world.bureau, change) == []
        services.publish(roster, world.who("head"))
    last = change - timedelta(microseconds=1)
    assert [seat.person.name for seat in on_duty(world.bureau, last)] == ["甲", "乙"]
    assert [seat.person.name for seat in on_duty(world.bureau.pk, change)] == ["丙", "丁"]
    found = leader_on_duty(world.bureau, change)
    assert found is not None
    assert (found.name, found.phone) == ("丙", "13812345678")
    assert leader_on_duty(world.bureau, datetime(2026, 5, 11, 8, 29, 59, tzinfo=SHANGHAI)) is None
    assert on_duty(world.town, change) == []
    with time_machine.travel(change, tick=False):
        assert [seat.role for seat in on_duty(world.bureau)] == [Role.LEADER, Role.OFFICER]


def test_a_roster_with_a_fault_is_not_published(world: World, client_for: ClientFor) -> None:
    roster, head = drafted(world, posted(world), days=2), client_for("head")
    url = reverse("duty:roster_step", args=[roster.pk, "publish"])
    answer = head.post(url)
    assert answer.status_code == 422
    assert "值班表有 4 处要改" in answer.content.decode()
    assert "没有带班领导" in head.get(roster.get_absolute_url()).content.decode()
    leader, officer = person(world, "甲"), person(world, "乙")
    seated(world, roster, leader, [officer])
    assert head.post(url).status_code == 302
    roster.refresh_from_db()
    assert roster.state == "published"
    assert Entry.objects.filter(verb="duty.publish", object_id=roster.pk, actor=world.who("head")).count() == 1
    shift = roster.shifts.select_related("post__owner", "roster__post").earliest("starts_at")
    with pytest.raises(Refused, match="换班"):
        services.assign(shift, world.who("head"), leader, [])
    with pytest.raises(Refused):
        services.fill_by_rotation(roster, world.who("head"))


def test_nobody_is_twice_at_the_same_hours(world: World) -> None:
    post, other = posted(world), posted(world, name="森林防火值班", needs_leader=False)
    leader, officer, third = (person(world, name) for name in ("甲", "乙", "丙"))
    roster = seated(world, drafted(world, post, days=2), leader, [officer])
    beside = drafted(world, other, days=2)
    shift = beside.shifts.select_related("post__owner", "roster__post").earliest("starts_at")
    with pytest.raises(ValidationError, match="同一时间已排在"):
        services.assign(shift, world.who("head"), None, [officer])
    services.assign(shift, world.who("head"), None, [third])
    # Whatever way somebody came onto two rosters, the second is not published.
    Seat.objects.filter(shift__roster=beside).delete()
    for row in beside.shifts.all():
        Seat.objects.create(shift=row, person=officer, role=Role.OFFICER)
    with pytest.raises(Refused, match=r"乙在 .* 两个班次同时在岗"):
        services.publish(beside, world.who("head"))
    services.discard(beside, world.who("head"), "排错了")
    services.publish(roster, world.who("head"))
    extra = drafted(world, other, days=1).shifts.select_related("post__owner", "roster__post").get()
    with pytest.raises(ValidationError, match="既带班又值班"):
        services.assign(extra, world.who("head"), third, [third])


def test_days_are_planned_once_and_no_day_to_come_is_left_out(world: World) -> None:
    first = published(world, first=today())
    post, head = first.post, world.who("head")
    with pytest.raises(ValidationError, match="已有值班表"):
        services.draft_roster(head, post, first.last_day, first.last_day)
    with pytest.raises(ValidationError, match="不能早于"):
        services.draft_roster(head, post, first.last_day, first.first_day)
    with pytest.raises(ValidationError, match="最多 62 日"):
        services.draft_roster(head, post, first.last_day, first.last_day + timedelta(days=62))
    late = drafted(world, post, first.last_day + timedelta(days=2), days=1)
    seated(world, late, person(world, "陈局长"), [person(world, "王值班")])
    with pytest.raises(Refused, match="没有排班"):
        services.publish(late, head)
    between = drafted(world, post, first.last_day + timedelta(days=1), days=1)
    services.publish(seated(world, between, person(world, "陈局长"), [person(world, "王值班")]), head)
    services.publish(late, head)


def test_rest_days_take_turns_of_their_own_and_the_next_roster_goes_on(world: World) -> None:
    post, head = posted(world, needs_leader=False), world.who("head")
    working = [person(world, name) for name in ("甲", "乙", "丙")]
    resting = [person(world, name) for name in ("丁", "戊")]
    services.set_rotation(post, head, Role.OFFICER, is_rest=False, people=working)
    services.set_rotation(post, head, Role.OFFICER, is_rest=True, people=resting)
    # Labour Day 2026: 1 to 5 May are off, Saturday the 9th is a working day.
    roster = drafted(world, post, date(2026, 4, 29), days=7)
    assert services.fill_by_rotation(roster, head) == 7
    assert [shift.officer_names for shift in roster.shifts.all()] == ["甲", "乙", "丁", "戊", "丁", "戊", "丁"]
    after = drafted(world, post, date(2026, 5, 6), days=5)
    services.fill_by_rotation(after, head)
    assert [shift.officer_names for shift in after.shifts.all()] == ["丙", "甲", "乙", "丙", "戊"]
    with pytest.raises(ValidationError, match="没有可以轮换的空班次"):
        services.fill_by_rotation(after, head)


def test_too_short_an_order_of_turns_is_refused(world: World, client_for: ClientFor) -> None:
    post = posted(world, officers=2, needs_leader=False)
    url, head = reverse("duty:rotation", args=[post.pk, "officer", 0]), client_for("head")
    person(world, "甲")
    assert "第 2 行“没这人”" in head.post(url, {"names": "甲\n没这人"}).content.decode()
    assert head.post(url, {"names": "甲\n甲"}).status_code == 422
    assert head.post(url, {"names": "甲\n\n"}).status_code == 302
    roster = drafted(world, post, date(2026, 5, 11), days=1)
    answer = head.post(reverse("duty:fill", args=[roster.pk]))
    assert answer.status_code == 422
    assert "轮换名单只有 1 人，一班需要 2 人" in answer.content.decode()
    assert not Seat.objects.filter(shift__roster=roster).exists()
    assert head.get(reverse("duty:rotation", args=[post.pk, "nobody", 0])).status_code == 404


def test_each_unit_plans_its_own_duty(world: World, client_for: ClientFor) -> None:
    mine = published(world, unit=world.town)
    assert client_for("town").get(mine.get_absolute_url()).status_code == 200
    assert client_for("town2").get(mine.get_absolute_url()).status_code == 404
    assert client_for("safety").get(mine.get_absolute_url()).status_code == 403
    with pytest.raises(Http404):
        services.draft_roster(world.who("town2"), mine.post, date(2027, 1, 1), date(2027, 1, 1))
    with pytest.raises(PermissionDenied):
        services.draft_roster(world.who("leader"), mine.post, date(2027, 1, 1), date(2027, 1, 1))
    with pytest.raises(ValidationError, match="不在您可以排班的单位之内"):
        services.create_post(world.who("town2"), world.town, {"name": "值班室", "scheme": "whole_day"})
    with pytest.raises(ValidationError, match="不是青杠街道办事处的人员"):
        person(world, "丙", world.town, user=world.who("town2"))


def test_a_phone_is_masked_for_those_who_do_not_call(world: World, client_for: ClientFor) -> None:
    who = person(world, "甲")
    for key, full in (("duty", True), ("leader", True), ("enforcement", False), ("finance", False)):
        text = client_for(key).get(who.get_absolute_url()).content.decode()
        assert ("13812345678" in text) is full, key
    assert "13812345678" not in client_for("duty").get(reverse("duty:people")).content.decode()
    assert not Entry.objects.filter(changes__contains="13812345678").exists()


def test_a_list_asks_as_often_for_many_shifts_as_for_few(world: World, client_for: ClientFor) -> None:
    head, asked = client_for("head"), []
    published(world, days=2)
    head.get(reverse("duty:list"))  # what is remembered for the session is asked for once
    for days in (0, 10):
        if days:
            published(world, first=today() + timedelta(days=1), days=days)
        with CaptureQueriesContext(connection) as queries:
            assert head.get(reverse("duty:list")).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert Roster.objects.count() == 2


def test_a_wrong_district_pack_is_refused_with_one_sentence() -> None:
    basis = {"source": "制度", "article": "", "certainty": "待核实", "valid_from": date(2020, 1, 1)}
    shift = {"code": "d", "name": "白班", "start": "08:00", "hours": 12}
    scheme = {"code": "s", "name": "两班", "shifts": [shift, {**shift, "name": "夜班", "start": "20:00"}], **basis}
    rest = {"log_kinds": [], "urgencies": [], "templates": []}
    assert read({"schemes": [scheme], **rest}).schemes[0].name == "两班"
    for wrong, words in (
        ({**scheme, "shifts": [shift, shift]}, "应从上一班结束的"),
        ({**scheme, "shifts": [{**shift, "start": "8点"}]}, "班次方案“s”"),
        ({**scheme, "hours": 3}, "duty.yaml 有误"),
    ):
        with pytest.raises(ConfigError, match=words):
            read({"schemes": [wrong], **rest})
    with pytest.raises(ConfigError, match="两条同日生效"):
        read({"schemes": [scheme, scheme], **rest})
    urgency = {"code": "u", "name": "急", "colour": "red", "minutes": 10, **basis}
    template = {"code": "t", "name": "集合", "urgency": "u", "text": "请集合", **basis}
    for more, words in (
        ({"urgencies": [{**urgency, "minutes": 0}]}, "minutes 应大于 0"),
        ({"urgencies": [urgency], "templates": [{**template, "urgency": "x"}]}, "urgency“x”没有登记"),
        ({"urgencies": [urgency], "templates": [{**template, "text": "长" * 501}]}, "超过 500 字"),
        ({"urgencies": [urgency, urgency]}, "两条同日生效"),
    ):
        with pytest.raises(ConfigError, match=words):
            read({"schemes": [scheme], **rest, **more})


def test_a_roster_comes_from_excel_all_or_none(world: World) -> None:
    head, unit, day = world.who("head"), world.bureau.name, date(2027, 5, 11)
    post, other = posted(world), posted(world, name="森林防火值班", needs_leader=False)
    for name, leads in (("甲", True), ("乙", False), ("丙", False)):
        person(world, name, can_lead=leads)
    roster = drafted(world, post, day, days=2)
    drafted(world, other, day, days=1)

    def staged(*rows: tuple[object, ...]) -> Import:
        file = samples.filled(*(list(row) for row in rows), sheet=ROSTER)
        return exchange.stage(ROSTER, head, "值班表.xlsx", file, len(file.getvalue()))

    good = (unit, "总值班室", day, "全天班", "甲", "乙")
    for wrong in (
        (unit, "总值班室", day + timedelta(days=9), "全天班", "甲", "乙"),
        (unit, "总值班室", day + timedelta(days=1), "全天班", "乙", "丙"),
        (unit, "总值班室", day + timedelta(days=1), "全天班", "甲", "没这人"),
        (unit, "总值班室", day + timedelta(days=1), "全天班", "甲", "甲"),
        (unit, "森林防火值班", day, "全天班", "", "乙"),
    ):
        batch = staged(good, wrong)
        assert batch.errors == 1, wrong
        with pytest.raises(ValidationError):
            exchange.confirm(batch)
    assert not Seat.objects.exists()
    for _ in range(2):  # the same file again changes nothing
        batch = staged(good, (unit, "总值班室", day + timedelta(days=1), "全天班", "甲", "乙"))
        exchange.confirm(batch)
        exchange.apply_confirmed()
    assert [(shift.leader_names, shift.officer_names) for shift in roster.shifts.all()] == [("甲", "乙")] * 2
    assert Entry.objects.filter(verb="duty.assign").count() == 2
