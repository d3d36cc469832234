"""The report chain: who owes what until when."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from bianwang.modules.accidents import services
from bianwang.modules.accidents.models import Accident, Report
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.ledger.models import Entry
from bianwang.platform.todo.models import Todo
from bianwang.platform.todo.queries import mine
from bianwang.platform.workflow.errors import Conflict
from tests.modules.accidents.cases import entered
from tests.people import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

HOUR = timedelta(hours=1)


def report(accident: Accident, receiver: str, kind: str = "initial") -> Report:
    return accident.reports.get(receiver=receiver, kind=kind)


def change(accident: Accident, world: World, at: datetime, **values: Any) -> None:
    given = {name: getattr(accident, name) for name in ("deaths", "injuries", "loss")}
    services.change_figures(accident, world.who("duty"), given | values, changed_at=at, reason="伤者死亡")


def test_the_enterprise_has_one_hour_and_the_bureau_two_for_each_addressee(world: World) -> None:
    accident = entered(world)
    assert report(accident, "区应急管理局").due_at == accident.occurred_at + HOUR
    for receiver in ("区人民政府", "市应急管理局"):
        assert report(accident, receiver).due_at == accident.received_at + 2 * HOUR
    assert accident.reports.count() == 3, "a general accident goes no further than the city"
    assert Todo.objects.filter(object_type="accidents.report", done_at=None).count() == 3


def test_in_time_is_to_the_second(world: World) -> None:
    accident = entered(world, known_at=None)
    user, due = world.who("duty"), accident.received_at + 2 * HOUR
    at = services.send(accident, user, at=due, text="初报", owed=report(accident, "区人民政府"))
    late = services.send(
        accident, user, at=due + timedelta(seconds=1), text="初报", owed=report(accident, "市应急管理局")
    )
    assert (at.standing, late.standing) == ("按时", "迟报")
    assert report(accident, "区应急管理局").standing == "逾期未报"
    assert Todo.objects.filter(object_type="accidents.report", done_at=None).count() == 1
    assert Entry.objects.filter(verb="accidents.report").count() == 2


def test_the_enterprises_hour_runs_from_when_its_head_knew(world: World) -> None:
    at = now() - timedelta(days=1)
    accident = entered(world, occurred_at=at, known_at=at + HOUR, received_at=at + 2 * HOUR, source="enterprise")
    sent = report(accident, "区应急管理局")
    assert (sent.at, sent.due_at, sent.standing) == (accident.received_at, at + 2 * HOUR, "按时")
    assert Todo.objects.filter(object_type="accidents.report", done_at=None).count() == 2


def test_a_major_accident_goes_on_to_the_ministry_two_hours_after_the_city_knew(world: World) -> None:
    accident = entered(world, deaths=10)
    assert not accident.reports.filter(receiver="应急管理部").exists()
    at = accident.received_at + HOUR
    services.send(accident, world.who("duty"), at=at, text="初报", owed=report(accident, "市应急管理局"))
    assert report(accident, "应急管理部").due_at == at + 2 * HOUR


def test_an_overdue_report_waits_on_the_list_of_those_who_report(world: World) -> None:
    accident = entered(world)
    titles = [row.title for row in mine(world.who("duty")) if row.due_at and row.due_at < now()]
    assert any(title.startswith("初报（区应急管理局报市应急管理局）") for title in titles)
    assert accident.number in titles[0]
    assert not mine(world.who("safety")).filter(object_type="accidents.report").exists()


def test_a_report_is_entered_once_with_text_and_not_of_the_future(world: World) -> None:
    accident = entered(world)
    owed, user = report(accident, "区人民政府"), world.who("duty")
    with pytest.raises(ValidationError):
        services.send(accident, user, at=now() + HOUR, text="初报", owed=owed)
    with pytest.raises(ValidationError):
        services.send(accident, user, at=accident.occurred_at - HOUR, text="初报", owed=owed)
    with pytest.raises(ValidationError):
        services.send(accident, user, at=now(), text=" ", owed=owed)
    services.send(accident, user, at=now(), text="初报", owed=owed)
    with pytest.raises(Conflict):
        services.send(accident, user, at=now(), text="再报", owed=owed)
    free = {"kind": "final", "sender": "区应急管理局", "receiver": "市应急管理局"}
    final = services.send(accident, user, at=now(), text="终报", **free)
    assert (final.number, final.kind, final.in_time) == (4, "final", True)


@pytest.mark.parametrize(
    ("values", "days"), [({}, 30), ({"kind": "08"}, 7), ({"kind": "02", "is_traffic": True}, 7), ({"kind": "02"}, 30)]
)
def test_changes_count_until_the_end_of_the_last_day(
    world: World, values: dict[str, Any], days: int, time_machine: Any
) -> None:
    accident = entered(world, **values)
    last = datetime.combine(accident.day + timedelta(days=days), time(23, 59, 59), SHANGHAI)
    assert accident.supplement_by == last
    time_machine.move_to(last + timedelta(days=2))
    with pytest.raises(ValidationError, match="已过补报期限"):
        change(accident, world, last + timedelta(seconds=1), deaths=2)
    change(accident, world, last, deaths=2)
    accident.refresh_from_db()
    assert accident.deaths == 2


def test_a_death_later_on_owes_a_supplement_to_whoever_had_been_told(world: World) -> None:
    accident = entered(world, deaths=2, injuries=1)
    user = world.who("duty")
    services.send(accident, user, at=now(), text="初报", owed=report(accident, "市应急管理局"))
    change(accident, world, now(), deaths=3, injuries=0)
    accident.refresh_from_db()
    assert accident.get_grade_display() == "较大"
    owed = report(accident, "市应急管理局", "following")
    assert (owed.due_at, owed.at) == (accident.supplement_by, None)
    assert not accident.reports.filter(receiver="区人民政府", kind="following").exists(), "its first is still owed"
    change(accident, world, now(), deaths=4)
    assert accident.reports.filter(kind="following").count() == 1, "one supplement tells both changes"
    services.send(accident, user, at=now(), text="死亡增至4人", owed=owed)
    change(accident, world, now(), loss=Decimal("300"))
    assert accident.reports.filter(kind="following").count() == 1, "losses alone owe none"


def test_an_accident_that_becomes_major_is_owed_further_up_from_then_on(world: World) -> None:
    accident = entered(world, deaths=9, ago=timedelta(days=3))
    at = accident.received_at + HOUR
    services.send(accident, world.who("duty"), at=at, text="初报", owed=report(accident, "市应急管理局"))
    change(accident, world, now(), deaths=10)
    due = report(accident, "应急管理部").due_at
    assert due is not None
    assert due > now() + HOUR


def test_only_the_bureaus_staff_register_and_report(world: World, owner: Any, teammate: Any, stranger: Any) -> None:
    accident = entered(world)
    for who in (owner, teammate, world.who("town"), world.who("leader"), world.who("finance")):
        with pytest.raises(PermissionDenied):
            services.send(accident, who, at=now(), text="初报", owed=report(accident, "区人民政府"))
        with pytest.raises(PermissionDenied):
            services.register(who, world.plant, {"kind": "09"})
    with pytest.raises((PermissionDenied, Http404)):
        services.register(stranger, world.plant, {"kind": "09"})


def test_what_was_entered_by_mistake_owes_nothing(world: World) -> None:
    accident = entered(world)
    services.revoke(accident, world.who("duty"), "登记重复")
    assert not Todo.objects.filter(done_at=None).exists()


def test_numbers_run_without_gaps_through_the_year(world: World) -> None:
    at = datetime(2026, 3, 1, 8, tzinfo=SHANGHAI)
    first = entered(world, occurred_at=at)
    with pytest.raises(ValidationError):
        entered(world, occurred_at=at, kind="99")
    assert [first.number, entered(world, occurred_at=at).number] == ["璧事〔2026〕1", "璧事〔2026〕2"]
    assert first.title == "青杠机械厂“3·1”高处坠落事故"
    assert first.town == world.town_area
