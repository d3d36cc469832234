"""The form that asks for a judgement of a fire."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from bianwang.modules.emergency.fire import winds
from bianwang.modules.emergency.mapping.geojson import read_perimeter
from bianwang.modules.emergency.models import Event, Ground
from bianwang.modules.emergency.pack.fuels import fuel_classes
from bianwang.platform.clock import today
from bianwang.platform.ui.forms import MomentInput
from bianwang.spread.errors import SpreadError

CELLS = ((10, "10 米"), (20, "20 米"), (30, "30 米"), (50, "50 米"))
SPANS = ((4, "4 千米"), (8, "8 千米"), (10, "10 千米"), (16, "16 千米"), (30, "30 千米"))
MOST_POINTS = 20


class JudgementForm(forms.Form):
    """Where it burns, the wind, the ground."""

    starts_at = forms.DateTimeField(label="起算时间", widget=MomentInput(), help_text="火在下面的位置时的时间")
    points = forms.CharField(
        label="起火点",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="一行一个：经度，纬度（WGS-84），最多 20 个；上传了火场边界的可以不填",
    )
    perimeter = forms.FileField(
        label="火场边界",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".geojson,.json"}),
        help_text="正在燃烧的范围：GeoJSON 的 Polygon 或 MultiPolygon，WGS-84",
    )
    hours = forms.IntegerField(label="推演时长（小时）", min_value=1, max_value=24, initial=6)
    winds = forms.CharField(
        label="逐小时风",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="一行一小时：风速（米/秒） 风向（来向），如“4.5 东北”；可再加气温和湿度，如“4.5 东北 36 25”。"
        "最后一行用到结束",
    )
    temperature = forms.FloatField(label="气温（℃）", min_value=-30, max_value=60, initial=30)
    humidity = forms.FloatField(label="相对湿度（%）", min_value=0, max_value=100, initial=40)
    fuel = forms.ChoiceField(label="可燃物", required=False, help_text="全范围按一种；有可燃物栅格的选栅格")
    fuel_ground = forms.ModelChoiceField(
        label="可燃物栅格", queryset=Ground.objects.none(), required=False, empty_label="不用"
    )
    elevation = forms.ModelChoiceField(
        label="高程栅格", queryset=Ground.objects.none(), required=False, empty_label="不用（按平地）"
    )
    moisture = forms.FloatField(
        label="细小可燃物含水率（%）",
        min_value=1,
        max_value=40,
        initial=6,
        help_text="只用于 Rothermel 公式；干燥炎热天气 4～6，阴湿天气 12 以上",
    )
    cell = forms.TypedChoiceField(label="格网边长", coerce=int, choices=CELLS, initial=20)
    span = forms.TypedChoiceField(
        label="推演范围（每边）", coerce=int, choices=SPANS, initial=8, help_text="起火点在中间；火可能烧出范围时会提示"
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        day = today()
        burnable = [(row.code, row.name) for row in fuel_classes(day) if row.wang or row.rothermel]
        fields["fuel"].choices = [("", "请选择"), *burnable]
        grounds = Ground.objects.filter(is_active=True)
        fields["fuel_ground"].queryset = grounds.filter(kind=Ground.Kind.FUEL)
        fields["elevation"].queryset = grounds.filter(kind=Ground.Kind.ELEVATION)

    def clean_points(self) -> list[tuple[float, float]]:
        """Longitude and latitude of each."""
        lines = [line for line in self.cleaned_data["points"].splitlines() if line.strip()]
        if len(lines) > MOST_POINTS:
            raise forms.ValidationError(f"最多 {MOST_POINTS} 个起火点，现有 {len(lines)} 个；成片的请上传火场边界。")
        return [_point(number, line) for number, line in enumerate(lines, 1)]

    def clean_perimeter(self) -> list[list[tuple[float, float]]]:
        """Rings."""
        file = self.cleaned_data["perimeter"]
        return read_perimeter(file, file.size) if file else []

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if all(name in found for name in ("hours", "winds", "temperature", "humidity")):
            try:
                found["weather"] = winds.series(found["winds"], found["hours"], found["temperature"], found["humidity"])
            except SpreadError as error:
                self.add_error("winds", str(error))
        return found

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        found = self.cleaned_data
        names = ("starts_at", "hours", "cell", "points", "perimeter", "weather", "moisture", "fuel_ground", "elevation")
        return {
            **{name: found[name] for name in names},
            "fuel": int(found["fuel"] or 0),
            "side": found["span"] * 1000 // found["cell"],
        }


def _point(number: int, line: str) -> tuple[float, float]:
    words = re.split(r"[\s,，、]+", line.strip())
    try:
        longitude, latitude = map(float, words)
    except ValueError:
        raise forms.ValidationError(f"第 {number} 行“{line.strip()[:40]}”应是“经度，纬度”。") from None
    if not (73 <= longitude <= 136 and 3 <= latitude <= 54):
        raise forms.ValidationError(f"第 {number} 行的经度 {longitude:g}、纬度 {latitude:g} 不在中国，请检查是否写反。")
    return longitude, latitude
