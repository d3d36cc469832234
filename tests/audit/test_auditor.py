"""What an audit is for any text: exact quotes, no crash, and the same words give the same keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings, strategies as st

from bianwang.audit.auditor import audit
from bianwang.audit.document import Document
from bianwang.audit.marking import pieces
from bianwang.audit.model import Relation, Verdict
from bianwang.audit.readers.text import document
from bianwang.processes.commands.audit import command

WORDS = (
    "其中", "包括", "共计", "（", "）", "，", "。", "；",
    "：", "、", "“", "”", "年初预算", "调整预算", "决算数", "执行率",
    "增加", "下降", "较上年", "占", "得分", "（10分）", "≥95%", "目标",
    "实际完成", "合计", "总分", "一、", "（一）", "1.", "12.5万元", "3个",
    "七个", "0元", "0%", "100%", "5至7天", "2022年", "“8·11”", "每人500元",
    "60人", "不合格", "剩余", "结转", "一是", "三是",
    "\n", "\t",
)  # fmt: skip
"""What makes the checks do something."""


@settings(max_examples=300)
@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=60).map("".join))
def test_any_text_is_audited_and_quoted_exactly(text: str) -> None:
    read = document(text)
    found = audit(read)
    for relation in found.relations:
        assert relation.quotes
        assert all(read.text[quote.start : quote.end] == quote.text for quote in relation.quotes)
    assert "".join(piece.text for piece in pieces(read.text, found)) == read.text


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "12,",
        "（",
        "其中",
        "其中1个，",
        "5个：",
        "“8·11”",
        "1.\n",
        "1\t",
        "a\t1\t2\n",
        "百",
        "增加1元，增长1%，",
        "、",
        "按",
    ],
)
def test_a_long_monotonous_text_comes_to_an_end(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    assert audit(document(text)).relations is not None


def sole(text: str) -> Relation:
    (finding,) = audit(document(text)).findings
    return finding


def broken(text: str, width: int) -> str:
    """The text as a page prints it: lines of one width."""
    return "\n".join(text[place : place + width] for place in range(0, len(text), width))


def test_lines_broken_to_a_width_are_read_as_the_paragraph_they_were() -> None:
    paragraph = (
        "本年一般公共预算财政拨款支出合计100.00万元，比上年增加20.00万元，增长30.00%，主要原因是人员增加；其中：基本支出"
        "60.00万元，项目支出50.00万元。检查发现隐患245个，已经完成整改238个，隐患整改率95.00%，其余正在整改。"
    )
    whole, lines = audit(document(paragraph)), document(broken(paragraph, 24))
    found = audit(lines)
    assert [(each.kind, each.verdict) for each in found.findings] == [(e.kind, e.verdict) for e in whole.findings]
    assert len(found.findings) >= 3
    for relation in found.relations:
        assert all(lines.text[quote.start : quote.end] == quote.text for quote in relation.quotes)
    assert all(lines.text[figure.start : figure.end] == figure.text for figure in found.figures)


def test_a_form_whose_table_is_lost() -> None:
    form = "年初\n预算数\n全年\n预算数\n全年\n执行数\n分值\n执行率\n得分\n年度资金总额\n50\n50\n40\n10\n{}\n{}\n"
    assert audit(document(form.format("80%", "8"))).findings == ()
    assert sole(form.format("90%", "8")).verdict is Verdict.CONTRADICTION
    assert sole(form.format("80%", "10")).verdict is Verdict.SUSPICIOUS


def test_a_rate_that_was_cut_off_is_a_question() -> None:
    finding = sole("发现隐患245个，已整改238个，整改率97.1%。".replace("97.1", "97.10"))
    assert (finding.kind, finding.verdict) == ("rate", Verdict.SUSPICIOUS)
    assert "没有按四舍五入取位" in finding.arithmetic


def test_a_finding_keeps_its_key_when_the_text_around_it_is_edited() -> None:
    wrong = "全年检查三类企业共120家：危化20家、矿山40家、工贸70家。"
    before, after = sole(wrong), sole("前面新写了一段话，没有数字。\n" + wrong)
    assert before.quotes[0].start != after.quotes[0].start
    assert before.key == after.key
    assert before.key != sole(wrong.replace("70", "80")).key


@pytest.mark.parametrize(
    ("text", "kind", "verdict"),
    [
        ("支出合计100万元，其中：基本支出60万元，项目支出50万元。", "sum", Verdict.CONTRADICTION),
        ("发现隐患245个，已整改238个，整改率95%。", "rate", Verdict.CONTRADICTION),
        ("决算支出100万元，较上年增加20万元，增长30%。", "year_on_year", Verdict.CONTRADICTION),
        ("决算支出100万元，较上年增加20万元，下降25%。", "year_on_year", Verdict.CONTRADICTION),
        ("内设机构三个：办公室、财务科。", "list_count", Verdict.CONTRADICTION),
        ("发现隐患50个，已整改60个。", "bound", Verdict.CONTRADICTION),
        ("补助60人，每人500元，共4万元。", "unit_price", Verdict.CONTRADICTION),
        ("12350热线接线791次、举报58次、咨询276次。", "partition", Verdict.SUSPICIOUS),
        ("自评总得分86.5分，评价等级为“优”。", "grade", Verdict.SUSPICIOUS),
        ("自评总得分86.5分，评价等级为“优”（90分及以上为优）。", "grade", Verdict.CONTRADICTION),
    ],
)
def test_what_is_wrong_is_found(text: str, kind: str, verdict: Verdict) -> None:
    found = [(finding.kind, finding.verdict) for finding in audit(document(text)).findings]
    assert (kind, verdict) in found


@pytest.mark.parametrize(
    "text",
    [
        "支出合计100.00万元，其中：基本支出33.33万元，项目支出66.66万元。",
        "编制51个，其中行政编制18个；退休人员10人。",
        "全区检查300328家次，直管企业检查314家次。",
        "发布信息近700条，短信220万条。",
        "处置火情50余起，其中森林火灾52起。",
        "冬春救助支出1.95万元，涉及22户48人。",
        "支出100万元，较上年增加20万元，增长25%。",
        "检查企业52家，其中危化12家。",
        "“三公”经费支出总额5.48万元，比去年增加1.55万元，增长39.4%。其中，接待费支出比预算无增减，比去年增加0.5万元，增长50%。",
        "收入792.22万元。同比上年度增加189.25万元，增加31.39%。",
        "抓好两项工作：一是开展培训、演练；二是加强宣传、检查。",
        "实施三大工程3个：道路工程（含桥梁、涵洞）、供水工程和绿化工程。",
        "内设7个科室、2个下属单位：办公室、法规科、执法科、审批科、财务科、人事科、宣教科、服务中心、监测站。",
        "涉及3个乡镇（甲镇、乙乡及丙街道）。",
        "建成站点5个（新建3个、改建2个）。",
        "1.行政运行（项）。年初预算为1500万元，支出决算为1600万元。\n2.养老保险（项）。年初预算为200万元，支出决算为210万元。",
        "自评总得分86.5分，评价等级为“优”（85分及以上为优）。",
    ],
)
def test_what_is_right_is_left_alone(text: str) -> None:
    assert audit(document(text)).findings == ()


FORMS = {
    "得分系数不是得分": """指标名称	全年完成值	得分系数（%）	权重	得分
