"""The hotline through HTTP, and a year's figures against the 2022 report."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.urls import reverse

from bianwang.modules.outreach.models import Call, Identity, Reward
from bianwang.modules.outreach.queries.calls import Statistics, statistics
from bianwang.platform.clock import SHANGHAI, now
from tests.modules.outreach.calls import dispatched, entered, verified
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

LIST_QUERIES = 20


def test_a_report_is_taken_dispatched_verified_rewarded_and_closed(world: World, client_for: ClientFor) -> None:
    duty, town, officer, head, leader, finance = (
        client_for(who) for who in ("duty", "town", "enforcement", "head", "leader", "finance")
    )
    given = {"category": "report", "channel": "phone", "summary": "除尘停用", "unit": world.plant.pk, "name": "欧阳"}
    answer = duty.post(reverse("outreach:register"), {**given, "reply": "已答复"})
    assert answer.status_code == 422
    assert duty.post(reverse("outreach:register"), given).status_code == 302
    call = Call.objects.get()
    assert Identity.objects.filter(call=call).exists()
    url = call.get_absolute_url()

    def step(client: Any, code: str, at: str = url, **data: Any) -> None:
        answer = client.post(f"{at}step/{code}/", data)
        assert answer.status_code == 302, (code, answer.content.decode()[-2500:])

    assert town.get(url).status_code == 404
    step(duty, "dispatch", handler=world.town.pk)
    step(town, "verify", outcome="true", result="属实", is_filed="on", case_number="1号")
    step(duty, "reply", reply="已处理")
    step(officer, "reward", band="major", fine="20000.10", joint=2)
    reward = Reward.objects.get()
    step(leader, "approve", reward.get_absolute_url())
    step(finance, "pay", reward.get_absolute_url(), receipt="第1号")
    page = head.get(reward.get_absolute_url()).content.decode()
    assert "3,000.02" in page
    assert "第一署名人 1500.01 元" in page
    step(head, "close")
    call.refresh_from_db()
    assert call.state == "closed"


def test_a_question_is_answered_at_once(world: World, client_for: ClientFor) -> None:
    given = {"category": "consult", "channel": "wechat", "summary": "证书复审", "reply": "已告知"}
    assert client_for("duty").post(reverse("outreach:register"), given).status_code == 302
    call = Call.objects.get()
    assert (call.state, call.reply) == ("closed", "已告知")


def test_every_step_has_its_form(world: World, client_for: ClientFor) -> None:
    accepted, checking, found = entered(world), dispatched(world), verified(world)
    for call, who, codes in (
        (accepted, "head", ("dispatch", "correct", "identity", "duplicate", "revoke")),
        (checking, "head", ("verify", "recall", "duplicate")),
        (checking, "leader", ("extend",)),
        (found, "head", ("reply", "return", "case", "reward")),
    ):
        for code in codes:
            answer = client_for(who).get(f"{call.get_absolute_url()}step/{code}/")
            assert answer.status_code == 200, code


def test_the_list_filters_by_handler_and_asks_little(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        dispatched(world)
    late = entered(world, received_at=now() - timedelta(days=70))
    client, url = client_for("head"), reverse("outreach:list")
    with django_assert_max_num_queries(LIST_QUERIES):
        assert len(client.get(url).context["sheet"].object_list) == 6
    assert list(client.get(url, {"overdue": "1"}).context["sheet"].object_list) == [late]
    assert len(client.get(url, {"owner": world.town.pk, "sort": "-town"}).context["sheet"].object_list) == 5
    assert len(client_for("town").get(url).context["sheet"].object_list) == 5
    assert len(client_for("town2").get(url).context["sheet"].object_list) == 0


@pytest.fixture
def report(world: World, limits: None) -> Statistics:
    """2022: 791 calls, 58 reports (13 filed), 276 questions, 457 others; one call the year before."""
    kinds = ["report"] * 58 + ["consult"] * 276 + ["complaint"] * 120 + ["invalid"] * 237 + ["other"] * 100
    at = datetime(2022, 5, 1, 8, tzinfo=SHANGHAI)
    common = {"state_since": at, "handler_id": world.bureau.pk, "summary": "来电", "state": "closed"}
    calls = [
        Call(
            number=f"{number}",
            received_at=at + timedelta(hours=number % 24),
            category=kind,
            channel=("phone", "wechat", "letter")[number % 3],
            outcome=("true" if number < 20 else "false" if number < 50 else "") if kind == "report" else "",
            is_filed=number < 13,
            town=world.town_area if number % 2 else None,
            **common,
        )
        for number, kind in enumerate(kinds)
    ]
    edges = [datetime(2021, 12, 31, 23, 59, 59, tzinfo=SHANGHAI), datetime(2023, 1, 1, tzinfo=SHANGHAI)]
    for number, moment in enumerate(edges):
        calls.append(Call(number=f"e{number}", received_at=moment, category="report", channel="visit", **common))
    apart = {**common, "received_at": at, "category": "report", "channel": "phone"}
    calls += [Call(number="x1", is_exercise=True, **apart), Call(number="x2", **{**apart, "state": "revoked"})]
    Call.objects.bulk_create(calls)
    return statistics(world.who("head"), 2022)


def test_the_2022_report_adds_up(report: Statistics) -> None:
    by_name = {pair.name: pair.value for pair in report.categories}
    assert (report.total.value, report.total.before) == (791, 1)
    assert (by_name["举报"], by_name["咨询"]) == (58, 276)
    assert by_name["投诉"] + by_name["无效"] + by_name["其他"] == 457
    assert sum(by_name.values()) == 791
    assert report.filed.value == 13
    assert report.filed.value <= by_name["举报"]
    for name, pairs in report.groups:
        assert sum(pair.value for pair in pairs) == (58 if "举报" in name else 791), name


def test_every_figure_leads_to_exactly_its_rows(report: Statistics, client_for: ClientFor) -> None:
    client = client_for("head")
    pairs = [report.total, *report.categories, report.filed, *(pair for _, group in report.groups for pair in group)]
    assert len(pairs) > 15
    for pair in pairs:
        for query, value in ((pair.query, pair.value), (pair.before_query, pair.before)):
            page = client.get(f"{reverse('outreach:list')}?{query}").context["sheet"]
            assert page.paginator.count == value, (pair.name, query)


def test_the_page_of_figures(report: Statistics, client_for: ClientFor) -> None:
    page = client_for("leader").get(reverse("outreach:statistics"), {"year": 2022}).content.decode()
    assert ">791</a>" in page
    assert ">13</a>" in page


def test_the_database_keeps_cases_to_reports(world: World) -> None:
    call = entered(world, category="consult")
    with pytest.raises(IntegrityError):
        Call.objects.filter(pk=call.pk).update(is_filed=True)
