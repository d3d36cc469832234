"""What a store on a server promises beyond one in a folder: one user at a time, nothing lost or doubled on the way."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing

import clickhouse_connect
import pytest

from bianwang.processes.cluster.history import ServerHistory
from bianwang.telemetry.columns import Columns
from bianwang.telemetry.engine import BadAddress, at
from bianwang.telemetry.lease import HOLDS_MS, InUse
from bianwang.telemetry.store import TelemetryStore
from tests.telemetry.http_server import LOSE

NOW = 1_795_400_000_000
OPEN = "import sys; from bianwang.telemetry.store import TelemetryStore; store = TelemetryStore(sys.argv[1]); "


@pytest.fixture
def address(new_address):
    return new_address()


def elsewhere(address: str, more: str) -> subprocess.CompletedProcess[str]:
    """Another process of this machine opens the store and does more."""
    return subprocess.run([sys.executable, "-c", OPEN + more, address], capture_output=True, text=True, timeout=120)


def claim(address: str, ends_in_ms: int) -> None:
    """A process on another machine claims the database."""
    until = time.time_ns() // 1_000_000 + ends_in_ms
    with closing(clickhouse_connect.get_client(dsn=address, autogenerate_session_id=False)) as client:
        client.command(f"INSERT INTO marks VALUES ('lease another 4711', {until})")


def test_a_second_process_is_refused_until_the_first_leaves(address):
    store = TelemetryStore(address)
    refused = elsewhere(address, "")
    assert "一个数据库只能由一个接入进程使用" in refused.stderr
    store.close()
    assert elsewhere(address, "store.close()").returncode == 0


def test_a_process_that_was_killed_on_this_machine_is_replaced_at_once(address):
    killed = elsewhere(address, "import os; os.kill(os.getpid(), 9)")
    assert killed.returncode == -9
    TelemetryStore(address).close()


def test_the_claim_of_another_machine_holds_until_it_ends(address):
    TelemetryStore(address).close()
    claim(address, HOLDS_MS)
    with pytest.raises(InUse, match="another 上的进程 4711"):
        TelemetryStore(address)


def test_a_claim_that_ran_out_is_nobodys(address):
    TelemetryStore(address).close()
    claim(address, -1)
    TelemetryStore(address).close()


def test_nothing_is_written_once_another_has_taken_over(address):
    store = TelemetryStore(address)
    claim(address, HOLDS_MS)
    with pytest.raises(InUse):
        store.keep()
    with pytest.raises(InUse, match="暂停写入"):
        store.insert(Columns.of(1, NOW, 1), NOW)
    assert store.count() == 0


def test_a_batch_whose_answer_was_lost_is_stored_once(address, server_folder):
    store = TelemetryStore(address)
    (server_folder / LOSE).touch()
    store.insert(Columns.of([1, 2], [NOW, NOW], [1, 2]), NOW)
    assert not (server_folder / LOSE).exists()
    store.insert(Columns.of(1, NOW + 1, 3), NOW)
    assert store.count() == 3
    store.close()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("clickhouse://host", "clickhouse://用户:密码@主机:8123/库名"),
        ("clickhouse://host/a-b", "只用字母"),
        ("clickhouse://host/db?cluster=a;b", "只用字母"),
        ("clickhouse://host:x/db", "不能识别"),
        ("clickhouse://host/db?sslmode=1", "sslmode"),
    ],
)
def test_an_address_that_cannot_be_used_is_said_in_one_sentence(wrong, said):
    with pytest.raises(BadAddress, match=said):
        at(wrong)


def test_a_job_on_another_machine_reads_the_past_from_the_server(new_address: Callable[[], str]) -> None:
    address = new_address()
    store = TelemetryStore(address)
    store.insert(Columns.of([5, 5, 6], [1_000, 2_000, 1_500], [1.0, 2.0, 3.0]), now_ms=10_000)
    found = ServerHistory(address).series([5], 1_000, 2_000)
    assert (found["time"].tolist(), found["value"].tolist()) == ([1_000], [1.0])
    store.close()
