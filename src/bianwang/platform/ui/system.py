"""How the instance is doing: checks for `/health` and figures for the system page."""

from __future__ import annotations

import platform
import shutil
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version

import django
from django.db import DatabaseError, connection

from bianwang.platform.clock import now
from bianwang.platform.config import config
from bianwang.platform.jobs.models import JobRun
from bianwang.platform.registry import manifests
from bianwang.telemetry.client import TelemetryClient, TelemetryError

DISK_FLOOR = 1 << 30
"""Free bytes below which the instance reports itself unwell: 1 GiB, or a twentieth of a smaller disk."""
MOST_WAITING = 200
"""Findings of the judge that may wait for the business database."""


@dataclass(frozen=True)
class Check:
    """One thing that must be in order; `text` says in Chinese what is found and what to do.

    `detail` is for the system administrator only: it may hold paths and messages of the database.
    """

    code: str
    name: str
    ok: bool
    text: str
    detail: str = ""


@dataclass(frozen=True)
class Disk:
    """Space of the file system that holds BIAN_HOME, in bytes."""

    total: int
    free: int

    @property
    def used_percent(self) -> int:
        """0 to 100."""
        return round(100 * (self.total - self.free) / self.total)


@dataclass(frozen=True)
class JobState:
    """A background job and its last run."""

    name: str
    run: JobRun | None

    @property
    def colour(self) -> str:
        """green, orange while it fails, secondary before the first run."""
        return "secondary" if self.run is None else "orange" if self.run.failures else "green"

    @property
    def word(self) -> str:
        """The colour in words."""
        return "未运行" if self.run is None else f"连续失败 {self.run.failures} 次" if self.run.failures else "正常"


def checks() -> list[Check]:
    """Database, disks, intake and background loop."""
    database = _database()
    found = [database, _disk(), _intake()]
    return [*found, _loop()] if database.ok else found


def disk() -> Disk:
    """The fuller one of the disks where BIAN_HOME and its embedded telemetry lie."""
    usages = [
        shutil.disk_usage(folder) for folder in (config().path("x").parent, config().path("telemetry", "x").parent)
    ]
    usage = min(usages, key=lambda each: each.free)
    return Disk(usage.total, usage.free)


def jobs() -> list[JobState]:
    """Every job of the running manifests."""
    runs = {run.code: run for run in JobRun.objects.all()}
    return [JobState(job.name, runs.get(job.code)) for module in manifests() for job in module.jobs]


def versions() -> list[tuple[str, str]]:
    """What is running here."""
    database = "PostgreSQL" if connection.vendor == "postgresql" else "SQLite（内置）"
    return [
        ("必安网", version("bianwang")),
        ("Python", platform.python_version()),
        ("Django", django.get_version()),
        ("业务数据库", database),
        ("遥测", "ClickHouse 服务器" if config().telemetry else "ClickHouse（内置）"),
        ("运行方式", {"production": "正式", "demo": "演示", "test": "测试"}[config().mode]),
        ("数据文件夹", str(config().home.resolve())),
        ("启用模块", "、".join(module.name for module in manifests())),
    ]


def _database() -> Check:
    try:
        JobRun.objects.exists()
    except DatabaseError:
        return Check("database", "业务数据库", False, "业务数据库不能访问，请检查数据库服务和磁盘。")
    return Check("database", "业务数据库", True, "可以访问。")


def _disk() -> Check:
    found = disk()
    free = f"{found.free / (1 << 30):.1f} GB"
    if found.free < min(DISK_FLOOR, found.total / 20):
        return Check("disk", "磁盘", False, f"磁盘只剩 {free}，请尽快清理或扩容，否则新数据无法写入。")
    return Check("disk", "磁盘", True, f"剩余 {free}，已用 {found.used_percent}%。")


@lru_cache(maxsize=1)
def _telemetry() -> TelemetryClient:
    """A connection of its own, so that a long query never holds up a check."""
    return TelemetryClient(config().telemetry_socket(), timeout_s=3.0)


def _intake() -> Check:
    try:
        state = _telemetry().health()
    except TelemetryError as error:
        text = "设备接入进程没有响应，设备数据没有接收，请检查 bian run 是否在运行。"
        return Check("intake", "设备接入", False, text, str(error))
    if state["error"]:
        # What follows the colon is the store's or the database's own message.
        said, _, detail = str(state["error"]).partition("：")
        return Check("intake", "设备接入", False, f"{said}，请检查磁盘和业务数据库，恢复后会自动继续。", detail)
    if state["judging"]:
        return Check("intake", "设备接入", False, str(state["judging"]))
    if state["alarms_waiting"] > MOST_WAITING:
        text = f"有 {state['alarms_waiting']} 批研判结果等待写入业务数据库，告警会推迟出现。"
        return Check("intake", "设备接入", False, text)
    return Check("intake", "设备接入", True, f"在线设备 {state['devices_online']} 台，读数已全部落盘。")


def _loop() -> Check:
    failing = JobRun.objects.filter(failures__gte=5).order_by("-failures").first()
    if failing:
        return Check(
            "jobs",
            "后台任务",
            False,
            f"后台任务 {failing.code} 连续失败 {failing.failures} 次，请在“运行状态”页查看原因。",
            failing.message,
        )
    late = JobRun.objects.filter(next_at__lt=now()).order_by("next_at").first()
    if late and (now() - late.next_at).total_seconds() > 120:
        return Check("jobs", "后台任务", False, "后台任务超过 2 分钟没有运行，请检查 bian run 是否在运行。")
    return Check("jobs", "后台任务", True, "按时运行。")
