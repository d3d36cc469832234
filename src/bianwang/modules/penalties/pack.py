"""What the district pack says of penalties: `districts/<district>/penalties.yaml`, checked when it is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

import bianwang
from bianwang.modules.penalties.discretion import KINDS, Band, Circumstance, D, Range, Respondent, valid_on
from bianwang.platform import packs
from bianwang.platform.config import ConfigError, config
from bianwang.platform.workflow.errors import UnknownLimit

SpanKind = Literal["hearing", "appraisal", "announcement", "review", "lawsuit"]


class Measure(msgspec.Struct, frozen=True):
    """How grave a conduct is, as a number, and where the second and third band begin."""

    name: str
    unit: str
    steps: tuple[Decimal, Decimal]


class Version(msgspec.Struct, frozen=True):
    """What the law said of a conduct during a time."""

    code: str
    law: str
    duty: str
    article: str
    certainty: str
    ranges: tuple[Range, ...]
    valid_from: date
    valid_to: date | None = None

    def range_for(self, respondent: str, *, overdue: bool) -> Range | None:
        """What it allows against such a respondent; None when it does not punish that."""
        return next((row for row in self.ranges if row.respondent == respondent and row.overdue == overdue), None)

    def __str__(self) -> str:
        return f"{self.law}{self.article}"


class Conduct(msgspec.Struct, frozen=True):
    """案由: one kind of conduct with the laws that have applied to it."""

    code: str
    name: str
    measure: Measure
    versions: tuple[Version, ...]


class FirstOffence(msgspec.Struct, frozen=True):
    """A line of the 首违不罚清单."""

    conduct: str
    condition: str
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


class Ceiling(msgspec.Struct, frozen=True):
    """An amount at which procedure changes."""

    code: Literal["summary", "collect", "hearing", "discussion"]
    respondent: Respondent
    value: Decimal
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


class Statute(msgspec.Struct, frozen=True):
    """追责时效 in years."""

    years: int
    life_years: int
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


class LateFee(msgspec.Struct, frozen=True):
    """The daily share that is added."""

    rate: Decimal
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


class Suspension(msgspec.Struct, frozen=True):
    """Which spans of a case keep which clock standing."""

    clock: Literal["handle", "seize", "late_fee"]
    kinds: tuple[SpanKind, ...]
    source: str
    article: str
    certainty: str
    valid_from: date
    valid_to: date | None = None


class Pack(msgspec.Struct, frozen=True):
    """The whole file."""

    conducts: tuple[Conduct, ...]
    bands: tuple[Band, ...]
    circumstances: tuple[Circumstance, ...]
    first_offences: tuple[FirstOffence, ...]
    ceilings: tuple[Ceiling, ...]
    statutes: tuple[Statute, ...]
    late_fees: tuple[LateFee, ...]
    suspensions: tuple[Suspension, ...]


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The pack of this instance's district. Raises ConfigError that names what is wrong."""
    file = Path(bianwang.__file__).parent / "districts" / config().district / "penalties.yaml"
    try:
        return parse(packs.parse(file.read_text("utf-8")))
    except (OSError, yaml.YAMLError, ValueError) as error:
        raise ConfigError(f"地区包文件 {file.name} 不可用：{error}，请改正后重新启动。") from error


def parse(data: Any) -> Pack:
    """The checked pack. Raises ValueError with one sentence."""
    try:
        made = msgspec.convert(data, Pack)
    except msgspec.ValidationError as error:
        raise ValueError(f"内容不合格式（{error}）") from error
    for fault in _faults(made):
        raise ValueError(fault)
    return made


def conduct(code: str) -> Conduct:
    """One conduct. Raises UnknownLimit."""
    for row in pack().conducts:
        if row.code == code:
            return row
    raise UnknownLimit(f"案由“{code}”不在地区包的 penalties.yaml 中，请系统管理员补充。")


def conduct_choices() -> list[tuple[str, str]]:
    """Codes and names for forms and filters."""
    return [(row.code, row.name) for row in pack().conducts]


def version(code: str, version_code: str) -> Version:
    """One version of a conduct's law. Raises UnknownLimit."""
    for row in conduct(code).versions:
        if row.code == version_code:
            return row
    raise UnknownLimit(
        f"案由“{conduct(code).name}”没有“{version_code}”这一版规定，请系统管理员在 penalties.yaml 中补充。"
    )


def bands_on(day: date) -> tuple[Band, ...]:
    """The steps of the 裁量基准, the lightest first."""
    return tuple(sorted(valid_on(pack().bands, day), key=lambda row: row.start))


