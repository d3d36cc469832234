"""Formulas in plain Chinese."""

from __future__ import annotations

import pytest
from hypothesis import given

from bianwang.engine.check import is_event
from bianwang.engine.language import parse
from bianwang.modules.rules.restating import Given, Named, Vocabulary, duration, restate
from bianwang.modules.rules.wording import formula_sentence
from tests.engine.trees import formulas

WORDS = Vocabulary(
    {
        "inside": Named("1号罐人数", "人"),
        "ok": Named("检测合格"),
        "temp": Named("釜温", "℃"),
        "back": Named("回水", "℃"),
    },
    {
        "validity": Given(1_800_000, "分钟", is_duration=True),
        "limit": Given(80, "℃"),
        "frames": Given(3, "帧"),
        "times": Given(2, "次"),
    },
)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("temp > limit", "“釜温”大于 80 ℃"),
        ("temp >= 3", "“釜温”大于或等于 3 ℃"),
        ("not temp == 3", "“釜温”不等于 3 ℃"),
        ("hysteresis(temp > limit, 2)", "“釜温”大于 80 ℃（退回 2 ℃才算恢复）"),
        ("outside(temp, -5, limit)", "“釜温”低于 -5 ℃或高于 80 ℃"),
        ("temp - back > 5", "“釜温”减“回水”大于 5 ℃"),
        ("abs(temp - back) > 5", "（“釜温”减“回水”）的绝对值大于 5 ℃"),
        ("temp * 2 - back > 5", "（“釜温”乘 2）减“回水”大于 5 ℃"),
        ("temp > back", "“釜温”大于“回水”"),
        ("mean[0, 5min](temp) > limit", "“釜温”最近 5 分钟的平均值大于 80 ℃"),
        ("slope[0, 1min](temp) > 0.5", "“釜温”最近 1 分钟的变化速度大于 0.5 ℃/秒"),
        ("count[0, 1h](temp > limit) >= 3", "最近 1 小时内“釜温”变为大于 80 ℃的次数大于或等于 3 次"),
        ("votes(2, 3, temp > limit)", "最近 3 次读数中至少 2 次“釜温”大于 80 ℃"),
        ("votes(frames, frames, temp > 3)", "最近 3 帧读数中至少 3 帧“釜温”大于 3 ℃"),
        ("votes(times, 3, temp > 3)", "最近 3 次读数中至少 2 次“釜温”大于 3 ℃"),
        ("ewma(temp, 10min) > limit", "“釜温”的平滑值（半衰期 10 分钟）大于 80 ℃"),
        ("zscore(temp, 10min) > 4", "“釜温”的偏离常态的倍数（半衰期 10 分钟）大于 4 倍"),
        ("temp - prev(temp) > 5", "“釜温”减（前一毫秒的“釜温”）大于 5 ℃"),
        ("stale(temp, 5min)", "“釜温”超过 5 分钟没有读数"),
        ("not stale(temp, validity)", "“釜温”在 30 分钟内有读数"),
        ("night and not holiday", "时刻在 22:00 至次日 06:00 之间，而且当天不是休息日"),
        ('not within("08:00-18:00")', "时刻不在 08:00 至 18:00 之间"),
        ("rise(inside > 0)", "当“1号罐人数”变为大于 0 人的那一刻"),
        ("fall(inside > 0 and ok == 1)", "当（“1号罐人数”大于 0 人，而且“检测合格”等于 1）不再成立的那一刻"),
        (
            "rise(inside > 0) and not once[0, validity](ok == 1)",
            "当“1号罐人数”变为大于 0 人的那一刻，而且此前 30 分钟内“检测合格”从未等于 1",
        ),
        (
            "(inside > 0 or ok == 1) and temp > 3",
            "（“1号罐人数”大于 0 人，或者“检测合格”等于 1），而且“釜温”大于 3 ℃",
        ),
        ("inside > 0 or ok == 1 or temp > 3", "“1号罐人数”大于 0 人，或者“检测合格”等于 1，或者“釜温”大于 3 ℃"),
        ("inside > 0 implies ok == 1", "只要“1号罐人数”大于 0 人，就必定“检测合格”等于 1"),
        ("historically[0, 5min](temp > limit)", "此前 5 分钟内“釜温”一直大于 80 ℃"),
        ("not historically[0, 5min](temp > limit)", "此前 5 分钟内“釜温”并非一直大于 80 ℃"),
        (
            "once[1min, 5min](temp > limit and ok == 1)",
            "此前 1 分钟至 5 分钟之间（“釜温”大于 80 ℃，而且“检测合格”等于 1）曾成立",
        ),
        ("not once[0, 5min](rise(ok == 1))", "此前 5 分钟内“检测合格”从未变为等于 1"),
        ("once[0, 5min](fall(ok == 1))", "此前 5 分钟内（当“检测合格”不再等于 1 的那一刻）曾成立"),
        ("historically[0, 5min](rise(ok == 1))", "此前 5 分钟内（当“检测合格”变为等于 1 的那一刻）一直成立"),
        ("once(temp > limit)", "此前任何时候“釜温”曾大于 80 ℃"),
        ("once[1h, inf](temp > limit)", "1 小时以前的任何时候“釜温”曾大于 80 ℃"),
        ("once[5s, 5s](temp > limit)", "恰在 5 秒前“釜温”曾大于 80 ℃"),
        (
            "ok == 1 since[0, 5s] temp > limit",
            "此前 5 秒内“釜温”曾大于 80 ℃，且从那以后“检测合格”一直等于 1",
        ),
        ("not (temp > limit and ok == 1)", "并非（“釜温”大于 80 ℃，而且“检测合格”等于 1）"),
        ("prev(stale(temp, 5s))", "前一毫秒（“釜温”超过 5 秒没有读数）"),
        ("true", "总是成立"),
        ("unknown_name > other_limit", "“unknown_name”大于“other_limit”"),
    ],
)  # fmt: skip
def test_every_construct_has_its_wording(text: str, sentence: str) -> None:
    assert restate(parse(text, ["validity", "limit", "frames", "times"]), WORDS) == sentence


