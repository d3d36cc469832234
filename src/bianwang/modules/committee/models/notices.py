"""Risk notices (风险提示) and the receipt of every unit and enterprise that gets one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.committee.pack import kind_name
from bianwang.modules.committee.workflow import RECEIPT
from bianwang.platform.places.models import Party
from bianwang.platform.workflow.models import WorkflowMixin
from bianwang.platform.workflow.table import State


class RiskNotice(models.Model):
    """One warning of weather, a holiday or a sector, to units, enterprises or both."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="发布单位")
    number = models.CharField("编号", max_length=40, unique=True)
    kind = models.CharField("类别", max_length=20)
    """A code of `committee.yaml`."""
    title = models.CharField("标题", max_length=100)
    content = models.TextField("提示内容")
    audience = models.CharField("发送范围", max_length=300)
    """In words: the receipts are the recipients."""
    answer_by = models.DateTimeField("落实时限", db_index=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="发布人")
    made_at = models.DateTimeField("发布时间", db_index=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "风险提示"
        db_table = "committee_notice"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("committee:notice", args=[self.pk])

    @property
    def kind_name(self) -> str:
        """The kind in words."""
        return kind_name(self.kind)


class Receipt(WorkflowMixin):
    """What became of a notice at one recipient: delivered, read, acted upon."""

    workflow = RECEIPT

    notice = models.ForeignKey(RiskNotice, models.PROTECT, related_name="receipts", verbose_name="风险提示")
    unit = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="接收单位")
    delivered_at = models.DateTimeField("送达时间", null=True)
    read_at = models.DateTimeField("已阅时间", null=True)
    done_at = models.DateTimeField("落实时间", null=True)
    measures = models.CharField("落实情况", max_length=1000, blank=True)
    reminders = models.PositiveSmallIntegerField("提醒次数", default=0)
    reminded_at = models.DateTimeField("最近提醒时间", null=True)

    access_path = "unit"

    class Meta:
        verbose_name = "风险提示回执"
        db_table = "committee_receipt"
        ordering = ["-notice", "pk"]
        constraints = [models.UniqueConstraint(fields=["notice", "unit"], name="committee_one_receipt")]
        indexes = [models.Index(fields=["unit", "state"], name="committee_receipt_unit")]

    def __str__(self) -> str:
        return f"{self.notice.number} {self.notice.title}（{self.unit}）"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("committee:receipt", args=[self.pk])

    def duty_in(self, state: State) -> str:
        """An enterprise's receipt is no duty of the town in which it lies."""
        own = self.unit.party_kind == Party.Kind.ENTERPRISE and state.todo == "committee.answer"
        return "committee.receive" if own else state.todo
