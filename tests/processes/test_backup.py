"""Backup of a platform at work, and its return to life elsewhere."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bianwang.processes.backup.database import DUMP, SQLITE, Sqlite
from tests.faults.publisher import Publisher
from tests.faults.test_kill import DEVICE, EXPECTED, gas
from tests.instance import Instance, patience, running
from tests.templates import SERVER, ask

ACTIVE = """
import json
from bianwang.modules.alarms.models import Alarm
print(json.dumps(list(Alarm.objects.filter(signal__name="lel").values_list("is_active", flat=True))))
"""
TABLES = (
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    if SERVER
    else "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
)
KEPT = DUMP if SERVER else SQLITE
"""The file of the business database in a backup."""
COUNT, STEP_MS = 12_000, 1000
VALUES = gas(COUNT)


@dataclass
class Backup:
    """A backup made while a device published, and what was acknowledged when it began."""

    folder: Path
    home: Path
    start: int
    acknowledged: frozenset[int]
    report: str

    @property
    def manifest(self) -> dict[str, object]:
        """Its list of contents."""
        return json.loads((self.folder / "manifest.json").read_bytes())


def device(home: Path, port: int, start: int, values: list[float]) -> Publisher:
    """The demo's gas detector; it holds the same token at the original and at the restored platform."""
    rows = json.loads((home / "demo" / "devices.json").read_bytes())
    token = next(row["token"] for row in rows if row["key"] == DEVICE)
    return Publisher(DEVICE, token, port, "lel", values, start, STEP_MS, window=60)


async def publish_and_back_up(instance: Instance, publisher: Publisher, folder: Path) -> tuple[frozenset[int], str]:
    """Back up once a third is acknowledged, while the rest comes in."""
    task = asyncio.create_task(publisher.run(asyncio.Event()))
    for _ in patience("the device"):
        if len(publisher.acknowledged) > COUNT // 3:
            break
        await asyncio.sleep(0.01)
    before = frozenset(publisher.acknowledged)
    report = await asyncio.to_thread(instance.bian, "backup", str(folder))
    await asyncio.wait_for(task, 120)
    return before, report


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Backup:
    folder = tmp_path_factory.mktemp("backup")
    start = round(time.time() * 1000) - COUNT * STEP_MS
    with running(folder / "home", "intake", "loop") as instance:
        publisher = device(instance.home, instance.mqtt_port, start, VALUES)
        acknowledged, report = asyncio.run(publish_and_back_up(instance, publisher, folder / "copy"))
    return Backup(folder / "copy", folder / "home", start, acknowledged, report)


@contextmanager
def restored(backup: Backup, home: Path) -> Iterator[Instance]:
    """Another machine with the backup in its home; nothing runs yet."""
    instance = Instance(home)
    instance.bian("restore", str(backup.folder))
    try:
        yield instance
    finally:
        instance.stop()


def rows(home: Path) -> dict[str, int]:
    """Rows of each table of a home's database."""
    return {str(name): ask(home, f'SELECT count(*) FROM "{name}"')[0][0] for (name,) in ask(home, TABLES)}


def readings(instance: Instance) -> int:
    """Stored readings while nothing runs."""
    return instance.script(
        "from bianwang.platform.config import config; from bianwang.telemetry.store import TelemetryStore\n"
        "store = TelemetryStore(config().path('telemetry')); print(store.count()); store.close()"
    )