def circumstances_on(day: date) -> tuple[Circumstance, ...]:
    """What may make a penalty lighter or heavier."""
    return valid_on(pack().circumstances, day)


def circumstance_choices() -> list[tuple[str, str]]:
    """Each circumstance once."""
    return list({row.code: row.name for row in pack().circumstances}.items())


def first_offence(code: str, day: date) -> FirstOffence | None:
    """The line of the 首违不罚清单 for a conduct."""
    return next((row for row in valid_on(pack().first_offences, day) if row.conduct == code), None)


def ceiling(code: str, respondent: str, day: date) -> Ceiling:
    """The amount in force on a day. Raises UnknownLimit."""
    rows = [row for row in pack().ceilings if row.code == code and row.respondent == respondent]
    return _one(rows, "金额界限", day)


def statute(day: date) -> Statute:
    """The 追责时效 in force on a day. Raises UnknownLimit."""
    return _one(pack().statutes, "追责时效", day)


def late_fee_on(day: date) -> LateFee:
    """The 加处罚款 in force on a day. Raises UnknownLimit."""
    return _one(pack().late_fees, "加处罚款", day)


def suspended_by(clock: str, day: date) -> Suspension | None:
    """Which spans keep a clock standing that started on a day."""
    return next((row for row in valid_on(pack().suspensions, day) if row.clock == clock), None)


def _one(rows: Sequence[D], what: str, day: date) -> D:
    for row in valid_on(rows, day):
        return row
    raise UnknownLimit(f"{what}在 {day} 没有有效的规定，请系统管理员在地区包的 penalties.yaml 中补充。")


def _faults(made: Pack) -> Iterator[str]:
    """What is wrong with it, in words."""
    codes = [row.code for row in made.conducts]
    if len(codes) != len(set(codes)):
        yield "案由代码不能重复"
    for row in made.conducts:
        yield from _conduct_faults(row)
    for line in made.first_offences:
        if line.conduct not in codes:
            yield f"首违不罚清单中的案由“{line.conduct}”没有定义"
    keys: Sequence[tuple[str, Any, Any]] = (
        ("裁量情节", made.circumstances, lambda row: row.code),
        ("金额界限", made.ceilings, lambda row: (row.code, row.respondent)),
        ("追责时效", made.statutes, lambda row: ""),
        ("加处罚款", made.late_fees, lambda row: ""),
        ("计时停算", made.suspensions, lambda row: row.clock),
        ("首违不罚清单", made.first_offences, lambda row: row.conduct),
    )
    for what, rows, key in keys:
        yield from _overlaps(what, rows, key)
    for day in {row.valid_from for row in made.bands}:
        steps = sorted(valid_on(made.bands, day), key=lambda row: row.start)
        ends = [Decimal(0), *(row.end for row in steps)]
        if [row.start for row in steps] != ends[:-1] or ends[-1] != 1 or len(steps) != 3:
            yield f"裁量基准在 {day} 的三档应当从 0 连续排到 1"


def _conduct_faults(row: Conduct) -> Iterator[str]:
    if not row.versions:
        yield f"案由“{row.name}”至少要有一版规定"
    if not 0 < row.measure.steps[0] < row.measure.steps[1]:
        yield f"案由“{row.name}”的违法程度分档应当从小到大"
    yield from _overlaps(f"案由“{row.name}”的规定", row.versions, lambda version: "")
    for version in row.versions:
        for range_ in version.ranges:
            if not 0 <= range_.low <= range_.high or range_.high == 0:
                yield f"案由“{row.name}”{version.code}版的罚款幅度 {range_.low} 至 {range_.high} 不成立"
            for kind in range_.kinds:
                if kind not in KINDS:
                    yield f"案由“{row.name}”{version.code}版的处罚种类“{kind}”不认识"


def _overlaps(what: str, rows: Iterable[D], key: Any) -> Iterator[str]:
    seen: dict[Any, list[D]] = {}
    for row in sorted(rows, key=lambda row: row.valid_from):
        group = seen.setdefault(key(row), [])
        if row.valid_to is not None and row.valid_to < row.valid_from:
            yield f"{what}中 {row.valid_from} 起的一条失效日期早于生效日期"
        if group and (group[-1].valid_to is None or group[-1].valid_to >= row.valid_from):
            yield f"{what}中 {group[-1].valid_from} 与 {row.valid_from} 起的两条有效期重叠"
        group.append(row)
