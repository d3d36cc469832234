"""Working days that differ from the published calendar, entered by the office."""

from __future__ import annotations

from django.db import models


class DayChange(models.Model):
    """A day whose status the office set (the package knows only published years)."""

    day = models.DateField("日期", unique=True)
    is_working = models.BooleanField("上班")
    name = models.CharField("说明", max_length=60)
    source = models.CharField("依据", max_length=120)

    class Meta:
        verbose_name = "工作日调整"
        db_table = "calendar_day_change"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day} {'上班' if self.is_working else '放假'}"
