"""`bian rules` as people call it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest

from bianwang.processes.cli import main

KILN = "t,temp[℃],fan\n0,70,1\n60,85,\n75.5,,0\n90,75,\n"


@dataclass(frozen=True)
class Done:
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


Bian = Callable[..., Done]


@pytest.fixture
def bian(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Bian:
    """`bian rules …` in an empty folder. In this process: to start another takes longer than the command."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Done:
        with pytest.raises(SystemExit) as ended:
            main(["rules", *arguments])
        said = capsys.readouterr()
        return Done(int(ended.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def verdicts(bian: Bian, tmp_path: Path) -> Callable[..., list[tuple[object, object]]]:
    """`verdicts(csv, formula, …)`: (t, verdict) of each line."""

    def run(csv: str, formula: str, *more: str) -> list[tuple[object, object]]:
        (tmp_path / "in.csv").write_text(csv)
        done = bian("eval", "--signals", "in.csv", "--formula", formula, *more)
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        lines = [orjson.loads(line) for line in done.stdout.splitlines()]
        assert all(line.keys() == {"t", "verdict"} for line in lines)
        return [(line["t"], line["verdict"]) for line in lines]

    return run


def test_eval_tells_every_change_and_leaves_nothing_behind(verdicts, tmp_path: Path) -> None:
    assert verdicts(KILN, "temp > 80 and fan == 0") == [(0, False), (75.5, True), (90, False)]
    assert [file.name for file in tmp_path.iterdir()] == ["in.csv"]


def test_eval_starts_without_django(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(KILN)
    code = (
        "import sys; from bianwang.processes.cli import bian\n"
        "bian(['rules', 'eval', '--signals', 'in.csv', '--formula', 'fan == 0'], standalone_mode=False)\n"
        "assert 'django' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


def test_eval_is_exact_to_the_millisecond_also_after_the_last_row(verdicts) -> None:
    csv = "t,x\n0,0\n10.0004,9\n10.5,0\n"
    assert verdicts(csv, "once[0, 250ms](x > 5)", "--until", "10.75") == [
        (0, None),
        (0.25, False),
        (10, True),
        (10.75, False),
    ]
    assert verdicts(csv, "once[0, 250ms](x > 5)", "--until", "10.749")[-1] == (10, True)
    assert verdicts(csv, "x > 5", "--until", "10.25") == [(0, False), (10, True)]


def test_rows_in_any_order_and_the_first_of_equal_times(verdicts) -> None:
    csv = "t,x,y\n5,1,\n0,0,0\n5,7,3\n"
    assert verdicts(csv, "x + y > 3") == [(0, False), (5, True)]
    assert verdicts(csv, "x + y > 4") == [(0, False)]


@pytest.mark.parametrize("bad", ["nan", "坏", "BAD", "inf"])
def test_a_bad_sample_makes_the_verdict_unknown(verdicts, bad: str) -> None:
    assert verdicts(f"t,x\n0,1\n1,\n2,{bad}\n3,1\n", "x > 0") == [(0, True), (2, None), (3, True)]


def test_before_the_first_sample_nothing_is_known(verdicts) -> None:
    assert verdicts("t,x,y\n0,,1\n2,1,\n", "x > 0") == [(0, None), (2, True)]


def test_times_are_told_as_the_file_writes_them(verdicts) -> None:
    rows = "t,x\n2026-10-01T08:00:00{0},0\n2026-10-01T08:00:01.250{0},5\n"
    assert verdicts(rows.format(""), "x > 1") == [
        ("2026-10-01T08:00:00+08:00", False),
        ("2026-10-01T08:00:01.250+08:00", True),
    ]
    assert verdicts(rows.format("Z"), "x > 1")[1] == ("2026-10-01T08:00:01.250+00:00", True)
    assert verdicts(rows.format("+09:00"), "once[0, 1s](x > 1)", "--until", "2026-10-01T08:00:03+09:00")[0] == (
        "2026-10-01T08:00:00+09:00",
        None,
    )


def test_holidays_are_those_of_the_published_calendar(verdicts) -> None:
    # 2026-02-14 was a Saturday that was worked; 2026-02-16 a Monday of the Spring Festival; 2040 is not published.
    csv = "t,x\n2026-02-14,1\n2026-02-16,1\n"
    assert verdicts(csv, "holiday and x > 0")[0] == ("2026-02-14T00:00:00+08:00", False)
    assert ("2026-02-16T00:00:00+08:00", True) in verdicts("t,x\n2026-02-16,1\n", "holiday and x > 0")
    assert verdicts("t,x\n2040-06-02,1\n", "holiday and x > 0")[0][1] is True


def test_a_formula_may_look_at_no_signal(verdicts) -> None:
    csv = "t,x\n2026-10-01T21:59:00,1\n2026-10-01T23:00:00,1\n"
    assert verdicts(csv, "night  # 夜间") == [
        ("2026-10-01T21:59:00+08:00", False),
        ("2026-10-01T22:00:00+08:00", True),
    ]
    assert verdicts(csv, "true") == [("2026-10-01T21:59:00+08:00", True)]


def test_only_the_signals_of_the_formula_need_be_numbers(verdicts) -> None:
    assert verdicts("t,x,remark\n0,5,换班\n", "x > 1") == [(0, True)]


@pytest.mark.parametrize(
    ("csv", "formula", "more", "words"),
    [
        (KILN, "temp >", [], "第 1 行第 7 列"),
        (KILN, "temp > 1 and\nfan ==", [], "第 2 行第 7 列"),
        (KILN, "tamp > 80", [], "tamp"),
        (KILN, "temp > 80 kPa", [], "kPa"),
        (KILN, "temp", [], "应为条件"),
        (KILN, "once[5min, 1min](temp > 80)", [], "下界大于上界"),
        ("t,x\n0,1\n1,高\n", "x > 0", [], "第 3 行“x”列的“高”不是数值"),
        ("t,x\n早上,1\n", "x > 0", [], "第 2 行“t”列"),
        ("t,x\n0,1\n2026-10-01,1\n", "x > 0", [], "第 3 行“t”列"),
        ("time,x\n0,1\n", "x > 0", [], "没有时间列"),
        ("t,x,x\n0,1,1\n", "x > 0", [], "出现了两次"),
        ("t\n0\n", "x > 0", [], "没有别的列"),
        ("t,x\n", "x > 0", [], "没有数据"),
        ("t,x\n0,1,2\n", "x > 0", [], "第 2 行有 3 格"),
        (KILN, "temp > 80", ["--until", "-1"], "--until"),
        (KILN, "temp > 80", ["--until", "明天"], "--until"),
    ],
)
def test_what_cannot_be_evaluated_is_one_line(bian, tmp_path, csv, formula, more, words) -> None:
    (tmp_path / "in.csv").write_text(csv)
    done = bian("eval", "--signals", "in.csv", "--formula", formula, *more)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("错误：")
    assert words in done.stderr


def test_a_file_that_cannot_be_read_is_one_line(bian, tmp_path: Path) -> None:
    (tmp_path / "gbk.csv").write_bytes("t,温度\n0,1\n".encode("gbk"))
    for name in ("nowhere.csv", "gbk.csv", "."):
        done = bian("eval", "--signals", name, "--formula", "x > 1")
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
        assert name in done.stderr


def test_the_example_of_the_help_is_true(bian, tmp_path: Path) -> None:
    text = bian("eval", "--help").stdout
    body = text.partition("kiln.csv 的内容")[2]
    csv, _, rest = body.partition("运行")
    (tmp_path / "kiln.csv").write_text("\n".join(line.strip() for line in csv.strip().splitlines()))
    done = bian("eval", "--formula", "temp > 80 and fan == 0", "--signals", "kiln.csv")
    assert 'bian rules eval --formula "temp > 80 and fan == 0" --signals kiln.csv' in rest
    wanted = [line.strip() for line in rest.splitlines() if line.strip().startswith("{")]
    assert done.stdout.splitlines() == wanted


TEMPLATE = """
- id: too-many
  name: 人数过多
  family: act
  about: 人数超过限值。
  bind: {place: []}
  signals: {inside: {quantity: head_count, initial: 0}}
  parameters: [{name: most, title: 限值, default: 2, min: 1, max: 9}]
  when: inside > most
  hold: 10
  basis: {standard: 内部规则, from: 2024-01-01}
  examples:
    - {name: 三人, signals: {inside: [[0, 0], [60, 3]]}, until: 120, fires: [70]}
    - {name: 两人, signals: {inside: [[0, 2]]}, until: 120, fires: []}
"""


def test_check_runs_the_examples_of_a_file(bian, tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(TEMPLATE)
    done = bian("check", "good.yaml")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "相符  too-many  三人",
        "相符  too-many  两人",
        "共 1 个模板，2 个例子，0 个不符。",
    ]

    (tmp_path / "wrong.yaml").write_text(TEMPLATE.replace("fires: [70]", "fires: [60]"))
    done = bian("check", "wrong.yaml")
    assert done.returncode == 1
    assert "不符  too-many  三人：应报警于 60 秒，实际 70 秒" in done.stdout

    (tmp_path / "role.yaml").write_text(TEMPLATE.replace("signals: {inside: [[0, 2]]}", "signals: {out: [[0, 2]]}"))
    done = bian("check", "role.yaml")
    assert done.returncode == 1
    assert "信号“out”没有定义" in done.stdout

    (tmp_path / "broken.yaml").write_text(TEMPLATE.replace("inside > most", "inside > mist"))
    done = bian("check", "broken.yaml")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "mist" in done.stderr
