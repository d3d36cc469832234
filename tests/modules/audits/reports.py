"""Reports that tests audit: each sentence says whether it is right."""

from __future__ import annotations

import io
from typing import Any

import docx

from bianwang.modules.audits import services, sources
from bianwang.modules.audits.models import Audit
from bianwang.platform.ledger.context import acting
from tests.people import World

WRONG = "检查发现隐患1240条，已整改1178条，整改率98.5%。"
"""A contradiction: 1178 of 1240 are 95 %."""
RIGHT = "检查发现隐患1240条，已整改1178条，整改率95%。"
UNSUPPORTED = "经调查，群众满意度为96.3%。"
TABLE = """支出项目	预算数（万元）	支出数（万元）	执行率
安全宣传	80	74	92.5%
专家服务	150	128	88.33%
合计	230	202	87.83%"""
"""The rate of its third line is wrong."""
REPORT = f"某某项目绩效自评报告\n一、基本情况\n{WRONG}\n{UNSUPPORTED}\n二、资金使用情况\n{TABLE}\n"


def entered(world: World, text: str = REPORT, who: str = "finance", **values: Any) -> Audit:
    """A report that somebody of the bureau has pasted."""
    user = world.who(who)
    given = {"title": "某某项目自评报告", "year": 2023, **values}
    with acting(user, "测试"):
        return services.create(user, world.general_office, sources.from_text(text), **given)


def word(*paragraphs: str, rows: tuple[tuple[str, ...], ...] = ()) -> bytes:
    """A .docx file."""
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                table.cell(row, column).text = text
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()
