"""The report of the golden year: the bureau's scores, no contradiction, frozen over HTTP, drift when rows change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from bianwang.modules.accidents.models import Accident
from bianwang.modules.reports import building, content
from bianwang.modules.reports.models import Report, Version
from bianwang.modules.reports.tree import Paragraph, plain
from bianwang.platform.accounts.models import User
from bianwang.platform.config import config
from bianwang.platform.files.models import Attachment
from tests.golden.year import YEAR

END = date(YEAR, 12, 31)
pytestmark = pytest.mark.django_db


@pytest.fixture
def report() -> Report:
    return Report.objects.select_related("owner", "latest").get(year=YEAR)


@pytest.fixture
def leader(monkeypatch: pytest.MonkeyPatch) -> Client:
    """The head of the bureau, in the demo that these people belong to."""
    monkeypatch.setattr(config(), "mode", "demo")
    client = Client()
    client.force_login(User.objects.get(username="juzhang"))
    return client


def freeze(client: Client, report: Report, reason: str) -> Version:
    answer = client.post(reverse("reports:freeze", args=[report.pk]), {"on": END.isoformat(), "reason": reason})
    assert answer.status_code == 302, answer.content.decode()
    return Version.objects.latest("number")


def test_scores_total_and_grade_are_those_of_the_bureau(report: Report) -> None:
    material = building.draft(report, END).material
    scores = {line.code: line.score for line in material.lines}
    assert scores.pop("execution_rate") == Decimal("8.1")
    assert list(scores.values()) == [Decimal(10)] * 9
    assert (material.total, material.grade) == (Decimal("98.1"), "优")


def test_it_contradicts_itself_nowhere_and_every_full_score_is_proved(report: Report) -> None:
    assert building.draft(report, END).faults == []


def test_totals_that_were_printed_otherwise_are_explained(report: Report) -> None:
    [text] = [
        plain(block.runs)
        for block in building.draft(report, END).document.blocks
        if isinstance(block, Paragraph) and block.key == "printed_gaps"
    ]
    assert "有2个与印发的文件不同" in text
    assert "多29.53万元" in text
    assert "多40.01万元" in text
    assert text.endswith("平台以科目之和为准。")


def test_it_freezes_and_shows_what_changed_later(report: Report, leader: Client) -> None:
    first = freeze(leader, report, "报送财政局的定稿")
    assert content.digest(first.content) == first.digest
    assert {file.name.rpartition(".")[2] for file in Attachment.objects.filter(object_id=first.pk)} >= {"docx", "pdf"}
    page = leader.get(first.get_absolute_url())
    assert (page.context["is_whole"], list(page.context["drift"])) == (True, [])

    accident = Accident.objects.filter(occurred_at__year=YEAR).order_by("pk")[0]
    Accident.objects.filter(pk=accident.pk).update(deaths=accident.deaths + 1)
    drift = leader.get(first.get_absolute_url()).context["drift"]
    assert {row.after.id for row in drift} >= {"deaths", "death_rate_decline"}
    second = freeze(leader, report, "更正死亡人数")
    assert (second.number, second.digest != first.digest) == (2, True)
    assert Version.objects.get(pk=first.pk).content == first.content
