"""The GDP table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from bianwang.modules.accidents.models import Gdp
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.ledger.services import record


@transaction.atomic
def save_gdp(user: User, values: Mapping[str, Any]) -> Gdp:
    """Enter a year's GDP; the same year again corrects it. Raises PermissionDenied, ValidationError."""
    access.require(user, "accidents.gdp")
    known = Gdp.objects.select_for_update().filter(year=values["year"]).first()
    row = Gdp(pk=known.pk if known else None, **values)
    row.full_clean(exclude=["id"], validate_unique=known is None)
    row.save()
    names = ("year", "value", "basis", "source")
    told = {name: (str(getattr(known, name)) if known else None, str(getattr(row, name))) for name in names}
    record("accidents.gdp", row, owner=None, changes={name: pair for name, pair in told.items() if pair[0] != pair[1]})
    return row
