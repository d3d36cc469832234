"""Inspections on site: every version that was sent, the pictures, and the findings that became hazards."""

from __future__ import annotations

from functools import cached_property
from uuid import UUID

import msgspec
from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.documents.queries import has
from bianwang.modules.inspections.content import Content, named_pictures
from bianwang.modules.inspections.workflow import FROZEN, WORKFLOW
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.workflow.models import WorkflowMixin

NOTICE, RECORD, ORDER = "notice", "record", "order"
"""Kinds of documents: 行政检查通知书, 现场检查记录, 责令限期整改指令书."""


class Inspection(WorkflowMixin):
    """One inspection of one enterprise by one unit, known by the key that the phone made.

    What was filled in is in its versions; the columns here are what lists and gates ask for.
    """

    class Kind(models.TextChoices):
        STATUTORY = "statutory", "执法检查"
        PATROL = "patrol", "日常巡查"
        SELF = "self", "企业自查"

    class Reason(models.TextChoices):
        PLAN = "plan", "计划检查"
        COMPLAINT = "complaint", "举报核查"
        MAJOR = "major", "重大隐患"
        RECHECK = "recheck", "复查"

    workflow = WORKFLOW

    key = models.UUIDField("识别码", unique=True)
    unit = models.ForeignKey("places.Party", models.PROTECT, related_name="inspections_made", verbose_name="检查单位")
    enterprise = models.ForeignKey("places.Enterprise", models.PROTECT, related_name="inspections", verbose_name="企业")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    reason = models.CharField("检查事由", max_length=10, choices=Reason.choices, blank=True)
    day = models.DateField("检查日期", db_index=True)
    revision = models.PositiveIntegerField("版本", default=0)
    people = models.CharField("检查人员", max_length=500, blank=True)
    answered = models.PositiveSmallIntegerField("已查项数", default=0)
    failed = models.PositiveSmallIntegerField("问题数", default=0)
    has_conflict = models.BooleanField("有冲突", default=False)
    """Whether a version waits for somebody to choose."""
    visit = models.OneToOneField(
        "enforcement.Visit", models.PROTECT, null=True, related_name="inspection", verbose_name="检查登记"
    )
    dossier = models.OneToOneField(
        "documents.Dossier", models.PROTECT, null=True, related_name="inspection", verbose_name="案卷"
    )
    """Of an inspection of law: its notice, its record, and what is ordered."""
    signer = models.CharField("签字人", max_length=40, blank=True)
    is_refused = models.BooleanField("拒绝签字", default=False)
    signed_at = models.DateTimeField("签字时间", null=True)
    done_at = models.DateTimeField("办结时间", null=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="检查人")
    made_at = models.DateTimeField("建立时间")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "unit"

    class Meta:
        verbose_name = "现场检查"
        db_table = "inspections_inspection"
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["unit", "day"], name="inspection_unit_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.enterprise}（{self.get_kind_display()}）"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("inspections:detail", args=[self.pk])

    @property
    def is_frozen(self) -> bool:
        """Whether nothing of what was filled in may change."""
        return self.state in FROZEN

    @property
    def content(self) -> Content:
        """What is filled in now, read each time. Raises DoesNotExist before the first version."""
        found: Content = self.versions.get(number=self.revision).content
        return found

    def missing(self) -> set[UUID]:
        """Keys of the pictures that the document names and that have not been received."""
        return named_pictures(self.content) - set(self.pictures.values_list("key", flat=True))

    def obstacle(self, user: User | None) -> str:
        """Why the inspection cannot be completed by this person, or ""."""
        if self.has_conflict:
            return "另有一版没有选择，请先处理冲突。"
        if self.day > today():
            return f"检查日期 {self.day} 还没有到。"
        if self.kind != self.Kind.STATUTORY:
            return ""
        if self.dossier is None or not has(self.dossier, NOTICE):
            return "行政检查通知书还没有签发，请在案卷里签发后再办结。"
        if user is not None and not user.is_certified(self.day):
            return "执法检查须由持有效执法证的执法人员办结，您的账号没有登记执法证号或检查当日已过期。"
        return ""


class Version(models.Model):
    """One document as it was sent. What was accepted has a number; what was not is kept beside it."""

    class Fate(models.TextChoices):
        ACCEPTED = "accepted", "采用"
        WAITING = "waiting", "待选择"
        REJECTED = "rejected", "未采用"

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="versions", verbose_name="现场检查")
    number = models.PositiveIntegerField("版本", null=True)
    base = models.PositiveIntegerField("依据的版本")
    """The number that the sender had seen."""
    fate = models.CharField("处理", max_length=8, choices=Fate.choices)
    document = models.JSONField("内容")
    sha256 = models.CharField("SHA-256", max_length=64)
    device = models.CharField("设备", max_length=40)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    received_at = models.DateTimeField("收到时间")

    access_path = "inspection__unit"

    class Meta:
        verbose_name = "检查内容版本"
        db_table = "inspections_version"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["inspection", "number"], name="inspection_version_unique")]

    def __str__(self) -> str:
        return f"第{self.number}版" if self.number is not None else "另一版"

    @cached_property
    def content(self) -> Content:
        """The document."""
        return msgspec.convert(self.document, Content)


class Picture(models.Model):
    """A photo or a signature: when and where the phone says it was made, beside when the server got it."""

    class Kind(models.TextChoices):
        PHOTO = "photo", "照片"
        SIGNATURE = "signature", "签字"

    key = models.UUIDField("识别码", unique=True)
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="pictures", verbose_name="现场检查")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    sha256 = models.CharField("SHA-256", max_length=64)
    file = models.ForeignKey("files.Attachment", models.PROTECT, related_name="+", verbose_name="附件")
    taken_at = models.DateTimeField("设备时间")
    longitude = models.FloatField("经度", null=True)
    latitude = models.FloatField("纬度", null=True)
    accuracy = models.FloatField("定位精度（米）", null=True)
    received_at = models.DateTimeField("收到时间")

    access_path = "inspection__unit"

    class Meta:
        verbose_name = "现场照片"
        db_table = "inspections_picture"
        ordering = ["taken_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.taken_at:%Y-%m-%d %H:%M}"


class Finding(models.Model):
    """Something that was not in order, and the hazard that it became: once, whatever is sent again."""

    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="findings", verbose_name="现场检查")
    key = models.UUIDField("识别码")
    item = models.CharField("条目", max_length=40, blank=True)
    hazard = models.OneToOneField(
        "hazards.Hazard", models.PROTECT, related_name="inspection_finding", verbose_name="隐患"
    )

    access_path = "inspection__unit"

    class Meta:
        verbose_name = "检查发现的问题"
        db_table = "inspections_finding"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["inspection", "key"], name="inspection_finding_unique")]

    def __str__(self) -> str:
        return self.hazard.title
