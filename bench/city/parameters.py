"""What the simulation is told: each number with its source, and what is not measured with its range.

Measured numbers are read from docs/benchmarks.md, never written here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import Field, dataclass, field, fields
from functools import lru_cache, partial
from typing import Any

from bench.document import DOCUMENT

MEASURED, TRIED, ASSUMED = "实测", "试验", "假设"

_ROW = re.compile(r"^\| (?P<metric>[^|（]+?)(?:（(?P<about>[^|]*)）)? \| (?P<value>[\d.,]+) \|")


@lru_cache(maxsize=1)
def _rows() -> list[tuple[str, str, str, float]]:
    """(bench, metric, details, value) of every row of the document."""
    bench, found = "", []
    for line in DOCUMENT.read_text("utf-8").splitlines():
        if line.startswith("`python -m bench."):
            bench = line.strip("`").rpartition(".")[2]
        elif row := _ROW.match(line):
            found.append((bench, row["metric"], row["about"] or "", float(row["value"].replace(",", ""))))
    return found


def figure(bench: str, metric: str, about: str = "") -> float:
    """A row of docs/benchmarks.md, by its name and a part of its details. Raises LookupError."""
    for row in _rows():
        if row[0] == bench and row[1] == metric and about in row[2]:
            return row[3]
    hint = "; measure it with BIAN_DATABASE set" if about == _PG else ""
    raise LookupError(f"docs/benchmarks.md has no row “{metric}” of bench.{bench} ({about}){hint}")


def detail(bench: str, metric: str, name: str) -> float:
    """A detail, such as how many clients there were, of a row of docs/benchmarks.md. Raises LookupError."""
    for row in _rows():
        if row[:2] == (bench, metric) and (found := re.search(rf"\b{name}=([\d.]+)", row[2])):
            return float(found[1])
    raise LookupError(f"docs/benchmarks.md tells no “{name}” of “{metric}”")


def _measured(title: str, unit: str, bench: str, metric: str, about: str = "", scale: float = 1.0) -> Any:
    note = {"kind": MEASURED, "title": title, "unit": unit, "source": f"`bench.{bench}`：{metric} {about}".strip()}
    return field(default_factory=lambda: scale * figure(bench, metric, about), metadata=note)


def _detail(title: str, unit: str, bench: str, metric: str, name: str) -> Any:
    note = {"kind": MEASURED, "title": title, "unit": unit, "source": f"`bench.{bench}`：{metric}，{name}"}
    return field(default_factory=partial(detail, bench, metric, name), metadata=note)


def _not_measured(
    kind: str,
    title: str,
    unit: str,
    value: float,
    low: float,
    high: float,
    sure: str,
    source: str,
    *,
    is_bulk: bool = False,
) -> Any:
    """`is_bulk`: some of disk, network or machines is in proportion to it, and no time depends on it."""
    note = {"kind": kind, "title": title, "unit": unit, "source": source, "low": low, "high": high, "sure": sure}
    return field(default=value, metadata=note | {"is_bulk": is_bulk})


_tried = partial(_not_measured, TRIED)
_assumed = partial(_not_measured, ASSUMED)

_SINGLE = "QoS 1 messages of one reading, 50 connections"
_BATCHED = "readings in QoS 1 payloads of 100"
_PG, _SQLITE = "database=postgresql", "database=sqlite"


@dataclass(frozen=True)
class Parameters:
    """All of them; `replace` one to see what follows."""

    # -- service times, measured
    intake_single: float = _measured("一个接入进程：每条消息一个读数", "条/s", "end_to_end", _SINGLE)
    intake_batched: float = _measured("一个接入进程：每条消息一百个读数", "条/s", "end_to_end", _BATCHED)
    intake_cores: float = _measured(
        "接入进程满载时用的核", "核", "end_to_end", f"{_BATCHED}: processor time of the platform"
    )
    end_to_end_p50: float = _measured(
        "一台机器：设备至网页，中位", "ms", "end_to_end", "publish to the live stream at 20000 readings/s: p50"
    )
    end_to_end_p99: float = _measured(
        "一台机器：设备至网页，p99", "ms", "end_to_end", "publish to the live stream at 20000 readings/s: p99"
    )
    puback: float = _measured(
        "内置遥测库：收到至确认", "ms", "end_to_end", "publish to PUBACK at 20000 readings/s: p50"
    )
    spark_readings: float = _measured(
        "Spark 每核处理的读数，已含研判状态（模拟中另加一遍，偏保守）", "条/s", "cluster", "Spark, a core"
    )
    restore: float = _measured("载入研判状态（6 万条实例）", "ms", "rules", "restore")
    snapshot: float = _measured("写出研判状态（6 万条实例）", "ms", "rules", "snapshot")
    snapshot_bytes: float = _detail("研判状态大小（6 万条实例）", "B", "rules", "snapshot", "bytes")
    snapshot_instances: float = _detail("上述实例数", "条", "rules", "snapshot", "instances")
    state_memory: float = _measured("一百万条实例的内存", "GB", "rules", "state of a million instances")
    compile: float = _measured("编排一百万条实例（启动时）", "s", "rules", "compile a million instances")
    begin_pg: float = _measured(
        "告警产生写入 PostgreSQL（一个写入线程）", "次/s", "alarm_writing", "changes that begin an alarm", _PG
    )
    end_pg: float = _measured("告警解除写入 PostgreSQL", "次/s", "alarm_writing", "changes that end an alarm", _PG)
    seal_pg: float = _measured(
        "台账封存，PostgreSQL（一个封存者）", "条/s", "alarm_writing", "ledger entries sealed", _PG
    )
    begin_sqlite: float = _measured(
        "告警产生写入 SQLite", "次/s", "alarm_writing", "changes that begin an alarm", _SQLITE
    )
    end_sqlite: float = _measured("告警解除写入 SQLite", "次/s", "alarm_writing", "changes that end an alarm", _SQLITE)
    seal_sqlite: float = _measured("台账封存，SQLite", "条/s", "alarm_writing", "ledger entries sealed", _SQLITE)
    sse_p50: float = _measured("台账至网页，中位", "ms", "live", "ledger to stream: p50")
    sse_p99: float = _measured("台账至网页，p99", "ms", "live", "ledger to stream: p99")
    sse_clients: float = _detail("上述网页数（一个网页进程）", "个", "live", "ledger to stream: p50", "clients")
    sse_events: float = _detail("上述每秒事件，未到极限", "条/s", "live", "ledger to stream: p50", "events_per_second")
    viewers_web: float = _detail("一个网页进程同时看事件页的人数", "人", "event_screen", "requests answered", "viewers")
    web_memory: float = _measured("网页进程内存", "MB", "event_screen", "memory of the web process")
    platform_memory: float = _measured("接入进程等满载内存", "MB", "end_to_end", f"{_BATCHED}: memory of the platform")
    camera_pair: float = _measured(
        "两核可分析的摄像机（可变码率）", "路", "vision",
        "cameras of 1080p, mostly still, on two cores, variable bit rate",
    )  # fmt: skip
    camera_pair_constant: float = _measured(
        "两核可分析的摄像机（固定码率 4 Mbit/s）", "路", "vision",
        "cameras of 1080p, mostly still, on two cores, constant bit rate",
    )  # fmt: skip
    camera_memory: float = _measured("每路摄像机内存", "MB", "vision", "memory of a camera")
    minute_bytes: float = _measured("一行分钟汇总的磁盘", "B", "storage", "bytes on disk a row: minutes")
    hour_bytes: float = _measured("一行小时汇总的磁盘", "B", "storage", "bytes on disk a row: hours")

    # -- tried once, outside this repository
    reading_bytes: float = _tried(
        "一条读数的磁盘",
        "B",
        9,
        3.7,
        12,
        "中",
        "设计试验 9 B；`bench.storage` 两位小数的平稳读数合并后为 3.7 B",
        is_bulk=True,
    )

    # -- assumed: cluster
    spark_overhead: float = _assumed(
        "Spark 每个微批的固定开销", "s", 0.5, 0.2, 1.5, "中", "规划、检查点、提交；业内常见 0.2–1 s"
    )
    state_bandwidth: float = _assumed(
        "每核读写状态文件的速度", "MB/s", 200, 50, 500, "低", "HDFS 或对象存储，每个任务一路"
    )
    straggling: float = _assumed("任务时长的离散（对数正态 σ）", "", 0.2, 0.1, 0.5, "中", "垃圾回收、邻居占用")
    publish: float = _assumed("Kafka 确认（acks=all）", "ms", 10, 3, 50, "中", "3 副本，同机房；此处没有 Kafka 可测")
    election: float = _assumed("Kafka 换领导副本的停顿", "s", 10, 3, 30, "中", "会话超时加选举")
    broker: float = _assumed("每台 Kafka 接收（不含副本）", "MB/s", 50, 20, 150, "中", "千兆网卡，3 副本", is_bulk=True)
    insert: float = _assumed("ClickHouse 服务器确认一批", "ms", 50, 20, 200, "中", "内置引擎的中位数为几十毫秒，加网络")
    shard: float = _assumed(
        "ClickHouse 每个分片写入", "行/s", 500_000, 200_000, 1_000_000, "中", "低于内置引擎的实测", is_bulk=True
    )
    database_failover: float = _assumed("PostgreSQL 主备切换", "s", 30, 10, 60, "中", "自动切换的常见时长")
    executor_lost: float = _assumed("发现 Spark 执行器失联", "s", 10, 1, 120, "低", "进程退出即知，机器断电等超时")
    executor_back: float = _assumed("Spark 执行器重新就位", "s", 30, 10, 120, "中", "含研判代码预热")
    intake_back: float = _assumed(
        "接入进程重新就位", "s", 15, 5, 60, "中", "看管进程立即重启，读登记；编排规则、载入状态另加"
    )
    connect: float = _assumed("一次设备连接占接入进程", "ms", 1, 0.3, 3, "低", "令牌摘要核对；尚未单独测量")

    # -- assumed: what comes in
    batched: float = _assumed("批量上报的企业占比", "", 0.5, 0.1, 0.9, "低", "其余每条消息一个读数")
    rules: float = _assumed("每个信号的规则实例", "条", 3, 1, 5, "中", "与 `bench.rules` 相同")
    device_signals: float = _assumed("每台设备的信号", "个", 20, 5, 50, "中", "一台设备一个连接")
    park: float = _assumed("最大一家（化工园区）的信号", "个", 20_000, 5_000, 100_000, "低", "一家的信号不能分到两个桶")
    parks: float = _assumed("全市化工园区", "个", 4, 1, 10, "低", "每个单元至多算一个", is_bulk=True)
    largest: float = _assumed("没有园区的单元里最大一家的信号", "个", 5_000, 2_000, 10_000, "低", "", is_bulk=True)
    episodes: float = _assumed("每个信号每天的异常", "次", 0.01, 0.002, 0.1, "低", "约为每家企业每天半次")
    clocked: float = _assumed("多信号规则等待时钟的告警占比", "", 0.5, 0, 1, "中", "时钟每秒告知一次")
    viewers: float = _assumed("一条告警同时在看的网页", "个", 50, 20, 200, "中", "本区值班、镇街、企业与市级大屏")
    storm_share: float = _assumed("暴雨区占全市", "", 0.1, 0.05, 0.3, "中", "四个区")
    storm_gauges: float = _assumed("暴雨区内雨量、水位信号占比", "", 0.05, 0.02, 0.2, "低", "")
    storm_rate: float = _assumed("它们加密上报的倍数", "倍", 10, 5, 30, "中", "由一分钟改为数秒")
    storm_changes: float = _assumed("暴雨区研判变化的倍数", "倍", 100, 30, 300, "低", "")
    storm_cut: float = _assumed("暴雨区停电的设备占比", "", 0.3, 0.1, 0.6, "低", "停 5 分钟，来电后补传")
    single_wire: float = _assumed(
        "单条上报每读数的网络", "B", 180, 120, 300, "中", "MQTT 载荷、确认与 TCP 头", is_bulk=True
    )
    batched_wire: float = _assumed("批量上报每读数的网络", "B", 30, 15, 60, "中", "JSON 数组", is_bulk=True)
    clip: float = _assumed(
        "一段告警录像", "MB", 7.5, 1.5, 15, "中", "30 秒，2 Mbit/s；实测片段 0.4–4 Mbit/s", is_bulk=True
    )
    clips: float = _assumed(
        "每路摄像机每天的告警录像", "段", 1, 0.2, 5, "低", "到期自动清理，此处按留一年", is_bulk=True
    )
    alarm_bytes: float = _assumed("一条告警及其证据、台账", "kB", 10, 5, 20, "中", "证据至多 200 个读数", is_bulk=True)


def described() -> Iterator[tuple[Field[Any], float]]:
    """Every parameter with its value."""
    parameters = Parameters()
    for each in fields(Parameters):
        yield each, getattr(parameters, each.name)
