"""Models of the customer's own (hard hats, vests, fire, smoking), and how well each did on labelled samples."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from bianwang.modules.detection.scoring import Result
from bianwang.modules.detection.workflow import MODEL
from bianwang.platform.config import config
from bianwang.platform.places.models import Party
from bianwang.platform.workflow.models import WorkflowMixin


class DetectionModel(WorkflowMixin):
    """An ONNX graph with its labels and licence; never changed, a new file is a new model."""

    class Purpose(models.TextChoices):
        HARD_HAT = "no_hard_hat", "未戴安全帽"
        VEST = "no_vest", "未穿反光衣"
        FIRE = "flame", "火焰"
        SMOKE = "smoke", "烟雾"
        SMOKING = "smoking", "吸烟"

    owner = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name="单位")
    name = models.CharField("名称", max_length=60)
    purpose = models.CharField("发现什么", max_length=12, choices=Purpose.choices)
    labels = models.TextField("类别")
    """JSON list in the order of the graph's classes."""
    findings = models.TextField("算作发现的类别")
    """JSON list, some of the labels."""
    size = models.PositiveSmallIntegerField("输入边长（像素）", default=416)
    threshold = models.FloatField("分数阈值", default=0.5, validators=[MinValueValidator(0.1), MaxValueValidator(0.95)])
    licence = models.CharField("许可证", max_length=60)
    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导入人")
    imported_at = models.DateTimeField("导入时间")

    workflow = MODEL
    access_path = "owner"

    class Meta:
        verbose_name = "检测模型"
        db_table = "detection_model"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("detection:model", args=[self.pk])

    @property
    def folder(self) -> Path:
        """Where its graph lies, as `vision.model.Model.load` reads it."""
        return config().path("models", self.sha256)

    @property
    def label_names(self) -> list[str]:
        """The labels as a list."""
        found: list[str] = json.loads(self.labels)
        return found

    @property
    def finding_names(self) -> list[str]:
        """The labels that are a finding."""
        found: list[str] = json.loads(self.findings)
        return found

    def last_trial(self) -> Trial | None:
        """The newest trial that came to its end."""
        return self.trials.filter(state=Trial.State.DONE).order_by("-pk").first()


class Trial(models.Model):
    """A model run on labelled samples."""

    class State(models.TextChoices):
        WAITING = "waiting", "等待运行"
        RUNNING = "running", "运行中"
        DONE = "done", "完成"
        FAILED = "failed", "失败"

    model = models.ForeignKey(DetectionModel, models.PROTECT, related_name="trials", verbose_name="检测模型")
    samples = models.CharField("样本", max_length=200)
    """The name of the uploaded file."""
    digest = models.CharField("样本摘要（SM3）", max_length=64)
    pictures = models.PositiveIntegerField("样本张数")
    progress = models.PositiveIntegerField("已运行张数", default=0)
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.WAITING)
    result = models.TextField(blank=True)
    """JSON of `scoring.Result`."""
    objects_found = models.PositiveIntegerField("样本中要发现的目标", default=0)
    failure = models.CharField("失败原因", max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="试用人")
    asked_at = models.DateTimeField("提交时间")
    done_at = models.DateTimeField("完成时间", null=True)

    access_path = "model__owner"

    class Meta:
        verbose_name = "模型试用"
        db_table = "detection_trial"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.model}：{self.samples}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("detection:trial", args=[self.pk])

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it."""
        return self.state in (self.State.DONE, self.State.FAILED)

    @property
    def file(self) -> Path:
        """The samples as they were uploaded."""
        return config().path("models", "samples", f"{self.digest}.zip")

    def read_result(self) -> Result:
        """What the run found. Raises ValueError before it is done."""
        return msgspec.json.decode(self.result, type=Result)