执法计划完成率	100%	100	10	10
预算执行率	81%	81	10	8.1
自评总分			20	18.1
""",
    "没有填金额": """预算执行情况		年初预算数	全年预算数（A）	全年执行数（B）	分值	得分	执行率（B/A）
年度资金总额		待补	待补	待补	10		待补
一级指标	二级指标	三级指标	年度指标值	实际完成值	分值	得分	偏差原因
产出指标	数量指标	执法完成率	≥99%	62.50%	10	6.31	正在检查
""",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_columns_of_a_form_are_not_taken_for_others(text: str) -> None:
    assert [row.arithmetic for row in audit(document(text)).findings if row.verdict is Verdict.CONTRADICTION] == []


def test_the_command_says_what_it_found_and_exits(tmp_path: Path) -> None:
    wrong, right = tmp_path / "错.txt", tmp_path / "对.txt"
    wrong.write_text("支出合计100万元，其中：基本支出60万元，项目支出50万元。", encoding="utf-8")
    right.write_text("支出合计110万元，其中：基本支出60万元，项目支出50万元。", encoding="utf-8")
    runner = CliRunner()
    assert runner.invoke(command, [str(right)]).exit_code == 0
    told = runner.invoke(command, [str(wrong)])
    assert told.exit_code == 1
    assert "【矛盾】60+50 = 110万元，文中为 100万元" in told.output
    found = json.loads(runner.invoke(command, [str(wrong), "--json"]).output)
    assert set(found) == {"figures", "relations", "findings"}
    (finding,) = found["findings"]
    assert set(finding) == {"verdict", "kind", "quotes", "arithmetic", "effect"}
    assert all(wrong.read_text(encoding="utf-8")[q["start"] : q["end"]] == q["text"] for q in finding["quotes"])
    both = runner.invoke(command, [str(wrong), str(right), "--json"])
    assert [json.loads(line)["file"] for line in both.output.splitlines()] == [str(wrong), str(right)]
    assert both.exit_code == 1


def test_a_file_that_cannot_be_read_is_told_in_one_line(tmp_path: Path) -> None:
    empty = tmp_path / "空.docx"
    empty.write_bytes(b"")
    for name in (str(empty), str(tmp_path / "没有.txt")):
        done = CliRunner().invoke(command, [name])
        assert done.exit_code == 2
        assert len(done.output.strip().splitlines()) == 1


def test_the_page_marks_and_escapes(tmp_path: Path) -> None:
    source, out = tmp_path / "报告.txt", tmp_path / "结果.html"
    source.write_text("<script>支出合计100万元，其中：基本支出60万元，项目支出50万元。", encoding="utf-8")
    assert CliRunner().invoke(command, [str(source), "--html", str(out)]).exit_code == 1
    page = out.read_text(encoding="utf-8")
    assert "<script" not in page
    assert '<mark class="contradiction"><sup id="t0"><a href="#f0">1</a></sup>' in page
    assert '<li id="f0">' in page


def test_an_empty_document_has_nothing() -> None:
    assert audit(Document("")).relations == ()
