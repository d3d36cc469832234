"""The process that computes a judgement: a plan comes in by standard input, lines of progress and the answer go out.

`python -m bianwang.modules.emergency.fire.process`
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Final

import msgspec

from bianwang.modules.emergency.fire.plan import Answer, Plan

LONGEST_S: Final = 300
_NICE: Final = 10


def run(plan: Plan, tell: Callable[[int], None]) -> Answer:
    """Compute a plan in a process of its own and wait for it; `tell(laws done)` as it goes on."""
    command = [sys.executable, "-m", "bianwang.modules.emergency.fire.process"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin and process.stdout and process.stderr  # noqa: S101, PT018
        errors: list[bytes] = []
        drain = threading.Thread(target=lambda: errors.append(process.stderr.read()))  # type: ignore[union-attr]
        drain.start()
        limit = threading.Timer(LONGEST_S, process.kill)
        limit.start()
        try:
            answer = _follow(process, plan, tell)
        finally:
            limit.cancel()
            process.kill()
            drain.join()
    return answer or Answer(refused=_why(errors))


def _follow(process: subprocess.Popen[bytes], plan: Plan, tell: Callable[[int], None]) -> Answer | None:
    assert process.stdin and process.stdout  # noqa: S101, PT018
    try:
        process.stdin.write(msgspec.msgpack.encode(plan))
        process.stdin.close()
    except BrokenPipeError:
        return None
    for line in process.stdout:
        word, _, rest = line.partition(b" ")
        if word == b"done":
            tell(int(rest))
        else:
            return msgspec.json.decode(rest, type=Answer)
    return None


def _why(errors: list[bytes]) -> str:
    last = errors[0].decode(errors="replace").strip().splitlines()[-1:] if errors else []
    return f"推演进程中断{'：' + last[0][:200] if last else f'或超过 {LONGEST_S} 秒'}，请减小范围或加大格网边长后再试。"


def main() -> None:
    """Compute the plan of the standard input."""
    os.nice(_NICE)
    plan = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Plan)
    answer = _answer(plan)
    sys.stdout.buffer.write(b"answer " + msgspec.json.encode(answer) + b"\n")


def _answer(plan: Plan) -> Answer:
    # The caller must not carry the compiled kernel.
    import numba
    import numpy as np

    from bianwang.modules.emergency.fire.burning import burn
    from bianwang.spread.errors import SpreadError

    def tell(done: int) -> None:
        sys.stdout.write(f"done {done}\n")
        sys.stdout.flush()

    try:
        fires = burn(plan, tell)
    except SpreadError as error:
        return Answer(refused=str(error))
    return Answer(fires, versions=f"numpy {np.__version__}，numba {numba.__version__}")


if __name__ == "__main__":
    main()
