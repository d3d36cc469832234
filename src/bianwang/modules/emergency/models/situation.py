"""What the map of an event is drawn from besides the registers of other modules: wind, settlements, lines, rasters."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse


class Wind(models.Model):
    """A wind that somebody read at the fire or was told by the weather service. Never changed: enter a newer one."""

    event = models.ForeignKey("emergency.Event", models.PROTECT, related_name="winds", verbose_name="事件")
    measured_at = models.DateTimeField("观测时间", db_index=True)
    speed = models.FloatField("风速（米/秒）", validators=[MinValueValidator(0), MaxValueValidator(60)])
    blows_from = models.FloatField("风向（度，来向）", validators=[MinValueValidator(0), MaxValueValidator(360)])
    temperature = models.FloatField(
        "气温（℃）", null=True, blank=True, validators=[MinValueValidator(-30), MaxValueValidator(60)]
    )
    humidity = models.FloatField(
        "相对湿度（%）", null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    source = models.CharField("来源", max_length=100)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="录入人")
    entered_at = models.DateTimeField("录入时间")
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "event__owner"

    class Meta:
        verbose_name = "现场风"
        db_table = "emergency_wind"
        ordering = ["-measured_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.event.number} {self.speed:g} 米/秒"


class Settlement(models.Model):
    """A hamlet or a group of houses, with the people who would have to leave it. Switched off, never deleted."""

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="settlements", verbose_name="所属镇街")
    name = models.CharField("居民点", max_length=60)
    households = models.PositiveIntegerField("户数")
    people = models.PositiveIntegerField("人数")
    frail = models.PositiveIntegerField("需协助转移的人数", default=0)
    """Who cannot walk away alone: the old, the ill, small children."""
    longitude = models.FloatField("经度", validators=[MinValueValidator(73), MaxValueValidator(136)])
    latitude = models.FloatField("纬度", validators=[MinValueValidator(3), MaxValueValidator(54)])
    contact = models.CharField("联系人", max_length=30, blank=True)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    is_active = models.BooleanField("在用", default=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "居民点"
        db_table = "emergency_settlement"
        ordering = ["owner_id", "name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="emergency_one_settlement")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("emergency:settlement", args=[self.pk])


class MapLayer(models.Model):
    """Roads or rivers from one file, drawn on the maps of events."""

    class Kind(models.TextChoices):
        ROAD = "road", "道路"
        RIVER = "river", "河流水面"
        BARRIER = "barrier", "防火隔离带"

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="导入单位")
    kind = models.CharField("类别", max_length=8, choices=Kind.choices)
    name = models.CharField("名称", max_length=60)
    source = models.CharField("来源", max_length=120)
    lines = models.TextField()
    """JSON: [name, [[longitude, latitude], …]] of each line, WGS 84."""
    count = models.PositiveIntegerField("线数")
    digest = models.CharField("文件 SM3", max_length=64)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导入人")
    imported_at = models.DateTimeField("导入时间")
    is_active = models.BooleanField("在用", default=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "地图图层"
        db_table = "emergency_map_layer"
        ordering = ["kind", "name", "pk"]

    def __str__(self) -> str:
        return self.name


class Ground(models.Model):
    """A raster of heights or of classes of fuel, in degrees WGS 84, that judgements of fires can take."""

    class Kind(models.TextChoices):
        ELEVATION = "elevation", "高程（米）"
        FUEL = "fuel", "可燃物类别"

    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="导入单位")
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    name = models.CharField("名称", max_length=60)
    source = models.CharField("来源", max_length=120)
    west = models.FloatField("西边经度")
    south = models.FloatField("南边纬度")
    cell = models.FloatField("格距（度）")
    rows = models.PositiveIntegerField("行数")
    columns = models.PositiveIntegerField("列数")
    values = models.BinaryField()
    """float32 from north to south, packed by zlib; NaN where nothing is known."""
    digest = models.CharField("文件 SM3", max_length=64)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导入人")
    imported_at = models.DateTimeField("导入时间")
    is_active = models.BooleanField("在用", default=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = "owner"

    class Meta:
        verbose_name = "地形与可燃物栅格"
        db_table = "emergency_ground"
        ordering = ["kind", "name", "pk"]

    def __str__(self) -> str:
        return self.name
