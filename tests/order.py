"""In which order a run's tests start and which worker takes them: hooks of pytest, imported by `conftest.py`."""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

LONGEST = (
    "tests/browser/",
    "tests/golden/",
    "tests/faults/test_kill.py",
    "tests/processes/test_backup.py",
    "tests/test_permissions.py",
    "tests/processes/",
    "tests/faults/",
    "tests/engine/",
    "tests/vision/",
    "tests/audit/",
)
"""What takes longest starts first: begun last, it would keep one worker busy while the others have nothing left."""
SHARED = ("tests/browser/", "tests/golden/")
"""Folders whose tests share one instance or one year."""
WITH_DATABASE = {"db", "transactional_db"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="leave out the tests that ask no database")


class ByFile(LoadScopeScheduling):
    """A file's tests go to one worker, so that what they share is built once; some folders are like one file."""

    def _split_scope(self, nodeid: str) -> str:
        return next((folder for folder in SHARED if nodeid.startswith(folder)), nodeid.partition("::")[0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    config.option.loadscopereorder = False  # most tests first would be the short ones first
    return ByFile(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=_place)
    if config.getoption("database_only"):
        same = [item for item in items if not _asks_database(item)]
        config.hook.pytest_deselected(items=same)
        items[:] = [item for item in items if _asks_database(item)]


def _place(item: pytest.Item) -> int:
    return next((place for place, path in enumerate(LONGEST) if item.nodeid.startswith(path)), len(LONGEST))


def _asks_database(item: pytest.Item) -> bool:
    """Whether the outcome depends on the database of this run."""
    names = getattr(item, "fixturenames", ())
    return bool(WITH_DATABASE & set(names)) or item.get_closest_marker("django_db") is not None
