"""All that the capacity sheet says, computed: layouts of each scale, thresholds, what follows from assumptions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bench.city.parameters import MEASURED, Parameters, described
from bench.city.population import CITY, DISTRICT, LARGE, SCALES, Scale, population
from bench.city.simulation import Layout
from bench.city.sizing import MOST_BUSY, Flow, Sized, Tier, added, cameras, flow, measured, smallest, tiers


@dataclass(frozen=True)
class Case:
    """A layout of a scale by name: its cell with a chemical park, and one without where there are such."""

    code: str
    title: str
    sized: Sized
    plain: Sized | None = None

    @property
    def holds(self) -> bool:
        """Whether every cell keeps the promises."""
        return self.sized.holds and (self.plain is None or self.plain.holds)

    def tiers(self, parameters: Parameters) -> list[Tier]:
        """Machines of all cells, and those for cameras."""
        cells = self.sized.layout.cells
        parks = cells if self.plain is None else min(cells, round(parameters.parks))
        found = [tiers(self.sized, parks, parameters)]
        if self.plain is not None:
            found.append(tiers(self.plain, cells - parks, parameters))
        return [*added(*found), cameras(self.sized.scale, parameters)]


@dataclass(frozen=True)
class Sensitivity:
    """What a change of parameters does to the city: p99 (s) in calm and storm, and Spark cores of a cell that keep the
    promises (0: more than were tried); and p99 in the storm where every district judges itself."""

    title: str
    value: str
    calm: float
    storm: float
    cores: int
    embedded_storm: float


@dataclass(frozen=True)
class Threshold:
    """Up to where one part of the default carries; `kind` as of parameters, or computed from such."""

    title: str
    limit: str
    kind: str
    source: str
    then: str


@dataclass(frozen=True)
class Sheet:
    """Everything."""

    cases: list[Case]
    flows: dict[str, Flow]
    thresholds: list[Threshold]
    sensitivities: list[Sensitivity]


def cases(parameters: Parameters, *, is_small: bool = False) -> Iterator[Case]:
    """The layouts, from one district on; a small sheet ends with the first."""
    plans: tuple[tuple[str, str, Scale, int, bool], ...] = (
        ("district", "一个区：一台机器", DISTRICT, 1, False),
        ("large", "大区：一台机器", LARGE, 1, False),
        ("large_spark", "大区：Spark", LARGE, 1, True),
        ("city", "全市：各区一台机器", CITY, CITY.districts, False),
        ("city_spark", "全市：40 个单元，各有 Spark", CITY, CITY.districts, True),
        ("city_spark_10", "全市：10 个单元，各有 Spark", CITY, 10, True),
        ("city_spark_1", "全市：一个单元，Spark", CITY, 1, True),
    )
    for code, title, scale, cells, spark in plans[:1] if is_small else plans:
        sized = smallest(scale, cells, parameters, spark=spark, is_sqlite=scale is DISTRICT)
        plain = None
        if cells > parameters.parks and sized.holds:
            plain = smallest(scale, cells, replace(parameters, park=parameters.largest), spark=spark)
        yield Case(code, title, sized, plain)


def full(parameters: Parameters) -> Sheet:
    """Everything; about a minute."""
    found = list(cases(parameters))
    base = next(case.sized for case in found if case.code == "city_spark")
    alone = next(case.sized for case in found if case.code == "city")
    return Sheet(
        cases=found,
        flows={scale.code: flow(scale, scale.districts, parameters) for scale in SCALES},
        thresholds=thresholds(parameters),
        sensitivities=list(_sensitivities(base, alone.layout, parameters)),
    )


def _sensitivities(base: Sized, alone: Layout, parameters: Parameters) -> Iterator[Sensitivity]:
    """The base, then both ends of every range, and the writer at half and at three times its measured rate."""
    calm, storm, _ = base.seconds
    embedded = measured(CITY, alone, parameters).seconds[1]
    yield Sensitivity("（以上各值）", "", calm, storm, base.layout.cores, embedded)
    for each, _ in described():
        note = each.metadata
        if note["kind"] != MEASURED and not note.get("is_bulk"):
            for value in (note["low"], note["high"]):
                label = f"{value:,.7g} {note['unit']}".strip()
                yield _changed(note["title"], label, base.layout, alone, replace(parameters, **{each.name: value}))
    for times, label in ((0.5, "实测的一半"), (3.0, "实测的三倍")):
        changed = replace(parameters, begin_pg=times * parameters.begin_pg, end_pg=times * parameters.end_pg)
        yield _changed("告警写入 PostgreSQL 的速度", label, base.layout, alone, changed)


def _changed(title: str, label: str, layout: Layout, alone: Layout, parameters: Parameters) -> Sensitivity:
    found, embedded = measured(CITY, layout, parameters), measured(CITY, alone, parameters).seconds[1]
    calm, storm, _ = found.seconds
    enough = smallest(CITY, layout.cells, parameters, spark=True)
    return Sensitivity(title, label, calm, storm, enough.layout.cores if enough.holds else 0, embedded)


def thresholds(parameters: Parameters) -> list[Threshold]:
    """Up to where the embedded default carries."""
    people = population(LARGE, 1, parameters)
    work = people.single.sum() / parameters.intake_single + people.batched.sum() / parameters.intake_batched
    signals = MOST_BUSY * people.signals / float(work)
    lost = parameters.storm_cut / parameters.device_signals / 60
    computed = "推算"
    return [
        Threshold(
            "接入进程，每条消息一个读数", f"{MOST_BUSY * parameters.intake_single:,.0f} 条/s", MEASURED,
            f"`bench.end_to_end` 实测 {parameters.intake_single:,.0f} 条/s 的七成",
            "设备改为批量上报；再分成几个平台",
        ),
        Threshold(
            "接入进程，批量上报", f"{MOST_BUSY * parameters.intake_batched:,.0f} 条/s", MEASURED,
            f"`bench.end_to_end` 实测 {parameters.intake_batched:,.0f} 条/s 的七成", "分成几个平台",
        ),
        Threshold(
            "一台机器的信号", f"{signals:,.0f} 个", computed,
            "以上两行，按 0.1–1 Hz、半数企业批量；实测只到 2 万个信号、6 万条实例", "分成几个平台，或研判交给 Spark",
        ),
        Threshold(
            "研判状态的内存", f"每百万条实例 {parameters.state_memory:.2f} GB", MEASURED, "`bench.rules`", "加内存",
        ),
        Threshold(
            "告警写入 SQLite", f"{MOST_BUSY * parameters.begin_sqlite:,.0f} 次/s", MEASURED,
            f"`bench.alarm_writing` 实测 {parameters.begin_sqlite:,.0f} 次/s 的七成",
            f"按三成设备同时失联，约 {MOST_BUSY * parameters.begin_sqlite / lost:,.0f} 个信号时到顶",
        ),
        Threshold(
            "告警写入 PostgreSQL（一个平台）", f"{MOST_BUSY * parameters.begin_pg:,.0f} 次/s", MEASURED,
            f"`bench.alarm_writing` 实测 {parameters.begin_pg:,.0f} 次/s 的七成",
            f"按三成设备同时失联，约 {MOST_BUSY * parameters.begin_pg / lost:,.0f} 个信号时到顶：分成几个平台",
        ),
        Threshold(
            "同时看事件页的人（一个网页进程）", f"{parameters.viewers_web:,.0f} 人", MEASURED, "`bench.event_screen`",
            "换 PostgreSQL，开几个网页进程",
        ),
        Threshold(
            "摄像机（两核）",
            f"{parameters.camera_pair:.0f} 路（可变码率）、{parameters.camera_pair_constant:.0f} 路（固定 4 Mbit/s）",
            MEASURED, "`bench.vision`", "加机器；用子码流",
        ),
    ]  # fmt: skip
