"""The column of sealed bytes, by whose type the command `bian reseal` finds every one of them."""

from __future__ import annotations

from typing import Any

from django.db import models


class SealedField(models.BinaryField):  # type: ignore[type-arg]
    """Bytes that `crypto.seal` made; to the database a BinaryField."""

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Migrations see a BinaryField."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs
