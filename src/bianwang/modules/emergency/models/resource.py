"""Teams, drones, vehicles, stores, shelters, waters and experts, and each time one was called to an event."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from bianwang.modules.emergency.evacuating import room
from bianwang.modules.emergency.goods import Goods, written
from bianwang.modules.emergency.pack.resources import ResourceKind, kind_of
from bianwang.modules.emergency.workflow.resources import CALL_UP, RESOURCE
from bianwang.platform.clock import today
from bianwang.platform.workflow.models import WorkflowMixin


class Resource(WorkflowMixin):
    """One thing or team that is called as a whole. `owner` keeps its entry; its unit may lie outside the platform."""

    kind = models.CharField("种类", max_length=20)
    """A code of `resources.yaml`."""
    name = models.CharField("名称", max_length=80)
    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="管理单位")
    outside_unit = models.CharField("系统外单位", max_length=100, blank=True)
    """Whose it is, where that unit has no account: it is called by phone."""
    territory = models.ForeignKey("places.Territory", models.PROTECT, related_name="+", verbose_name="所在镇街或村社")
    place = models.CharField("驻地", max_length=200)
    longitude = models.FloatField("经度", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)
    contact = models.CharField("联系人", max_length=30)
    phone = models.CharField("联系电话", max_length=20)
    quantity = models.PositiveIntegerField("数量")
    """In the unit of its kind; of a shelter, how many people it takes."""
    capabilities = models.CharField("能力标签", max_length=200, blank=True)
    relief_store = models.CharField("对应救灾仓库", max_length=60, blank=True)
    """The name of the warehouse in the relief module, which keeps its stock."""
    remark = models.CharField("备注", max_length=300, blank=True)
    occupied = models.PositiveIntegerField("入住人数", default=0)
    state_note = models.CharField("状态说明", max_length=500, blank=True)
    verified_on = models.DateField("最近核实")
    is_demo = models.BooleanField("演示数据", default=False)

    workflow = RESOURCE
    access_path = "owner"
    listed: int = 0
    """People of evacuation lists who are in a shelter now; `queries.shelters.counted` brings it."""

    class Meta:
        verbose_name = "应急资源"
        db_table = "emergency_resource"
        ordering = ["kind", "name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="emergency_resource_name")]
        indexes = [models.Index(fields=["latitude", "longitude"], name="emergency_resource_at")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The resource's page."""
        return reverse("emergency:resource", args=[self.pk])

    @property
    def kind_row(self) -> ResourceKind:
        """What the pack says of its kind."""
        return kind_of(self.kind)

    @property
    def kind_name(self) -> str:
        """The kind in words."""
        return self.kind_row.name

    @property
    def unit_name(self) -> str:
        """Whose it is."""
        return self.outside_unit or self.owner.name

    @property
    def verify_by(self) -> date:
        """Until when somebody has to look again."""
        return self.verified_on + timedelta(days=self.kind_row.verify_days)

    @property
    def is_unverified(self) -> bool:
        """Whether nobody has looked for too long."""
        return self.verify_by < today()

    @property
    def present(self) -> int:
        """How many people are in a shelter now: by the lists, or counted on the spot where that is more."""
        return max(self.occupied, self.listed)

    @property
    def free_places(self) -> int | None:
        """How many more people a shelter takes, below zero where it is overfull; None for what is no shelter."""
        return self.quantity - self.present if self.kind_row.holds == "people" else None

    @property
    def room(self) -> str:
        """The places left in a shelter, in words."""
        return room(self.free_places or 0)

    @property
    def amount(self) -> str:
        """Its quantity in words."""
        if self.free_places is None:
            return f"{self.quantity} {self.kind_row.unit}"
        return f"可容纳 {self.quantity} 人，现有 {self.present} 人，{self.room}"


class ResourceItem(models.Model):
    """What lies in a store."""

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="items", verbose_name="物资库")
    name = models.CharField("物资", max_length=60)
    quantity = models.PositiveIntegerField("数量")
    unit = models.CharField("单位", max_length=10)

    access_path = "resource__owner"

    class Meta:
        verbose_name = "库存物资"
        db_table = "emergency_resource_item"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["resource", "name"], name="emergency_resource_item_name")]

    def __str__(self) -> str:
        return written([Goods(self.name, self.quantity, self.unit)])


class CallUp(WorkflowMixin):
    """One resource called to one event, until it is back. `owner` is who keeps the resource."""

    event = models.ForeignKey("emergency.Event", models.PROTECT, related_name="callups", verbose_name="事件")
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="callups", verbose_name="应急资源")
    owner = models.ForeignKey("places.Party", models.PROTECT, related_name="+", verbose_name="管理单位")
    task = models.ForeignKey(
        "emergency.Task", models.PROTECT, null=True, blank=True, related_name="callups", verbose_name="处置任务"
    )
    quantity = models.PositiveIntegerField("数量")
    content = models.TextField("任务内容")
    answered_by = models.CharField("电话接听人", max_length=100, blank=True)
    """Who took the call, where the unit has no account."""
    distance = models.DecimalField("直线距离（公里）", max_digits=6, decimal_places=1, null=True, blank=True)
    called_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="调用人")
    called_at = models.DateTimeField("调用时间", db_index=True)
    arrived_at = models.DateTimeField("到达时间", null=True, blank=True)
    released_at = models.DateTimeField("归建时间", null=True, blank=True)
    minutes = models.PositiveIntegerField("用时（分钟）", null=True, blank=True)
    """From the call to the return."""
    is_demo = models.BooleanField("演示数据", default=False)

    workflow = CALL_UP
    access_path = "owner"

    class Meta:
        verbose_name = "资源调用"
        db_table = "emergency_callup"
        ordering = ["-called_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "resource"], condition=Q(released_at=None), name="emergency_callup_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event.number} 调用 {self.resource.name}"

    def get_absolute_url(self) -> str:
        """The page on which the team notes arrival and return."""
        return reverse("emergency:callup", args=[self.pk])
