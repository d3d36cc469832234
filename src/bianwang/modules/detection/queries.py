"""Which models run beside the person detector."""

from __future__ import annotations

from django.db.models import QuerySet

from bianwang.modules.detection.models import DetectionModel


def switched_on() -> QuerySet[DetectionModel]:
    """Models that camera processes run; what they find goes to the review queue."""
    return DetectionModel.objects.filter(state="on").order_by("pk")
