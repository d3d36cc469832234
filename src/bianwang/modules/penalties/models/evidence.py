"""Evidence, the registered devices that may give some, and measures of compulsion."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.penalties.models.case import Case
from bianwang.modules.penalties.workflow import EVIDENCE, MEASURE, SOURCE
from bianwang.platform.workflow.models import WorkflowMixin


class Source(WorkflowMixin):
    """A camera or sensor whose records may become evidence: 法制审核, 技术审核, published (行政处罚法 art. 41)."""

    workflow = SOURCE

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="所在单位")
    name = models.CharField("名称", max_length=60)
    device = models.ForeignKey(
        "sensing.Device", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="监测设备"
    )
    camera = models.ForeignKey(
        "sensing.Camera", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="摄像机"
    )
    place = models.CharField("设置地点", max_length=120)
    legal_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="法制审核人"
    )
    legal_on = models.DateField("法制审核日期", null=True)
    technical_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="技术审核人"
    )
    technical_on = models.DateField("技术审核日期", null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="公布人"
    )
    published_on = models.DateField("公布日期", null=True)
    published_at = models.CharField("公布处", max_length=200, blank=True)
    retired_on = models.DateField("停用日期", null=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "取证设备"
        db_table = "penalties_source"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return f"{self.owner.name} {self.name}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("penalties:source", args=[self.pk])


class Evidence(WorkflowMixin):
    """One piece; what a device recorded must pass four gates before it counts."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", "书证"
        OBJECT = "object", "物证"
        RECORDING = "recording", "视听资料"
        DATA = "data", "电子数据"
        WITNESS = "witness", "证人证言"
        STATEMENT = "statement", "当事人的陈述"
        APPRAISAL = "appraisal", "鉴定意见"
        SITE = "site", "勘验笔录、现场笔录"

    class Origin(models.TextChoices):
        OFFICER = "officer", "执法人员收集"
        RECORDER = "recorder", "执法记录仪"
        DEVICE = "device", "监测设备或摄像机"

    workflow = EVIDENCE

    case = models.ForeignKey(Case, models.PROTECT, related_name="evidence", verbose_name="案件")
    number = models.PositiveSmallIntegerField("证据号")
    title = models.CharField("名称", max_length=120)
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    origin = models.CharField("来源", max_length=10, choices=Origin.choices)
    proves = models.CharField("证明内容", max_length=500)
    taken_at = models.DateTimeField("取得或记录时间")
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="evidence", verbose_name="取证设备")
    alarm = models.ForeignKey("alarms.Alarm", models.PROTECT, null=True, related_name="+", verbose_name="告警")
    digest = models.CharField("原始文件校验值", max_length=64, blank=True)
    """SM3 of the recorder's file, which may be kept elsewhere."""
    collected_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="收集人")
    examined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审查人"
    )
    examined_at = models.DateTimeField("审查时间", null=True)
    shown_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="出示人"
    )
    shown_at = models.DateTimeField("向当事人出示时间", null=True)
    shown_to = models.CharField("向谁出示及其意见", max_length=300, blank=True)

    access_path = "case__unit"

    class Meta:
        verbose_name = "证据"
        db_table = "penalties_evidence"
        ordering = ["case_id", "number"]
        constraints = [models.UniqueConstraint(fields=["case", "number"], name="penalty_evidence_no")]

    def __str__(self) -> str:
        return f"证据{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("penalties:evidence", args=[self.pk])


class Measure(WorkflowMixin):
    """查封, 扣押 or 先行登记保存: approved, in force for a limited time, decided on."""

    class Kind(models.TextChoices):
        SEAL = "seal", "查封"
        SEIZE = "seize", "扣押"
        PRESERVE = "preserve", "先行登记保存"

    class Outcome(models.TextChoices):
        RETURN = "return", "解除并返还"
        CONFISCATE = "confiscate", "没收"
        DESTROY = "destroy", "销毁"
        TRANSFER = "transfer", "随案移送"
        SEIZE = "seize", "转为查封、扣押"

    workflow = MEASURE

    case = models.ForeignKey(Case, models.PROTECT, related_name="measures", verbose_name="案件")
    kind = models.CharField("措施", max_length=10, choices=Kind.choices)
    items = models.TextField("场所、设施或者财物", max_length=1000)
    place = models.CharField("地点", max_length=120)
    emergency = models.BooleanField("情况紧急，已先行实施", default=False)
    started_on = models.DateField("实施日期", null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审批人"
    )
    extended = models.BooleanField("已延长", default=False)
    outcome = models.CharField("处理决定", max_length=10, choices=Outcome.choices, blank=True)
    decided_on = models.DateField("处理日期", null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人")

    access_path = "case__unit"

    class Meta:
        verbose_name = "强制措施与登记保存"
        db_table = "penalties_measure"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case.number} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("penalties:measure", args=[self.pk])
