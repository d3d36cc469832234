"""Tables of the telemetry store, on one machine and on a cluster, and how long they are kept.

Times are Int64 ms since 1970 UTC. Partitions are months of UTC: daily ones slow batches that span many days and refuse
those that span more than 100. The store never inserts a (signal, time) twice, so `readings` needs no merging engine;
roll-ups are recomputed by whole hours, so the newest version of a bucket replaces the others.

On a cluster the same tables lie on every shard (`readings_local`, replicated) and are reached through `Distributed`
ones that bear the plain names, so that no query knows of it. The shard follows from the signal's id alone:
blocks of 64 consecutive ids lie together (docs/adr/009).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

HOUR_MS: Final = 3_600_000
MINUTE_MS: Final = 60_000
SHANGHAI_MS: Final = 8 * HOUR_MS
"""Offset of Asia/Shanghai, so that buckets of a day begin at its midnight."""

SHARD: Final = "intDiv(signal, 64)"
"""Signals get their ids in the order of registration, so those of an enterprise lie on one or two shards."""

GRAINS: Final = {"minutes": MINUTE_MS, "hours": HOUR_MS}


@dataclass(frozen=True, slots=True)
class Table:
    """One table; `merging` names its MergeTree variant, `version` the column that decides which row stays."""

    name: str
    columns: str
    order: str
    by_month: bool = False
    version: str = ""
    settings: str = "fsync_after_insert = 1"
    settings_of_server: str = ""
    """Lets a server recognise a batch that is sent again because the answer to the first got lost."""
    shard: str = SHARD

    def create(self, name: str, engine: str, where: str = "", more: str = "") -> str:
        """The statement that makes it under a name, with an engine, `where` (ON CLUSTER), with more settings."""
        partition = " PARTITION BY toYYYYMM(fromUnixTimestamp64Milli(time, 'UTC'))" if self.by_month else ""
        return (
            f"CREATE TABLE IF NOT EXISTS {name}{where} (\n    {self.columns}\n"
            f") ENGINE = {engine}{partition} ORDER BY {self.order}\nSETTINGS {self.settings}{more}"
        )

    @property
    def merging(self) -> str:
        """Name of the engine, without its arguments."""
        return "ReplacingMergeTree" if self.version else "MergeTree"


READINGS: Final = Table(
    "readings",
    """signal UInt32 CODEC(Delta, LZ4),
    time Int64 CODEC(DoubleDelta, LZ4),
    value Float64 CODEC(LZ4),
    quality UInt8 CODEC(LZ4),
    received Int64 CODEC(DoubleDelta, LZ4),
    seq UInt64 CODEC(DoubleDelta, LZ4),
    judged Bool CODEC(LZ4),
    INDEX seq_range seq TYPE minmax GRANULARITY 1""",
    "(signal, time)",
    by_month=True,
    settings="fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1",
    settings_of_server=", non_replicated_deduplication_window = 100",
)

_BUCKETS: Final = """signal UInt32 CODEC(Delta, LZ4),
    time Int64 CODEC(DoubleDelta, LZ4),
    count UInt64,
    min Float64,
    max Float64,
    total Float64,
    last Float64,
    last_time Int64 CODEC(DoubleDelta, LZ4),
    version UInt64 CODEC(DoubleDelta, LZ4)"""
"""`total` rather than a mean, and the time of the last value, so that buckets add up to larger ones."""

LATEST: Final = Table(
    "latest", "signal UInt32, time Int64, value Float64, quality UInt8, received Int64", "signal", version="time"
)
MARKS: Final = Table("marks", "name String, seq UInt64", "name", version="seq", shard="sipHash64(name)")
"""Numbers that only grow: `derived`, up to which seq roll-ups and latest values are kept; `seq`, the last that was
given before the history came here; `import`, odd while a history is being imported; `lease …` and `leave …`, see
`lease`."""

TABLES: Final = (
    READINGS,
    *(Table(name, _BUCKETS, "(signal, time)", by_month=True, version="version") for name in GRAINS),
    LATEST,
    MARKS,
)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the tables lie: embedded, all on one server, or, with a `cluster`, on its shards; then `database` has to be
    named."""

    is_remote: bool = False
    cluster: str = ""
    database: str = ""

    def statements(self) -> list[str]:
        """What makes the tables; running it again changes nothing."""
        # Keys to look up: a table in memory is a hundred times faster to fill than a query is to parse.
        made = [f"CREATE TABLE IF NOT EXISTS {self._named('wanted')}{self.everywhere} (signal UInt32, time Int64)"
                " ENGINE = Memory"]  # fmt: skip
        for table in TABLES:
            made += self._table(table)
        return made

    def name(self, table: str) -> str:
        """Name of the table that holds the data of one server."""
        return f"{table}_local" if self.cluster else table

    def local(self, table: str) -> str:
        """That table on every server, for ALTER and TRUNCATE, which `Distributed` cannot do."""
        return self._named(self.name(table)) + self.everywhere

    @property
    def everywhere(self) -> str:
        """What makes a statement about tables run on every server."""
        return f" ON CLUSTER {self.cluster}" if self.cluster else ""

    def system(self, table: str) -> str:
        """A system table, of all servers."""
        return f"clusterAllReplicas({self.cluster}, system.{table})" if self.cluster else f"system.{table}"

    def _named(self, table: str) -> str:
        return f"{self.database}.{table}" if self.database else table

    def _table(self, table: Table) -> list[str]:
        more = table.settings_of_server if self.is_remote else ""
        if not self.cluster:
            return [table.create(self._named(table.name), f"{table.merging}({table.version})", more=more)]
        local = self.name(table.name)
        version = f", {table.version}" if table.version else ""
        engine = (
            f"Replicated{table.merging}('/clickhouse/tables/{{shard}}/{self.database}/{local}', '{{replica}}'{version})"
        )
        return [
            table.create(self._named(local), engine, self.everywhere, more),
            f"CREATE TABLE IF NOT EXISTS {self._named(table.name)}{self.everywhere} AS {self._named(local)}"
            f" ENGINE = Distributed({self.cluster}, {self.database}, {local}, {table.shard})",
        ]


@dataclass(frozen=True, slots=True)
class Retention:
    """Days that readings and 1-min roll-ups are kept; 1-h roll-ups stay. Whole months are dropped."""

    raw_days: int = 400
    minute_days: int = 1100