@given(formulas(["a", "b"]))
def test_every_formula_can_be_said(tree) -> None:
    sentence = restate(tree, Vocabulary({"a": Named("甲", "℃")}))
    assert sentence
    depth = 0
    for sign in sentence:
        depth += (sign == "（") - (sign == "）")
        assert depth >= 0
    assert depth == 0
    assert "  " not in sentence


@pytest.mark.parametrize(
    ("ms", "words"),
    [(1, "1 毫秒"), (1500, "1.5 秒"), (90_000, "90 秒"), (3_600_000, "1 小时"), (172_800_000, "2 天")],
)
def test_durations(ms: int, words: str) -> None:
    assert duration(ms) == words


@pytest.mark.parametrize(
    ("text", "hold_ms", "quiet_ms", "sentence"),
    [
        (
            "temp > limit",
            10_000,
            600_000,
            "“釜温”大于 80 ℃，持续满 10 秒才报警，报红（重大）告警，恢复正常满 10 分钟后结束。",
        ),
        ("temp > limit", 0, 0, "“釜温”大于 80 ℃，报红（重大）告警，恢复正常即结束。"),
        (
            "rise(inside > 0)",
            0,
            600_000,
            "当“1号罐人数”变为大于 0 人的那一刻，报红（重大）告警，10 分钟内再次发生算同一次。",
        ),
        ("rise(inside > 0)", 0, 0, "当“1号罐人数”变为大于 0 人的那一刻，报红（重大）告警，每发生一次报一次。"),
    ],
)
def test_a_rule_is_a_whole_sentence(text: str, hold_ms: int, quiet_ms: int, sentence: str) -> None:
    tree = parse(text, ["limit"])
    assert formula_sentence(tree, WORDS, "red", hold_ms, quiet_ms, is_event=is_event(tree)) == sentence
