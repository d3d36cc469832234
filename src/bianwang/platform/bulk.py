"""Very many new rows of one model: `bulk_create` for hundreds of thousands, at a fifth of its time.

Django's own compiler writes the statement, once for all rows; what a column does with a value is asked once for each
value that differs, and most columns of history hold few. No keys come back and no signal is sent. The caller has the
transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.sql import InsertQuery

Values = Mapping[str, Any]
"""Values by attribute name (`owner_id`, not `owner`); a column that is named in no row has its default."""


def insert(model: type[models.Model], rows: Sequence[Values]) -> None:
    """Write new rows of the model's own table."""
    fields = [field for field in model._meta.local_concrete_fields if not isinstance(field, models.AutoField)]
    connection = connections[DEFAULT_DB_ALIAS]
    blank, named = model(), {name for row in rows for name in row}
    # What no row names comes last, so that it is prepared once.
    fields.sort(key=lambda field: field.attname not in named)
    query = InsertQuery(model)
    query.insert_values(fields, [blank])
    ((statement, _),) = query.get_compiler(connection=connection).as_sql()
    columns = [(field.attname, getattr(blank, field.attname), _Prepared(field, connection)) for field in fields]
    told = [column for column in columns if column[0] in named]
    same = [prepared[default] for _, default, prepared in columns[len(told) :]]
    with connection.cursor() as cursor:
        cursor.executemany(
            statement, [[prepared[row.get(name, default)] for name, default, prepared in told] + same for row in rows]
        )


class _Prepared(dict[Any, Any]):
    """Values of a column as the database takes them."""

    def __init__(self, field: models.Field[Any, Any], connection: BaseDatabaseWrapper) -> None:
        self._field, self._connection = field, connection

    def __missing__(self, value: Any) -> Any:
        found = self[value] = self._field.get_db_prep_save(value, self._connection)
        return found
