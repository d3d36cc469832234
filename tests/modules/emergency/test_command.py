"""Headquarters, plans and drills: who belongs, what is in force, what is due, and a year's drills."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bianwang.modules.emergency import services
from bianwang.modules.emergency.lists.preparing import review_count
from bianwang.modules.emergency.models import Member
from bianwang.modules.emergency.pack.events import pack, read
from bianwang.modules.emergency.sheets.people import MEMBERS
from bianwang.platform.config import ConfigError
from bianwang.platform.exchange import services as exchange
from bianwang.platform.exchange.models import StagedRow
from bianwang.platform.ledger.models import Entry
from bianwang.platform.workflow import services as workflow
from bianwang.platform.workflow.errors import Refused
from tests.modules.emergency.command import drafted, found, held, issued, planned, seat, today
from tests.modules.emergency.things import fire
from tests.people import ClientFor, World
from tests.platform.exchange import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def _page(client_for: ClientFor, who: str, name: str, *args: Any, **query: Any) -> str:
    answer = client_for(who).get(reverse(f"emergency:{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_successor_is_a_new_row_and_the_former_stays(world: World, client_for: ClientFor) -> None:
    old = seat(world, valid_from=today() - timedelta(days=400))
    values = {"valid_to": today() - timedelta(days=1)}
    services.change_member(old, world.who("head"), values, "换届")
    seat(world, name="吴区长")
    page = _page(client_for, "finance", "headquarters", "forest_fire")
    assert page.index("现任成员") < page.index("吴区长") < page.index("历任和将任") < page.index("郑区长")
    current = _page(client_for, "duty", "members", headquarters="forest_fire", current=1)
    assert "吴区长" in current
    assert "郑区长" not in current
    assert "13900001111" not in Entry.objects.get(verb="emergency.member_add", object_id=old.pk).changes


@pytest.mark.parametrize(
    ("values", "field"),
    [({"name": ""}, "name"), ({"valid_to": date(2025, 12, 31)}, "valid_to"), ({"unit": ""}, "unit")],
)
def test_a_wrong_seat_names_its_field(world: World, values: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as error:
        seat(world, **values)
    assert field in error.value.message_dict


def test_an_account_fills_in_name_and_phone(world: World) -> None:
    assert seat(world, name="", phone="", user=world.who("duty")).name == "王值班"
    with pytest.raises(PermissionDenied):
        services.add_member(world.who("leader"), "forest_fire", {})


def test_phones_are_whole_only_for_those_who_call(world: World, client_for: ClientFor) -> None:
    seat(world)
    event, plan = fire(world), issued(world)
    for who, whole in (("duty", True), ("leader", True), ("finance", False)):
        page = _page(client_for, who, "headquarters", "forest_fire")
        assert ("tel:13900001111" in page) is whole
        assert ("13900001111" in page) is whole
    town = _page(client_for, "town", "detail", event.pk)  # it fights the fire and has to call
    assert "tel:13900001111" in town
    assert str(plan) in town
    assert plan.get_absolute_url() not in town
    assert "13900001111" not in _page(client_for, "finance", "detail", event.pk)
    assert "13900001111" not in _page(client_for, "duty", "members")


def test_a_town_reads_what_holds_for_it_and_opens_nothing(world: World, client_for: ClientFor) -> None:
    seat(world)
    seat(world, name="吴区长", valid_from=today() - timedelta(days=400), valid_to=today() - timedelta(days=1))
    seat(world, name="冯区长", valid_from=today() + timedelta(days=1))
    plan, draft, drill = issued(world), drafted(world, version="2031年修订"), planned(world)
    off = planned(world, title="取消的演练")
    workflow.advance(off, "cancel", world.who("head"), reason="改期")
    pages = {name: _page(client_for, "town", name) for name in ("headquarters_list", "members", "plans", "drills")}
    pages["headquarters"] = _page(client_for, "town", "headquarters", "forest_fire")
    for name in ("headquarters_list", "members", "headquarters"):
        assert "郑区长" in pages[name]
        assert "吴区长" not in pages[name] + _page(client_for, "town", "members", q="吴")
        assert "冯区长" not in pages[name]
        assert "13900001111" not in pages[name]
    for name, shown, hidden in (("plans", plan, draft), ("drills", drill, off), ("headquarters", plan, draft)):
        assert str(shown) in pages[name]
        assert str(hidden) not in pages[name]
        assert shown.get_absolute_url() not in pages[name]
    overview = client_for("town").get(reverse("emergency:headquarters_list")).context["offices"]
    office = next(row for row in overview if row.code == "forest_fire")
    assert (office.members, office.plans, office.drills) == (1, 1, 1)
    for url, number in ((office.members_url, 1), (office.plans_url, 1), (office.drills_url, 1)):
        for who in ("town", "duty"):
            assert client_for(who).get(url).context["sheet"].paginator.count == number


def test_members_come_from_excel_and_a_second_time_change(world: World) -> None:
    def stage(*rows: list[Any]) -> Any:
        file = samples.filled(*rows, sheet=MEMBERS)
        return exchange.stage(MEMBERS, world.who("head"), "成员.xlsx", file, samples.size_of(file))

    row = ["森林防灭火指挥部", "联络员", "区林业局", "何联络", "科长", "13900002222", "2026-01-01", ""]
    wrong = stage(row, [*row[:3], "", *row[4:]])
    assert "联络员须写明姓名" in StagedRow.objects.get(batch=wrong, number=4).errors
    with pytest.raises(ValidationError, match="一行都不会写入"):
        exchange.confirm(wrong)
    assert not Member.objects.exists()
    for phone in ("13900002222", "13900003333"):
        batch = stage([*row[:5], phone, *row[6:]])
        exchange.confirm(batch)
        exchange.apply_confirmed()
    assert Member.objects.get().phone == "13900003333"


def test_a_plan_goes_from_draft_to_record_and_replaces_the_old(world: World, client_for: ClientFor) -> None:
    old, event, head = issued(world), fire(world), world.who("head")
    plan = drafted(world, with_file=False, version="2027年修订", replaces=old)
    with pytest.raises(Refused, match="预案文本"):
        workflow.advance(plan, "submit", head)
    ready = drafted(world, version="2028年修订", replaces=old)
    workflow.advance(ready, "submit", head)
    step = reverse("emergency:plan_step", args=[ready.pk, "issue"])
    dates = {"document": "〔2028〕1号", "approved_on": today().isoformat(), "issued_on": today().isoformat()}
    late = {**dates, "issued_on": (today() + timedelta(days=1)).isoformat()}
    assert client_for("head").post(step, late).status_code == 422
    assert client_for("head").post(step, dates).status_code == 302
    old.refresh_from_db()
    ready.refresh_from_db()
    assert (old.state, ready.state) == ("repealed", "issued")
    assert ready.review_on
    assert ready.review_on.year == today().year + 3
    page = _page(client_for, "duty", "detail", event.pk)
    assert "2028年修订" in page
    assert "2026年修订" not in page
    workflow.advance(ready, "file", head, reason="报市应急局备案")
    assert "2028年修订" in _page(client_for, "duty", "detail", event.pk)
    assert "2028年修订" not in _page(client_for, "duty", "detail", fire(world, kind="hail", subtype="").pk)


@pytest.mark.parametrize(("days", "due"), [(0, 1), (1, 0)])
def test_a_plan_is_due_within_the_reminder_until_it_was_assessed(world: World, days: int, due: int) -> None:
    plan, head = issued(world, today() - timedelta(days=30)), world.who("head")
    type(plan).objects.update(review_on=today() + timedelta(days=90 + days))
    assert review_count(head) == due
    plan.refresh_from_db()
    with pytest.raises(ValidationError):
        services.assess_plan(plan, head, today() + timedelta(days=1), "仍适用")
    services.assess_plan(plan, head, today(), "仍适用")
    assert review_count(head) == 0


def test_a_wrong_term_of_the_district_is_refused() -> None:
    import msgspec

    raw = msgspec.to_builtins(pack())
    raw["plan_terms"][0]["kind"] = "flut"
    with pytest.raises(ConfigError, match="评估周期用到的事件类别“flut”没有定义"):
        read(msgspec.convert(raw, Any))


def test_a_drill_is_closed_when_all_it_showed_is_put_right(world: World, client_for: ClientFor) -> None:
    head, drill = world.who("head"), held(world)
    item = found(world, drill)
    evaluate = reverse("emergency:drill_step", args=[drill.pk, "evaluate"])
    assert client_for("head").post(evaluate, {"evaluation": "指挥顺畅，通信不足"}).status_code == 302
    drill.refresh_from_db()
    with pytest.raises(Refused, match="还有 1 项整改"):
        workflow.advance(drill, "close", head)
    done = reverse("emergency:drill_item_done", args=[item.pk])
    late = {"done_on": (today() + timedelta(days=1)).isoformat(), "result": "已增设"}
    assert client_for("head").post(done, late).status_code == 422
    assert client_for("head").post(done, {**late, "done_on": today().isoformat()}).status_code == 302
    workflow.advance(drill, "close", head)
    assert drill.state == "closed"


def test_only_exercises_belong_to_a_drill(world: World) -> None:
    with pytest.raises(ValidationError, match="演练"):
        planned(world, event=fire(world))
    assert planned(world, event=fire(world, is_exercise=True)).event is not None


def test_the_year_of_drills_leads_to_its_rows(world: World, client_for: ClientFor) -> None:
    held(world, 40)
    held(world, 25, headquarters="flood")
    workflow.advance(planned(world), "cancel", world.who("head"), reason="改期")
    planned(world)
    client = client_for("finance")
    lines = client.get(reverse("emergency:drill_statistics")).context["lines"]
    table = {line.name: (line.planned, line.held, line.people) for line in lines}
    assert table["合计"] == (3, 2, 65)
    assert table["森林防灭火指挥部"] == (2, 1, 40)
    for line in lines:
        assert client.get(line.planned_url).context["sheet"].paginator.count == line.planned
        assert client.get(line.held_url).context["sheet"].paginator.count == line.held


def test_lists_ask_the_same_for_many(world: World, client_for: ClientFor) -> None:
    head = client_for("head")
    pages = ["members", "plans", "drills", "headquarters_list"]
    seen: list[int] = []
    for number in (1, 5):
        for _ in range(number):
            seat(world)
            held(world, plan=issued(world))
        for name in pages:
            head.get(reverse(f"emergency:{name}"))
            with CaptureQueriesContext(connection) as captured:
                head.get(reverse(f"emergency:{name}"))
            seen.append(len(captured))
    assert seen[: len(pages)] == seen[len(pages) :]
