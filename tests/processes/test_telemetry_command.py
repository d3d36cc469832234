"""`bian telemetry`: the whole history leaves one store and is the same in another, whatever happens on the way."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bianwang.platform.config import Config
from bianwang.processes import archive
from bianwang.processes.archive import importing
from bianwang.processes.archive.manifest import NAME
from bianwang.processes.backup.manifest import BackupError
from bianwang.telemetry import content
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.lease import InUse
from bianwang.telemetry.store import TelemetryStore
from tests.telemetry.http_server import running

HOUR = 3_600_000
NOW = 1_795_400_000_000 // HOUR * HOUR
MONTH = 31 * 24 * HOUR


def options(home: Path, **more: str) -> Config:
    return Config(home=home, _env_file=None, **more)


def fill(store: TelemetryStore) -> None:
    """Readings of three months in several parts, out of order, with every quality, some hours rolled up."""
    chance = np.random.default_rng(1)
    for piece in range(6):
        times = NOW - MONTH * (piece % 3) - chance.choice(6 * HOUR, 4000, replace=False)
        quality = chance.integers(0, 3, 4000)
        # Sums of eighths are exact in any order; what is bad may be no number.
        values = np.where(quality == 2, np.nan, chance.integers(0, 400, 4000) / 8)
        store.insert(Columns.of(chance.integers(1, 9, 4000), times, values, quality), NOW)
        if piece == 3:
            store.checkpoint(NOW)


def held(store: TelemetryStore) -> list[object]:
    """What a store answers."""
    signals = list(range(1, 9))
    tables = [
        store.series(signals, 0, NOW),
        store.latest(),
        *(store.series(signals, 0, NOW, b) for b in (60_000, HOUR)),
    ]
    return [store.seq, [{name: column.tobytes() for name, column in table.items()} for table in tables]]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[object]]:
    """An archive of a filled store, and what that store answered."""
    folder = tmp_path_factory.mktemp("source")
    store = TelemetryStore(folder / "home" / "telemetry")
    fill(store)
    answers = held(store)
    store.close()
    archive.save(options(folder / "home"), folder / "archive")
    return folder / "archive", answers


def test_another_home_holds_the_same_and_gives_the_same_archive(exported, tmp_path, monkeypatch):
    folder, answers = exported
    monkeypatch.setattr(content, "PAGE", 1000)  # parts and pages differ from those of the source
    archive.load(options(tmp_path / "home"), folder)
    store = TelemetryStore(tmp_path / "home" / "telemetry")
    assert held(store) == answers
    assert store.insert(Columns.of(1, NOW + 1, 1), NOW).seq.tolist() == [answers[0] + 1]
    store.close()


def test_a_server_and_a_folder_give_archives_of_the_same_rows(exported, tmp_path):
    folder, _ = exported
    (tmp_path / "server").mkdir()
    with running(tmp_path / "server") as port:
        there = options(tmp_path / "home", telemetry=f"clickhouse://a:b@127.0.0.1:{port}/default")
        first = archive.load(there, folder)
        second = archive.save(there, tmp_path / "again")
    assert [(p.table, p.month, p.rows, p.sm3) for p in first.pieces] == [
        (p.table, p.month, p.rows, p.sm3) for p in second.pieces
    ]
    assert (first.seq, first.derived) == (second.seq, second.derived)


def test_what_is_in_an_archive_is_counted_by_table_and_month(exported):
    listed = json.loads((exported[0] / NAME).read_bytes())["pieces"]
    assert sum(piece["rows"] for piece in listed if piece["table"] == "readings") == exported[1][0]
    assert {piece["table"] for piece in listed} == {"readings", "minutes", "hours", "latest"}
    assert [piece["month"] for piece in listed if piece["table"] == "readings"] == [202609, 202610, 202611]


def test_months_can_be_chosen(exported, tmp_path):
    home = exported[0].parent / "home"
    made = archive.save(options(home), tmp_path / "part", 202610, 202610)
    assert {piece.month for piece in made.pieces} == {0, 202610}


@pytest.mark.parametrize("readings", [0, 5])
def test_a_store_of_which_nothing_is_derived_yet_moves_too(tmp_path, readings):
    store = TelemetryStore(tmp_path / "home" / "telemetry")
    store.insert(Columns.of(1, NOW + np.arange(readings), 1.0), NOW)
    store.close()
    made = archive.save(options(tmp_path / "home"), tmp_path / "archive")
    assert [piece.table for piece in made.pieces] == (["readings"] if readings else [])
    archive.load(options(tmp_path / "other"), tmp_path / "archive")
    other = TelemetryStore(tmp_path / "other" / "telemetry")
    assert (other.count(), other.seq, len(other.latest()["time"])) == (readings, readings, min(readings, 1))
    other.close()


def damaged(exported, tmp_path, name: str) -> Path:
    shutil.copytree(exported[0], tmp_path / "archive")
    victim = next(iter(sorted((tmp_path / "archive").glob(name))))
    content = bytearray(victim.read_bytes())
    content[len(content) // 2] ^= 1
    victim.write_bytes(content)
    return victim


@pytest.mark.parametrize("name", ["readings-*", "minutes-*", "latest*", NAME])
def test_a_damaged_file_is_named_and_nothing_is_written(exported, tmp_path, name):
    victim = damaged(exported, tmp_path, name)
    with pytest.raises(BackupError, match=victim.name):
        archive.load(options(tmp_path / "home"), tmp_path / "archive")
    assert not (tmp_path / "home" / "telemetry").exists()


def test_a_missing_file_is_named(exported, tmp_path):
    shutil.copytree(exported[0], tmp_path / "archive")
    (tmp_path / "archive" / "latest.native.zst").unlink()
    with pytest.raises(BackupError, match=r"latest\.native\.zst 不能读取"):
        archive.load(options(tmp_path / "home"), tmp_path / "archive")


def test_a_store_that_holds_something_is_left_alone(exported, tmp_path):
    store = TelemetryStore(tmp_path / "home" / "telemetry")
    store.insert(Columns.of(77, NOW, 5), NOW)
    store.close()
    with pytest.raises(BackupError, match="已有读数 1 条"):
        archive.load(options(tmp_path / "home"), exported[0])
    with pytest.raises(BackupError, match="已有读数"):
        archive.load(options(tmp_path / "home"), exported[0])
    again = TelemetryStore(tmp_path / "home" / "telemetry")
    assert again.count() == 1
    again.close()


KILLED = """
import os, sys
from pathlib import Path
from bianwang.platform.config import Config
from bianwang.processes import archive
from bianwang.processes.archive import importing
fill, pieces = importing._fill, []
def killed(*given):
    fill(*given)
    pieces.append(given)
    if len(pieces) == 2:
        os.kill(os.getpid(), 9)
