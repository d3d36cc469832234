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
