"""Shared set-up: a test instance of the platform in its own folder, never the developer's `var`.

The environment must be complete before Django reads its settings, which is why pytest-django is not
told of them in pyproject.toml: it would load them before this file.
"""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("BIAN_MODE", "test")
os.environ["BIAN_HOME"] = os.environ.get("BIAN_TEST_HOME") or tempfile.mkdtemp(prefix="bian-test-")
os.environ["DJANGO_SETTINGS_MODULE"] = "bianwang.platform.settings"

import django
import pytest

django.setup()
# Parallel workers inherit the environment, and pytest-django would read the settings there before this file.
del os.environ["DJANGO_SETTINGS_MODULE"]

from django.db import connection  # noqa: E402

from bianwang.platform import ratelimit  # noqa: E402
from tests.people import client_for, limits, owner, stranger, teammate, world  # noqa: E402

__all__ = ["client_for", "limits", "owner", "stranger", "teammate", "world"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix(worker_id: str) -> None:
    """Parallel workers have a BIAN_HOME each; only a server that they share needs a database name for each."""
    given = connection.settings_dict
    if connection.vendor == "postgresql" and worker_id != "master":
        given["TEST"]["NAME"] = f"test_{given['NAME']}_{worker_id}"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    """Rate limits live in the process, so one test's attempts would count in the next."""
    for limit in (ratelimit.LOGIN, ratelimit.UPLOAD, ratelimit.IMPORT, ratelimit.PUBLIC):
        limit.clear()
