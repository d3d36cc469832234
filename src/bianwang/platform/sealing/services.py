"""Another key for what is sealed: row after row, to be broken off and gone on with at any time."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import models, transaction

from bianwang.platform.crypto import is_current, seal, unseal
from bianwang.platform.ledger.services import record
from bianwang.platform.sealing.fields import SealedField

PIECE = 100
"""Rows of one write transaction."""


def columns() -> Iterator[tuple[type[models.Model], str]]:
    """Every sealed column of the running modules."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField):
                yield model, field.name


def reseal(model: type[models.Model], column: str) -> int:
    """Seal what another key sealed with the newest; how many rows. A row that is changed meanwhile is left.

    Each piece stands by itself, so whoever starts again goes on. Raises ConfigError for a row that nobody can open.
    """
    done, last = 0, 0
    rows = model._default_manager.filter(**{f"{column}__isnull": False}).order_by("pk")
    while piece := list(rows.filter(pk__gt=last).values_list("pk", column)[:PIECE]):
        last = piece[-1][0]
        old = {pk: bytes(token) for pk, token in piece if not is_current(bytes(token))}
        if old:
            done += _renew(model, column, old)
    return done


@transaction.atomic
def _renew(model: type[models.Model], column: str, old: dict[int, bytes]) -> int:
    changed = 0
    for pk, token in old.items():
        same = model._default_manager.filter(pk=pk, **{column: token})
        changed += same.update(**{column: seal(unseal(token))})
    if changed:
        record("sealing.renew", model._default_manager.get(pk=max(old)), owner=None, changes={"rows": (None, changed)})
    return changed
