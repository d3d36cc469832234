"""A questionnaire as text, and what an answer to it says. Pure.

A line is a question; the lines below it that begin with a letter and a point are its options, and the one with `*` in
front is right. A question without options is rated from 1 (很不满意) to 5 (非常满意):

    发生火灾应拨打哪个电话？
    A. 110
    *B. 119
    您对本区安全生产工作满意吗？
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

LEVELS = ("很不满意", "不满意", "一般", "满意", "非常满意")
MOST = 40
_OPTION = re.compile(r"(\*?)\s*[A-Ha-h][.、．]\s*(.+)")


@dataclass(frozen=True)
class Question:
    """One question; `right` is the number of the right option, 0 where the answer is a rating."""

    text: str
    options: tuple[str, ...]
    right: int = 0

    @property
    def is_rating(self) -> bool:
        """Whether it asks how content somebody is."""
        return self.right == 0


@dataclass(frozen=True)
class Verdict:
    """What one answer says: whether somebody knows enough and is content; None where nothing asked for it."""

    knows: bool | None
    satisfied: bool | None


def parse(text: str) -> tuple[Question, ...]:
    """The questions of a text. Raises ValueError with a Chinese sentence that names the question."""
    found: list[tuple[str, list[str], list[int]]] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        option = _OPTION.fullmatch(line)
        if option is None:
            found.append((line, [], []))
            continue
        if not found:
            raise ValueError("第一行应是问题，不是选项。")
        _, options, right = found[-1]
        options.append(option[2].strip())
        if option[1]:
            right.append(len(options))
    if not 1 <= len(found) <= MOST:
        raise ValueError(f"问卷应有 1 至 {MOST} 个问题，现有 {len(found)} 个。")
    for number, (_, options, right) in enumerate(found, 1):
        if options and (len(options) < 2 or len(right) != 1):
            raise ValueError(f"第 {number} 题应有两个以上选项，并在正确的一个前面写 *。")
    return tuple(Question(words, tuple(options) or LEVELS, right[0] if right else 0) for words, options, right in found)


def read_choices(text: str, questions: Sequence[Question]) -> tuple[int, ...]:
    """The answers of a paper sheet, letters or numbers: `B A 4`. Raises ValueError that names the question."""
    parts = re.findall(r"[A-Ha-h]|\d+", text)
    if len(parts) != len(questions) or re.search(r"[^A-Ha-h\d\s,，;；、]", text):
        raise ValueError(f"应有 {len(questions)} 个答案，用空格隔开，读到 {len(parts)} 个。")
    chosen = tuple(int(part) if part.isdecimal() else "ABCDEFGH".index(part.upper()) + 1 for part in parts)
    check(chosen, questions)
    return chosen


def check(chosen: Sequence[int], questions: Sequence[Question]) -> None:
    """Every question is answered with one of its options. Raises ValueError that names the question."""
    if len(chosen) != len(questions):
        raise ValueError(f"应回答 {len(questions)} 题，只答了 {len(chosen)} 题。")
    for number, (choice, question) in enumerate(zip(chosen, questions, strict=True), 1):
        if not 1 <= choice <= len(question.options):
            raise ValueError(f"第 {number} 题没有第 {choice} 个选项。")


def judge(chosen: Sequence[int], questions: Sequence[Question], pass_share: Decimal, level: Decimal) -> Verdict:
    """Knows: at least `pass_share` of the questions with a right answer. Satisfied: ratings of `level` on average."""
    pairs = list(zip(chosen, questions, strict=True))
    right = [choice == question.right for choice, question in pairs if not question.is_rating]
    ratings = [choice for choice, question in pairs if question.is_rating]
    return Verdict(
        sum(right) >= pass_share * len(right) if right else None,
        sum(ratings) >= level * len(ratings) if ratings else None,
    )
