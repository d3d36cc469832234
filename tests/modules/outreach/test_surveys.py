"""Surveys: the public page (closed, wrong link, twice, too often, nothing personal), paper, and results."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from bianwang.modules.outreach.models import Answer, Survey
from bianwang.modules.outreach.queries import surveys as queries
from bianwang.modules.outreach.services import surveys as services
from bianwang.modules.outreach.sheets import ANSWERS
from bianwang.platform import ratelimit
from bianwang.platform.clock import now
from bianwang.platform.exchange import services as exchange
from bianwang.platform.ledger.models import Entry
from bianwang.platform.workflow.errors import Refused
from tests.modules.outreach.people import RIGHT, WRONG, opened, survey
from tests.modules.outreach.publicity import today
from tests.people import ClientFor, World
from tests.platform.exchange import samples

pytestmark = pytest.mark.django_db


def ticket(client: Client, url: str) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', client.get(url).content.decode())
    assert found
    return found[1]


def filled(ticket: str, chosen: list[int]) -> dict[str, Any]:
    return {"ticket": ticket, **{f"q{number}": choice for number, choice in enumerate(chosen, 1)}}


def many(made: Survey, right: int, wrong: int) -> None:
    for number in range(right + wrong):
        services.answer(made, f"t{number}", RIGHT if number < right else WRONG)


def test_anybody_answers_once_in_a_browser(world: World) -> None:
    made = opened(world)
    client, url = Client(), made.get_public_url()
    page = client.get(url)
    assert page.status_code == 200
    assert "不记名" in page.content.decode()
    sent = filled(ticket(client, url), RIGHT)
    assert "已收到" in client.post(url, sent).content.decode()
    assert client.post(url, sent).status_code == 409
    assert "已经答过" in client.get(url).content.decode()
    # The same page again without the cookie, as after the back button of another window.
    assert Client().post(url, sent).status_code == 200
    assert Answer.objects.count() == 1
    row = Answer.objects.get()
    assert (row.chosen, row.knows, row.satisfied, row.source) == ("2,1,5", True, True, "online")


def test_nothing_of_whoever_answers_is_kept(world: World, client_for: ClientFor) -> None:
    made = opened(world)
    client, url = client_for("town"), made.get_public_url()
    sent = filled(ticket(client, url), WRONG)
    client.post(url, sent, REMOTE_ADDR="203.0.113.77", headers={"user-agent": "某浏览器"})
    names = {field.name for field in Answer._meta.fields}
    assert names == {"id", "survey", "key", "source", "day", "chosen", "knows", "satisfied"}
    entry = Entry.objects.get(verb="outreach.answer")
    assert (entry.actor, entry.origin) == (None, "公开问卷")
    kept = str([list(Answer.objects.values_list()), list(Entry.objects.filter(verb="outreach.answer").values_list())])
    assert "203.0.113.77" not in kept
    assert "赵镇街" not in kept
    assert "某浏览器" not in kept


@pytest.mark.parametrize("chosen", [[], [2, 1], [9, 1, 5]])
def test_an_incomplete_answer_is_shown_again(world: World, chosen: list[int]) -> None:
    made = opened(world)
    client, url = Client(), made.get_public_url()
    assert client.post(url, filled(ticket(client, url), chosen)).status_code == 422
    assert not Answer.objects.exists()


def test_a_page_that_is_not_ours_counts_nothing(world: World) -> None:
    made, other = opened(world), opened(world, title="另一份")
    client = Client()
    for wrong in ("", "x", ticket(client, other.get_public_url())):
        answer = client.post(made.get_public_url(), filled(wrong, RIGHT))
        assert answer.status_code == 422
        assert "打开太久" in answer.content.decode()
    assert not Answer.objects.exists()


def test_drafts_and_wrong_links_are_unknown_and_closed_ones_say_so(world: World, time_machine: Any) -> None:
    draft, made = survey(world, title="草稿"), opened(world)
    assert len(made.token) >= 32
    client = Client()
    for wrong in (draft.token, made.token[:-1], "1"):
        assert client.get(reverse("outreach:answer", args=[wrong])).status_code == 404
    url = made.get_public_url()
    sent = filled(ticket(client, url), RIGHT)
    time_machine.move_to(made.due_at)
    assert client.get(url).status_code == 200
    time_machine.move_to(made.due_at + timedelta(seconds=1))
    for answer in (client.get(url), client.post(url, sent)):
        assert answer.status_code == 410
        assert "已经截止" in answer.content.decode()
    with pytest.raises(ValidationError, match="截止"):
        services.answer(made, "late", RIGHT)
    services.prolong_survey(made, world.who("duty"), today() + timedelta(days=2), "雨天延期")
    assert client.get(url).status_code == 200
    services.close_survey(made, world.who("duty"))
    assert client.get(url).status_code == 410


def test_too_many_from_one_address_wait(world: World) -> None:
    url = opened(world).get_public_url()
    answers = [Client().post(url, {}).status_code for _ in range(ratelimit.PUBLIC.count + 1)]
    assert answers == [422] * ratelimit.PUBLIC.count + [429]
    assert Client().post(url, {}, REMOTE_ADDR="203.0.113.78").status_code == 422


def test_questions_stand_once_it_is_open(world: World) -> None:
    made = survey(world)
    services.change_survey(made, world.who("duty"), {"target": "企业员工"})
    with pytest.raises(ValidationError, match="第 1 题"):
        services.change_survey(made, world.who("duty"), {"questions": "问\nA. 甲\nB. 乙"})
    with pytest.raises(ValidationError, match="没有改动"):
        services.change_survey(made, world.who("duty"), {"target": "企业员工"})
    services.open_survey(made, world.who("duty"))
    with pytest.raises(Refused):
        services.change_survey(made, world.who("duty"), {"target": "别的"})
    old = survey(world, title="过期", closes_on=today() - timedelta(days=1))
    with pytest.raises(Refused, match="截止日期已过"):
        services.open_survey(old, world.who("duty"))
    with pytest.raises(PermissionDenied):
        services.open_survey(survey(world, title="又一份"), world.who("town"))


def test_no_rate_below_the_sample_that_it_needs(world: World) -> None:
    made = opened(world)
    assert made.needed == 25
    many(made, 20, 4)
    found = queries.result(made)
    assert found.rates == []
    assert "24 份" in found.refusal
    assert "25 份" in found.refusal
    services.answer(made, "last", RIGHT)
    found = queries.result(made)
    assert found.refusal == ""
    assert [(rate.name, rate.words, rate.interval) for rate in found.rates] == [
        ("知晓率", "84.0%", "65.3%～93.6%"),
        ("满意度", "84.0%", "65.3%～93.6%"),
    ]


def test_every_rate_leads_to_its_answers(world: World, client_for: ClientFor) -> None:
    made = opened(world)
    many(made, 21, 4)
    client = client_for("leader")
    page = client.get(made.get_absolute_url()).content.decode()
    assert "84.0%（21/25）" in page
    for rate in queries.result(made).rates:
        assert client.get(rate.url).context["sheet"].paginator.count == rate.count
    year = client.get(reverse("outreach:publicity"), {"year": made.closes_on.year}).content.decode()
    assert ">84.0%</a>" in year
    assert "84.0%" not in client_for("town").get(reverse("outreach:publicity")).content.decode()
    shares = {text: [row.count for row in rows] for text, rows in queries.by_question(made)}
    assert shares["举报电话是哪个？"] == [4, 21, 0]


def staged(world: World, *rows: tuple[Any, ...]) -> Any:
    file = samples.filled(*(list(row) for row in rows), sheet=ANSWERS)
    return exchange.stage(ANSWERS, world.who("duty"), "答卷.xlsx", file, len(file.getvalue()))


def test_paper_answers_come_from_excel_all_or_none(world: World) -> None:
    made = opened(world)
    survey(world, title="草稿")
    wrong = staged(
        world,
        (made.title, "1", today(), "B A 5"),
        (made.title, "2", today(), "B A"),
        ("草稿", "3", today(), "B A 5"),
        (made.title, "4", today() + timedelta(days=1), "B A 5"),
    )
    assert wrong.errors == 3
    with pytest.raises(ValidationError, match="一行都不会写入"):
        exchange.confirm(wrong)
    assert not Answer.objects.exists()
    for _ in range(2):  # the same file again changes nothing
        right = staged(world, (made.title, "1", today(), "B A 5"), (made.title, "2", today(), "A B 2"))
        assert right.errors == 0
        exchange.confirm(right)
        exchange.apply_confirmed()
    assert sorted(Answer.objects.values_list("key", "chosen", "knows")) == [("1", "2,1,5", True), ("2", "1,2,2", False)]
    assert queries.result(made).paper == 2
    assert Entry.objects.filter(verb="outreach.answer", actor=world.who("duty")).count() == 2
    assert now() < made.due_at
