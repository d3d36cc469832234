"""The ASGI application that `bian web` serves."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading

from bianwang.processes.bootstrap import ready, share_connections

ready()
share_connections()

from django.core.asgi import get_asgi_application  # noqa: E402
from django.urls import get_resolver  # noqa: E402

application = get_asgi_application()
_ = get_resolver().url_patterns  # nobody waits for the pages' code
# What is loaded stays. Python would look through it now and then, and every page would wait for a tenth of a second.
gc.freeze()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    """One of several workers: left behind by a parent that was killed, it would hold the port for ever."""
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


if (_parent := multiprocessing.parent_process()) is not None:
    threading.Thread(target=_end_with, args=(_parent,), name="parent", daemon=True).start()
