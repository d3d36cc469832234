"""The seal: HMAC-SM3 over every row and the one before it, numbered without gaps by one sealer at a time.

    mac(n) = HMAC-SM3(key, mac(n-1) ‖ canonical bytes of row n)

The key lies outside the database, so nobody who can only write tables can make a chain that verifies. What
was cut off the end shows against the heads that `export_head` writes to a file every day.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Q

from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.config import config
from bianwang.platform.crypto import hmac_sm3, ledger_key
from bianwang.platform.ledger.models import Entry, EntryQuerySet, SealLease

BATCH = 200
"""Rows sealed in one write transaction: some 30 ms on a slow disk, so that nobody waits for the sealer."""
LEASE = timedelta(seconds=10)
HOLDER = f"{socket.gethostname()[:40]}:{os.getpid()}"
# Longest that one call goes on under load, before the loop gets its turn for the other jobs.
_LONGEST_RUN = 2.0

# The sealed columns in their order; a change of this list breaks every chain that exists.
SEALED = (
    "seq", "id", "at", "verb", "actor_id", "actor_name", "origin", "object_type", "object_id",
    "object_label", "owner_id", "operation", "reason", "changes",
)  # fmt: skip

Row = dict[str, Any]


@dataclass(frozen=True)
class Verification:
    """What `verify` found. `problem` names the first broken row in one Chinese sentence; empty: unbroken."""

    checked: int
    problem: str = ""
    position: int | None = None
    notice: str = ""

    @property
    def ok(self) -> bool:
        """Whether the chain is whole."""
        return not self.problem


def seal() -> int:
    """Number and chain the rows that wait; returns how many. 0 as well when another process is the sealer."""
    if not Entry.objects.filter(seq__isnull=True).exists():
        return 0
    head = _take_lease()
    if head is None:
        return 0
    sealed, until = 0, time.monotonic() + _LONGEST_RUN
    while time.monotonic() < until:
        rows = list(Entry.objects.filter(seq__isnull=True).order_by("id").values(*SEALED)[:BATCH])
        if not rows or not _seal(head, rows):
            break
        sealed += len(rows)
        if len(rows) < BATCH:
            break
    return sealed


def verify(using: str = DEFAULT_DB_ALIAS) -> Verification:
    """Walk the whole chain as it stands when called and compare it with its head and the exported heads.

    `using` names the database.
    """
    lease = SealLease.objects.using(using).filter(pk=1).first() or SealLease()
    rows = Entry.objects.using(using)
    exported = dict(_exported_heads())
    mac, expected, broken = bytes(32), 0, None
    for row in rows.filter(seq__lte=lease.seq).order_by("seq").values(*SEALED, "mac").iterator(2000):
        if broken:
            return _broken(expected, _explain(broken, row))
        expected += 1
        if row["seq"] != expected:
            return _broken(expected, f"台账第 {expected} 号记录缺失（应在{_told(row)}之前），记录已被删除。")
        mac = _mac(mac, row)
        if mac.hex() != row["mac"]:
            broken = row
        elif exported.get(expected, row["mac"]) != row["mac"]:
            return _broken(expected, f"台账{_told(row)}与导出的链头不一致，此前的记录曾被整体改写。")
    if broken:
        return _broken(expected, _explain(broken, None))
    return _verify_end(rows, lease, expected, exported)


def export_head() -> None:
    """Append the chain's head to `BIAN_HOME/ledger/heads.jsonl`, where no database user can change it."""
    lease = SealLease.objects.filter(pk=1).first()
    if lease is None or lease.seq == 0:
        return
    line = orjson.dumps({"at": now().isoformat(), "seq": lease.seq, "mac": lease.mac}) + b"\n"
    with open(_heads_file(), "ab") as stream:
        stream.write(line)
        stream.flush()
        os.fsync(stream.fileno())


