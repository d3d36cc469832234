"""Grades: applied for, reviewed, published, given for some years, and what ends them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from bianwang.modules.standardisation.models.ratings import SelfRating
from bianwang.modules.standardisation.pack import ground_name
from bianwang.modules.standardisation.workflow import GRADE, OPEN
from bianwang.platform.places.models import Enterprise
from bianwang.platform.workflow.models import WorkflowMixin
from bianwang.platform.workflow.table import State

LEVELS = [row for row in Enterprise.Standardisation.choices if row[0] != Enterprise.Standardisation.NONE]


class Grade(WorkflowMixin):
    """One grading of one enterprise. The latest grading of an enterprise is the one that counts."""

    workflow = GRADE

    owner = models.ForeignKey(
        "places.Enterprise", models.PROTECT, related_name="standardisation_grades", verbose_name="企业"
    )
    level = models.CharField("等级", max_length=1, choices=LEVELS)
    rating = models.ForeignKey(
        SelfRating, models.PROTECT, null=True, blank=True, related_name="grades", verbose_name="自评"
    )
    authority = models.CharField("定级部门", max_length=60)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="申请人"
    )
    applied_on = models.DateField("申请日期", null=True, blank=True)
    reviewers = models.CharField("评审组", max_length=200, blank=True)
    review_on = models.DateField("评审日期", null=True, blank=True)
    review_score = models.DecimalField("评审得分", max_digits=5, decimal_places=2, null=True, blank=True)
    review_opinion = models.TextField("评审结论", blank=True)
    notice_from = models.DateField("公示开始", null=True, blank=True)
    notice_until = models.DateField("公示截止", null=True, blank=True)
    certificate = models.CharField("证书编号", max_length=60, null=True, blank=True, unique=True)
    graded_on = models.DateField("定级日期", null=True, blank=True, db_index=True)
    valid_until = models.DateField("有效期至", null=True, blank=True, db_index=True)
    ground = models.CharField("撤销情形", max_length=30, blank=True)
    """A code of `standardisation.yaml`."""
    ended_on = models.DateField("撤销日期", null=True, blank=True)
    is_imported = models.BooleanField("登记已有证书", default=False)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "标准化定级"
        db_table = "standardisation_grade"
        ordering = ["-id"]
        indexes = [models.Index(fields=["owner", "graded_on"], name="standard_grade_owner")]
        constraints = [
            models.UniqueConstraint(
                fields=["owner"], condition=Q(state__in=OPEN, is_imported=False), name="standard_grade_one_open"
            ),
            models.UniqueConstraint(
                fields=["owner", "graded_on"], condition=Q(graded_on__isnull=False), name="standard_grade_day"
            ),
            models.CheckConstraint(
                condition=Q(graded_on__isnull=True) | Q(valid_until__gte=models.F("graded_on")),
                name="standard_grade_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner.name} {self.get_level_display()}"

    def get_absolute_url(self) -> str:
        """The grade's page."""
        return reverse("standardisation:detail", args=[self.pk])

    def duty_in(self, state: State) -> str:
        """A certificate that exists is entered and waits for nobody."""
        return "" if self.is_imported else state.todo

    @property
    def ground_name(self) -> str:
        """Why it was revoked, in words."""
        return ground_name(self.ground)


class Reminder(models.Model):
    """That an enterprise was told of the end of its grade, once for each number of months."""

    grade = models.ForeignKey(Grade, models.PROTECT, related_name="reminders", verbose_name="定级")
    months = models.PositiveSmallIntegerField("提前月数")
    sent_at = models.DateTimeField("提醒时间")

    access_path = "grade__owner"

    class Meta:
        verbose_name = "到期提醒"
        db_table = "standardisation_reminder"
        ordering = ["-sent_at"]
        constraints = [models.UniqueConstraint(fields=["grade", "months"], name="standard_reminder_once")]

    def __str__(self) -> str:
        return f"到期前{self.months}个月提醒"
