"""Applications, the times their clock stood still, visits on site, and the licences that they lead to."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.licensing import pack
from bianwang.modules.licensing.workflow import APPLICATION, LICENCE, PENDING
from bianwang.platform.clock import now
from bianwang.platform.workflow.models import WorkflowMixin


class Series(models.Model):
    """Gap-free numbering: the last number given in a year. Incremented in the transaction that uses the number."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "licensing_series"

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Licence(WorkflowMixin):
    """One licence, filing or opinion that an enterprise holds. `due_at` is the end of its validity."""

    workflow = LICENCE

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="licences", verbose_name="持证单位")
    kind = models.CharField("许可事项", max_length=30)
    """A code of `licences.yaml`."""
    number = models.CharField("证书编号", max_length=60)
    scope = models.CharField("许可范围", max_length=500)
    issued_by = models.CharField("发证机关", max_length=60)
    issued_on = models.DateField("发证日期")
    valid_from = models.DateField("有效期起")
    valid_to = models.DateField("有效期止", null=True, blank=True)
    reminded = models.PositiveSmallIntegerField("已提醒（到期前月数）", null=True, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "证照"
        db_table = "licensing_licence"
        ordering = ["-issued_on", "-id"]
        indexes = [models.Index(fields=["state", "valid_to"], name="licensing_running_out")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="licensing_number_unique"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="licensing_validity_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind_name} {self.number}"

    def get_absolute_url(self) -> str:
        """The licence's page."""
        return reverse("licensing:licence", args=[self.pk])

    @property
    def kind_name(self) -> str:
        """The matter in words."""
        return pack.kind_name(self.kind)


class Application(WorkflowMixin):
    """One application, from the counter to the delivery of the decision."""

    class Decision(models.TextChoices):
        GRANTED = "granted", "准予"
        REFUSED = "refused", "不予"

    workflow = APPLICATION

    number = models.CharField("编号", max_length=40, unique=True)
    owner = models.ForeignKey(
        "places.Party", models.PROTECT, related_name="licence_applications", verbose_name="申请单位"
    )
    kind = models.CharField("许可事项", max_length=30)
    """A code of `licences.yaml`."""
    action = models.CharField("申请类型", max_length=10, choices=pack.ACTIONS)
    licence = models.ForeignKey(
        Licence, models.PROTECT, null=True, blank=True, related_name="applications", verbose_name="证照"
    )
    """What it is about; for a first application what came out of it."""
    scope = models.CharField("申请范围", max_length=500, blank=True)
    submitted_on = models.DateField("收到材料日期")
    corrected = models.BooleanField("已告知补正", default=False)
    accepted_on = models.DateField("受理日期", null=True, blank=True)
    limit_days = models.PositiveSmallIntegerField("办理时限", null=True, blank=True)
    extended_days = models.PositiveSmallIntegerField("延长", default=0)
    spent_days = models.PositiveSmallIntegerField("办理用时", null=True, blank=True)
    """Days of the limit that were used when it was decided or handed up."""
    decision = models.CharField("决定", max_length=10, choices=Decision.choices, blank=True)
    decision_reason = models.CharField("决定理由", max_length=500, blank=True)
    decided_on = models.DateField("决定日期", null=True, blank=True, db_index=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="决定人"
    )
    delivered_on = models.DateField("送达日期", null=True, blank=True)
    delivered_how = models.CharField("送达方式", max_length=60, blank=True)
    escalated_at = models.DateTimeField("逾期上报时间", null=True, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="登记人"
    )
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "许可申请"
        db_table = "licensing_application"
        ordering = ["-submitted_on", "-id"]
        indexes = [models.Index(fields=["owner", "state"], name="licensing_owner_state")]

    def __str__(self) -> str:
        return f"{self.number} {self.kind_name}{self.get_action_display()}"

    def get_absolute_url(self) -> str:
        """The application's page."""
        return reverse("licensing:detail", args=[self.pk])

    @property
    def kind_name(self) -> str:
        """The matter in words."""
        return pack.kind_name(self.kind)

    @property
    def day(self) -> date:
        """The day whose rules apply: that of acceptance, before it that of the application."""
        return self.accepted_on or self.submitted_on

    @property
    def rules(self) -> pack.Kind:
        """What the district pack says of this matter."""
        return pack.kind(self.kind, self.day)

    @property
    def needs_visit(self) -> bool:
        """Whether somebody has to look on site before it is granted or handed up."""
        return self.rules.visit and self.action in {"new", "renew", "change"}

    @property
    def whole_limit(self) -> int | None:
        """The time limit with its extension."""
        return None if self.limit_days is None else self.limit_days + self.extended_days

    @property
    def is_late(self) -> bool:
        """Whether the limit that runs now has run out."""
        return self.state in PENDING and self.due_at is not None and self.due_at < now()


class Pause(models.Model):
    """A time that does not count: after `started_on` up to `ended_on`."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="pauses", verbose_name="许可申请")
    kind = models.CharField("原因", max_length=14, choices=pack.STOPS)
    started_on = models.DateField("中止日期")
    ended_on = models.DateField("恢复日期", null=True, blank=True)
    reason = models.CharField("说明", max_length=500)

    access_path = "application__owner"

    class Meta:
        verbose_name = "中止计时"
        db_table = "licensing_pause"
        ordering = ["started_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(ended_on__isnull=True), name="licensing_one_pause"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.started_on}—{self.ended_on or ''}"


class SiteVisit(models.Model):
    """A look on site by at least two officers."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="visits", verbose_name="许可申请")
    visited_on = models.DateField("核查日期")
    officers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", verbose_name="核查人员", db_table="licensing_visit_officer"
    )
    findings = models.TextField("核查情况", max_length=2000)
    passed = models.BooleanField("符合条件", default=False)

    access_path = "application__owner"

    class Meta:
        verbose_name = "现场核查"
        db_table = "licensing_visit"
        ordering = ["visited_on", "id"]

    def __str__(self) -> str:
        return f"{self.visited_on} 现场核查"
