"""Staged imports: rows wait here, checked, until somebody confirms them."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Import(models.Model):
    """One uploaded sheet on its way in: checked → confirmed → applied in bounded pieces."""

    class State(models.TextChoices):
        CHECKED = "checked", "已校验"
        APPLYING = "applying", "正在写入"
        DONE = "done", "已完成"
        CANCELLED = "cancelled", "已放弃"

    kind = models.CharField("内容", max_length=40)
    name = models.CharField("文件名", max_length=200)
    state = models.CharField("状态", max_length=10, choices=State.choices)
    operation = models.CharField("操作批次", max_length=36, blank=True)
    origin = models.CharField("来源地址", max_length=60, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导入人")
    created_at = models.DateTimeField("上传时间")
    rows = models.PositiveIntegerField("行数")
    errors = models.PositiveIntegerField("错误数")
    applied = models.PositiveIntegerField("已写入", default=0)

    class Meta:
        verbose_name = "导入"
        db_table = "exchange_import"

    def __str__(self) -> str:
        return self.name


class StagedRow(models.Model):
    """One row of a staged import, with its errors by column."""

    batch = models.ForeignKey(Import, models.CASCADE, related_name="staged")
    number = models.PositiveIntegerField("行号")
    values = models.TextField("内容")
    errors = models.TextField("错误", default="{}")
    applied = models.BooleanField(default=False)

    class Meta:
        db_table = "exchange_row"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="exchange_row_unique")]

    def __str__(self) -> str:
        return f"第 {self.number} 行"
