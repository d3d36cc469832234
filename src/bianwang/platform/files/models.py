"""Attachments: kept under BIAN_HOME/files by their SM3, reached only through the object they belong to."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Attachment(models.Model):
    """One uploaded file of one object."""

    object_type = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    label = models.CharField("用途", max_length=30, blank=True)
    """What it shows, e.g. `before` and `after` of a rectification."""
    needs = models.CharField("另需权限", max_length=40, blank=True)
    """Code of a permission that is needed beside seeing the object, e.g. for pictures in which people can be told."""
    name = models.CharField("文件名", max_length=200)
    media_type = models.CharField("类型", max_length=80)
    size = models.PositiveBigIntegerField("大小（字节）")
    digest = models.CharField("SM3", max_length=64, db_index=True)
    taken_at = models.DateTimeField("拍摄时间", null=True)
    longitude = models.FloatField("经度", null=True)
    latitude = models.FloatField("纬度", null=True)
    owner = models.ForeignKey("places.Party", models.PROTECT, null=True, related_name="+")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="上传人"
    )
    added_at = models.DateTimeField("上传时间")

    access_path = "owner"

    class Meta:
        verbose_name = "附件"
        db_table = "files_attachment"
        indexes = [models.Index(fields=["object_type", "object_id"], name="files_object")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        """Whether it has a thumbnail."""
        return self.media_type.startswith("image/")

    @property
    def is_video(self) -> bool:
        """Whether a browser may be able to play it."""
        return self.media_type.startswith("video/")
