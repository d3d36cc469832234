"""The two ledgers of persons and of damaged dwellings. Who they are is sealed; lists show what is masked."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse

from bianwang.modules.disasters.models.disaster import Disaster
from bianwang.platform.sealing.fields import SealedField


class Sealed(models.Model):
    """Somebody whose name and number only a few may read, known to us by a keyed digest of the number."""

    disaster = models.ForeignKey(Disaster, models.PROTECT, related_name="+", verbose_name="灾害")
    unit = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="镇街")
    key = models.CharField(max_length=36, unique=True, editable=False)
    """Bound into what is sealed, so that it cannot be exchanged between rows."""
    sealed = SealedField()
    digest = models.CharField(max_length=64, editable=False)
    masked_name = models.CharField("姓名", max_length=30)
    masked_number = models.CharField("身份证号码", max_length=18)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    added_at = models.DateTimeField("登记时间")
    changed_at = models.DateTimeField("更新时间")

    class Meta:
        abstract = True


class Casualty(Sealed):
    """Somebody whom the disaster killed, or who is missing (因灾死亡失踪人员台账)."""

    class Outcome(models.TextChoices):
        DEAD = "dead", "因灾死亡"
        MISSING = "missing", "因灾失踪"

    class Sex(models.TextChoices):
        MALE = "male", "男"
        FEMALE = "female", "女"

    outcome = models.CharField("情况", max_length=8, choices=Outcome.choices)
    sex = models.CharField("性别", max_length=6, choices=Sex.choices)
    age = models.PositiveSmallIntegerField("年龄")
    place = models.CharField("死亡或失踪地点", max_length=100)
    happened_on = models.DateField("死亡或失踪日期")
    cause = models.CharField("原因", max_length=200)
    is_withdrawn = models.BooleanField("已撤销", default=False)
    """Found alive, or entered by mistake: it stays in the ledger and counts nowhere."""

    access_path = "unit"

    class Meta:
        verbose_name = "因灾死亡失踪人员"
        db_table = "disasters_casualty"
        ordering = ["disaster_id", "id"]
        constraints = [models.UniqueConstraint(fields=["disaster", "digest"], name="disaster_casualty_once")]

    def __str__(self) -> str:
        return f"{self.masked_name}（{self.get_outcome_display()}）"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("disasters:casualty", args=[self.pk])


class House(Sealed):
    """A household whose dwelling was damaged (倒损住房户台账)."""

    class Structure(models.TextChoices):
        CONCRETE = "concrete", "钢混"
        BRICK_CONCRETE = "brick_concrete", "砖混"
        BRICK_WOOD = "brick_wood", "砖木"
        EARTH = "earth", "土木"
        OTHER = "other", "其他"

    village = models.CharField("村（社区）和组", max_length=60)
    people = models.PositiveSmallIntegerField("家庭人口")
    structure = models.CharField("房屋结构", max_length=16, choices=Structure.choices)
    rooms = models.PositiveSmallIntegerField("原有间数")
    collapsed = models.PositiveSmallIntegerField("倒塌间数", default=0)
    severe = models.PositiveSmallIntegerField("严重损坏间数", default=0)
    general = models.PositiveSmallIntegerField("一般损坏间数", default=0)
    is_sole = models.BooleanField("唯一住房", default=False)
    note = models.CharField("备注", max_length=200, blank=True)
    photos = models.PositiveSmallIntegerField("照片", default=0)
    is_withdrawn = models.BooleanField("已撤销", default=False)

    access_path = "unit"

    class Meta:
        verbose_name = "倒损住房户"
        db_table = "disasters_house"
        ordering = ["disaster_id", "id"]
        constraints = [models.UniqueConstraint(fields=["disaster", "digest"], name="disaster_house_once")]
        indexes = [models.Index(fields=["disaster", "unit"], name="disaster_house_unit")]

    def __str__(self) -> str:
        return f"{self.masked_name}（{self.village}）"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("disasters:house", args=[self.pk])
