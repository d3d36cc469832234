"""The golden year, loaded once for all tests of this folder (`order.py` gives them to one worker)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from tests.golden.year import digests, load, prepare


@pytest.fixture(scope="package", autouse=True)
def earlier_digests(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """The golden year lies in the database; these are the digests of its rows when it was loaded once before."""
    with django_db_blocker.unblock(), transaction.atomic():
        prepare()
        found = _loaded_once_before() if connection.vendor == "sqlite" else {}
        load()
        yield found
        transaction.set_rollback(True)


def _loaded_once_before() -> dict[str, str]:
    with transaction.atomic():
        load()
        found = digests()
        transaction.set_rollback(True)
    return found
