"""Where a job keeps what it must find again: one folder on a file system that all machines share.

    job.json                how many buckets there are, and in which generation of states
    beginning               what buckets without state start from
    rules/<version>         the rules of each version in use
    plans/<batch>           which rules a batch is judged by, decided once
    states-<generation>/<bucket>/<batch>   a bucket's state after a batch
    spark/                  Spark's own checkpoint: which messages each batch has

A batch that Spark repeats finds the state from before it and the same plan, so it comes to the same end.
"""

from __future__ import annotations

import pickle
from dataclasses import asdict, dataclass
from typing import Any

import msgspec
from pyarrow import fs

from bianwang.processes.cluster.bucket import Beginning, Saved

KEPT = 3
"""States of a bucket that are kept: the last one, the one before a batch that may be repeated, and one more."""


class ClusterError(Exception):
    """The job cannot be run; the message is one Chinese sentence."""


@dataclass(frozen=True)
class Job:
    """`buckets` into which owners are spread; `generation` grows when they are spread anew."""

    buckets: int
    generation: int = 0


@dataclass(frozen=True)
class Plan:
    """The rules of a batch, which take over at `at_ms` if they are others than before."""

    rules: int
    at_ms: int


class States:
    """The folder of a job, by its address (a path, or hdfs:// or s3:// and so on)."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self._fs, self._root = fs.FileSystem.from_uri(_uri(self.address))

    def __reduce__(self) -> tuple[type[States], tuple[str]]:
        return States, (self.address,)

    # -- the job

    def job(self) -> Job | None:
        """The job that was begun here, None before."""
        content = self._read("job.json")
        return None if content is None else msgspec.json.decode(content, type=Job)

    def set_job(self, job: Job) -> None:
        """Put it in force."""
        self._write("job.json", msgspec.json.encode(job))

    def beginning(self) -> Beginning | None:
        """What buckets without state start from."""
        content = self._read("beginning")
        return None if content is None else Beginning(**msgspec.msgpack.decode(content))

    def set_beginning(self, beginning: Beginning) -> None:
        """Keep it."""
        self._write("beginning", msgspec.msgpack.encode(asdict(beginning)))

    # -- rules and plans

    def rules(self, version: int) -> Any | None:
        """What was kept under a version; None if there is no such, or none of this release of the software."""
        content = self._read(f"rules/{version}")
        if content is None:
            return None
        try:
            return pickle.loads(content)  # noqa: S301 - our own folder, which also holds the state itself
        except (AttributeError, ImportError, TypeError, pickle.UnpicklingError):
            return None

    def set_rules(self, version: int, rules: Any) -> None:
        """Keep a version."""
        self._write(f"rules/{version}", pickle.dumps(rules, protocol=pickle.HIGHEST_PROTOCOL))

    def versions(self) -> list[int]:
        """The versions that are kept, in order."""
        return self._numbers("rules")

    def plan(self, batch: int) -> Plan | None:
        """What was decided for a batch."""
        content = self._read(f"plans/{batch}")
        return None if content is None else msgspec.json.decode(content, type=Plan)

    def set_plan(self, batch: int, plan: Plan) -> None:
        """Decide; what older batches needed is forgotten."""
        self._write(f"plans/{batch}", msgspec.json.encode(plan))
        for old in self._numbers("plans"):
            if old < batch - KEPT:
                self._fs.delete_file(f"{self._root}/plans/{old}")
        for version in self.versions():
            if version < plan.rules - 1:
                self._fs.delete_file(f"{self._root}/rules/{version}")

    # -- states

    def before(self, job: Job, bucket: int, batch: int) -> Saved | None:
        """The bucket's state from before a batch; None if it has none yet."""
        folder = _folder(job, bucket)
        known = [number for number in self._numbers(folder) if number < batch]
        if not known:
            return None
        content = self._read(f"{folder}/{known[-1]}")
        return None if content is None else msgspec.msgpack.decode(content, type=Saved)

    def save(self, job: Job, bucket: int, batch: int, saved: Saved) -> None:
        """Keep the bucket's state after a batch; it appears whole."""
        folder = _folder(job, bucket)
        self._write(f"{folder}/{batch}", msgspec.msgpack.encode(saved))
        for old in self._numbers(folder)[:-KEPT]:
            self._fs.delete_file(f"{self._root}/{folder}/{old}")

    def last_batch(self) -> int:
        """The last batch that Spark knows to be done; -1 before the first."""
        return max(self._numbers("spark/commits"), default=-1)

    # -- files

    def _numbers(self, folder: str) -> list[int]:
        selector = fs.FileSelector(f"{self._root}/{folder}", allow_not_found=True)
        names = (info.base_name for info in self._fs.get_file_info(selector))
        return sorted(int(name) for name in names if name.isdecimal())

    def _read(self, name: str) -> bytes | None:
        try:
            with self._fs.open_input_stream(f"{self._root}/{name}") as stream:
                content: bytes = stream.read()
                return content
        except FileNotFoundError:
            return None

    def _write(self, name: str, content: bytes) -> None:
        target = f"{self._root}/{name}"
        folder = target.rpartition("/")[0]
        self._fs.create_dir(folder, recursive=True)
        with self._fs.open_output_stream(f"{target}.draft") as stream:
            stream.write(content)
        self._fs.move(f"{target}.draft", target)


def _folder(job: Job, bucket: int) -> str:
    return f"states-{job.generation}/{bucket}"


def _uri(address: str) -> str:
    return address if "://" in address else f"file://{address}"
