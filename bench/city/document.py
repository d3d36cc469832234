"""Writes docs/capacity.md from a computed sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isinf
from pathlib import Path

from bench.city import words
from bench.city.arriving import BEGIN, STEP, Series
from bench.city.parameters import MEASURED, Parameters, described
from bench.city.population import SCALES
from bench.city.sheet import Case, Sheet
from bench.city.sizing import Tier, incidents, state_rate

DOCUMENT = Path("docs/capacity.md")
BARS = " ▁▂▃▄▅▆▇█"
WIDTH, UNTIL = 60, 1140.0
"""Characters of a course, and the second at which it ends."""


def write(sheet: Sheet, parameters: Parameters) -> None:
    """Replace the document."""
    DOCUMENT.write_text("".join(_parts(sheet, parameters)), "utf-8")


def _parts(sheet: Sheet, parameters: Parameters) -> Iterable[str]:
    yield words.HEAD
    yield _table(("规模", "企业", "信号", "读数（条/s）", "同时看的人", "分析的摄像机"), list(_scales(sheet)))
    yield words.LAYOUTS
    yield _table(
        ("摆法", "接入进程", "Spark 核", "网页进程", "平时 p50 / p99", "暴雨 p99", "故障后最久排空", "是否守住承诺"),
        [_layout(case) for case in sheet.cases],
    )
    yield words.MACHINES.format(**_totals(sheet, parameters))
    yield _table(("摆法", "层", "机器", "核", "内存（GB）", "依据"), list(_tiers(sheet, parameters)))
    yield words.DISK
    yield _table(("规模", *sheet.flows["city"].disk, "合计（一份）"), list(_disk(sheet)))
    yield words.NETWORK
    yield _table(("规模", "设备上报", "读数流（不含副本）", "摄像机码流"), list(_network(sheet)))
    yield words.LEAVE
    yield _table(
        ("哪一部分", "到哪里为止", "性质", "出处", "到了以后"),
        [(each.title, each.limit, each.kind, each.source, each.then) for each in sheet.thresholds],
    )
    yield words.INCIDENTS
    yield _table(
        ("摆法", "事件", "p50 / p99 / 最长", "最多积压（条）", "排空", "设备最久等确认", "最忙的一层"),
        [row for case in sheet.cases for row in _outcomes(case)],
    )
    yield words.COURSES
    yield _courses(sheet, ("large", "city_spark"))
    yield words.SENSITIVITY
    yield _table(
        ("改动", "改为", "平时 p99", "暴雨 p99", "每个单元所需 Spark 核", "各区一台机器：暴雨 p99"),
        list(_sensitivity(sheet)),
    )
    yield words.STATE.format(rate=_state(sheet, parameters))
    yield measured_table()
    yield words.ASSUMPTIONS
    yield assumed_table()
    yield words.LIMITS


def measured_table() -> str:
    """What the simulation took from docs/benchmarks.md."""
    rows = [
        (note["title"], f"{value:,.4g}" if value < 1000 else f"{value:,.0f}", note["unit"], note["source"])
        for each, value in described()
        if (note := each.metadata)["kind"] == MEASURED
    ]
    return _table(("参数", "数值", "单位", "`docs/benchmarks.md` 的哪一行"), rows)


def assumed_table() -> str:
    """What it took from trials, and what it assumes."""
    rows = []
    for each, value in described():
        note = each.metadata
        if note["kind"] != MEASURED:
            span = f"{note['low']:,.7g} – {note['high']:,.7g}"
            rows.append((note["title"], f"{value:,g}", span, note["unit"], note["kind"], note["sure"], note["source"]))
    return _table(("参数", "取值", "范围", "单位", "性质", "把握", "依据"), rows)


def _scales(sheet: Sheet) -> Iterable[Sequence[str]]:
    for scale in SCALES:
        rate = sheet.flows[scale.code].readings
        yield (
            scale.title, f"{scale.enterprises:,}", f"{scale.signals:,}", f"{rate:,.0f}", f"{scale.people:,}",
            f"{scale.cameras:,}",
        )  # fmt: skip


def _layout(case: Case) -> Sequence[str]:
    layout, sized = case.sized.layout, case.sized
    plain = f"，没有园区的 {case.plain.layout.cores}" if case.plain and layout.cores else ""
    calm, storm, drained = sized.seconds
    intakes, cores = _each(layout.cells, layout.intakes), f"{layout.cores:,}{plain}" if layout.cores else "—"
    middle = sized.outcomes["storm"].calm[0]
    return (
        case.title, intakes, cores, _each(layout.cells, layout.webs), f"{_s(middle)} / {_s(calm)}", _s(storm),
        _s(drained), _verdict(case),
    )  # fmt: skip


def _verdict(case: Case) -> str:
    if not case.holds:
        return "**否**"
    return "是" if case.sized.layout.intakes == 1 else "是，但须先支持几个接入进程写一条流"


def _each(cells: int, number: int) -> str:
    return f"{number:,}" if cells == 1 else f"{cells} × {number:,}"


def _tiers(sheet: Sheet, parameters: Parameters) -> Iterable[Sequence[str]]:
    for case in sheet.cases:
        if case.holds:
            found = case.tiers(parameters)
            total = Tier(
                "**合计**",
                sum(tier.machines for tier in found),
                sum(tier.cores for tier in found),
                sum(tier.memory for tier in found),
                "",
            )
            for tier in (*found, total):
                numbers = (f"{number:,.0f}" for number in (tier.machines, tier.cores, tier.memory))
                yield case.title, tier.title, *numbers, tier.basis


def _totals(sheet: Sheet, parameters: Parameters) -> dict[str, str]:
    """Cores of the city's two layouts, cameras left out."""
    cases = {case.code: case.tiers(parameters)[:-1] for case in sheet.cases if case.code in ("city", "city_spark")}
    return {code: f"{sum(tier.cores for tier in found):,}" for code, found in cases.items()}


