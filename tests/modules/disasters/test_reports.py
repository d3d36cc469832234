"""From the first report to the last: clocks, missing towns, checks, versions that stay."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import reverse

from bianwang.modules.disasters import services
from bianwang.modules.disasters.findings import summed
from bianwang.modules.disasters.models import Disaster, Figure, Report, Sheet, Total
from bianwang.platform.accounts.models import User
from bianwang.platform.ledger.models import Entry
from bianwang.platform.messages.models import Message
from bianwang.platform.todo import queries as todo
from bianwang.platform.todo.models import Todo
from bianwang.platform.workflow.errors import Conflict, Refused
from tests.modules.disasters.things import casualty, figures, filed, filled, flood, house, latest, sheet_of
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

KNOWN = datetime(2026, 6, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def at_noon() -> Any:
    """The day of the flood."""
    with time_machine.travel(KNOWN, tick=False) as traveller:
        yield traveller


def test_the_clocks_of_the_three_kinds_of_reports(world: World, at_noon: Any) -> None:
    disaster = flood(world)
    first = latest(disaster)
    assert (first.kind, first.number, first.limit_at) == ("initial", 1, KNOWN + timedelta(hours=2))
    assert sheet_of(disaster, world.town).due_at == KNOWN + timedelta(minutes=90)
    at_noon.move_to(KNOWN + timedelta(hours=2))
    assert filed(world, disaster).standing == ("按时", "green")
    second = latest(disaster)
    assert (second.kind, second.limit_at) == ("following", KNOWN + timedelta(hours=26))
    at_noon.move_to(KNOWN + timedelta(hours=26, microseconds=1))
    assert filed(world, disaster, stable=True).standing == ("迟报", "orange")
    third = latest(disaster)
    # 6月24日稳定，第五日末即 6月29日 23:59:59（北京时间）。
    assert (third.kind, third.limit_at) == ("final", datetime(2026, 6, 29, 15, 59, 59, tzinfo=UTC))
    disaster.refresh_from_db()
    assert disaster.phase == Disaster.Phase.STABLE
    filed(world, disaster)
    disaster.refresh_from_db()
    assert disaster.phase == Disaster.Phase.VERIFIED
    assert disaster.reports.count() == 3
    assert list(disaster.reports.filter(is_current=True)) == [third]
    assert todo.counts(world.who("duty")).open == 0


def test_a_town_that_did_not_answer_is_missing_and_never_zero(world: World, client_for: ClientFor) -> None:
    disaster = flood(world, world.town, world.town2)
    filled(world, disaster, affected=120)
    report, duty = latest(disaster), world.who("duty")
    page = client_for("duty").get(report.get_absolute_url()).content.decode()
    assert "八塘镇人民政府还没有填报" in page
    with pytest.raises(ValidationError, match="还没有填报"):
        services.file_report(report, duty, "进水。")
    services.file_report(report, duty, "进水。", note="八塘通信中断", stable=True)
    assert Sheet.objects.get(report=report, unit=world.town2).state == "missing"
    assert not Figure.objects.filter(sheet__unit=world.town2).exists()
    assert Total.objects.get(report=report, code="affected").value == 120
    filled(world, disaster, affected=120)
    with pytest.raises(Refused, match="八塘镇人民政府还没有填报"):
        services.file_report(latest(disaster), duty, "核定。", note="通信中断")
    filled(world, disaster, "town2", affected=30)
    services.file_report(latest(disaster), duty, "核定。")
    assert Total.objects.get(report=latest(disaster), code="affected").value == 150


def test_blank_is_refused_unless_the_town_says_that_it_is_zero(world: World, client_for: ClientFor) -> None:
    disaster = flood(world)
    sheet, town = sheet_of(disaster, world.town), client_for("town")
    url = f"{sheet.get_absolute_url()}step/fill/"
    answer = town.post(url, {"affected": "5"})
    assert answer.status_code == 422
    assert "没有填写" in answer.content.decode()
    assert town.post(url, {"affected": "5", "blank_is_zero": "on"}).status_code == 302
    sheet.refresh_from_db()
    assert (sheet.state, sheet.is_zero) == ("filled", False)
    assert dict(sheet.figures.values_list("code", "value"))["dead"] == 0
    assert town.post(f"{sheet.get_absolute_url()}step/change/", {"blank_is_zero": "on"}).status_code == 302
    sheet.refresh_from_db()
    assert sheet.is_zero
    told = Entry.objects.filter(verb="disasters.sheet_change").get()
    assert "受灾人口" in told.changes
    page = town.get(sheet.get_absolute_url()).content.decode()
    assert "更正填报" in page


def test_wrong_figures_stand_at_their_fields_and_odd_ones_need_a_note(world: World, client_for: ClientFor) -> None:
    sheet, town = sheet_of(flood(world), world.town), client_for("town")
    url = f"{sheet.get_absolute_url()}step/fill/"
    answer = town.post(url, {"dead": "1", "blank_is_zero": "on"})
    assert list(answer.context["form"].errors) == ["dead"]
    assert list(town.post(url, {"dead": "x", "blank_is_zero": "on"}).context["form"].errors) == ["dead"]
    answer = town.post(url, {"crops_hit": "1.5", "blank_is_zero": "on"})
    assert list(answer.context["form"].errors) == ["note"]
    assert not Figure.objects.exists()
    assert town.post(url, {"crops_hit": "1.5", "blank_is_zero": "on", "note": "仍在核实损失"}).status_code == 302


def test_only_the_town_fills_and_the_bureau_enters_what_it_heard(world: World, client_for: ClientFor) -> None:
    sheet = sheet_of(flood(world), world.town)
    with pytest.raises(Http404):
        services.fill(sheet, world.who("town2"), figures())
    for who in ("duty", "village"):
        with pytest.raises(PermissionDenied):
            services.fill(sheet, world.who(who), figures())
    duty = client_for("duty")
    url = f"{sheet.get_absolute_url()}step/enter/"
    assert duty.post(url, {"blank_is_zero": "on"}).status_code == 422
    assert duty.post(url, {"affected": "9", "blank_is_zero": "on", "reason": "青杠街道电话上报"}).status_code == 302
    sheet.refresh_from_db()
    assert (sheet.state, sheet.filled_by) == ("filled", world.who("duty"))
    assert Entry.objects.get(verb="disasters.sheet_enter").reason == "青杠街道电话上报"
    services.send_back(sheet, world.who("head"), "请核实受灾人口")
    assert todo.counts(world.who("town")).open == 1
    services.fill(sheet, world.who("town"), figures(affected=8))
    assert todo.counts(world.who("town")).open == 0


def test_a_filed_report_is_never_changed(world: World, client_for: ClientFor) -> None:
    disaster = flood(world)
    first = filed(world, disaster, affected=100)
    sheet = first.sheets.get()
    with pytest.raises(Conflict):
        services.fill(sheet, world.who("town"), figures(), step="change")
    with pytest.raises(Refused):
        services.file_report(first, world.who("duty"), "再报。", note="再报")
    with pytest.raises(ValidationError, match="减为"):
        filed(world, disaster, affected=90, note="")
    assert latest(disaster).state == "collecting"
    services.file_report(latest(disaster), world.who("duty"), "核减。", note="剔除重复统计")
    values = Total.objects.filter(code="affected").order_by("report__number").values_list("value", flat=True)
    assert list(values) == [100, 90]
    page = client_for("duty").get(latest(disaster).get_absolute_url()).content.decode()
    assert re.search(r">\s*90\s*<", page)
    assert not re.search(r">\s*100\s*<", page)
    assert first.note == "已核实"


def test_deaths_and_dwellings_must_stand_in_their_ledgers(world: World, client_for: ClientFor) -> None:
    disaster = flood(world)
    damage: dict[str, Any] = {"collapsed_rooms": 1, "collapsed_homes": 1, "loss": 5, "loss_home": 5}
    with pytest.raises(ValidationError, match="因灾死亡失踪人员台账的 0 人不符"):
        filed(world, disaster, affected=9, dead=1, note="", **damage)
    services.file_report(latest(disaster), world.who("duty"), "一人溺亡。", note="身份核实中", stable=True)
    with pytest.raises(Refused, match="倒损住房户台账的 0 间不符"):
        filed(world, disaster, affected=9, dead=1, **damage)
    page = client_for("duty").get(latest(disaster).get_absolute_url()).content.decode()
    assert "不符" in page
    casualty(world, disaster)
    house(world, disaster)
    final = latest(disaster)
    services.file_report(final, world.who("duty"), "核定。")
    assert summed(final)["collapsed_rooms"] == 1
    assert "相符" in client_for("duty").get(final.get_absolute_url()).content.decode()


def test_a_response_asks_for_photos_of_every_dwelling(world: World) -> None:
    disaster = flood(world, has_response=True)
    filed(world, disaster, stable=True)
    row = house(world, disaster)
    damage = {"collapsed_rooms": 1, "collapsed_homes": 1, "loss": 5, "loss_home": 5}
    with pytest.raises(Refused, match="1 户照片不足 3 张"):
        filed(world, disaster, **damage)
    type(row)._default_manager.filter(pk=row.pk).update(photos=3)
    services.file_report(latest(disaster), world.who("duty"), "核定。")


def test_what_was_verified_can_be_verified_again(world: World) -> None:
    disaster = flood(world)
    filed(world, disaster, stable=True, affected=10)
    with pytest.raises(Refused, match="核定后"):
        services.recheck(disaster, world.who("duty"), "数字有误")
    filed(world, disaster, affected=10)
    with pytest.raises(ValidationError, match="理由"):
        services.recheck(disaster, world.who("duty"), " ")
    services.recheck(disaster, world.who("duty"), "数字有误")
    filed(world, disaster, affected=12)
    kinds = list(disaster.reports.order_by("number").values_list("kind", "is_current"))
    assert kinds == [("initial", False), ("final", False), ("final", True)]


def test_a_further_town_owes_the_report_that_is_collected(world: World, client_for: ClientFor) -> None:
    disaster, duty = flood(world), client_for("duty")
    url = reverse("disasters:towns", args=[disaster.pk])
    assert duty.post(url, {"towns": [world.town2.pk]}).status_code == 302
    assert duty.post(url, {"towns": [world.town2.pk]}).status_code == 422
    assert sheet_of(disaster, world.town2).state == "asked"
    assert client_for("town2").get(disaster.get_absolute_url()).status_code == 200


def test_a_withdrawn_disaster_owes_nothing(world: World) -> None:
    disaster = flood(world)
    services.revoke(disaster, world.who("duty"), "误登记")
    assert set(disaster.reports.values_list("state", flat=True)) == {"dropped"}
    assert set(Sheet.objects.values_list("state", flat=True)) == {"dropped"}
    assert not Todo.objects.filter(done_at__isnull=True).exists()


def test_the_late_are_told_once_and_from_the_moment_on(world: World, at_noon: Any) -> None:
    User.objects.filter(pk__in=[world.who(key).pk for key in ("town", "leader")]).update(phone="13800000002")
    disaster = flood(world)
    at_noon.move_to(KNOWN + timedelta(minutes=90))
    services.escalate_overdue()
    assert not Message.objects.exists()
    at_noon.move_to(KNOWN + timedelta(minutes=90, microseconds=1))
    services.escalate_overdue()
    services.escalate_overdue()
    assert [message.about for message in Message.objects.all()] == [str(sheet_of(disaster, world.town))]
    at_noon.move_to(KNOWN + timedelta(hours=2, microseconds=1))
    services.escalate_overdue()
    services.escalate_overdue()
    assert Message.objects.count() == 2
    assert Report.objects.get().escalation == 1
    assert todo.counts(world.who("leader")).open == 1
    filed(world, disaster)
    assert todo.counts(world.who("leader")).open == 0


def test_the_pages_ask_few_questions(world: World, client_for: ClientFor, django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        disaster = flood(world, world.town, world.town2)
        filled(world, disaster, affected=Decimal(3))
        filled(world, disaster, "town2", affected=Decimal(4))
    client = client_for("head")
    for name in ("reports", "sheets", "figures"):
        with django_assert_max_num_queries(24):
            assert client.get(reverse(f"disasters:{name}")).status_code == 200
    with django_assert_max_num_queries(40):
        assert client.get(latest(disaster).get_absolute_url()).status_code == 200