def refused(*arguments: str, home: Path) -> str:
    """The sentence with which `bian` refuses."""
    environment = Instance(home).environment
    command = [sys.executable, "-m", "bianwang.processes.cli", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def alarms_after(instance: Instance, backup: Backup) -> tuple[int, list[list[int]], list[list[int]]]:
    """Let the restored intake judge; how many readings of the device it has, the alarms due and those raised."""
    instance.start("intake")
    client = instance.telemetry()
    instance.wait_judged(client)
    signal = instance.script(
        "from bianwang.modules.sensing.models import Signal\n"
        f"print(Signal.objects.get(device__key={DEVICE!r}, name='lel').pk)"
    )
    stored = client.series([signal], backup.start, backup.start + COUNT * STEP_MS)
    have = len(stored["time"])
    assert stored["time"].tolist() == [backup.start + number * STEP_MS for number in range(have)]
    assert stored["value"].tolist() == VALUES[:have]
    seen = expected(instance, backup, VALUES[:have])
    return have, seen["expected"], seen["raised"]


def expected(instance: Instance, backup: Backup, values: list[float]) -> dict[str, list[list[int]]]:
    """Alarms that the readings must have raised, by the specification, and those that are there."""
    return instance.script(EXPECTED.format(device=DEVICE, values=json.dumps(values), start=backup.start, step=STEP_MS))


def test_a_restored_platform_has_every_acknowledged_reading_and_each_alarm_once_and_goes_on(
    backup: Backup, tmp_path: Path
) -> None:
    with restored(backup, tmp_path / "home") as instance:
        assert rows(instance.home) == backup.manifest["tables"]
        assert readings(instance) == backup.manifest["readings"]

        have, due, raised = alarms_after(instance, backup)
        assert have > max(backup.acknowledged)
        assert len(due) >= have // 150
        assert raised == due
        instance.start("loop")
        assert "台账完整" in instance.bian("ledger", "verify")

        publisher = device(instance.home, instance.mqtt_port, backup.start, VALUES)
        publisher.acknowledged = set(range(have))
        asyncio.run(asyncio.wait_for(publisher.run(asyncio.Event()), 120))
        instance.wait_judged(instance.telemetry())
        seen = expected(instance, backup, VALUES)
        assert len(seen["expected"]) >= COUNT // 150
        assert seen["raised"] == seen["expected"]
        assert "台账完整" in instance.bian("ledger", "verify")


def test_without_the_engine_snapshot_no_alarm_is_lost_and_none_is_raised_twice(backup: Backup, tmp_path: Path) -> None:
    with restored(backup, tmp_path / "home") as instance:
        shutil.rmtree(instance.home / "snapshots", ignore_errors=True)
        _, due, raised = alarms_after(instance, backup)

        assert raised == due


def test_an_alarm_that_was_open_ends_also_when_the_snapshot_is_lost(tmp_path: Path) -> None:
    start = round(time.time() * 1000) - 3 * 3_600_000
    high, low = [60.0 + number / 1000 for number in range(60)], [1.0 + number / 1000 for number in range(600)]
    with running(tmp_path / "home", "intake") as instance:
        first = device(instance.home, instance.mqtt_port, start, high)
        asyncio.run(first.run(asyncio.Event()))
        instance.wait_judged(instance.telemetry())
        assert instance.script(ACTIVE) == [True]
        instance.stop()
        shutil.rmtree(instance.home / "snapshots")

        instance.start("intake")
        second = device(instance.home, instance.mqtt_port, start, high + low)
        second.acknowledged = set(range(len(high)))
        asyncio.run(second.run(asyncio.Event()))
        instance.wait_judged(instance.telemetry())

        assert instance.script(ACTIVE) == [False]


def test_the_backup_tells_what_it_holds_and_can_be_checked_later(backup: Backup, tmp_path: Path) -> None:
    assert "已逐个文件核对" in backup.report
    assert "备份完好" in Instance(tmp_path / "home").bian("restore", "--check", str(backup.folder))
    assert not (tmp_path / "home").exists()


def test_only_the_owner_can_read_what_is_restored(backup: Backup, tmp_path: Path) -> None:
    with restored(backup, tmp_path / "home") as instance:
        secret = instance.home / "secrets" / "ledger_key"
        assert secret.read_bytes() == (backup.home / "secrets" / "ledger_key").read_bytes()
        files = (secret,) if SERVER else (secret, instance.home / SQLITE)
        modes = {stat.S_IMODE(path.stat().st_mode) for path in files}
        assert modes == {0o600}
        assert stat.S_IMODE(instance.home.stat().st_mode) == 0o700


@pytest.mark.parametrize("kind", [KEPT, "secrets/*", "telemetry/**/data.bin", "manifest.json"])
def test_a_flipped_byte_is_named_and_nothing_is_restored(backup: Backup, tmp_path: Path, kind: str) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(backup.folder, copy)
    victim = next(path for path in sorted(copy.glob(kind)) if path.stat().st_size)
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)

    assert str(victim) in refused("restore", str(copy), home=tmp_path / "home")
    assert str(victim) in refused("restore", "--check", str(copy), home=tmp_path / "home")
    assert [path.name for path in tmp_path.iterdir()] == ["copy"]


def test_a_missing_file_is_named(backup: Backup, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(backup.folder, copy)
    (copy / "demo" / "devices.json").unlink()

    assert str(copy / "demo" / "devices.json") in refused("restore", str(copy), home=tmp_path / "home")
    assert not (tmp_path / "home").exists()


def test_an_incomplete_folder_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()

    assert "不是完整的备份" in refused("restore", str(tmp_path / "copy"), home=tmp_path / "home")


def test_restore_never_overwrites_data(backup: Backup, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "kept").write_text("mine")

    assert "不是空的" in refused("restore", str(backup.folder), home=tmp_path / "home")
    assert (tmp_path / "home" / "kept").read_text() == "mine"


def test_restore_refuses_a_running_platform(backup: Backup, tmp_path: Path) -> None:
    with running(tmp_path / "home", "intake") as instance:
        assert "平台正在运行" in refused("restore", str(backup.folder), home=instance.home)


def test_a_backup_goes_neither_into_the_data_nor_over_something(backup: Backup, tmp_path: Path) -> None:
    assert "BIAN_HOME" in refused("backup", str(backup.home / "copy"), home=backup.home)
    assert "不是空文件夹" in refused("backup", str(backup.folder), home=backup.home)
    assert "不存在" in refused("backup", str(tmp_path / "copy"), home=tmp_path / "nowhere")


def test_a_stopped_platform_can_be_backed_up(backup: Backup, tmp_path: Path) -> None:
    source = Instance(backup.home)
    source.bian("backup", str(tmp_path / "copy"))
    later = Backup(tmp_path / "copy", backup.home, backup.start, frozenset(range(COUNT)), "")
    with restored(later, tmp_path / "home") as instance:
        have, due, raised = alarms_after(instance, later)

        assert have == COUNT
        assert raised == due
    assert not (backup.home / "run" / "backup").exists()


def test_an_id_of_a_signal_in_the_telemetry_is_never_given_away_again(tmp_path: Path) -> None:
    make = "CREATE TABLE sensing_signal (id integer PRIMARY KEY AUTOINCREMENT, name text)"
    with closing(sqlite3.connect(tmp_path / "live")) as live, live:
        live.execute(make)
        live.execute("INSERT INTO sensing_signal (name) VALUES ('known')")
    source, copy = Sqlite(tmp_path / "live"), tmp_path / "copy"
    copy.mkdir()
    assert source.save(copy) == {"sensing_signal": 1}
    with closing(sqlite3.connect(tmp_path / "live")) as live, live:
        live.executemany("INSERT INTO sensing_signal (name) VALUES (?)", [("came",), ("later",)])

    Sqlite(copy / SQLITE).load(copy, source.last_signal())

    with closing(sqlite3.connect(copy / SQLITE)) as database:
        assert database.execute("INSERT INTO sensing_signal (name) VALUES ('new')").lastrowid == 4
