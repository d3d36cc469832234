"""Keeps `Enterprise.standardisation` what the grades say, through the only writer of enterprises."""

from __future__ import annotations

from datetime import date

from bianwang.modules.standardisation.models import Grade
from bianwang.modules.standardisation.queries import held
from bianwang.platform.places.models import Enterprise
from bianwang.platform.places.services import change_enterprise
from bianwang.platform.workflow.services import advance


def settle(owner_id: int, day: date) -> None:
    """After a change of an enterprise's grades: older certificates are replaced, and its grade is what is valid."""
    valid = held(day).filter(owner_id=owner_id).select_related("owner").first()
    for older in Grade.objects.filter(owner_id=owner_id, state="valid").exclude(pk=valid.pk if valid else 0):
        advance(older, "replace", None)
    enterprise = valid.owner if valid else Enterprise.objects.get(pk=owner_id)
    level = valid.level if valid else Enterprise.Standardisation.NONE
    if enterprise.standardisation != level:
        change_enterprise(enterprise, {"standardisation": level})
