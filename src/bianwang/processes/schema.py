"""The database in the shape of this version: an empty one is made at once, one that has tables step by step.

The steps (migrations) of a platform that grew for years end where the models are today, and Django takes half a minute
of a processor for them. An empty database gets the tables of the models and the steps are noted as done. No step may
bring rows of its own: what a new platform knows comes from its district pack. `tests/processes/test_schema.py` holds
both ways to the same result.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import Model


def waiting() -> list[str]:
    """The steps not done yet, in order, as `module.step`. Django must be ready."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return [f"{step.app_label}.{step.name}" for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def bring_up_to_date() -> None:
    """Do what waits. Doing it again changes nothing."""
    from django.core.management import call_command
    from django.db import connection

    if not connection.introspection.table_names():
        _make_at_once()
    call_command("migrate", verbosity=0)


def models(*, with_links: bool = False) -> list[type[Model]]:
    """The model of every table, Django's note of the steps included; `with_links` also those of many-to-many fields."""
    from django.apps import apps
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    known: list[type[Model]] = [MigrationRecorder.Migration, *apps.get_models(include_auto_created=with_links)]
    return [model for model in known if model._meta.can_migrate(connection)]


def _make_at_once() -> None:
    """All tables and the note that every step is done, in one transaction."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder

    with connection.schema_editor() as editor:
        for model in models():
            editor.create_model(model)
        for app, name in MigrationLoader(connection).disk_migrations:
            MigrationRecorder(connection).record_applied(app, name)
