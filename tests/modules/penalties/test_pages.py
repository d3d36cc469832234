"""Pages: what they show, how a step is taken with a browser, and figures that lead to exactly their rows."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.urls import reverse

from bianwang.modules.penalties import figures, services
from bianwang.modules.penalties.models import Case, Payment
from bianwang.platform.clock import SHANGHAI, now, today
from tests.modules.alarms.plant import bound, raised
from tests.modules.penalties import cases
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

LIST = reverse("penalties:list")


def step(case: Any, code: str) -> str:
    return f"{case.get_absolute_url()}step/{code}/"


def test_a_case_goes_through_its_forms(world: World, client_for: ClientFor) -> None:
    cases.certify(world)
    officer, head, leader = client_for("enforcement"), client_for("head"), client_for("leader")
    day = today().isoformat()
    form = {
        "enterprise": world.plant.pk, "respondent_kind": "unit", "origin": "visit", "found_on": day,
        "conduct": "training", "conduct_from": day, "conduct_to": day, "facts": "未培训", "degree": "4",
        "circumstances": ["cooperative"], "colleagues": [world.who("enforcement2").pk],
    }  # fmt: skip
    answer = officer.post(reverse("penalties:new"), form, follow=True)
    case = Case.objects.get()
    cases.papered(case, *cases.PAPERS)
    assert "立案时限" in answer.content.decode()
    assert case.circumstances == "cooperative"
    assert officer.post(step(case, "apply"), {}).status_code == 302
    assert head.post(step(case, "file"), {"day": day}).status_code == 302
    taken = now().astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
    piece = {"title": "笔录", "kind": "statement", "origin": "officer", "proves": "未培训", "taken_at": taken}
    assert officer.post(step(case, "evidence"), piece).status_code == 302
    found = case.evidence.get()
    for code in ("examine", "admit"):
        assert officer.post(step(found, code), {}).status_code == 302
    page = officer.get(step(case, "finish")).content.decode()
    assert "从轻处罚 0.00 至 30,000.00 元" in page
    wrong = officer.post(step(case, "finish"), {"law": "old", "kinds": ["fine"], "fine": "200000"})
    assert wrong.status_code == 422
    assert "法定幅度" in wrong.content.decode()
    assert officer.post(step(case, "finish"), {"law": "old", "kinds": ["fine"], "fine": "20000"}).status_code == 302
    assert head.post(step(case, "review"), {"opinion": "适当"}).status_code == 302
    cases.notified(case)
    for code, data in (("tell", {}), ("waive", {}), ("conclude", {})):
        assert officer.post(step(case, code), data).status_code == 302, code
    decision = {"law": "old", "kinds": ["fine"], "fine": "20000", "day": day, "choice_reason": "从轻"}
    assert leader.post(step(case, "decide"), decision).status_code == 302
    assert officer.post(step(case, "serve"), {}).status_code == 302
    money = {"kind": "fine", "way": "bank", "amount": "20000", "day": day, "receipt": "渝1"}
    assert client_for("finance").post(step(case, "pay"), money).status_code == 302
    public = {"document": "罚1号", "facts": "未按规定培训"}
    assert head.post(step(case, "publish"), public).status_code == 302
    assert head.post(step(case, "close"), {}).status_code == 302
    case.refresh_from_db()
    assert case.state == "closed"


def test_the_page_shows_clocks_the_worksheet_and_what_is_missing(world: World, client_for: ClientFor) -> None:
    case = cases.filed(world)
    text = client_for("enforcement").get(case.get_absolute_url()).content.decode()
    for words in ("办案期限", "裁量工作表", "一般处罚", "没有采信的证据", "追责时效", "计时中"):
        assert words in text
    assert "没有采信的证据" not in client_for("finance").get(case.get_absolute_url()).content.decode()
    services.suspend(case, world.who("head"), "appraisal", today(), None)
    assert "停算中" in client_for("head").get(case.get_absolute_url()).content.decode()


def test_a_devices_record_with_its_alarm_is_entered_in_a_form(world: World, client_for: ClientFor) -> None:
    case, client = cases.filed(world), client_for("enforcement")
    alarm = raised(bound(world.plant))
    taken = now().astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")
    day = today() - timedelta(days=1)
    form = {
        "title": "浓度记录", "kind": "data", "origin": "device", "proves": "超限", "taken_at": taken,
        "source": cases.source(world, "legal", "technical").pk, "alarm": alarm.pk,
    }  # fmt: skip
    refused = client.post(step(case, "evidence"), form)
    assert refused.status_code == 422
    assert "没有向社会公布" in refused.content.decode()
    form["source"] = cases.source(world, "legal", "technical", "publish", day=day).pk
    assert client.post(step(case, "evidence"), form).status_code == 302
    row = case.evidence.get()
    assert row.alarm == alarm
    shown = client.get(row.get_absolute_url()).content.decode()
    assert "须经人工审查" in shown
    assert alarm.get_absolute_url() in shown


def test_every_step_that_is_offered_has_a_form(world: World, client_for: ClientFor) -> None:
    clue, told, served = cases.entered(world), cases.told(world), cases.served(world)
    for case, who in (
        (clue, "enforcement"),
        (clue, "head"),
        (told, "enforcement"),
        (served, "head"),
        (served, "finance"),
    ):
        client = client_for(who)
        page = client.get(case.get_absolute_url()).content.decode()
        for url in re.findall(r'href="([^"]+/step/[^"]+)"', page):
            assert client.get(url).status_code == 200, url


def test_figures_lead_to_their_rows(world: World, client_for: ClientFor) -> None:
    paid = cases.served(world)
    cases.paid(paid, world, "15000")
    cases.served(world, fine="30000")
    cases.filed(world, conduct="warning_signs")
    services.refuse(cases.entered(world), world.who("head"), "不成立")
    spot = cases.entered(world, degree=Decimal(1))
    services.summary(spot, world.who("enforcement"), law="old", kinds=["fine"], fine=Decimal(1000), reason="事实确凿")
    user, client = world.who("leader"), client_for("leader")
    year = today().year
    found = figures.annual(user, year)
    by = {row.name: row for row in found.figures}
    assert {name: by[name].value for name in ("线索", "立案", "其中当场处罚", "作出决定", "其中处罚")} == {
        "线索": 5, "立案": 4, "其中当场处罚": 1, "作出决定": 3, "其中处罚": 3,
    }  # fmt: skip
    assert (by["决定罚款"].value, by["缴纳罚款"].value) == (71000, 15000)
    # A second, independent count of the same rows.
    assert by["立案"].value == len([row for row in Case.objects.all() if row.filed_on and row.filed_on.year == year])
    assert by["决定罚款"].value == sum(row.fine or 0 for row in Case.objects.all())
    assert by["缴纳罚款"].value == sum(row.amount for row in Payment.objects.all() if row.kind == "fine")
    for rows in (found.conducts, found.enterprises, found.months):
        assert sum(row.filed for row in rows) == 4
        assert sum(row.decided for row in rows) == 3
        assert sum(row.fine for row in rows) == 71000
        assert sum(row.paid for row in rows) == 15000
    counted = [(figure.url, figure.value) for figure in found.figures if figure.unit == "件"]
    counted += [(row.filed_url, row.filed) for row in found.conducts]
    counted += [(row.decided_url, row.decided) for row in (*found.conducts, *found.months)]
    for url, value in counted:
        assert client.get(url).context["sheet"].paginator.count == value, url
    for url, total in ((by["决定罚款"].url, "71,000.00"), (by["缴纳罚款"].url, "15,000.00")):
        assert total in [cell.text for cell in client.get(url).context["totals"]]
    page = client.get(reverse("penalties:statistics"))
    assert page.status_code == 200
    assert "71,000.00" in page.content.decode()


def test_overdue_and_clock_are_filters(world: World, client_for: ClientFor, time_machine: Any) -> None:
    time_machine.move_to("2026-03-02T10:00:00+08:00")
    late = cases.entered(world)
    time_machine.move_to("2026-03-10T10:00:00+08:00")
    cases.filed(world)
    client = client_for("duty")
    shown = client.get(f"{LIST}?overdue=1").context["sheet"].object_list
    assert [row.pk for row in shown] == [late.pk]
    assert client.get(f"{LIST}?due_clock=handle").context["sheet"].paginator.count == 1


def test_the_publication_list_is_an_excel_without_names(world: World, client_for: ClientFor) -> None:
    case = cases.decided(world, respondent_kind="person", respondent="张三丰", overdue=True, fine="30000")
    services.publish(case, world.who("head"), document="罚1号", facts="未按规定培训")
    answer = client_for("head").get(reverse("penalties:publications") + "?export=xlsx")
    book = openpyxl.load_workbook(
        io.BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content)
    )
    text = "\n".join(str(cell.value) for row in book.active.iter_rows() for cell in row)  # type: ignore[union-attr]
    assert "张某某" in text
    assert "张三丰" not in text


def test_lists_stay_cheap(world: World, client_for: ClientFor, django_assert_max_num_queries: Any) -> None:
    for _ in range(3):
        case = cases.served(world)
        cases.paid(case, world, "100", receipt=f"渝{case.pk}")
        services.publish(case, world.who("head"), document=f"罚{case.pk}号", facts="未按规定培训")
        cases.source(world, "legal")
    client = client_for("head")
    for name in ("list", "payments", "publications", "sources"):
        with django_assert_max_num_queries(20):
            assert client.get(reverse(f"penalties:{name}")).status_code == 200
    with django_assert_max_num_queries(60):
        client.get(case.get_absolute_url())
    with django_assert_max_num_queries(34):
        client.get(reverse("penalties:statistics"))


def test_a_case_from_another_years_end_is_numbered_in_its_year(world: World, time_machine: Any) -> None:
    time_machine.move_to("2026-01-05T10:00:00+08:00")
    old = cases.entered(world, found_on=today() - timedelta(days=10))
    new = [cases.entered(world) for _ in range(2)]
    assert [old.number, *(row.number for row in new)] == ["AJ-2025-0001", "AJ-2026-0001", "AJ-2026-0002"]
