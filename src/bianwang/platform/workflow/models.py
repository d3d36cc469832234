"""What an object in a workflow carries, and the policy limits that deadlines come from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bianwang.platform.workflow.table import State, Workflow


class WorkflowMixin(models.Model):
    """Columns of an object that moves through a workflow; subclasses set `workflow` and `state` choices."""

    workflow: ClassVar[Workflow]

    state = models.CharField("状态", max_length=20, db_index=True)
    due_at = models.DateTimeField("时限", null=True, blank=True, db_index=True)
    state_since = models.DateTimeField("进入本状态时间")

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        """The object's page; every workflow object has one."""
        raise NotImplementedError

    def duty_in(self, state: State) -> str:
        """Permission whose holders have to act in a state; overridden where it depends on more than the state."""
        return state.todo

    @property
    def state_row(self) -> State:
        """The table's row of the present state."""
        return self.workflow.state(self.state)


class Limit(models.Model):
    """One limit of law or policy as data: a number with unit, source, article and dates of validity."""

    class Unit(models.TextChoices):
        MINUTES = "minutes", "分钟"
        HOURS = "hours", "小时"
        DAYS = "days", "日"
        WORKING_DAYS = "working_days", "工作日"
        COUNT = "count", "次"
        RATIO = "ratio", "比例"

    code = models.CharField("代码", max_length=60)
    name = models.CharField("名称", max_length=120)
    value = models.DecimalField("数值", max_digits=12, decimal_places=3)
    unit = models.CharField("单位", max_length=14, choices=Unit.choices)
    source = models.CharField("依据", max_length=120)
    article = models.CharField("条款", max_length=60, blank=True)
    certainty = models.CharField("核实情况", max_length=60, blank=True)
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("失效日期", null=True, blank=True)

    class Meta:
        verbose_name = "法定与内部时限"
        db_table = "workflow_limit"
        ordering = ["code", "valid_from"]
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="limit_unique")]

    def __str__(self) -> str:
        return f"{self.name} {self.value.normalize():f}{self.get_unit_display()}"
