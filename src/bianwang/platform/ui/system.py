"""How the instance is doing: checks for `/health` and figures for the system page."""

from __future__ import annotations

import platform
import shutil
from dataclasses import dataclass
from importlib.metadata import version

import django
from django.db import DatabaseError, connection

from bianwang.platform.clock import now
from bianwang.platform.config import config
from bianwang.platform.jobs.models import JobRun
from bianwang.platform.registry import manifests

DISK_FLOOR = 1 << 30
"""Free bytes below which the instance reports itself unwell: 1 GiB."""


@dataclass(frozen=True)
class Check:
    """One thing that must be in order; `text` says in Chinese what is found and what to do."""

    code: str
    name: str
    ok: bool
    text: str


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
    """Database, disk and background loop."""
    return [_database(), _disk(), _loop()]


def disk() -> Disk:
    """Space where BIAN_HOME lies."""
    usage = shutil.disk_usage(config().path("x").parent)
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
        ("运行方式", {"production": "正式", "demo": "演示", "test": "测试"}[config().mode]),
        ("数据文件夹", str(config().home.resolve())),
        ("启用模块", "、".join(module.name for module in manifests())),
    ]


def _database() -> Check:
    try:
        JobRun.objects.exists()
    except DatabaseError:
        return Check("database", "业务数据库", False, "业务数据库不能访问，请检查数据库服务和磁盘。")
    return Check("database", "业务数据库", True, "可以读写。")


def _disk() -> Check:
    found = disk()
    free = f"{found.free / (1 << 30):.1f} GB"
    if found.free < DISK_FLOOR:
        return Check("disk", "磁盘", False, f"磁盘只剩 {free}，请尽快清理或扩容，否则新数据无法写入。")
    return Check("disk", "磁盘", True, f"剩余 {free}，已用 {found.used_percent}%。")


def _loop() -> Check:
    failing = JobRun.objects.filter(failures__gte=5).order_by("-failures").first()
    if failing:
        return Check(
            "jobs",
            "后台任务",
            False,
            f"任务 {failing.code} 连续失败 {failing.failures} 次：{failing.message}",
        )
    late = JobRun.objects.filter(next_at__lt=now()).order_by("next_at").first()
    if late and (now() - late.next_at).total_seconds() > 120:
        return Check("jobs", "后台任务", False, "后台任务超过 2 分钟没有运行，请检查 bian run 是否在运行。")
    return Check("jobs", "后台任务", True, "按时运行。")
