"""Shared set-up: a test instance of the platform in its own folder, never the developer's `var`.

The environment must be complete before Django reads its settings, which is why pytest-django is not
told of them in pyproject.toml: it would load them before this file.
"""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.templates import copy_of, own_home, template_database

os.environ.setdefault("BIAN_MODE", "test")
os.environ["BIAN_HOME"] = str(own_home())
os.environ["DJANGO_SETTINGS_MODULE"] = "bianwang.platform.settings"

import django
import pytest

django.setup()
# Parallel workers inherit the environment, and pytest-django would read the settings there before this file.
del os.environ["DJANGO_SETTINGS_MODULE"]

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from tests.order import pytest_addoption, pytest_collection_modifyitems, pytest_xdist_make_scheduler  # noqa: E402
from tests.people import client_for, forget_attempts, limits, owner, stranger, teammate, world  # noqa: E402

# Every test client starts the middleware anew, which would list all static files each time.
settings.WHITENOISE_AUTOREFRESH = True

__all__ = [
    "client_for",
    "limits",
    "owner",
    "pytest_addoption",
    "pytest_collection_modifyitems",
    "pytest_xdist_make_scheduler",
    "stranger",
    "teammate",
    "world",
]


def pytest_collection_finish() -> None:
    """What is loaded by now stays: a fifth of the tests' time would go into looking through it for garbage."""
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix(worker_id: str) -> None:
    """Parallel workers have a BIAN_HOME each; only a server that they share needs a database name for each."""
    given = connection.settings_dict
    if connection.vendor == "postgresql" and worker_id != "master":
        given["TEST"]["NAME"] = f"test_{given['NAME']}_{worker_id}"


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The test database is a copy of a migrated one; nothing is left to do to it."""
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = template_database("migrated")
    if connection.vendor != "sqlite":
        return False
    template = copy_of("migrated", Path(os.environ["BIAN_HOME"], "template"))
    shutil.copy(template / "business.sqlite3", connection.settings_dict["TEST"]["NAME"])
    return True


@pytest.fixture(scope="session")
def broker() -> Iterator[str]:
    """Address of a Kafka broker: the one that the client library brings for tests, which speaks the real protocol."""
    from confluent_kafka import Producer

    host = Producer({"bootstrap.servers": "none", "test.mock.num.brokers": 1, "log_level": 3})
    (found,) = host.list_topics(timeout=30).brokers.values()
    yield f"{found.host}:{found.port}"
    del host  # and with it the broker


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    forget_attempts()


@pytest.fixture(autouse=True)
def _no_pictures_of_others() -> Iterator[None]:
    """The numbers of cameras begin anew in every test, and with them the names of the folders of their pictures."""
    yield
    shutil.rmtree(Path(os.environ["BIAN_HOME"], "cameras"), ignore_errors=True)
