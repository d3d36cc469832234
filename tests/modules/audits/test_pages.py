"""Audits through HTTP: a report comes in, is seen beside its findings, decided, revised and exported."""

from __future__ import annotations

import io
import re
from typing import Any

import docx
import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from bianwang.modules.audits.models import Audit, Decision
from bianwang.platform.files.models import Attachment
from tests.modules.audits.reports import REPORT, RIGHT, TABLE, WRONG, entered, word
from tests.people import ClientFor, World
from tests.platform.files import samples

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

KEY = re.compile(r'name="key" value="([0-9a-f]{32})"')
LINK = re.compile(r'href="#(f[\d-]+)"')


def text(answer: Any) -> str:
    page: str = answer.content.decode()
    return page


def post_new(client: Client, world: World, **data: Any) -> Any:
    return client.post(reverse("audits:new"), {"owner": world.general_office.pk, **data})


def decide(client: Client, audit: Audit, key: str, state: str, **data: str) -> Any:
    given = {"key": key, "state": state, "number": "1", **data}
    return client.post(reverse("audits:decide", args=[audit.pk]), given)


def test_a_word_file_is_uploaded_seen_decided_corrected_and_exported(world: World, client_for: ClientFor) -> None:
    client = client_for("finance")
    rows = tuple(tuple(line.split("\t")) for line in TABLE.split("\n"))
    answer = post_new(client, world, file=samples.upload("自评报告.docx", word("一、完成情况", WRONG, rows=rows)))
    assert answer.status_code == 302, text(answer)[-3000:]
    audit = Audit.objects.get()
    assert audit.title == "自评报告"
    page = text(client.get(answer["Location"]))
    assert "矛盾 2 条" in page
    for words in ("95%", "98.5%", "88.33%", "整改率", "相符的关系", "全部数字", "自评报告.docx"):
        assert words in page
    for anchor in LINK.findall(page):
        assert page.count(f'id="{anchor}"') == 1, anchor
    key = KEY.findall(page)[0]
    refused = decide(client, audit, key, "rejected")
    assert refused.status_code == 422
    assert "须写明理由" in text(refused)
    assert not Decision.objects.exists()
    done = decide(client, audit, key, "explained", reason="口径不同")
    assert done["Location"] == f"{audit.get_absolute_url()}#n1"
    page = text(client.get(audit.get_absolute_url()))
    assert "口径不同" in page
    assert "已说明" in page
    assert key not in text(client.get(audit.get_absolute_url() + "?undecided=1"))

    url = reverse("audits:revise", args=[audit.pk])
    assert WRONG in text(client.get(url))
    assert client.post(url, {"text": audit.latest.text, "base": 1}).status_code == 422, "nothing was changed"  # type: ignore[union-attr]
    answer = client.post(url, {"text": f"一、完成情况\n{RIGHT}\n{TABLE}", "base": 1})
    assert answer["Location"] == audit.get_absolute_url()
    page = text(client.get(answer["Location"]))
    assert "消除 1 条，新出现 0 条" in page
    assert "98.5%" in page, "what is gone is still told"
    old = text(client.get(reverse("audits:version", args=[audit.pk, 1])))
    assert "只供查看" in old
    assert "audit-buttons" not in old
    assert client.get(reverse("audits:version", args=[audit.pk, 3])).status_code == 404


def test_the_word_export_says_at_the_quoted_words_what_was_found_and_decided(
    world: World, client_for: ClientFor
) -> None:
    client = client_for("finance")
    audit = entered(world, REPORT + "控制符\x0b\n")
    key = KEY.findall(text(client.get(audit.get_absolute_url())))[0]
    decide(client, audit, key, "rejected", reason="以台账为准")
    answer = client.get(reverse("audits:word", args=[audit.pk]))
    document = docx.Document(io.BytesIO(answer.content))
    words = [comment.text for comment in document.comments]
    assert any("1178/1240" in each and "不成立，以台账为准（刘办公）" in each for each in words)
    assert any("未处理" in each for each in words)
    assert {comment.author for comment in document.comments} == {"必安网"}
    assert WRONG in [paragraph.text for paragraph in document.paragraphs]
    assert document.tables[0].cell(2, 3).text == "88.33%"
    assert b"commentRangeStart" in answer.content or "w:commentRangeStart" in document.element.xml


def test_the_findings_are_exported_as_a_table(world: World, client_for: ClientFor) -> None:
    audit = entered(world)
    answer = client_for("leader").get(reverse("audits:findings", args=[audit.pk]))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = list(sheet.values)
    assert rows[2][:4] == ("序号", "结论", "类别", "原文")
    assert [row[1] for row in rows[3:]].count("矛盾") == 2
    assert len(rows) == 3 + audit.undecided


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("宏.docx", samples.docx(**{"word/vbaProject.bin": b"x"}), "宏"),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "无法识别"),
        ("照片.jpg", samples.photo(), "是图片"),
        ("名单.xlsx", samples.xlsx(), "不是 Word 文档"),
        ("坏.docx", word(WRONG)[:900], "已损坏"),
        ("空.txt", b"  \n", "空的"),
    ],
)
def test_what_cannot_be_audited_is_refused_at_the_field(
    world: World, client_for: ClientFor, name: str, content: bytes, words: str
) -> None:
    answer = post_new(client_for("finance"), world, file=samples.upload(name, content), title="自评")
    assert answer.status_code == 422
    error = re.search(r'id="id_file_error"><div>([^<]*)</div>', text(answer))
    assert error, text(answer)[-3000:]
    assert words in error.group(1)
    assert not Audit.objects.exists()
    assert not Attachment.objects.exists()


