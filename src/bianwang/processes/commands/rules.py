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
    from bianwang.modules.alarms.models import Alarm
    from bianwang.modules.rules.templates import Example, Template
    from bianwang.processes.rederiving import Derived
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


@command.command("replay", options_metavar="[选项]", short_help="用存储的读数重新推导一条告警。")
@click.argument("alarm", metavar="告警编号", type=int)
@click.option("--json", "as_json", is_flag=True, help="结果按 JSON 输出。")
def rederive(alarm: int, as_json: bool) -> None:
    """用存储的读数、当时的规则版本和参数重新推导一条告警，核对开始、结束、数值是否相同。

    平台须正在运行（bian run），读数从接入进程读取。告警编号是告警页面网址中的数字。

    \b
    退出码 0：推导结果与告警相同。
    退出码 1：不同，或者告警不存在、读数读不到。
    """
    from bianwang.processes.bootstrap import ready

    ready()
    from bianwang.modules.alarms.models import Alarm
    from bianwang.modules.sensing.telemetry import TelemetryError
    from bianwang.processes.rederiving import derive

    found = Alarm.objects.select_related("rule_version__rule").filter(pk=alarm).first()
    if found is None:
        raise click.ClickException(f"没有编号为 {alarm} 的告警，编号见告警页面的网址。")
    try:
        derived = derive(found)
    except TelemetryError as error:
        raise click.ClickException(f"{str(error).rstrip('。')}。") from error
    if as_json:
        click.echo(orjson.dumps(_as_json(alarm, derived)))
    else:
        _tell(found, derived)
    sys.exit(0 if derived.agrees else 1)


def _as_json(alarm: int, derived: Derived) -> dict[str, Any]:
    from msgspec import to_builtins

    return {
        "alarm": alarm,
        "agrees": derived.agrees,
        "differences": derived.differences,
        "told": to_builtins(derived.told),
        "derived": to_builtins(derived.found),
    }


def _tell(alarm: Alarm, derived: Derived) -> None:
    click.echo(f"{alarm.title}（{alarm.rule_version}）")
    for name, episode in (("告警", derived.told), ("推导", derived.found)):
        value = "无" if episode.value is None else f"{episode.value:g}"
        margin = "无" if episode.margin is None else f"{episode.margin:g}"
        end = "尚未结束" if episode.end is None else f"{_clock(episode.end)} 结束"
        begin = "没有开始" if episode.begin is None else f"{_clock(episode.begin)} 开始"
        click.echo(f"{name}：{begin}，{end}，数值 {value}，超出 {margin}")
    click.echo("推导结果与告警相同。" if derived.agrees else f"不同：{'，'.join(derived.differences)}。")


def _clock(ms: int) -> str:
    from bianwang.platform.clock import SHANGHAI, from_ms

    return f"{from_ms(ms).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}.{ms % 1000:03}"


@command.command("check", options_metavar="[选项]", short_help="检查规则模板文件，并运行其中的例子。")
@click.argument("file", metavar="文件.yaml", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """检查规则模板文件，用默认参数运行其中的每个例子，各输出一行。写法见 docs/rules.md。

    \b
    退出码 0：文件没有错误，每个例子都在写明的时刻报警。
    退出码 1：有例子不符。
    退出码 2：文件不能读取或有错误。
    """
    from bianwang.platform.config import ConfigError
    from bianwang.processes.bootstrap import ready

    ready()
    from bianwang.modules.rules.templates import read

    try:
        found = read(file.read_text("utf-8"), file.name)
    except (ConfigError, UnicodeDecodeError) as error:
        _refuse(str(error))
    outcomes = [_try(template, example) for template in found for example in template.examples]
    for template in found:
        if not template.examples:
            click.echo(f"没有例子  {template.id}")
    click.echo(f"共 {len(found)} 个模板，{len(outcomes)} 个例子，{outcomes.count(False)} 个不符。")
    sys.exit(0 if all(outcomes) else 1)


def _try(template: Template, example: Example) -> bool:
    from bianwang.modules.rules.examples import fires

    try:
        found = fires(template, example)
    except ValueError as error:
        click.echo(f"不符  {template.id}  {example.name}：{error}")
        return False
    agrees = found == sorted(example.fires)
    told = "" if agrees else f"：应报警于 {_seconds(example.fires)}，实际 {_seconds(found)}"
    click.echo(f"{'相符' if agrees else '不符'}  {template.id}  {example.name}{told}")
    return agrees


def _seconds(times: list[float]) -> str:
    return "、".join(f"{time:g} 秒" for time in times) or "无"
