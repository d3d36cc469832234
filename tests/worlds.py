"""A world for every test: built by the models once a process, then put back row by row.

The models take some 60 statements and 30 ms of a processor for it, most of what many tests cost; its rows take 5 ms.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, transaction

from bianwang.platform.accounts.models import User
from bianwang.platform.places.models import Party, Territory

World = TypeVar("World")

_kept: list[tuple[bytes, dict[str, list[tuple[Any, ...]]]]] = []
"""The world as Python objects, and by INSERT statement its rows; empty before the first."""


def fresh(build: Callable[[], World]) -> World:
    """The same world with the same keys; `build`s one where a test has people or places already."""
    if any(model._default_manager.exists() for model in (User, Party, Territory)):
        return build()
    if not _kept:
        world = build()
        _kept.append((pickle.dumps(world), _rows()))
        return world
    objects, rows = _kept[0]
    with transaction.atomic(), connection.cursor() as cursor:  # references are checked at its end
        for statement, values in rows.items():
            cursor.executemany(statement, values)
    found: World = pickle.loads(objects)
    return found


def _rows() -> dict[str, list[tuple[Any, ...]]]:
    """Everything in the tables of people and places."""
    found = {}
    with connection.cursor() as cursor:
        for label in ("places", "accounts"):
            for model in apps.get_app_config(label).get_models(include_auto_created=True):
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"SELECT * FROM {table}")
                names = ", ".join(connection.ops.quote_name(column[0]) for column in cursor.description)
                marks = ", ".join(["%s"] * len(cursor.description))
                if values := cursor.fetchall():
                    found[f"INSERT INTO {table} ({names}) VALUES ({marks})"] = values
    return found
