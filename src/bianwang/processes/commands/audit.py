"""`bian audit`: reads reports and says which of their figures cannot all be true."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click
import orjson

if TYPE_CHECKING:
    from bianwang.audit.document import Document
    from bianwang.audit.model import Audit

_UNREADABLE = 2


class Outcome(NamedTuple):
    """What came of one file: an audit, or why it cannot be read."""

    document: Document | None
    audit: Audit | None
    error: str = ""

    @property
    def status(self) -> int:
        """The exit status of this file alone."""
        if self.audit is None:
            return _UNREADABLE
        return int(any(finding.verdict == "contradiction" for finding in self.audit.findings))


@click.command(options_metavar="[选项]", short_help="核对自评报告、自评表、决算说明中的数字。")
@click.argument("files", metavar="文件…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON；多个文件时每个文件一行，带 file。")
@click.option("--html", metavar="文件", type=click.Path(path_type=Path), help="把结果写成一个网页，只能核对一个文件。")
def command(files: tuple[Path, ...], as_json: bool, html: Path | None) -> None:
    """核对绩效自评报告、自评表、决算说明：读出每个数字，核对合计、差额、比率、得分、前后一致等关系，指出不可能同时为真的数字。

    文件可以是 txt、docx、有文字的 PDF、HTML。不需要数据库，不读平台的数据，不联网。

    结果分三类：矛盾（由原文即可证明）、存疑（看来不对，但原文不能证明）、缺少依据（有结论或得分，没有数字或材料）。

    \b
    例
      bian audit 自评报告.docx
      bian audit 自评报告.txt --json
      bian audit 自评报告.pdf --html 核对结果.html
      bian audit 报告/*.docx --json

    没有矛盾退出码为 0，有矛盾为 1，文件不能读为 2（原因写在标准错误中，每个文件一行）。
    """
    if html is not None and len(files) > 1:
        raise click.UsageError("--html 只能核对一个文件，请一次给一个。")
    worst = 0
    for file, outcome in zip(files, _outcomes(files), strict=True):
        worst = max(worst, outcome.status)
        if outcome.document is None or outcome.audit is None:
            click.echo(outcome.error, err=True)
        elif as_json:
            _print_json(file, outcome.audit, is_one=len(files) == 1)
        else:
            _print(file, outcome.audit)
        if html is not None and outcome.document is not None and outcome.audit is not None:
            _write_html(html, file, outcome.document, outcome.audit)
    sys.exit(worst)


def _outcomes(files: Sequence[Path]) -> Iterator[Outcome]:
    """The outcome of each file, in order; many files share the cores."""
    if len(files) == 1:
        yield _outcome(files[0])
        return
    with ProcessPoolExecutor(min(len(files), os.cpu_count() or 1)) as pool:
        yield from pool.map(_outcome, files, chunksize=max(1, min(20, len(files) // 8)))


def _outcome(file: Path) -> Outcome:
    from bianwang.audit.auditor import audit
    from bianwang.audit.document import Unreadable
    from bianwang.audit.readers import read

    try:
        document = read(file.name, file.read_bytes())
    except OSError as error:
        return Outcome(None, None, f"文件“{file}”打不开：{error.strerror}，请检查路径和权限。")
    except Unreadable as error:
        return Outcome(None, None, str(error))
    return Outcome(document, audit(document))


def _print_json(file: Path, found: Audit, *, is_one: bool) -> None:
    from bianwang.audit.report import as_json

    content = as_json(found)
    if is_one:
        click.echo(orjson.dumps(content, option=orjson.OPT_INDENT_2).decode())
    else:
        click.echo(orjson.dumps({"file": str(file), **content}).decode())


def _print(file: Path, found: Audit) -> None:
    from bianwang.audit.report import summary

    click.echo(f"{file}：{summary(found)}")
    for number, finding in enumerate(found.findings, 1):
        click.echo(f"\n{number}. 【{finding.verdict.label}】{finding.arithmetic}")
        for quote in finding.quotes:
            click.echo(f"   “{quote.text}”")
        if finding.effect:
            click.echo(f"   影响：{finding.effect}")


def _write_html(out: Path, file: Path, document: Document, found: Audit) -> None:
    from bianwang.audit.report import as_html

    try:
        out.write_text(as_html(file.name, document, found), encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"网页“{out}”写不进去：{error.strerror}，请检查路径和权限。") from error
