"""Reports over HTTP: begin one, write, two writers at once, what is refused, frozen versions and their drift."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any

import docx
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from bianwang.modules.reports import building, content, services
from bianwang.modules.reports.models import Edit, Report, Version
from bianwang.platform.ledger.models import Entry
from bianwang.platform.workflow.errors import Refused
from tests.modules.indicators import things as indicators
from tests.modules.reports import things, year
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


def edit_url(report: Report, key: str = things.KEY) -> str:
    return reverse("reports:edit", args=[report.pk, key])


def post(client: Client, report: Report, text: str, base: int = 0, **more: str) -> Any:
    return client.post(edit_url(report), {"text": text, "base": base, **more})


def page_of(client: Client, report: Report) -> str:
    return client.get(report.get_absolute_url()).content.decode()


def test_a_report_is_begun_once_a_year_and_only_with_indicators(world: World, client_for: ClientFor) -> None:
    client = client_for("finance")
    assert "2022" not in client.get(reverse("reports:new")).content.decode()
    indicators.drawn_up(world)
    answer = client.post(reverse("reports:new"), {"year": year.YEAR})
    report = Report.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, report.get_absolute_url())
    assert (report.owner_id, str(report)) == (world.bureau.pk, "2022年度整体支出绩效自评报告")
    with pytest.raises(ValidationError, match="已经有了"):
        services.create(world.who("finance"), year.YEAR)
    with pytest.raises(ValidationError, match="2021年度还没有绩效指标"):
        services.create(world.who("finance"), 2021)
    assert Entry.objects.filter(verb="reports.create", object_id=report.pk).count() == 1


def test_the_draft_shows_figures_as_links_and_what_is_missing(world: World, client_for: ClientFor) -> None:
    report = things.begun(world)
    page = page_of(client_for("duty"), report)
    assert f'href="{report.get_absolute_url()}figures/accidents/"' in page
    assert "没有数" in page
    assert edit_url(report) not in page
    assert edit_url(report) in page_of(client_for("finance"), report)


def test_a_figure_opens_its_definition_and_rows(world: World, client_for: ClientFor) -> None:
    report = things.begun(world)
    url = reverse("reports:figure", args=[report.pk, "accidents"])
    whole = client_for("duty").get(url).content.decode()
    part = client_for("duty").get(url, headers={"hx-request": "true", "hx-target": "figure"}).content.decode()
    assert "生产安全事故" in part
    assert "accidents.count" in part
    assert "<html" not in part
    assert part.strip() in whole
    assert client_for("duty").get(reverse("reports:figure", args=[report.pk, "nothing"])).status_code == 404


def test_a_writer_changes_a_paragraph_and_the_ledger_keeps_both_texts(world: World, client_for: ClientFor) -> None:
    report, client = things.begun(world), client_for("finance")
    assert post(client, report, "一是全区发生事故{{accidents}}起。").status_code == 302
    edit = Edit.objects.get()
    assert (edit.key, edit.revision, edit.by) == (things.KEY, 1, world.who("finance"))
    assert "一是全区发生事故" in page_of(client_for("leader"), report)
    assert post(client, report, "一是平稳。", base=1).status_code == 302
    entry = Entry.objects.filter(verb="reports.write").latest("id")
    assert json.loads(entry.changes)["文字"] == ["一是全区发生事故{{accidents}}起。", "一是平稳。"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("全区检查12345家次。", "不能手工写数字"),
        ("全区检查{{nothing}}家次。", "没有名为“nothing”的数字"),
        ("全区检查{{visits|大概}}家次。", "可用的写法"),
        ("   ", "没有文字"),
        ("字" * 5001, "5000"),
    ],
)
def test_what_a_paragraph_may_not_say_is_refused_and_kept_in_the_form(
    world: World, client_for: ClientFor, text: str, told: str
) -> None:
    report = things.begun(world)
    answer = post(client_for("finance"), report, text)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert told in page
    assert text.strip() in page
    assert not Edit.objects.exists()


def test_names_in_quotes_and_dates_may_be_typed(world: World, client_for: ClientFor) -> None:
    text = "七塘“8·11”火灾（璧山委办发〔2019〕48号），2022年8月11日扑灭。"
    assert post(client_for("finance"), things.begun(world), text).status_code == 302


def test_of_two_writers_the_second_loses_no_words(world: World, client_for: ClientFor) -> None:
    report = things.begun(world)
    first, second = client_for("finance"), client_for("head")
    assert post(first, report, "刘办公写的话。").status_code == 302
    answer = post(second, report, "张科长写的话。")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "刘办公" in page
    assert "刘办公写的话。" in page
    assert "张科长写的话。</textarea>" in page
    assert Edit.objects.get().text == "刘办公写的话。"
    assert 'name="base" value="1"' in page
    assert post(second, report, "两人的话。", base=1).status_code == 302
    assert Edit.objects.get().text == "两人的话。"


def test_a_paragraph_is_left_out_and_taken_back(world: World, client_for: ClientFor) -> None:
    report, client = things.begun(world), client_for("finance")
    shown = 'id="safety"'
    assert shown in page_of(client, report)
    assert post(client, report, "", act="drop").status_code == 302
    page = page_of(client, report)
    assert shown not in page
    assert "已删去的段落 1" in page
    assert post(client, report, "", base=1, act="restore").status_code == 302
    assert shown in page_of(client, report)
    # Who still has the first page open does not overwrite unseen.
    assert post(client, report, "旧页面上的话。", base=0).status_code == 422


def test_a_paragraph_that_is_not_there_cannot_be_written(world: World, client_for: ClientFor) -> None:
    report = things.begun(world)
    assert client_for("finance").get(edit_url(report, "nothing")).status_code == 404
    with pytest.raises(ValidationError, match="已没有这一段"):
        services.write(report, world.who("finance"), "nothing", "话。", base=0)


@pytest.mark.parametrize("who", ["duty", "leader", "town", "safety", "system"])
def test_only_office_and_heads_write(world: World, who: str) -> None:
    report = things.begun(world)
    with pytest.raises(PermissionDenied):
        services.write(report, world.who(who), things.KEY, "话。", base=0)


def test_a_year_without_figures_cannot_be_frozen_and_says_why(world: World, client_for: ClientFor) -> None:
    report = things.begun(world)
    answer = client_for("leader").post(reverse("reports:freeze", args=[report.pk]), {"on": "2022-12-31"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "还不能冻结" in page
    assert "没有数" in page
    assert not Version.objects.exists()


def test_a_day_outside_the_year_is_refused(world: World, client_for: ClientFor) -> None:
    report = things.begun(world)
    answer = client_for("leader").post(reverse("reports:freeze", args=[report.pk]), {"on": "2023-01-01"})
    assert "2022年1月1日" in answer.content.decode()


def test_a_version_shows_what_was_kept_and_what_differs_now(world: World, client_for: ClientFor) -> None:
    version = things.kept(world)
    page = client_for("duty").get(version.get_absolute_url()).content.decode()
    assert "检查" in page
    assert ">300328</a>家次" in page
    assert "按现在的记录计算会不同" in page
    assert version.digest in page
    assert "与内容一致" in page


def test_a_version_that_was_tampered_with_is_told(world: World, client_for: ClientFor) -> None:
    version = things.kept(world)
    Version.objects.filter(pk=version.pk).update(content=version.content.replace("300328", "300329"))
    page = client_for("duty").get(version.get_absolute_url()).content.decode()
    assert "与冻结时的摘要不符" in page
    assert "与内容一致" not in page


def test_figures_of_a_version_keep_their_arithmetic(world: World, client_for: ClientFor) -> None:
    url = reverse("reports:version_figure", args=[things.kept(world).pk, "plan_completion"])
    page = client_for("duty").get(url).content.decode()
    assert "52 ÷ 52" in page
    assert "/rows/plan_completion/" in page


def test_two_versions_are_compared_figure_by_figure(world: World, client_for: ClientFor) -> None:
    one, two = things.kept(world), things.kept(world, 2)
    changed = year.material({"visits": Decimal(300_000)})
    text = content.packed(content.Content("模板", year.written({}, {"visits": Decimal(300_000)}), changed))
    Version.objects.filter(pk=two.pk).update(content=text, digest=content.digest(text))
    page = client_for("duty").get(reverse("reports:compare", args=[one.pk, two.pk])).content.decode()
    assert "不同的数字 1" in page
    assert "-328" in page
    assert "不同的段落 1" in page


def test_contents_that_are_equal_have_equal_digests() -> None:
    one, two = (content.packed(year.content()) for _ in range(2))
    assert one == two
    assert content.digest(one) == content.digest(two)
    assert content.unpacked(one) == year.content()
    other = content.packed(content.Content("模板", year.document(), year.material({"visits": Decimal(1)})))
    assert content.digest(other) != content.digest(one)


@pytest.mark.parametrize(("kind", "head"), [("docx", b"PK"), ("pdf", b"%PDF"), ("html", b"<!doctype"), ("json", b"[")])
def test_a_draft_is_downloaded(world: World, client_for: ClientFor, kind: str, head: bytes) -> None:
    report = things.begun(world)
    answer = client_for("duty").get(reverse("reports:download", args=[report.pk, kind]))
    assert answer.status_code == 200
    assert answer.content.startswith(head)
    assert Entry.objects.filter(verb="exchange.export").count() == 1
    assert client_for("duty").get(reverse("reports:download", args=[report.pk, "exe"])).status_code == 404


def test_what_people_wrote_is_in_the_files(world: World, client_for: ClientFor) -> None:
    report = things.begun(world)
    post(client_for("finance"), report, "一是写在文件里的话。")
    answer = client_for("duty").get(reverse("reports:download", args=[report.pk, "docx"]))
    texts = [row.text for row in docx.Document(io.BytesIO(answer.content)).paragraphs]
    assert "一是写在文件里的话。" in texts


def test_a_report_without_indicators_says_what_to_do(world: World) -> None:
    with pytest.raises(Refused, match="先在“绩效指标”中编制"):
        building.written_draft(world.bureau, 2021, building.last_day(2021), {})


def test_figures_as_json_are_exact_numbers() -> None:
    rows = {row["id"]: row for row in json.loads(building.figures_json(year.material()), parse_float=Decimal)}
    assert rows["visits"]["value"] == 300328
    assert rows["opening"]["value"] == Decimal("2030.05")
    assert rows["score.execution_rate"]["value"] == Decimal("8.1")
    assert rows["score.total"]["value"] == Decimal("98.1")
    assert rows["plan_completion"]["numerator"] == rows["plan_completion"]["denominator"] == 52
    assert rows["visits"]["rows"] == [{"name": "记录", "count": 300328, "url": "/rows/visits/"}]
    assert {"id", "label", "value", "unit", "numerator", "denominator", "query", "rows", "source"} <= set(
        rows["visits"]
    )
    assert sum(name.startswith("score.") for name in rows) == 11