importing._fill = killed
archive.load(Config(home=Path(sys.argv[1]), _env_file=None), Path(sys.argv[2]))
"""


def test_an_import_that_was_killed_is_used_by_nobody_and_can_be_repeated(exported, tmp_path):
    folder, answers = exported
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "home"), str(folder)], timeout=300)
    assert done.returncode == -9
    with pytest.raises(InUse, match="再运行一次 bian telemetry import"):
        TelemetryStore(tmp_path / "home" / "telemetry")
    archive.load(options(tmp_path / "home"), folder)
    store = TelemetryStore(tmp_path / "home" / "telemetry")
    assert held(store) == answers
    store.close()


def test_what_arrived_differently_is_told_and_not_used(exported, tmp_path, monkeypatch):
    read = importing.native.read_block

    def lossy(stream):
        rows = read(stream)
        return {name: column[: len(column) - 1] for name, column in rows.items()}

    monkeypatch.setattr(importing.native, "read_block", lossy)
    with pytest.raises(BackupError, match="与导出时不同"):
        archive.load(options(tmp_path / "home"), exported[0])
    with pytest.raises(InUse):
        TelemetryStore(tmp_path / "home" / "telemetry")


def test_an_export_never_overwrites_and_leaves_nothing_half_written(exported, tmp_path):
    home = exported[0].parent / "home"
    with pytest.raises(BackupError, match="不是空文件夹"):
        archive.save(options(home), exported[0])
    with pytest.raises(BackupError, match="核对 BIAN_HOME"):
        archive.save(options(tmp_path / "nowhere"), tmp_path / "archive")
    assert os.listdir(tmp_path) == []
