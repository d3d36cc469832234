"""Forms of the permits: the job, and what each step asks for. Every step may bring photos."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from bianwang.modules.permits import gas, standard
from bianwang.modules.permits.models import Permit
from bianwang.modules.permits.services import Value
from bianwang.modules.permits.standard import WorkType
from bianwang.modules.permits.workflow import ENDED
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.files.forms import PhotosField
from bianwang.platform.places.models import Zone
from bianwang.platform.registry import permissions
from bianwang.platform.ui.forms import MomentInput
from bianwang.platform.ui.objects import StepForm


def _area(label: str, limit: int, *, required: bool = False, help_text: str = "", rows: int = 3) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=limit, required=required, widget=widget, help_text=help_text)


class JobForm(forms.Form):
    """A job, as the safety manager enters it on a phone; the fields depend on the type of work."""

    zone = forms.ModelChoiceField(label="区域", queryset=Zone.objects.none(), empty_label="请选择区域")
    content = forms.CharField(label="作业内容", max_length=300, help_text="例如：3号罐人孔法兰焊接")
    planned_start = forms.DateTimeField(label="计划开始", widget=MomentInput())
    planned_end = forms.DateTimeField(label="计划结束", widget=MomentInput())
    base_level = forms.ChoiceField(label="作业等级", choices=())
    measure = forms.FloatField(label="", min_value=0)
    day_only = forms.BooleanField(label="只在工作日白天作业（不因夜间、休息日升级）", required=False)
    workers = _area("作业人", 2000, required=True, help_text="一行一人：姓名 证件名称及编号")
    guard = forms.ModelChoiceField(
        label="监护人", queryset=User.objects.none(), empty_label="请选择监护人", help_text="用本人账号在现场签到"
    )
    place = forms.CharField(label="具体地点", max_length=100, required=False)
    longitude = forms.FloatField(label="经度", required=False, min_value=-180, max_value=180)
    latitude = forms.FloatField(
        label="纬度", required=False, min_value=-90, max_value=90, help_text="填写后按距离查冲突，否则按区域查"
    )
    contractor = forms.CharField(label="承包商", max_length=100, required=False, help_text="本单位人员作业不填")
    parent = forms.ModelChoiceField(
        label="随同的作业票",
        queryset=Permit.objects.none(),
        required=False,
        empty_label="单独作业",
        help_text="随同时不得晚于它到期",
    )
    isolations = _area("隔离点", 2000, help_text="一行一处：位置 介质 盲板规格")
    is_large_space = forms.BooleanField(label="空间较大，须上、中、下分别检测", required=False)
    is_oxygen_rich = forms.BooleanField(label="富氧环境", required=False)
    is_explosive_area = forms.BooleanField(label="在爆炸危险区域内", required=False)

    def __init__(self, *args: Any, user: User, kind: WorkType, permit: Permit | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self._choose_zone(user, permit)
        owners = Zone.objects.filter(pk__in=self._zones().values("pk")).values("owner").distinct()
        guards = User.objects.filter(posts__role__in=_handlers(), posts__party__in=owners, is_active=True)
        self._choices("guard", guards.distinct().order_by("pinyin"))
        parents = access.visible(user, Permit, "permits.apply").filter(kind__in=kind.follows)
        self._choices("parent", parents.exclude(state__in=ENDED))
        self._level()
        for name, wanted in (
            ("isolations", kind.isolates or kind.plates),
            ("is_large_space", "oxygen" in kind.gas),
            ("is_oxygen_rich", "oxygen" in kind.gas),
            ("day_only", kind.upgrades),
            ("parent", bool(kind.follows)),
        ):
            if not wanted:
                del self.fields[name]
        if kind.plates:
            self.fields["isolations"].label = "盲板"
            self.fields["isolations"].required = True

    def values(self) -> dict[str, Any]:
        """Columns of the permit."""
        return {name: value for name, value in self.cleaned_data.items() if name != "zone"}

    def _choose_zone(self, user: User, permit: Permit | None) -> None:
        field: Any = self.fields["zone"]
        field.queryset = access.visible(user, Zone, "permits.apply").select_related("owner").order_by("name")
        if permit is not None:
            field.queryset = field.queryset.filter(pk=permit.zone_id)
            field.empty_label = None
        if field.queryset.order_by().values("owner").distinct().count() > 1:
            field.label_from_instance = lambda zone: f"{zone.owner.name} · {zone.name}"

    def _zones(self) -> QuerySet[Zone]:
        found: QuerySet[Zone] = self.fields["zone"].queryset  # type: ignore[attr-defined]
        return found

    def _choices(self, name: str, rows: QuerySet[Any]) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def _level(self) -> None:
        kind = self.kind
        if kind.level_by == "chosen":
            self.fields["base_level"].choices = [(one.code, one.name) for one in kind.levels]  # type: ignore[attr-defined]
        else:
            del self.fields["base_level"]
        if kind.level_by in {"metres", "tonnes"}:
            self.fields["measure"].label = "作业高度（米）" if kind.level_by == "metres" else "吊装质量（吨）"
            self.fields["measure"].help_text = "等级按此确定"
        else:
            del self.fields["measure"]


class ReasonForm(StepForm):
    """A step with its reason and perhaps photos."""

    photos = PhotosField(label="现场照片", required=False)


class PhotoForm(StepForm):
    """A step that needs nothing but perhaps photos. `initial["permit"]` is the permit."""

    photos = PhotosField(label="现场照片", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.permit: Permit = self.initial["permit"]
        self.fields["reason"].widget = forms.HiddenInput()
        self.fields["photos"] = self.fields.pop("photos")


class AnalyseForm(PhotoForm):
    """Hazards, and the measures against them."""

    analysis = _area("主要危害与后果", 2000, required=True, help_text="按作业步骤写：步骤、危害、可能的后果")
    taken = forms.TypedMultipleChoiceField(
        label="安全措施（落实一项勾一项）", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    inapplicable = forms.CharField(
        label="没有勾选的措施为什么不适用", max_length=300, required=False, help_text="全部勾选时不填"
    )
    extra_measures = _area("补充措施", 1000)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["taken"].choices = list(enumerate(self.permit.kind_row.measures))  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Columns of the permit."""
        return {name: self.cleaned_data[name] for name in ("analysis", "inapplicable", "extra_measures")}


