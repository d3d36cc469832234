"""The tables of a cluster, as far as they can be tried without one.

The embedded engine is told of a cluster and of a keeper in memory. It makes the replicated and distributed tables and
plans queries over them; it neither runs statements ON CLUSTER nor reaches a second server.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bianwang.telemetry.schema import Layout

CONFIGURATION = """<clickhouse>
<zookeeper><implementation>testkeeper</implementation></zookeeper>
<macros><shard>1</shard><replica>a</replica></macros>
<remote_servers><city>
<shard><replica><host>127.0.0.1</host><port>1</port></replica></shard>
<shard><replica><host>127.0.0.1</host><port>2</port></replica></shard>
</city></remote_servers>
</clickhouse>"""

TRY = """
import json, os, sys
import chdb
folder, statements, queries = sys.argv[1], *map(json.loads, sys.argv[2:])
engine = chdb.connect(f"{folder}/data?config-file={folder}/config.xml")
def ask(sql):
    try:
        return engine.query(sql, "TabSeparated").data()
    except Exception as error:
        return f"error: {error}"
for statement in statements:
    engine.query(statement)
print(json.dumps([ask(query) for query in queries]), flush=True)
os._exit(0)  # the replicated tables never stop on their own
"""


def asked(folder: Path, statements: list[str], *queries: str) -> list[str]:
    """What an engine that has run the statements answers; in a process of its own."""
    (folder / "config.xml").write_text(CONFIGURATION)
    command = [sys.executable, "-c", TRY, str(folder), json.dumps(statements), json.dumps(queries)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout)


def quoted(sql: str) -> str:
    return "'" + sql.replace("\\", "\\\\").replace("'", "\\'") + "'"


@pytest.mark.parametrize("layout", [Layout(), Layout(True), Layout(True, "", "bian"), Layout(True, "city", "bian")])
def test_every_statement_is_one_that_clickhouse_understands(layout, tmp_path):
    statements = layout.statements()
    for text in asked(tmp_path, [], *(f"SELECT formatQuery({quoted(statement)})" for statement in statements)):
        assert text.startswith("CREATE TABLE IF NOT EXISTS")
        assert ("ON CLUSTER city" in text) == bool(layout.cluster)


def test_a_cluster_keeps_readings_replicated_by_shard_under_the_plain_names(tmp_path):
    # The engine has no queue for statements of a cluster; everything else of them it runs.
    made = [text.replace(" ON CLUSTER city", "") for text in Layout(True, "city", "bian").statements()]
    found, pruned, unpruned, both = asked(
        tmp_path,
        ["CREATE DATABASE bian", *made, *made, "USE bian"],
        "SELECT name, engine FROM system.tables WHERE database = 'bian' ORDER BY name",
        # Port 1 is the first shard, port 2 the second: signals 0 to 63 lie on the first, 64 to 127 on the second.
        "SELECT count() FROM readings WHERE signal IN (70, 100) SETTINGS optimize_skip_unused_shards = 1,"
        " force_optimize_skip_unused_shards = 2",
        "SELECT count() FROM readings WHERE time > 5 SETTINGS optimize_skip_unused_shards = 1,"
        " force_optimize_skip_unused_shards = 2",
        "SELECT count() FROM readings WHERE signal IN (3, 70) SETTINGS optimize_skip_unused_shards = 1",
    )
    tables = dict(line.split("\t") for line in found.splitlines())
    assert tables == {
        "wanted": "Memory",
        "readings": "Distributed",
        "readings_local": "ReplicatedMergeTree",
        **dict.fromkeys(("minutes", "hours", "latest", "marks"), "Distributed"),
        **{f"{name}_local": "ReplicatedReplacingMergeTree" for name in ("minutes", "hours", "latest", "marks")},
    }
    assert "127.0.0.1:2" in pruned
    assert "127.0.0.1:1" not in pruned
    assert "UNABLE_TO_SKIP_UNUSED_SHARDS" in unpruned
    assert "127.0.0.1:1" in both or "127.0.0.1:2" in both
