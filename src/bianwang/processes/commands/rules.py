"""`bian rules`: formulas and templates tried out, alarms derived again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
import orjson

if TYPE_CHECKING:
    from bianwang.engine.calendar import RestDays
    from bianwang.processes.signal_files import SignalFile


@click.group(options_metavar="[选项]", subcommand_metavar="命令 [参数]…")
def command() -> None:
    """试算公式，核对规则模板，重新推导告警。"""


@command.command("eval", options_metavar="[选项]", short_help="用 CSV 文件中的信号试算一条公式。")
@click.option("--formula", required=True, metavar="公式", help="规则公式，信号用列名，写法见 docs/rules.md。")
@click.option("--signals", required=True, metavar="文件", type=click.Path(path_type=Path), help="信号的 CSV 文件。")
@click.option("--until", metavar="时间", help="算到这一时刻（含）；默认到文件最后一行。写法与 t 列相同。")
def evaluate(formula: str, signals: Path, until: str | None) -> None:
    """用 CSV 文件中的信号试算一条公式，输出结论的每次变化。不需要数据库，不读平台的数据。

    文件须为 UTF-8 编码，一列 t 是时间：秒数，或 ISO 时间（不写时区的按北京时间）。
    其余每列是一个信号，列名可以带单位，如“温度[℃]”。空格表示此刻没有读数，nan 或“坏”表示坏值。各行不必按时间排列。

    每行输出一个 JSON：{"t": 时间, "verdict": 结论}。结论 true 为成立，false 为不成立，null 为数据不足，不能判断。
    第一行是文件最早时刻的结论，以后每变一次输出一行，精确到毫秒。

    \b
    例：文件 kiln.csv 的内容
      t,temp[℃],fan
      0,70,1
      60,85,
      75.5,,0
      90,75,
    运行
      bian rules eval --formula "temp > 80 and fan == 0" --signals kiln.csv
    输出
      {"t":0.0,"verdict":false}
      {"t":75.5,"verdict":true}
      {"t":90.0,"verdict":false}

    公式不能编译、信号不存在或文件有错时，退出码为 2，原因写在标准错误中，只有一行。
    """
    from bianwang.engine.formula import FormulaError
    from bianwang.engine.table import RuleError
    from bianwang.processes.signal_files import SignalFileError, read

    try:
        file = read(signals)
        lines = list(_verdicts(formula, file, _end(file, until)))
    except RuleError as error:
        _refuse(str(error).split("：", 1)[-1])
    except (FormulaError, SignalFileError) as error:
        _refuse(str(error))
    for ms, verdict in lines:
        click.echo(orjson.dumps({"t": file.clock.write(ms), "verdict": verdict}))


def _end(file: SignalFile, until: str | None) -> int:
    from bianwang.processes.signal_files import SignalFileError

    if until is None:
        return file.last_ms
    try:
        end = file.clock.read(until.strip())
    except SignalFileError as error:
        raise SignalFileError(f"--until：{error}") from error
    if end < file.first_ms:
        raise SignalFileError(f"--until 的“{until}”早于文件中最早的时间，请改晚")
    return end


def _verdicts(formula: str, file: SignalFile, end_ms: int) -> Iterator[tuple[int, bool | None]]:
    """ms and verdict at the file's first time, then of each change up to and including ``end_ms``."""
    from bianwang.engine.calendar import WEEKENDS
    from bianwang.engine.evaluator import Evaluator
    from bianwang.engine.formula import SignalSpec, Signature
    from bianwang.engine.program import Op, compile_formula
    from bianwang.engine.semantics import ChangeKind
    from bianwang.engine.table import Instance, compile_table

    signature = Signature({name: SignalSpec(unit) for name, unit in file.units.items()})
    program = compile_formula(formula, signature)
    if not program.signals:
        # The engine runs only what looks at a signal: look at one, without effect.
        program = compile_formula(f"({formula}\n) or false and `{next(iter(file.units))}` > 0", signature)
    signals = tuple(range(len(program.signals)))
    table = compile_table([Instance(key=1, owner=1, program=program, signals=signals, is_traced=True)])
    asks_calendar = any(row.op == Op.REST_DAY for row in program.rows)
    evaluator = Evaluator(table, file.first_ms, _published() if asks_calendar else WEEKENDS)
    changes = evaluator.push(*_until(file.samples(program.signals), end_ms))
    changes = changes.followed_by(evaluator.advance(end_ms + 1))
    said = {ChangeKind.FALSE: False, ChangeKind.UNKNOWN: None, ChangeKind.TRUE: True}
    for ms, kind in zip(changes.time.tolist(), changes.kind.tolist(), strict=True):
        yield ms, said[ChangeKind(kind)]


def _until(samples: Any, end_ms: int) -> list[Any]:
    wanted = samples[1] <= end_ms
    return [column[wanted] for column in samples]


def _published() -> RestDays:
    """The published calendar; weekends before and after it."""
    import chinese_calendar
    from chinese_calendar.constants import holidays

    from bianwang.engine.calendar import RestDays

    return RestDays.of(chinese_calendar.is_holiday, date(min(holidays).year, 1, 1), date(max(holidays).year, 12, 31))


def _refuse(reason: str) -> NoReturn:
    click.echo(f"错误：{' '.join(reason.split()).rstrip('。')}。", err=True)
    sys.exit(2)
