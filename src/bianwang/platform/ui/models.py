"""Filters that a user keeps."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SavedFilter(models.Model):
    """A named query string of one list."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    page = models.CharField(max_length=80)
    name = models.CharField("名称", max_length=40)
    query = models.CharField(max_length=1000, blank=True)

    class Meta:
        verbose_name = "已存筛选"
        db_table = "ui_saved_filter"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "page", "name"], name="ui_filter_unique")]

    def __str__(self) -> str:
        return self.name
