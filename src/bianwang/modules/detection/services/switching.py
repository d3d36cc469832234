"""A model is switched on with a threshold, by somebody who could see what it lets through; cameras follow."""

from __future__ import annotations

from django.db import transaction

from bianwang.modules.detection.models import DetectionModel
from bianwang.modules.sensing.services import bump
from bianwang.platform.accounts.models import User
from bianwang.platform.workflow.errors import Refused
from bianwang.platform.workflow.services import advance

FEWEST_OBJECTS = 20
"""Labelled findings in the samples: with fewer, recall is known to no better than a fifth."""


def switch_on(model: DetectionModel, user: User, threshold: float) -> None:
    """Have camera processes run it. Raises Refused without a trial that had enough to find, and as `advance`."""
    trial = model.last_trial()
    if trial is None:
        raise Refused("还没有试用结果，请先用本单位的标注样本试用，看过查准率和查全率再启用。")
    if trial.objects_found < FEWEST_OBJECTS:
        raise Refused(
            f"样本中要发现的目标只有 {trial.objects_found} 个，至少要 {FEWEST_OBJECTS} 个，请补充样本再试用。"
        )
    with transaction.atomic():
        advance(model, "switch_on", user, fields={"threshold": threshold})
        bump("sensing")


def switch_off(model: DetectionModel, user: User, reason: str) -> None:
    """Have camera processes run it no more. Raises as `advance`."""
    with transaction.atomic():
        advance(model, "switch_off", user, reason=reason)
        bump("sensing")
