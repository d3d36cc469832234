"""Accidents through HTTP: from the telephone to the closed file, and who sees what of it."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from bianwang.modules.accidents import services
from bianwang.modules.accidents.models import Accident, Report
from bianwang.modules.accidents.queries import overdue_count
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.files.models import Attachment
from tests.modules.accidents.cases import entered, following, submitted
from tests.people import ClientFor, World
from tests.platform.files import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

LIST_QUERIES = 20


def text(answer: Any) -> str:
    page: str = answer.content.decode()
    return page


def moment(ago: timedelta) -> str:
    return (now() - ago).astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def test_an_accident_is_registered_reported_investigated_and_closed(world: World, client_for: ClientFor) -> None:
    duty, officer, head, leader = (client_for(who) for who in ("duty", "enforcement", "head", "leader"))
    given = {
        "owner": world.plant.pk,
        "occurred_at": moment(timedelta(hours=3)),
        "source": "police",
        "kind": "09",
        "deaths": 1,
        "injuries": 0,
        "loss": "12.50",
        "is_work_safety": "on",
    }
    answer = duty.post(reverse("accidents:register"), given)
    assert answer.status_code == 302, text(answer)[-3000:]
    accident = Accident.objects.get()
    url = accident.get_absolute_url()

    def step(client: Any, code: str, **data: Any) -> None:
        answer = client.post(f"{url}step/{code}/", data)
        assert answer.status_code == 302, text(answer)[-3000:]

    page = text(duty.get(url))
    assert "逾期未报" in page, "the enterprise had an hour"
    assert "第三条第（四）项" in page
    form = text(duty.get(f"{url}step/report/"))
    assert "区应急管理局报市应急管理局" in form
    owed = Report.objects.get(receiver="市应急管理局")
    step(duty, "report", owed=owed.pk, at=moment(timedelta()), text="初报", kind="following")
    step(duty, "casualty", name="王大力", outcome="dead", post="安装工")
    moved = {"deaths": 2, "injuries": 0, "loss": "12.50", "changed_at": moment(timedelta()), "reason": "伤者死亡"}
    step(duty, "change", **moved)
    step(
        officer,
        "investigate",
        leader="张科长",
        leader_unit="区应急管理局",
        members="李公安 区公安局\n赵专家 重庆大学 专家",
    )
    papers = samples.upload("调查报告.docx", samples.docx())
    step(officer, "submit", direct_cause="未系安全带", indirect_cause="培训不到位", papers=papers)
    today = now().astimezone(SHANGHAI).date()
    step(head, "approve", approval="璧山府〔2026〕8号", authority="区人民政府", on=today)
    step(officer, "sanction", who="青杠机械厂", what="罚款三十万元", due_on=today)
    row = Accident.objects.get().investigation.sanctions.get()
    step(officer, "settle", row=row.pk, done_on=today, result="已缴款")
    assert head.post(f"{url}step/close/").status_code == 409, "四不放过"
    assert "四不放过还差" in text(head.get(url))
    for item in ("cause", "people", "measures", "teaching"):
        step(officer, "check", item=item, evidence="见卷宗")
    assert "份事故报告没有登记报出" in text(head.get(url))
    for owed in accident.reports.filter(at__isnull=True):
        step(duty, "report", owed=owed.pk, at=moment(timedelta()), text="报告", kind="following")
    step(leader, "close")
    page = text(leader.get(url))
    for words in ("已结案", "李公安", "专家", "璧山府〔2026〕8号", "罚款三十万元", "调查报告.docx", "王大力"):
        assert words in page, words


def test_forms_say_what_is_wrong_at_the_field(world: World, client_for: ClientFor) -> None:
    client = client_for("duty")
    given = {"owner": world.plant.pk, "occurred_at": moment(-timedelta(hours=1)), "source": "police", "kind": "09"}
    answer = client.post(reverse("accidents:register"), {**given, "deaths": 1, "injuries": 0, "loss": 0})
    assert answer.status_code == 422
    assert "发生时间不能晚于现在" in text(answer)
    accident = entered(world)
    answer = client_for("head").post(
        f"{accident.get_absolute_url()}step/investigate/", {"leader": "张", "leader_unit": "局", "members": "李公安"}
    )
    assert answer.status_code == 422
    assert "姓名 单位" in text(answer)


def test_the_unit_sees_its_accident_but_neither_names_nor_the_inquiry(
    world: World, client_for: ClientFor, owner: Any, teammate: Any, stranger: Any
) -> None:
    accident = submitted(world)
    services.add_casualty(accident, world.who("duty"), {"name": "王大力", "outcome": "dead"})
    services.sanction(
        accident, world.who("head"), {"who": "厂长", "what": "移送", "due_on": now().astimezone(SHANGHAI).date()}
    )
    url = accident.get_absolute_url()
    paper = Attachment.objects.get(label="report")
    download = reverse("files:download", args=[paper.pk])
    for who in (owner, teammate, world.who("town"), world.who("village"), world.who("department")):
        page = text(client_for(who).get(url))
        assert "王**" in page
        for words in ("王大力", "李公安", "移送", "未系安全带", "调查报告.docx", "其他办理"):
            assert words not in page, (who, words)
        assert client_for(who).get(download).status_code == 404
        assert client_for(who).post(f"{url}step/correct/", {}).status_code == 409
    for who in (stranger, world.who("town2")):
        assert client_for(who).get(url).status_code == 404
        assert accident.number not in text(client_for(who).get(reverse("accidents:list")))
        assert url not in text(client_for(who).get("/search/", {"q": accident.number}))
    assert url in text(client_for(owner).get("/search/", {"q": accident.number}))
    inside = text(client_for("leader").get(url))
    assert "李公安" in inside
    assert client_for("leader").get(download).status_code == 200
    assert client_for("system").get(url).status_code == 403


def test_names_are_masked_in_the_list_and_its_export(world: World, client_for: ClientFor) -> None:
    accident = entered(world)
    services.add_casualty(accident, world.who("duty"), {"name": "王大力", "outcome": "dead"})
    client, url = client_for("head"), reverse("accidents:casualties")
    assert "王**" in text(client.get(url))
    assert "王大力" not in text(client.get(url))
    sheet = load_workbook(io.BytesIO(client.get(url + "?export=xlsx").content)).active
    words = [str(cell) for row in sheet.values for cell in row]
    assert "王**" in words
    assert "王大力" not in words
    assert "王大力" not in text(client_for("audit").get("/ledger/"))


def test_the_list_filters_sorts_and_exports(world: World, client_for: ClientFor) -> None:
    grave = entered(world, deaths=3, kind="10")
    light = entered(world, deaths=0, injuries=1, owner=world.other)
    client, url = client_for("leader"), reverse("accidents:list")
    for query in ("grade=3", "large=1", "fatal=1", "kind=10", f"town={world.town_area.pk}", "q=青杠", "overdue=1"):
        page = text(client.get(f"{url}?{query}"))
        assert grave.title in page, query
        assert (light.title in page) == (query == "overdue=1"), query
    assert "逾期未报" in text(client.get(url))
    grave.reports.update(at=now())
    assert grave.title not in text(client.get(f"{url}?late_report=1"))
    assert light.title in text(client.get(f"{url}?late_report=1&sort=-is_late"))
    ordered = text(client.get(f"{url}?sort=grade"))
    assert ordered.index(grave.title) < ordered.index(light.title)
    sheet = load_workbook(io.BytesIO(client.get(f"{url}?export=xlsx").content)).active
    assert len(list(sheet.values)) >= 4


def test_more_accidents_cost_the_list_and_the_figures_no_more_queries(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    for _ in range(6):
        entered(world)
    client = client_for("leader")
    for url in (reverse("accidents:list"), reverse("accidents:statistics")):
        client.get(url)
        with django_assert_max_num_queries(LIST_QUERIES):
            client.get(url)


def test_the_page_of_an_accident_stays_cheap(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    accident = following(world)
    for _ in range(5):
        services.add_casualty(accident, world.who("duty"), {"name": "王大力", "outcome": "light"})
    client = client_for("head")
    client.get(accident.get_absolute_url())
    with django_assert_max_num_queries(45):
        client.get(accident.get_absolute_url())


def test_an_exercise_is_called_one_everywhere_and_counted_nowhere(world: World, client_for: ClientFor) -> None:
    accident = entered(world, is_exercise=True, deaths=30)
    assert overdue_count(world.who("head")) == 0
    answer = client_for("head").get(reverse("accidents:list"))
    assert accident.title in text(answer)
    assert [cell.text for cell in answer.context["totals"]] == ["0", "0"]
    assert str(accident).startswith("【演练】")
    assert "【演练】" in text(client_for("duty").get("/todo/"))
    assert "演练" in text(client_for("duty").get(accident.get_absolute_url()))
