"""Run as a program: the background loop with one more subscription, whose every reaction leaves a row."""

from __future__ import annotations

import sys
import uuid

from bianwang.processes.bootstrap import ready

ready()

from bianwang.platform.ledger.models import Cursor  # noqa: E402
from bianwang.platform.registry import Module, Subscription  # noqa: E402


def react(entry):
    Cursor.objects.create(code=f"done-{uuid.uuid4()}", seq=entry.seq)


if __name__ == "__main__":
    from bianwang.platform import registry
    from bianwang.platform.ledger import subscriptions
    from bianwang.processes import loop

    subscription = Subscription("test.react", ("places.",), "tests.platform.jobs.reactions.react")
    module = Module("test", "测试", subscriptions=(subscription,))
    subscriptions.manifests = lambda: [*registry.manifests(), module]
    sys.exit(loop.main())
