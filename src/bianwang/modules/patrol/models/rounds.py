"""Rounds of patrol and each look at a camera."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from bianwang.modules.patrol.models.plans import ROLES, Plan
from bianwang.modules.patrol.models.suspicions import Suspicion
from bianwang.modules.patrol.shapes import Box
from bianwang.modules.patrol.workflow import ROUND
from bianwang.modules.sensing.models import Camera
from bianwang.platform.clock import SHANGHAI
from bianwang.platform.workflow.models import WorkflowMixin
from bianwang.platform.workflow.table import State


class Round(WorkflowMixin):
    """One tour of a plan's cameras in its window. Late and missed are facts that stay."""

    workflow = ROUND

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="rounds", verbose_name="巡检计划")
    unit = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="承办单位")
    starts_at = models.DateTimeField("开始时段")
    ends_at = models.DateTimeField("应完成时间")
    role = models.CharField("承办角色", max_length=24, choices=ROLES)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="指定人员"
    )
    method = models.CharField("抽取方法", max_length=20)
    seed = models.CharField("抽取种子", max_length=32)
    share = models.PositiveSmallIntegerField("抽查比例（%）")
    candidates = models.TextField("抽取范围")
    """JSON list of the cameras of the plan at that time: with seed and share, the draw can be repeated."""
    walked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="巡检人"
    )
    started_at = models.DateTimeField("实际开始", null=True)
    finished_at = models.DateTimeField("实际完成", null=True)
    minutes = models.PositiveIntegerField("用时（分钟）", null=True)
    late_at = models.DateTimeField("逾时认定时间", null=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "unit"

    class Meta:
        verbose_name = "巡检轮次"
        db_table = "patrol_round"
        ordering = ["-starts_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["plan", "starts_at"], name="round_once")]
        indexes = [
            models.Index(fields=["starts_at"], name="round_starts"),
            models.Index(fields=["state", "ends_at"], name="round_due"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.starts_at.astimezone(SHANGHAI):%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("patrol:round", args=[self.pk])

    def duty_in(self, state: State) -> str:
        """Those of its role, while nobody is named and nobody has begun: that person has a duty of his own."""
        return f"{state.todo}_{self.role}" if state.todo and self.assignee_id is None else ""


class Look(models.Model):
    """One camera of a round: to be looked at, and what was seen. A share of the normal ones is looked at again."""

    class Result(models.TextChoices):
        PENDING = "", "未看"
        NORMAL = "normal", "正常"
        PROBLEM = "problem", "有问题"
        NO_PICTURE = "no_picture", "视频不可用"

    class Second(models.TextChoices):
        NONE = "", "不抽查"
        WANTED = "wanted", "待再看"
        AGREED = "agreed", "一致"
        DIFFERED = "differed", "不一致"

    round = models.ForeignKey(Round, models.PROTECT, related_name="looks", verbose_name="巡检轮次")
    camera = models.ForeignKey(Camera, models.PROTECT, related_name="looks", verbose_name="摄像机")
    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="looks", verbose_name="责任单位")
    position = models.PositiveSmallIntegerField("顺序")
    result = models.CharField("结果", max_length=10, choices=Result.choices, blank=True, default="")
    at = models.DateTimeField("查看时间", null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="巡检人")
    item = models.CharField("检查项代码", max_length=40, blank=True)
    item_text = models.CharField("检查项", max_length=200, blank=True)
    """As the list said that day."""
    note = models.CharField("问题描述", max_length=300, blank=True)
    mark = models.CharField("标记位置", max_length=60, blank=True)
    """JSON [x1, y1, x2, y2] in parts of width and height."""
    suggested = models.ForeignKey(
        Suspicion, models.PROTECT, null=True, related_name="looks_near", verbose_name="同时段视频分析"
    )
    """What a model suspected at this camera within `patrol.match` minutes."""
    review = models.OneToOneField(Suspicion, models.PROTECT, null=True, related_name="look", verbose_name="提请复核")
    second = models.CharField("再看", max_length=8, choices=Second.choices, blank=True, default="")
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="再看人"
    )
    second_at = models.DateTimeField("再看时间", null=True)
    second_note = models.CharField("再看意见", max_length=300, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "巡检记录"
        db_table = "patrol_look"
        ordering = ["-at", "round_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "camera"], name="look_once"),
            models.CheckConstraint(condition=Q(result="") | Q(at__isnull=False), name="look_when"),
        ]
        indexes = [
            models.Index(fields=["camera", "at"], name="look_camera_at"),
            models.Index(fields=["owner", "result"], name="look_owner_result"),
            models.Index(fields=["at", "result"], name="look_at_result"),
        ]

    def __str__(self) -> str:
        return f"{self.camera} {self.get_result_display()}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("patrol:look", args=[self.pk])

    @property
    def shape(self) -> Box | None:
        """The drawn mark."""
        return Box.parse(self.mark)
