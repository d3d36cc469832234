"""Forms of campaigns, events, channels and pilots."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.enforcement.units import unit_of, units
from bianwang.modules.outreach.models import Campaign, Pilot
from bianwang.modules.outreach.pack import choices
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.files.forms import FilesField, PhotosField
from bianwang.platform.places.models import Enterprise, Organisation
from bianwang.platform.ui.forms import DateInput


def _text(label: str, limit: int, *, required: bool = False, rows: int = 3, help_text: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=limit, required=required, widget=widget, help_text=help_text)


class _OfUnit(forms.Form):
    """Something of one unit: `unit_field` names the field in which it stands."""

    unit_field = "unit"
    lists: tuple[tuple[str, str], ...] = ()
    """Fields whose choices are a list of the district pack."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        unit = fields[self.unit_field]
        unit.queryset = units(user, "outreach.publish")
        unit.initial = unit_of(user, "outreach.publish")
        for name, field in self.lists:
            empty = [] if fields[name].required else [("", "不属于")]
            fields[name].choices = [*empty, *choices(field)]


def _unit(label: str) -> forms.ModelChoiceField[Organisation]:
    return forms.ModelChoiceField(label=label, queryset=Organisation.objects.none(), empty_label=None)


class CampaignForm(_OfUnit):
    """A campaign."""

    unit_field = "owner"
    lists = (("theme", "themes"),)
    name = forms.CharField(label="名称", max_length=60, help_text="例如“2026年防灾减灾日”")
    theme = forms.ChoiceField(label="主题")
    first_day = forms.DateField(label="开始日期", widget=DateInput())
    last_day = forms.DateField(label="结束日期", widget=DateInput())
    owner = _unit("牵头单位")
    note = _text("说明", 500)


class EventForm(_OfUnit):
    """An event that was held, as somebody enters it on a phone."""

    lists = (("kind", "event_kinds"), ("setting", "settings"))
    unit = _unit("主办单位")
    day = forms.DateField(label="日期", widget=DateInput())
    campaign = forms.ModelChoiceField(
        label="主题活动", queryset=Campaign.objects.all(), required=False, empty_label="不属于主题活动"
    )
    kind = forms.ChoiceField(label="形式")
    setting = forms.ChoiceField(label="五进", required=False)
    place = forms.CharField(label="地点", max_length=100)
    topic = forms.CharField(label="主题内容", max_length=200)
    speaker = forms.CharField(label="主讲人", max_length=40, required=False, help_text="宣讲必填")
    audience = forms.IntegerField(label="受众人数", min_value=0, max_value=10_000_000)
    note = _text("活动情况", 500)
    photos = PhotosField(label="活动照片", required=False)


class ChannelForm(_OfUnit):
    """A month's count."""

    lists = (("channel", "channels"),)
    unit = _unit("报送单位")
    channel = forms.ChoiceField(label="渠道")
    month = forms.DateField(label="月份", widget=DateInput(), help_text="填当月任意一天")
    count = forms.IntegerField(label="数量", min_value=0, max_value=100_000_000)
    note = _text("说明", 300)
    evidence = FilesField(label="佐证", required=False, help_text="截图、清单、结算单等")


class PilotForm(_OfUnit):
    """A technology on trial."""

    unit_field = "owner"
    name = forms.CharField(label="名称", max_length=80)
    technology = _text("技术", 200, required=True, rows=2)
    owner = _unit("牵头单位")
    enterprise = forms.ModelChoiceField(
        label="试点企业", queryset=Enterprise.objects.none(), required=False, empty_label="没有或不止一家"
    )
    stage = forms.ChoiceField(label="阶段", choices=Pilot.Stage.choices)
    started_on = forms.DateField(label="开始日期", widget=DateInput())
    ended_on = forms.DateField(label="停用日期", widget=DateInput(), required=False, help_text="“已停用”填写")
    result = _text("成效", 500)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        fields: Any = self.fields
        rows = access.visible(user, Enterprise, "outreach.publish").filter(is_active=True)
        fields["enterprise"].queryset = rows.order_by("pinyin")
