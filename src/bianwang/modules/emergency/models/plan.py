"""Plans for emergencies (预案): for which headquarters and classes, since when, and when they are looked at again."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from bianwang.modules.emergency.pack.events import headquarters_name, kind_name
from bianwang.modules.emergency.workflow.plans import PLAN
from bianwang.platform.files.models import Attachment
from bianwang.platform.workflow.models import WorkflowMixin


class Plan(WorkflowMixin):
    """One version of a plan."""

    class Level(models.TextChoices):
        GENERAL = "general", "总体应急预案"
        SPECIAL = "special", "专项应急预案"
        DEPARTMENT = "department", "部门应急预案"
        TOWN = "town", "镇街应急预案"

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="所属单位")
    title = models.CharField("名称", max_length=100)
    headquarters = models.CharField("指挥部", max_length=20, db_index=True)
    level = models.CharField("层级", max_length=10, choices=Level.choices)
    version = models.CharField("版本", max_length=20)
    """As people write it: 2026年修订."""
    document = models.CharField("文号", max_length=60, blank=True)
    approved_on = models.DateField("批准日期", null=True, blank=True)
    issued_on = models.DateField("发布日期", null=True, blank=True)
    review_on = models.DateField("下次评估日期", null=True, blank=True, db_index=True)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors", verbose_name="代替的预案"
    )
    is_demo = models.BooleanField("演示数据", default=False)

    workflow = PLAN
    access_path = "owner"

    class Meta:
        verbose_name = "应急预案"
        db_table = "emergency_plan"
        ordering = ["headquarters", "-id"]

    def __str__(self) -> str:
        return f"{self.title}（{self.version}）"

    def get_absolute_url(self) -> str:
        """The plan's page."""
        return reverse("emergency:plan", args=[self.pk])

    @property
    def headquarters_name(self) -> str:
        """In words."""
        return headquarters_name(self.headquarters)

    @property
    def kind_names(self) -> str:
        """Its classes in words."""
        return "、".join(kind_name(row.kind) for row in self.kinds.all())

    @property
    def has_file(self) -> bool:
        """Whether its text is here."""
        return Attachment.objects.filter(object_type=self._meta.label_lower, object_id=self.pk).exists()


class PlanKind(models.Model):
    """A class of events that a plan is for."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="kinds")
    kind = models.CharField("类别", max_length=20, db_index=True)

    class Meta:
        verbose_name = "预案适用类别"
        db_table = "emergency_plan_kind"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["plan", "kind"], name="emergency_plan_kind_unique")]

    def __str__(self) -> str:
        return kind_name(self.kind)
