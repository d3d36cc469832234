"""Territories, parties (organisations and enterprises) and the places inside them.

A *party* is whoever answers for something: the unit that owns signals, hazards and documents.
Territories may overlap (a town and a 管委会), so a party lies in a set of them.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse

from bianwang.platform.places.credit_code import validate_credit_code
from bianwang.platform.places.names import PinyinMixin


class Territory(PinyinMixin):
    """A piece of the district: itself, a town or street, a village, a 管委会's area."""

    class Kind(models.TextChoices):
        DISTRICT = "district", "区县"
        TOWN = "town", "镇街"
        VILLAGE = "village", "村社"
        ZONE = "zone", "管委会辖区"

    code = models.CharField("代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=10, choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name="上级")
    path = models.CharField(max_length=80, db_index=True, editable=False)
    """Codes from the district down, each followed by '/': a prefix of it means 'inside'."""
    longitude = models.FloatField("经度", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)
    outline = models.TextField("边界 GeoJSON", blank=True)
    outline_source = models.CharField("边界来源与审图号", max_length=120, blank=True)

    class Meta:
        verbose_name = "区域"
        db_table = "places_territory"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.path = (self.parent.path if self.parent else "") + self.code + "/"
        super().save(*args, **kwargs)


class Party(PinyinMixin):
    """Whoever answers for something. Never stored alone: always an Organisation or an Enterprise."""

    class Kind(models.TextChoices):
        ORGANISATION = "organisation", "单位"
        ENTERPRISE = "enterprise", "企业"

    party_kind = models.CharField(max_length=12, choices=Kind.choices, editable=False)
    name = models.CharField("名称", max_length=100, db_index=True)
    territories = models.ManyToManyField(
        Territory, blank=True, related_name="parties", verbose_name="所在区域", db_table="places_party_territory"
    )
    supervisors: models.ManyToManyField[Organisation, models.Model] = models.ManyToManyField(
        "Organisation", blank=True, related_name="supervised", verbose_name="监管单位", db_table="places_supervision"
    )
    longitude = models.FloatField("经度", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)
    is_active = models.BooleanField("在用", default=True)
    is_demo = models.BooleanField("演示数据", default=False)

    access_path = ""

    class Meta:
        verbose_name = "单位或企业"
        db_table = "places_party"
        ordering = ["pinyin", "id"]

    def __str__(self) -> str:
        return self.name


class Organisation(Party):
    """A public body: the bureau, its offices and subordinate units, departments, 管委会, towns, villages."""

    class Level(models.TextChoices):
        BUREAU = "bureau", "应急管理局"
        OFFICE = "office", "内设科室"
        SUBORDINATE = "subordinate", "下属单位"
        DEPARTMENT = "department", "区级部门"
        COMMITTEE = "committee", "管委会"
        TOWN = "town", "镇街"
        VILLAGE = "village", "村社"

    code = models.CharField("代码", max_length=30, unique=True)
    level = models.CharField("层级", max_length=12, choices=Level.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级单位"
    )
    territory = models.ForeignKey(
        Territory, models.PROTECT, null=True, blank=True, related_name="governed_by", verbose_name="管辖区域"
    )

    class Meta:
        verbose_name = "单位"
        db_table = "places_organisation"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.party_kind = Party.Kind.ORGANISATION
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("places:organisation", args=[self.pk])


class Enterprise(Party):
    """A supervised enterprise, known by its unified social credit code (GB 32100-2015)."""

    class Sector(models.TextChoices):
        INDUSTRY = "industry", "工贸"
        SMELTING = "smelting", "金属冶炼"
        CHEMICALS = "chemicals", "危险化学品"
        MINE = "mine", "非煤矿山"
        FIREWORKS = "fireworks", "烟花爆竹"
        OTHER = "other", "其他"

    class Scale(models.TextChoices):
        LARGE = "large", "大型"
        MEDIUM = "medium", "中型"
        SMALL = "small", "小型"
        MICRO = "micro", "微型"

    class Risk(models.TextChoices):
        RED = "red", "红（重大风险）"
        ORANGE = "orange", "橙（较大风险）"
        YELLOW = "yellow", "黄（一般风险）"
        BLUE = "blue", "蓝（低风险）"

    class Standardisation(models.TextChoices):
        FIRST = "1", "一级"
        SECOND = "2", "二级"
        THIRD = "3", "三级"
        NONE = "0", "未定级"

    credit_code = models.CharField("统一社会信用代码", max_length=18, unique=True, validators=[validate_credit_code])
    sector = models.CharField("行业", max_length=10, choices=Sector.choices)
    scale = models.CharField("规模", max_length=8, choices=Scale.choices, default=Scale.SMALL)
    risk = models.CharField("风险等级", max_length=8, choices=Risk.choices, default=Risk.BLUE)
    is_direct = models.BooleanField("区局直管", default=False)
    standardisation = models.CharField(
        "标准化等级", max_length=1, choices=Standardisation.choices, default=Standardisation.NONE
    )
    address = models.CharField("地址", max_length=200, blank=True)
    contact = models.CharField("安全负责人", max_length=30, blank=True)
    contact_phone = models.CharField("联系电话", max_length=20, blank=True)

    class Meta:
        verbose_name = "企业"
        db_table = "places_enterprise"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.party_kind = Party.Kind.ENTERPRISE
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("places:enterprise", args=[self.pk])


class Workshop(models.Model):
    """A building or workshop of a party."""

    owner = models.ForeignKey(Party, models.PROTECT, related_name="workshops", verbose_name="所属单位")
    name = models.CharField("名称", max_length=60)

    access_path = "owner"

    class Meta:
        verbose_name = "车间"
        db_table = "places_workshop"
        ordering = ["owner_id", "name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="workshop_name_unique")]

    def __str__(self) -> str:
        return self.name


class Zone(models.Model):
    """A part of a workshop that rules speak about: a confined space, a spray booth, a furnace, a gas store."""

    class Kind(models.TextChoices):
        CONFINED = "confined_space", "受限空间"
        SPRAY = "spray_booth", "喷漆房"
        FURNACE = "furnace", "窑炉"
        GAS = "gas_store", "气瓶与储罐区"
        PUMP = "pump_room", "泵房"
        CONTROL = "control_room", "消防控制室"
        OTHER = "other", "其他"

    owner = models.ForeignKey(Party, models.PROTECT, related_name="zones", verbose_name="所属单位")
    workshop = models.ForeignKey(
        Workshop, models.PROTECT, null=True, blank=True, related_name="zones", verbose_name="车间"
    )
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类别", max_length=20, choices=Kind.choices, default=Kind.OTHER)

    access_path = "owner"

    class Meta:
        verbose_name = "区域"
        db_table = "places_zone"
        ordering = ["owner_id", "name"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="zone_name_unique")]

    def __str__(self) -> str:
        return self.name