def _take_lease() -> SealLease | None:
    """The lease with the chain's head, if it is ours, free or run out."""
    SealLease.objects.get_or_create(pk=1)
    moment = now()
    free = Q(holder=HOLDER) | Q(until__isnull=True) | Q(until__lt=moment)
    if not SealLease.objects.filter(free, pk=1).update(holder=HOLDER, until=moment + LEASE):
        return None
    return SealLease.objects.get(pk=1)


def _seal(head: SealLease, rows: list[Row]) -> bool:
    """Chain rows onto `head`; False if another sealer took over meanwhile, and then nothing is written."""
    mac, seq, links = bytes.fromhex(head.mac), head.seq, []
    for row in rows:
        seq += 1
        mac = _mac(mac, row | {"seq": seq})
        links.append((row["id"], seq, mac.hex()))
    with transaction.atomic():
        # The head is the fence: whoever moves it from this seq owns the numbers that follow.
        ours = SealLease.objects.filter(pk=1, holder=HOLDER, seq=head.seq, mac=head.mac)
        if not ours.update(seq=seq, mac=mac.hex(), until=now() + LEASE):
            return False
        for pk, number, code in links:
            Entry.objects.filter(pk=pk, seq__isnull=True)._seal(seq=number, mac=code)
    head.seq, head.mac = seq, mac.hex()
    return True


def _mac(previous: bytes, row: Row) -> bytes:
    return hmac_sm3(ledger_key(), previous + canonical_row(row))


def canonical_row(row: Row) -> bytes:
    """The bytes that are sealed: a JSON list in the order of `SEALED`; empty text and NULL are the same."""
    plain = [_plain(row[name]) for name in SEALED]
    return orjson.dumps(plain)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return None if value == "" else value


def _explain(broken: Row, following: Row | None) -> str:
    """Tells a changed row (its successor rests on its seal) from one that was put here or swapped."""
    told = _told(broken)
    if following is None or _rests_on(following, broken["mac"]):
        return f"台账{told}的内容与封存码不符，记录已被改动。"
    return f"台账{told}的封存码接不上前后记录，记录被插入、调换或连同封存码一起改动。"


def _rests_on(row: Row, mac: str) -> bool:
    try:
        return bool(_mac(bytes.fromhex(mac), row).hex() == row["mac"])
    except ValueError:
        return False


def _verify_end(rows: EntryQuerySet, lease: SealLease, last: int, exported: dict[int, str]) -> Verification:
    if last != lease.seq:
        return _broken(last + 1, f"台账第 {last + 1} 号至第 {lease.seq} 号记录缺失，末尾的记录已被删除。")
    beyond = rows.filter(seq__gt=SealLease.objects.filter(pk=1).values("seq")[:1]).order_by("seq")
    if stray := beyond.values(*SEALED).first():
        return _broken(stray["seq"], f"台账{_told(stray)}超出封存链末尾，记录是直接插入数据库的。")
    if cut := [seq for seq in exported if seq > last]:
        return _broken(last + 1, f"台账只到第 {last} 号，而导出的链头已到第 {max(cut)} 号，末尾的记录已被删除。")
    waiting = rows.filter(seq__isnull=True, at__lt=now() - timedelta(minutes=1)).count()
    notice = f"另有 {waiting} 条记录超过一分钟未封存，请确认后台进程正在运行。" if waiting else ""
    return Verification(last, notice=notice)


def _broken(position: int, problem: str) -> Verification:
    return Verification(position - 1, problem, position)


def _told(row: Row) -> str:
    at = row["at"].astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    what = f"{row['actor_name']} {row['verb']}“{row['object_label']}”"
    return f"第 {row['seq']} 号记录（{at} {what}，行 {row['id']}）"


def _heads_file() -> Path:
    return config().path("ledger", "heads.jsonl")


def _exported_heads() -> Iterator[tuple[int, str]]:
    file = _heads_file()
    if file.exists():
        for line in file.read_bytes().splitlines():
            head = orjson.loads(line)
            yield head["seq"], head["mac"]