class TestForm(PhotoForm):
    """A gas test: three heights, at each the groups that the type asks for."""

    at = forms.DateTimeField(label="检测时间", widget=MomentInput(), required=False, help_text="空着就是现在")
    instrument = forms.CharField(label="检测仪器及编号", max_length=60)
    tester = forms.CharField(label="检测人", max_length=30)
    place = forms.CharField(label="取样位置", max_length=100, required=False)
    combustible = forms.ChoiceField(label="可燃气体", choices=())
    combustible_unit = forms.ChoiceField(label="可燃气体单位", choices=[(u, u) for u in gas.UNITS["combustible"]])
    toxic = forms.ChoiceField(label="有毒气体", choices=())
    toxic_unit = forms.ChoiceField(label="有毒气体单位", choices=[(u, u) for u in gas.UNITS["toxic"]])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = self.permit.kind_row.gas
        for group in ("combustible", "toxic"):
            if group in groups:
                self.fields[group].choices = standard.species(group)  # type: ignore[attr-defined]
            else:
                del self.fields[group], self.fields[f"{group}_unit"]
        for height, words in gas.HEIGHTS.items():
            for group in groups:
                label = f"{words}{standard.GROUPS[group]}" + ("（%VOL）" if group == "oxygen" else "")
                self.fields[f"{height}_{group}"] = forms.FloatField(label=label, required=False, min_value=0)
        self.fields["photos"] = self.fields.pop("photos")

    def clean_at(self) -> Any:
        """Now, if left empty or in this very minute: the picker knows no seconds."""
        at, moment = self.cleaned_data["at"], now()
        return moment if at is None or at.replace(second=0) == moment.replace(second=0, microsecond=0) else at

    def readings(self) -> list[Value]:
        """The values that were entered."""
        data = self.cleaned_data
        return [
            Value(
                height,
                data.get(group, "oxygen"),
                data[f"{height}_{group}"],
                data.get(f"{group}_unit", gas.UNITS["oxygen"][0]),
            )
            for height in gas.HEIGHTS
            for group in self.permit.kind_row.gas
            if data[f"{height}_{group}"] is not None
        ]


class BriefForm(PhotoForm):
    """What the workers were told."""

    briefing = _area("交底内容", 500, required=True, help_text="危害、措施、应急处置和联络方式；作业人已逐一听取并确认")


class ApproveForm(PhotoForm):
    """In which position somebody approves."""

    position = forms.CharField(label="审批人职务", max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        permit = self.permit
        self.fields["position"].help_text = f"本级须由{permit.kind_row.level(permit.level).approver}审批"


class AcceptForm(PhotoForm):
    """What the place looks like after the work."""

    outcome = forms.CharField(label="验收意见", max_length=300, help_text="例如：现场清理完毕，无残留火种，盲板已恢复")


def _handlers() -> list[str]:
    return sorted(permissions()["permits.handle"].roles)
