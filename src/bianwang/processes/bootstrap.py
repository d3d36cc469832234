"""Makes Django ready in a process of ours; the only place that names the settings module."""

from __future__ import annotations

import os


def ready() -> None:
    """Set Django up once. Raises ConfigError for a wrong `BIAN_*` variable."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bianwang.platform.settings")
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()

    from bianwang.platform.registry import registry

    registry()  # a wrong selection of modules is told before anything starts


def share_connections() -> None:
    """Let the threads of a web process share at most 20 connections of a PostgreSQL server.

    Every request has a thread of its own, and what that one opened would stay open until Python collects it: some
    dozens after a busy second. SQLite has files, not connections that another counts.
    """
    from django.db import connections

    settings = connections.settings["default"]
    if settings["ENGINE"] == "django.db.backends.postgresql":
        settings["CONN_MAX_AGE"] = 0  # back to the pool, not closed
        settings["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 20}
