"""The to-do list: what waits for whom, until when."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Todo(models.Model):
    """One open duty. `assignee` None: anyone who holds `permission` with `owner` in scope may take it."""

    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    url = models.CharField(max_length=200)
    title = models.CharField("事项", max_length=200)
    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="todos", verbose_name="责任单位")
    permission = models.CharField(max_length=60)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="todos", verbose_name="承办人"
    )
    created_at = models.DateTimeField("产生时间")
    due_at = models.DateTimeField("时限", null=True)
    done_at = models.DateTimeField("办结时间", null=True)

    access_path = "owner"

    class Meta:
        verbose_name = "待办"
        db_table = "todo_todo"
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["done_at", "permission"], name="todo_open"),
            models.Index(fields=["object_type", "object_id"], name="todo_object"),
        ]

    def __str__(self) -> str:
        return self.title
