"""A copy of an embedded store while it is in use."""

from __future__ import annotations

import numpy as np
import pytest

from bianwang.telemetry.columns import Columns
from bianwang.telemetry.engine import NotHere
from bianwang.telemetry.store import TelemetryStore

HOUR = 3_600_000
NOW = 1_795_400_000_000 // HOUR * HOUR


def test_a_backup_opens_as_a_store_and_holds_what_was_there(store, tmp_path):
    store.insert(Columns.of(1, NOW + np.arange(1000), range(1000)), NOW)
    store.checkpoint(NOW + 3 * HOUR)
    seq = store.backup(tmp_path / "copy")
    store.insert(Columns.of(1, NOW + 5000, 1), NOW)
    store.close()
    copy = TelemetryStore(tmp_path / "copy")
    try:
        assert (copy.seq, copy.count()) == (seq, 1000)
        assert copy.latest([1])["time"].tolist() == [NOW + 999]
        assert copy.insert(Columns.of(1, NOW + 999, 7), NOW).seq.tolist() == []
    finally:
        copy.close()


def test_a_backup_never_overwrites(store, tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(FileExistsError, match="不是空的"):
        store.backup(tmp_path / "full")


def test_a_server_is_backed_up_by_its_own_means(new_address, tmp_path):
    store = TelemetryStore(new_address())
    with pytest.raises(NotHere, match="BACKUP"):
        store.backup(tmp_path / "copy")
    store.close()
    assert not (tmp_path / "copy").exists()