def _disk(sheet: Sheet) -> Iterable[Sequence[str]]:
    for scale in SCALES:
        disk = sheet.flows[scale.code].disk
        yield scale.title, *(_bytes(size) for size in disk.values()), _bytes(sum(disk.values()))


def _network(sheet: Sheet) -> Iterable[Sequence[str]]:
    for scale in SCALES:
        flow = sheet.flows[scale.code]
        yield scale.title, *(_bits(each) for each in (flow.devices_bits, flow.stream_bits, flow.video_bits))


def _outcomes(case: Case) -> Iterable[Sequence[str]]:
    for incident in incidents(case.sized.layout):
        outcome = case.sized.outcomes[incident.code]
        tier, busy = max(outcome.busy.items(), key=lambda pair: pair[1])
        yield (
            case.title,
            incident.title,
            " / ".join(map(_s, outcome.after)),
            f"{outcome.backlog:,.0f}",
            _s(outcome.drained),
            _s(outcome.acknowledged),
            f"{words.TIERS[tier]} {100 * busy:.0f}%",
        )


def _courses(sheet: Sheet, codes: Sequence[str]) -> str:
    lines = []
    for case in sheet.cases:
        if case.code in codes:
            lines.append(case.title)
            for incident in incidents(case.sized.layout):
                outcome = case.sized.outcomes[incident.code]
                bars, most = course(outcome.came - outcome.judged)
                lines.append(f"  |{bars}| 最多 {most:,.0f} 条  {incident.title}")
    return "```\n" + "\n".join(lines) + "\n```\n"


def course(waiting: Series) -> tuple[str, float]:
    """Readings that wait, from a minute before the incident, as a row of bars, and how many a full bar is."""
    shown = waiting[round((BEGIN - 60) / STEP) : round(UNTIL / STEP)]
    columns = shown.reshape(WIDTH, -1).max(axis=1)
    most = float(columns.max())
    return "".join(BARS[round(each / max(most, 1) * (len(BARS) - 1))] for each in columns.tolist()), most


def _sensitivity(sheet: Sheet) -> Iterable[Sequence[str]]:
    base = sheet.sensitivities[0]
    for each in sheet.sensitivities:
        before = base.calm, base.storm, base.embedded_storm
        after = each.calm, each.storm, each.embedded_storm
        moved = any(abs(new - old) > 0.1 * old for new, old in zip(after, before, strict=True))
        if each is base or moved or each.cores != base.cores:
            cores = f"{each.cores}" if each.cores else "守不住"
            yield each.title, each.value, _s(each.calm), _s(each.storm), cores, _s(each.embedded_storm)


def _state(sheet: Sheet, parameters: Parameters) -> str:
    case = next(case for case in sheet.cases if case.code == "city_spark")
    return f"{state_rate(case.sized, parameters) / 1e9:.0f} GB/s"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in lines)


def _s(seconds: float) -> str:
    return "排不空" if isinf(seconds) else f"{seconds:.2f} s" if seconds < 10 else f"{seconds:,.0f} s"


def _bytes(size: float) -> str:
    for unit in ("GB", "TB"):
        size /= 1e9 if unit == "GB" else 1e3
        if size < 1000:
            return f"{size:,.1f} {unit}" if size < 100 else f"{size:,.0f} {unit}"
    return f"{size / 1000:,.2f} PB"


def _bits(rate: float) -> str:
    return f"{rate / 1e6:,.0f} Mbit/s" if rate < 1e9 else f"{rate / 1e9:,.1f} Gbit/s"
