"""The ASGI application that `bian web` serves."""

from __future__ import annotations

from bianwang.processes.bootstrap import ready

ready()

from django.core.asgi import get_asgi_application  # noqa: E402

application = get_asgi_application()
