"""What a model or a colleague suspects in a picture, until a person has judged it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.patrol.shapes import Box
from bianwang.modules.patrol.workflow import SUSPICION
from bianwang.modules.sensing.models import Camera
from bianwang.platform.workflow.models import WorkflowMixin


class Suspicion(WorkflowMixin):
    """One row of the review queue (待复核). Never an alarm: a person judges it, with a reason.

    `last_at`, `times` and `score` are the model's and go on while it sees the same: no ledger.
    """

    class Kind(models.TextChoices):
        FLAME = "flame", "疑似明火"
        SMOKE = "smoke", "疑似烟雾"
        FALLEN = "fallen", "疑似人员倒地"
        NO_VEST = "no_vest", "疑似未穿反光衣"
        NO_HARD_HAT = "no_hard_hat", "疑似未戴安全帽"
        SMOKING = "smoking", "疑似吸烟"
        OTHER = "other", "其他可疑情况"

    class Origin(models.TextChoices):
        MODEL = "model", "视频分析"
        PERSON = "person", "人工巡检"

    workflow = SUSPICION

    camera = models.ForeignKey(Camera, models.PROTECT, related_name="suspicions", verbose_name="摄像机")
    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="suspicions", verbose_name="责任单位")
    """The camera's owner when it was seen."""
    origin = models.CharField("来源", max_length=8, choices=Origin.choices, default=Origin.MODEL)
    kind = models.CharField("情形", max_length=12, choices=Kind.choices)
    region = models.CharField("监视区域", max_length=60, blank=True)
    score = models.FloatField("模型评分", null=True, blank=True)
    """Highest so far, 0–1; None: a person suspects it."""
    box = models.CharField("位置", max_length=60, blank=True)
    """JSON [x1, y1, x2, y2] in parts of width and height."""
    first_at = models.DateTimeField("首次出现")
    last_at = models.DateTimeField("最近出现")
    times = models.PositiveIntegerField("出现次数", default=1)
    note = models.CharField("说明", max_length=300, blank=True)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="提请人"
    )
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="复核人"
    )
    judged_at = models.DateTimeField("复核时间", null=True)
    reason = models.CharField("复核理由", max_length=300, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "待复核情形"
        db_table = "patrol_suspicion"
        ordering = ["-first_at", "-id"]
        indexes = [
            models.Index(fields=["camera", "kind", "last_at"], name="suspicion_again"),
            models.Index(fields=["owner", "state"], name="suspicion_owner_state"),
            models.Index(fields=["first_at"], name="suspicion_first"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}（{self.camera}）"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("patrol:suspicion", args=[self.pk])

    @property
    def shape(self) -> Box | None:
        """Where in the picture it is."""
        return Box.parse(self.box)

    @property
    def is_machine(self) -> bool:
        """Whether a model suspects it, and not a colleague."""
        return self.origin == self.Origin.MODEL
