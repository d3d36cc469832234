"""Drills: planned, held, evaluated, and what was found put right."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from bianwang.modules.emergency.pack.events import headquarters_name
from bianwang.modules.emergency.workflow.drills import DRILL
from bianwang.platform.workflow.models import WorkflowMixin


class Drill(WorkflowMixin):
    """One drill of a headquarters."""

    class Kind(models.TextChoices):
        TABLETOP = "tabletop", "桌面推演"
        FIELD = "field", "实战演练"
        BLIND = "blind", "双盲演练"

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="所属单位")
    title = models.CharField("名称", max_length=100)
    headquarters = models.CharField("指挥部", max_length=20, db_index=True)
    plan = models.ForeignKey(
        "emergency.Plan", models.PROTECT, null=True, blank=True, related_name="drills", verbose_name="检验的预案"
    )
    kind = models.CharField("形式", max_length=10, choices=Kind.choices)
    planned_on = models.DateField("计划日期", db_index=True)
    place = models.CharField("地点", max_length=100, blank=True)
    participants = models.TextField("参加单位")
    purpose = models.TextField("目的")
    scenario = models.TextField("情景")
    event = models.ForeignKey(
        "emergency.Event", models.PROTECT, null=True, blank=True, related_name="drills", verbose_name="演练事件"
    )
    """An exercise of the register, where the drill was played on the platform."""
    held_on = models.DateField("开展日期", null=True, blank=True, db_index=True)
    people = models.PositiveIntegerField("参加人数", null=True, blank=True)
    course = models.TextField("经过", blank=True)
    evaluation = models.TextField("评估结论", blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    workflow = DRILL
    access_path = "owner"

    class Meta:
        verbose_name = "应急演练"
        db_table = "emergency_drill"
        ordering = ["-planned_on", "-id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The drill's page."""
        return reverse("emergency:drill", args=[self.pk])

    @property
    def headquarters_name(self) -> str:
        """In words."""
        return headquarters_name(self.headquarters)


class DrillItem(models.Model):
    """Something a drill showed that has to be put right."""

    drill = models.ForeignKey(Drill, models.PROTECT, related_name="items", verbose_name="演练")
    finding = models.CharField("问题", max_length=300)
    measure = models.CharField("改进措施", max_length=300)
    responsible = models.CharField("责任单位或责任人", max_length=60)
    due_on = models.DateField("完成期限")
    done_on = models.DateField("完成日期", null=True, blank=True)
    result = models.CharField("完成情况", max_length=300, blank=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "drill__owner"

    class Meta:
        verbose_name = "演练整改事项"
        db_table = "emergency_drill_item"
        ordering = ["due_on", "id"]

    def __str__(self) -> str:
        return self.finding[:40]

    def get_absolute_url(self) -> str:
        """The drill's page, where it stands."""
        return reverse("emergency:drill", args=[self.drill_id])
