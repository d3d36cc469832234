"""The database in the shape of this version: an empty one is made at once, one that has tables step by step.

The steps (migrations) of a platform that grew for years end where the models are today, and Django takes half a minute
of a processor for them. An empty database gets the tables of the models and the steps are noted as done. No step may
bring rows of its own: what a new platform knows comes from its district pack. `tests/processes/test_schema.py` holds
both ways to the same result.
"""

from __future__ import annotations


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


def _make_at_once() -> None:
    """All tables and the note that every step is done, in one transaction."""
    from django.apps import apps
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder
    from django.db.models import Model

    recorder = MigrationRecorder(connection)
    models: list[type[Model]] = [recorder.Migration, *apps.get_models()]
    with connection.schema_editor() as editor:
        for model in models:
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        for app, name in MigrationLoader(connection).disk_migrations:
            recorder.record_applied(app, name)
