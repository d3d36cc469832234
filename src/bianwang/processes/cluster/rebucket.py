"""Spreading the owners of a job over another number of buckets."""

from __future__ import annotations

from bianwang.engine.evaluator import Evaluator
from bianwang.processes.cluster.bucket import Saved
from bianwang.processes.cluster.judging import Listed, parts_of, rules_of
from bianwang.processes.cluster.states import ClusterError, Job, States
from bianwang.processes.stream.message import SLOTS


def rebucket(folder: str, buckets: int) -> Job:
    """Spread the owners of a job that stands still over so many buckets; in force when this returns.

    Every new bucket starts from the states of all old ones, of which it takes what belongs to it; the old states stay.
    Raises ClusterError.
    """
    states = States(folder)
    job = states.job()
    if job is None:
        raise ClusterError(f"文件夹 {folder} 中没有研判任务，请检查 --folder。")
    batch = states.last_batch()
    found = [states.before(job, bucket, batch + 1) for bucket in range(job.buckets)]
    saved = [each for each in found if each is not None]
    following = Job(buckets, job.generation + 1)
    if saved:
        version = max(each.rules for each in saved)
        for bucket, part in enumerate(parts_of(_listed(states, version), buckets)):
            states.save(following, bucket, batch, _bucket(part, saved, bucket, buckets, version))
    states.set_job(following)
    return following


def _listed(states: States, version: int) -> Listed:
    found = states.rules(version)
    if found is None:
        raise ClusterError(f"规则第 {version} 版不在任务文件夹中，请先用本版本软件运行一次 bian cluster judge。")
    listed: Listed = found
    return listed


def _bucket(part: bytes, saved: list[Saved], bucket: int, buckets: int, version: int) -> Saved:
    rules = rules_of(part)
    evaluator = Evaluator.restore(rules.table, *(each.engine for each in saved), rest_days=rules.rest_days)
    clocks = {owner: at for each in saved for owner, at in each.clocks.items()}
    return Saved(
        rules=version,
        engine=evaluator.snapshot(),
        seen={slot: number for each in saved for slot, number in each.seen.items() if slot % buckets == bucket},
        clocks={owner: at for owner, at in clocks.items() if owner % SLOTS % buckets == bucket},
        started_ms=max(each.started_ms for each in saved),
    )
