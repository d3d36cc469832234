"""Run as a program: the background loop with one more subscription, whose every reaction leaves a row.

With the word `long` also with a job that does not end before it is told to, and one that counts meanwhile.
"""

from __future__ import annotations

import sys
import time
import uuid
from datetime import timedelta

from bianwang.processes.bootstrap import ready

ready()

from bianwang.platform.ledger.models import Cursor  # noqa: E402
from bianwang.platform.registry import Job, Module, Subscription  # noqa: E402


def react(entry):
    Cursor.objects.create(code=f"done-{uuid.uuid4()}", seq=entry.seq)


def stay():
    Cursor.objects.create(code="long-begun", seq=0)
    while not Cursor.objects.filter(code="long-ends").exists():
        time.sleep(0.05)


def tick():
    Cursor.objects.create(code=f"tick-{uuid.uuid4()}", seq=0)


HERE = "tests.platform.jobs.reactions"
JOBS = (
    Job("test.long", "长任务", timedelta(days=1), f"{HERE}.stay", is_long=True),
    Job("test.tick", "计数", timedelta(milliseconds=500), f"{HERE}.tick"),
)

if __name__ == "__main__":
    from bianwang.platform import registry
    from bianwang.platform.jobs import services
    from bianwang.platform.ledger import subscriptions
    from bianwang.processes import loop

    subscription = Subscription("test.react", ("places.",), "tests.platform.jobs.reactions.react")
    module = Module("test", "测试", subscriptions=(subscription,), jobs=JOBS if sys.argv[1:] == ["long"] else ())
    subscriptions.manifests = services.manifests = lambda: [*registry.manifests(), module]
    sys.exit(loop.main())
