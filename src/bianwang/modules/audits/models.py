"""Reports under audit, their versions, and what people decided about the findings.

Findings are not stored: they are worked out again from a version's text (see `reading`).
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.audit.model import Verdict


class Audit(models.Model):
    """One report, from its first version to the one that nobody objects to."""

    title = models.CharField("报告名称", max_length=200)
    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="audits", verbose_name="单位")
    year = models.PositiveSmallIntegerField("报告年度", null=True, blank=True)
    latest: models.ForeignKey[Any, Any] = models.ForeignKey(
        "Version", models.PROTECT, null=True, related_name="+", verbose_name="最新版本"
    )
    undecided = models.PositiveIntegerField("未处理", default=0)
    """Findings of the latest version about which nobody decided."""
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    created_at = models.DateTimeField("登记时间")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "自评核对"
        db_table = "audits_audit"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The page of its latest version."""
        return reverse("audits:detail", args=[self.pk])

    @property
    def state(self) -> tuple[str, str]:
        """Where it stands, in words and colour."""
        if self.undecided:
            return f"待处理 {self.undecided} 条", "orange"
        return ("已逐条处理", "green") if self.latest and self.latest.total else ("没有发现问题", "green")


class Version(models.Model):
    """The text of a report as it was at one time, with the counts of its findings."""

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="versions", verbose_name="自评核对")
    number = models.PositiveSmallIntegerField("版本")
    text = models.TextField("正文")
    tables = models.TextField("表格")
    """Where the cells of its tables are in the text, see `reading.packed`."""
    file = models.ForeignKey(
        "files.Attachment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="原文件"
    )
    contradictions = models.PositiveIntegerField("矛盾")
    suspicious = models.PositiveIntegerField("存疑")
    unsupported = models.PositiveIntegerField("缺少依据")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人")
    made_at = models.DateTimeField("上传时间")

    access_path = "audit__owner"

    class Meta:
        verbose_name = "报告版本"
        db_table = "audits_version"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["audit", "number"], name="audit_version_unique")]

    def __str__(self) -> str:
        return f"第{self.number}版"

    def get_absolute_url(self) -> str:
        """The page of its audit, or its own when it is no longer the latest."""
        if self.pk == self.audit.latest_id:
            return self.audit.get_absolute_url()
        return reverse("audits:version", args=[self.audit_id, self.number])

    @property
    def total(self) -> int:
        """How many findings it has."""
        return self.contradictions + self.suspicious + self.unsupported

    @property
    def counts(self) -> dict[Verdict, int]:
        """Findings by verdict."""
        found = (self.contradictions, self.suspicious, self.unsupported)
        return dict(zip((Verdict.CONTRADICTION, Verdict.SUSPICIOUS, Verdict.UNSUPPORTED), found, strict=True))


class Decision(models.Model):
    """What somebody decided about one finding. `key` stays the same when the text around the finding changes."""

    class State(models.TextChoices):
        ACCEPTED = "accepted", "采纳（要改）"
        EXPLAINED = "explained", "已说明"
        REJECTED = "rejected", "不成立"

    audit = models.ForeignKey(Audit, models.PROTECT, related_name="decisions", verbose_name="自评核对")
    key = models.CharField("问题", max_length=32)
    state = models.CharField("处理", max_length=10, choices=State.choices)
    reason = models.CharField("理由", max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="处理人")
    at = models.DateTimeField("处理时间")

    access_path = "audit__owner"

    class Meta:
        verbose_name = "问题处理"
        db_table = "audits_decision"
        constraints = [models.UniqueConstraint(fields=["audit", "key"], name="audit_decision_unique")]

    def __str__(self) -> str:
        return self.get_state_display()

    @property
    def colour(self) -> str:
        """The badge's colour."""
        return {"accepted": "orange", "explained": "green"}.get(self.state, "secondary")
