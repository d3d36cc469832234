"""When each background job runs next and who has it."""

from __future__ import annotations

from django.db import models


class JobRun(models.Model):
    """One row a job. A worker owns a run when its conditional update of `next_at` changed the row."""

    code = models.CharField("任务", max_length=60, primary_key=True)
    next_at = models.DateTimeField("下次运行")
    claimed_by = models.CharField("运行者", max_length=60, blank=True)
    started_at = models.DateTimeField("开始", null=True)
    finished_at = models.DateTimeField("完成", null=True)
    failures = models.PositiveIntegerField("连续失败", default=0)
    message = models.CharField("最近错误", max_length=300, blank=True)

    class Meta:
        verbose_name = "后台任务"
        db_table = "jobs_run"

    def __str__(self) -> str:
        return self.code
