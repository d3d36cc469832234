"""Forms of parties and places."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from bianwang.platform.places import queries
from bianwang.platform.places.credit_code import validate_credit_code
from bianwang.platform.places.models import Enterprise, Organisation, Party, Territory, Workshop, Zone

_PHONE = r"[0-9+\-() 转]{5,20}"


class EnterpriseForm(forms.ModelForm):  # type: ignore[type-arg]
    """Everything about an enterprise. `user` limits where it may lie."""

    contact_phone = forms.RegexField(
        _PHONE,
        label="联系电话",
        required=False,
        error_messages={"invalid": "电话只能是数字、空格、+、-、括号，5 至 20 位。"},
    )
    longitude = forms.FloatField(
        label="经度", required=False, min_value=105, max_value=111, help_text="WGS 84，十进制度，如 106.231"
    )
    latitude = forms.FloatField(
        label="纬度", required=False, min_value=28, max_value=33, help_text="WGS 84，十进制度，如 29.592"
    )

    class Meta:
        model = Enterprise
        fields = (
            "name", "credit_code", "sector", "scale", "risk", "standardisation", "territories", "supervisors",
            "is_direct", "is_active", "address", "contact", "contact_phone", "longitude", "latitude",
        )  # fmt: skip
        widgets = {"territories": forms.CheckboxSelectMultiple, "supervisors": forms.CheckboxSelectMultiple}
        help_texts = {
            "credit_code": "营业执照上的 18 位代码",
            "territories": "可多选；选了村社会自动包含所在镇街",
            "supervisors": "可多选；属管委会或行业部门监管的在此选择",
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        places: Any = self.fields["territories"]
        places.queryset = queries.places_for(user, "places.edit").order_by("code")
        places.label_from_instance = lambda place: ("　" if place.kind == Territory.Kind.VILLAGE else "") + place.name
        bodies: Any = self.fields["supervisors"]
        if queries.grades_are_kept():
            grade = self.fields["standardisation"]
            grade.disabled, grade.required = True, False
            grade.help_text = "随标准化证书自动改变；已有的证书在“标准化定级”登记或导入"
        levels = (Organisation.Level.OFFICE, Organisation.Level.DEPARTMENT, Organisation.Level.COMMITTEE)
        bodies.queryset = Organisation.objects.filter(level__in=levels).order_by("level", "pinyin")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if bool(data.get("longitude")) != bool(data.get("latitude")):
            raise ValidationError("经度和纬度要么都填，要么都不填。")
        if self.fields["standardisation"].disabled:
            data.pop("standardisation", None)
        for name in ("territories", "supervisors"):
            if name in data:
                data[name] = [*data[name], *self._out_of_reach(name)]
        places, bodies = list(data.get("territories") or ()), list(data.get("supervisors") or ())
        if not queries.lies_in_scope(self.user, "places.edit", places, bodies):
            self.add_error("territories", "请至少选择一个您管辖的区域，否则登记后您将看不到它。")
        return data

    def _out_of_reach(self, name: str) -> list[Any]:
        """Members that this user is not offered, and so cannot have meant to remove."""
        if self.instance.pk is None:
            return []
        offered: Any = self.fields[name]
        return list(getattr(self.instance, name).exclude(pk__in=offered.queryset.values("pk")))

    def clean_credit_code(self) -> str:
        code = str(self.cleaned_data["credit_code"]).strip().upper()
        validate_credit_code(code)
        twin = Enterprise.objects.exclude(pk=self.instance.pk).filter(credit_code=code).first()
        if twin:
            raise ValidationError(f"这个代码已登记为“{twin.name}”，请核对，不要重复登记。")
        return code

    def _post_clean(self) -> None:
        """The service sets and validates the instance; a form must not touch it before."""


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    """A public body."""

    class Meta:
        model = Organisation
        fields = ("name", "code", "level", "parent", "territory", "territories", "is_active")
        widgets = {"territories": forms.CheckboxSelectMultiple}
        help_texts = {"code": "字母、数字和短横线，登记后用于导入时识别", "territory": "本单位管辖的区域"}

    def _post_clean(self) -> None:
        """Left to the service."""


class WorkshopForm(forms.ModelForm):  # type: ignore[type-arg]
    """A workshop of a party."""

    class Meta:
        model = Workshop
        fields = ("name",)

    def _post_clean(self) -> None:
        """Left to the service."""


class ZoneForm(forms.ModelForm):  # type: ignore[type-arg]
    """A zone of a party; only its own workshops are offered."""

    class Meta:
        model = Zone
        fields = ("name", "kind", "workshop")

    def __init__(self, *args: Any, owner: Party, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["workshop"]
        field.queryset = Workshop.objects.filter(owner=owner)

    def _post_clean(self) -> None:
        """Left to the service."""


class OutlineForm(forms.Form):
    """An official GeoJSON file."""

    file = forms.FileField(
        label="GeoJSON 文件",
        help_text="WGS 84 坐标的 FeatureCollection，要素属性带 code（区划代码）或 name（名称），不超过 10 MB。",
        widget=forms.FileInput(attrs={"accept": ".json,.geojson"}),
    )
    source = forms.CharField(
        label="来源与审图号", max_length=120, help_text="将印在地图上，如“某某自然资源局 渝S（2024）000号”"
    )
