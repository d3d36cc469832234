"""Dossiers, their documents, how these were served, and the office's Word templates."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from bianwang.modules.documents.pack import Kind, kind, kind_names
from bianwang.modules.documents.workflow import WORKFLOW
from bianwang.platform.clock import SHANGHAI, now
from bianwang.platform.workflow.models import WorkflowMixin
from bianwang.platform.workflow.table import State


class Series(models.Model):
    """Gap-free numbering: the last serial that a unit gave in a year. Raised in the transaction that uses it."""

    unit = models.ForeignKey("places.Party", models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "documents_series"
        constraints = [models.UniqueConstraint(fields=["unit", "code", "year"], name="documents_series_unique")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.code}〔{self.year}〕{self.last}"


class Dossier(models.Model):
    """案卷: what one unit draws up about one enterprise in one inspection or case."""

    class Kind(models.TextChoices):
        INSPECTION = "inspection", "检查案卷"
        CASE = "case", "处罚案卷"

    unit = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="执法单位")
    enterprise = models.ForeignKey("places.Enterprise", models.PROTECT, related_name="dossiers", verbose_name="当事人")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    title = models.CharField("案卷名称", max_length=120)
    opened_on = models.DateField("立卷日期", db_index=True)
    serial = models.PositiveIntegerField("共用顺序号", null=True, blank=True)
    serial_year = models.PositiveSmallIntegerField("顺序号年度", null=True, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="立卷人")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "unit"

    class Meta:
        verbose_name = "案卷"
        db_table = "documents_dossier"
        ordering = ["-opened_on", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("documents:dossier", args=[self.pk])


class Template(models.Model):
    """One version of the office's own Word template of a kind; the file hangs on it as an attachment."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="单位")
    kind = models.CharField("文书", max_length=30)
    version = models.PositiveSmallIntegerField("版本")
    is_active = models.BooleanField("使用中", default=True)
    note = models.CharField("说明", max_length=200, blank=True)
    digest = models.CharField("SM3", max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    uploaded_at = models.DateTimeField("上传时间")

    access_path = "owner"

    class Meta:
        verbose_name = "文书模板"
        db_table = "documents_template"
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="documents_template_unique"),
            models.UniqueConstraint(fields=["kind"], condition=Q(is_active=True), name="documents_template_active"),
        ]

    def __str__(self) -> str:
        return f"{self.kind_name}模板第{self.version}版"

    @property
    def kind_name(self) -> str:
        """The kind in words."""
        return kind_names().get(self.kind, self.kind)


class Document(WorkflowMixin):
    """One document; once issued its number, values and Word file never change."""

    workflow = WORKFLOW

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="documents", verbose_name="案卷")
    kind = models.CharField("文书", max_length=30, db_index=True)
    values = models.JSONField("内容", default=dict)
    revision = models.PositiveIntegerField("修改次数", default=0)
    number = models.CharField("文号", max_length=60, null=True, unique=True)
    """None: a draft, or a kind without numbers."""
    year = models.PositiveSmallIntegerField("年度", null=True)
    serial = models.PositiveIntegerField("顺序号", null=True)
    template = models.ForeignKey(Template, models.PROTECT, null=True, related_name="+", verbose_name="模板")
    """The version it was issued with; None: the built-in one."""
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="制作人")
    drawn_at = models.DateTimeField("制作时间")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="签发人"
    )
    issued_at = models.DateTimeField("制发时间", null=True, db_index=True)
    served_on = models.DateField("送达日期", null=True)
    """The day on which it counts as served."""
    escalated_at = models.DateTimeField("逾期督促时间", null=True)
    signed_by = models.CharField("签收人", max_length=60, blank=True)
    refused = models.BooleanField("拒绝签字", default=False)
    witness = models.CharField("见证人", max_length=60, blank=True)
    signed_at = models.DateTimeField("签字时间", null=True)

    access_path = "dossier__unit"

    class Meta:
        verbose_name = "执法文书"
        db_table = "documents_document"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["dossier", "kind", "state"], name="documents_gate")]

    def __str__(self) -> str:
        return f"{self.kind_row.name} {self.number}" if self.number else self.kind_row.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("documents:detail", args=[self.pk])

    def duty_in(self, state: State) -> str:
        """A draft waits for an approval only where its kind needs one; internal documents are not served."""
        kind = self.kind_row
        return state.todo if (kind.approval if state.code == "draft" else kind.serve_within) else ""

    @property
    def kind_row(self) -> Kind:
        """Its kind as it was when it was drawn up."""
        return kind(self.kind, self.drawn_at.astimezone(SHANGHAI).date())

    @property
    def issued_on(self) -> date | None:
        """The day of issue, in Shanghai."""
        return self.issued_at.astimezone(SHANGHAI).date() if self.issued_at else None

    @property
    def is_overdue(self) -> bool:
        """Whether it should have been served by now."""
        return self.state == "issued" and self.due_at is not None and self.due_at < now()


class Service(models.Model):
    """送达: how and to whom a document was handed over."""

    class Method(models.TextChoices):
        DIRECT = "direct", "直接送达"
        LEFT = "left", "留置送达"
        POST = "post", "邮寄送达"
        ELECTRONIC = "electronic", "电子送达"
        PUBLIC = "public", "公告送达"

    document = models.OneToOneField(Document, models.PROTECT, related_name="service", verbose_name="文书")
    method = models.CharField("送达方式", max_length=12, choices=Method.choices)
    receiver = models.CharField("收件人", max_length=60, blank=True)
    witness = models.CharField("见证人", max_length=60, blank=True)
    on = models.DateField("送达日期")
    note = models.CharField("说明", max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="送达人")

    access_path = "document__dossier__unit"

    class Meta:
        verbose_name = "送达"
        db_table = "documents_service"

    def __str__(self) -> str:
        return f"{self.get_method_display()} {self.on}"
