"""Forms of resources and their call-ups."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.emergency import services
from bianwang.modules.emergency.forms.events import area
from bianwang.modules.emergency.forms.places import PlaceField
from bianwang.modules.emergency.models import CallUp, Resource
from bianwang.modules.emergency.pack.resources import kinds
from bianwang.modules.emergency.services.callups import is_by_phone
from bianwang.modules.emergency.units import areas
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.places.models import Organisation, Territory
from bianwang.platform.ui.forms import DateInput, MomentInput
from bianwang.platform.ui.objects import StepForm
from bianwang.platform.workflow.table import Transition


class ResourceForm(forms.Form):
    """What is known of a resource."""

    kind = forms.ChoiceField(label="种类")
    name = forms.CharField(label="名称", max_length=80, help_text="一条是一次整体调用的单元；能分开出动的分开登记")
    owner = forms.ModelChoiceField(label="管理单位", queryset=Organisation.objects.none(), empty_label="请选择")
    outside_unit = forms.CharField(
        label="系统外单位", max_length=100, required=False, help_text="属于没有平台账号的单位时填写，调用时电话通知"
    )
    territory = PlaceField(
        label="所在镇街或村社",
        queryset=Territory.objects.none(),
        empty_label="请选择",
        help_text="避难场所请选到村社，村社人员才能参加那里的点名",
    )
    place = forms.CharField(label="驻地", max_length=200)
    longitude = forms.FloatField(
        label="经度", required=False, min_value=73, max_value=136, help_text="WGS 84，十进制度；没有坐标不能按距离找"
    )
    latitude = forms.FloatField(label="纬度", required=False, min_value=3, max_value=54)
    contact = forms.CharField(label="联系人", max_length=30)
    phone = forms.RegexField(
        label="联系电话",
        regex=r"^[\d\-－ ]{5,20}$",
        error_messages={"invalid": "请填写电话号码，只用数字和短横线。"},
    )
    quantity = forms.IntegerField(
        label="数量", min_value=0, max_value=10_000_000, help_text="队伍填人数，装备填台数，避难场所填可容纳人数"
    )
    capabilities = forms.CharField(
        label="能力标签", max_length=200, required=False, help_text="用顿号分开，如 水上救援、破拆、夜航"
    )
    items = area(
        "存放物资", 5000, required=False, rows=4, help_text="只有物资库填写，每行一项，如 水带 20 盘"
    )  # fmt: skip
    relief_store = forms.CharField(
        label="对应救灾仓库", max_length=60, required=False, help_text="在“物资库存”中的仓库名称"
    )
    remark = forms.CharField(label="备注", max_length=300, required=False)
    verified_on = forms.DateField(label="最近核实", widget=DateInput())

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["kind"].choices = [("", "请选择"), *[(row.code, row.name) for row in kinds()]]
        units = access.visible(user, Organisation, "emergency.resource_edit").filter(is_active=True)
        fields["owner"].queryset = units.order_by("level", "code")
        fields["territory"].queryset = areas()


class VerifyForm(StepForm):
    """When somebody looked."""

    verified_on = forms.DateField(label="核实日期", widget=DateInput())
    field_order = ("verified_on", "reason")

    def prepare(self, obj: Any, user: User) -> None:
        self.initial.setdefault("verified_on", today())

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.verify_resource(obj, user, self.cleaned_data["verified_on"], self.cleaned_data["reason"])


class OccupyForm(StepForm):
    """How many people live there now."""

    occupied = forms.IntegerField(label="现入住人数", min_value=0, max_value=1_000_000)
    field_order = ("occupied", "reason")

    def prepare(self, obj: Resource, user: User) -> None:
        self.initial.setdefault("occupied", obj.occupied)

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.set_occupied(obj, user, self.cleaned_data["occupied"], self.cleaned_data["reason"])


class StandingForm(StepForm):
    """Why it cannot be used, or can again."""

    def perform(self, obj: Any, user: User, step: Transition) -> None:
        services.set_standing(obj, user, step.code, self.cleaned_data["reason"])


class CallUpForm(forms.Form):
    """What a resource is called for."""

    quantity = forms.IntegerField(label="调用数量", min_value=1)
    content = area("任务内容", 900)
    place = forms.CharField(label="集结或到达地点", max_length=100, required=False)
    answered_by = forms.CharField(label="谁接的电话", max_length=100)

    def __init__(self, *args: Any, resource: Resource, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        if not is_by_phone(resource):
            del fields["answered_by"]
        fields["quantity"].label = f"调用数量（{resource.kind_row.unit}）"
        fields["quantity"].help_text = f"登记的是：{resource.quantity} {resource.kind_row.unit}"


class TimeForm(StepForm):
    """When it arrived or came back."""

    at = forms.DateTimeField(
        label="时间", widget=MomentInput(), required=False, help_text="空表示现在；事后补记的填当时的时间"
    )
    field_order = ("at", "reason")


class ArrivalForm(TimeForm):
    """It is there."""

    def perform(self, obj: CallUp, user: User, step: Transition) -> None:
        services.note_arrival(obj, user, step.code, self.cleaned_data["at"], self.cleaned_data["reason"])


class ReleaseForm(TimeForm):
    """It is back."""

    def perform(self, obj: CallUp, user: User, step: Transition) -> None:
        services.release(obj, user, step.code, self.cleaned_data["at"], self.cleaned_data["reason"])
