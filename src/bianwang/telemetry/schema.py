"""Tables of the telemetry store and how long they are kept.

Times are Int64 ms since 1970 UTC. Partitions are months: daily ones slow batches that span many days and refuse
those that span more than 100. The store never inserts a (signal, time) twice, so `readings` needs no merging engine;
roll-ups are recomputed by whole hours, so the newest version of a bucket replaces the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

HOUR_MS: Final = 3_600_000
MINUTE_MS: Final = 60_000
SHANGHAI_MS: Final = 8 * HOUR_MS
"""Offset of Asia/Shanghai, so that buckets of a day begin at its midnight."""

_MONTH = "toYYYYMM(fromUnixTimestamp64Milli({}))"

READINGS = f"""
CREATE TABLE IF NOT EXISTS readings (
    signal UInt32 CODEC(Delta, LZ4),
    time Int64 CODEC(DoubleDelta, LZ4),
    value Float64 CODEC(LZ4),
    quality UInt8 CODEC(LZ4),
    received Int64 CODEC(DoubleDelta, LZ4),
    seq UInt64 CODEC(DoubleDelta, LZ4),
    judged Bool CODEC(LZ4),
    INDEX seq_range seq TYPE minmax GRANULARITY 1
) ENGINE = MergeTree PARTITION BY {_MONTH.format("time")} ORDER BY (signal, time)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_rows_to_fsync_after_merge = 1
"""


def _rollup(name: str) -> str:
    """`total` rather than a mean, and the time of the last value, so that buckets add up to larger ones."""
    return f"""
CREATE TABLE IF NOT EXISTS {name} (
    signal UInt32 CODEC(Delta, LZ4),
    time Int64 CODEC(DoubleDelta, LZ4),
    count UInt64,
    min Float64,
    max Float64,
    total Float64,
    last Float64,
    last_time Int64 CODEC(DoubleDelta, LZ4),
    version UInt64 CODEC(DoubleDelta, LZ4)
) ENGINE = ReplacingMergeTree(version) PARTITION BY {_MONTH.format("time")} ORDER BY (signal, time)
SETTINGS fsync_after_insert = 1
"""


LATEST = """
CREATE TABLE IF NOT EXISTS latest (
    signal UInt32, time Int64, value Float64, quality UInt8, received Int64
) ENGINE = ReplacingMergeTree(time) ORDER BY signal
SETTINGS fsync_after_insert = 1
"""

MARKS = """
CREATE TABLE IF NOT EXISTS marks (name String, seq UInt64) ENGINE = ReplacingMergeTree(seq) ORDER BY name
SETTINGS fsync_after_insert = 1
"""

WANTED = "CREATE TABLE IF NOT EXISTS wanted (signal UInt32, time Int64) ENGINE = Memory"
"""Keys to look up: a table in memory is a hundred times faster to fill than a query is to parse."""

STATEMENTS: Final = [WANTED, READINGS, _rollup("minutes"), _rollup("hours"), LATEST, MARKS]

GRAINS: Final = {"minutes": MINUTE_MS, "hours": HOUR_MS}


@dataclass(frozen=True, slots=True)
class Retention:
    """Days that readings and 1-min roll-ups are kept; 1-h roll-ups stay. Whole months are dropped."""

    raw_days: int = 400
    minute_days: int = 1100


ENGINE_OPTIONS: Final = {
    "max_server_memory_usage": 1_000_000_000,
    "mark_cache_size": 32 << 20,
    "index_mark_cache_size": 8 << 20,
    "primary_index_cache_size": 32 << 20,
    "query_condition_cache_size": 4 << 20,
    "compiled_expression_cache_size": 8 << 20,
    "background_pool_size": 2,
}
"""Keeps the embedded engine small: it shares the machine with the platform."""
