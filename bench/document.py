"""Writes docs/benchmarks.md from the lines of a run: `python -m bench.document < LINES`."""

from __future__ import annotations

import json
import os
import platform
import re
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

DOCUMENT = Path("docs/benchmarks.md")
COMMAND = "make bench"

TITLES = {
    "alarm_writing": "告警落库：研判变化写入业务数据库（每个事务 50 个绑定），台账封存",
    "storage": "遥测占用的磁盘：读数与汇总合并之后，每行多少字节",
    "audit": "自评报告核对：一份真实报告、一千份报告、一篇十万字的文字",
    "back_test": "回测：存储的读数按草稿和现行版重新判定，含读取",
    "end_to_end": "整个平台：设备 → 落盘 → 研判 → 告警 → 网页",
    "households": "倒损住房户台账：五千户的 Excel 逐行审核、加密写入",
    "live": "实时推送：台账 → 200 个网页",
    "spread": "林火蔓延：一百万格、二十四小时，连同不确定范围共推演五次；对照为纯 Python 的 Dijkstra",
    "relief": "救助名单：五千户 Excel 读入、检查、写入",
    "event_screen": "事件页：二百人同时看一个事件，一个网页进程",
    "golden": "黄金年（2022年全量记录）：载入，自评报告，检查与隐患列表的每种排序和筛选，年度统计",
    "vision": "视频分析：整个流程与裸模型对照（单核，处理器时间）；基本静止的 1080p 画面连同解码，对照为只解码",
    "camera": "视频告警：RTSP 画面 → 解码 → 检测 → 研判 → 告警，整个平台",
    "telemetry": "遥测导出与导入：一千个信号的全部历史，含压缩、两种摘要、读回核对",
    "cluster": "集群研判：Spark 在两个处理器上、带检查点；对照为单机内核读取、解码、研判同样的消息（处理器时间）",
    "rules": "规则研判：每台设备三条规则（单线程）；对照为纯 Python 循环、Reelay、RTAMT",
}
TARGETS: tuple[tuple[str, str, float], ...] = (
    (r"^Spark on 2 cores, 4x$", ">=", 600_000),
    (r"^of the embedded rate, a core$", ">=", 60),
    (r"^time for 4x the data$", "<", 4.2),
    (r"^30 days of 1000 signals at 0.1 Hz: time$", "<", 120),
    (r"^push, steady$", ">=", 10_000_000),
    (r"^compile 2,000 formulas$", "<", 2),
    (r"^state of a million instances$", "<", 1),
    (r"^readings in QoS 1 payloads of 100$", ">=", 1_000_000),
    (r"^QoS 1 messages of one reading, 50 connections$", ">=", 100_000),
    (r"^publish to the live stream .*: p99$", "<", 1000),
    (r": memory of the platform$", "<", 1500),
    (r"^memory of the platform, idle$", "<", 800),
    (r"^the real report of 2022$", "<", 0.3),
    (r"^1000 reports, all cores$", "<", 120),
    (r"^a text of 100000 characters$", "<", 5),
    (r"^1,000 × 1,000 cells × 24 h", "<", 10),
    (r"^households checked and written$", "<", 20),
    (r"^the golden year loaded$", "<", 180),
    (r"^deciding picture to alarm", "<", 2000),
    (r"^figures of the year$", "<", 1),
    (r"^documents of the year$", "<", 5),
    (r"^report of the year built: memory$", "<", 500),
    (r"^list of .*: slowest$", "<", 150),
    (r"^annual statistics of ", "<", 1),
    (r"^whole pipeline beyond bare inference$", "<", 25),
    (r"^cameras of 1080p, mostly still, on two cores", ">=", 16),
    (r"^memory of a camera$", "<", 60),
    (r"^damaged dwellings: checked and written$", "<", 20),
)
"""Figures that have a target: metric, comparison, value."""

_HEAD = """# 性能测量

由 `{command}` 生成，不手工改。{day}，{machine}。每项的对照（“对照”列）与本平台在同一次运行、同一台机器上测得；
没有对照的项留空。负载由另一个进程经本机网络发出，与平台争用同样的处理器。
"""
_ROW = "| {metric} | {value} | {unit} | {peer} | {ratio} | {target} | {met} |\n"


def write(lines: Iterable[str]) -> None:
    """Replace the document by one made of these lines."""
    figures = [json.loads(line) for line in lines]
    parts = [_HEAD.format(command=COMMAND, day=date.today(), machine=_machine())]
    for bench in dict.fromkeys(figure["bench"] for figure in figures):
        parts.append(f"\n## {TITLES[bench]}\n\n`python -m bench.{bench}`\n\n")
        parts.append("| 指标 | 数值 | 单位 | 对照 | 倍数 | 目标 | 达到 |\n|---|--:|---|--:|--:|--:|---|\n")
        parts += [_row(figure) for figure in figures if figure["bench"] == bench]
    DOCUMENT.write_text("".join(parts), "utf-8")


def _row(figure: dict[str, Any]) -> str:
    about = [
        f"{name}={value}"
        for name, value in figure.items()
        if name not in ("bench", "metric", "value", "unit", "peer", "ratio")
    ]
    metric = figure["metric"] + (f"（{'，'.join(about)}）" if about else "")
    target, met = "", ""
    for pattern, sign, limit in TARGETS:
        if re.search(pattern, figure["metric"]):
            reached = figure["value"] >= limit if sign == ">=" else figure["value"] < limit
            target, met = f"{sign} {_number(limit)}", "是" if reached else "**否**"
    return _ROW.format(
        metric=metric,
        value=_number(figure["value"]),
        unit=figure["unit"],
        peer=_number(figure["peer"]),
        ratio=_number(figure["ratio"]),
        target=target,
        met=met,
    )


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _machine() -> str:
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    system = f"{platform.system()} {platform.machine()}，Python {platform.python_version()}"
    return f"{os.cpu_count()} 核、{gib:.0f} GiB 内存，{system}"


if __name__ == "__main__":
    write(sys.stdin)