def test_a_file_over_twenty_megabytes_is_refused_at_the_field(world: World, client_for: ClientFor) -> None:
    answer = post_new(client_for("finance"), world, file=samples.upload("大.txt", b"a" * (20 * 1024 * 1024 + 1)))
    assert "超过 20 MB" in text(answer)
    assert not Audit.objects.exists()


def test_a_report_is_a_file_or_a_text(world: World, client_for: ClientFor) -> None:
    client = client_for("head")
    assert "请选择报告文件" in text(post_new(client, world))
    both = post_new(client, world, file=samples.upload("a.txt", WRONG.encode()), text=RIGHT)
    assert "已选了文件" in text(both)
    answer = post_new(client, world, text=f"\r\n\r\n{REPORT}".replace("\n", "\r\n"), year=2023)
    audit = Audit.objects.get()
    assert answer["Location"] == audit.get_absolute_url()
    assert (audit.title, audit.year, audit.owner_id) == ("某某项目绩效自评报告", 2023, world.general_office.pk)
    assert post_new(client, world, text=REPORT, year=3023).status_code == 422
    assert post_new(client, world, text=REPORT, owner=world.plant.pk).status_code == 422, "no unit of the bureau"


def test_a_script_in_a_report_is_shown_as_text_everywhere(world: World, client_for: ClientFor) -> None:
    evil = "<script>alert(1)</script>"
    bad = f"检查发现隐患{evil}1240条，已整改1178条，整改率98.5%。\n{evil}\n甲{evil}\t1\t2\n乙\t{evil}\t4\n"
    audit = entered(world, bad, title=f"报告{evil}")
    client = client_for("finance")
    key = KEY.findall(text(client.get(audit.get_absolute_url())))[:1]
    for found in key:
        decide(client, audit, found, "rejected", reason=evil)
    for url in (
        audit.get_absolute_url(),
        reverse("audits:version", args=[audit.pk, 1]),
        reverse("audits:revise", args=[audit.pk]),
        reverse("audits:list"),
        "/search/?q=报告",
    ):
        page = text(client.get(url))
        assert evil not in page, url
        assert "&lt;script&gt;" in page, url


def test_the_list_counts_filters_sorts_and_exports(world: World, client_for: ClientFor) -> None:
    wrong = entered(world)
    right = entered(world, RIGHT, title="没有问题的报告", year=2022)
    client = client_for("leader")
    page = text(client.get(reverse("audits:list")))
    assert "待处理 3 条" in page
    assert "没有发现问题" in page
    for query in ("open=1", "contradictory=1", "year=2023", "q=某某"):
        found = text(client.get(f"{reverse('audits:list')}?{query}"))
        assert wrong.title in found, query
        assert right.title not in found, query
    ordered = text(client.get(reverse("audits:list") + "?sort=-contradictions"))
    assert ordered.index(wrong.title) < ordered.index(right.title)
    assert client.get(reverse("audits:list") + "?export=xlsx").status_code == 200


def test_more_reports_cost_the_list_no_more_queries(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        entered(world, title=f"报告{number}")
    client = client_for("leader")
    client.get(reverse("audits:list"))
    with django_assert_max_num_queries(20):
        client.get(reverse("audits:list"))


def test_a_long_report_costs_its_page_no_more_queries(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    audit = entered(world, "\n".join(f"（{n}）{WRONG.replace('1178', str(1100 + n))}" for n in range(1, 40)))
    client = client_for("finance")
    client.get(audit.get_absolute_url())
    with django_assert_max_num_queries(20):
        page = text(client.get(audit.get_absolute_url()))
    assert len(KEY.findall(page)) == audit.undecided > 30


@pytest.mark.parametrize("who", ["safety", "town", "village", "system"])
def test_a_stranger_sees_nothing_of_a_report(world: World, client_for: ClientFor, who: str) -> None:
    audit = entered(world)
    client = client_for(who)
    for url in (audit.get_absolute_url(), reverse("audits:word", args=[audit.pk]), reverse("audits:list")):
        assert client.get(url).status_code == 403
    assert audit.get_absolute_url() not in text(client.get("/search/", {"q": audit.title}))


def test_the_original_is_downloaded_by_the_bureau_only(world: World, client_for: ClientFor) -> None:
    post_new(client_for("finance"), world, file=samples.upload("自评.txt", REPORT.encode()))
    url = reverse("files:download", args=[Attachment.objects.get().pk])
    assert client_for("head").get(url).status_code == 200
    assert client_for("safety").get(url).status_code == 404


def test_whoever_only_reads_finds_no_buttons(world: World, client_for: ClientFor) -> None:
    audit = entered(world)
    page = text(client_for("leader").get(audit.get_absolute_url()))
    assert "1178/1240" in page
    for button in ("修改或上传新版", "audit-buttons", "改名称"):
        assert button not in page
    assert "修改或上传新版" in text(client_for("head").get(audit.get_absolute_url()))


def test_who_decides_about_what_is_gone_is_told_so(world: World, client_for: ClientFor) -> None:
    audit = entered(world)
    client = client_for("finance")
    key = KEY.findall(text(client.get(audit.get_absolute_url())))[0]
    client.post(reverse("audits:revise", args=[audit.pk]), {"text": RIGHT, "base": 1})
    answer = decide(client, audit, key, "accepted")
    assert answer.status_code == 409
    assert "已没有这条问题" in text(answer)
    late = client.post(reverse("audits:revise", args=[audit.pk]), {"text": WRONG, "base": 1})
    assert late.status_code == 422
    assert "刘办公已存了第2版" in text(late)
