"""Forms of the map of an event: wind, settlements, imported lines and rasters."""

from __future__ import annotations

from typing import Any

from django import forms

from bianwang.modules.emergency.fire import winds
from bianwang.modules.emergency.mapping.geojson import Line, read_lines
from bianwang.modules.emergency.models import Ground, MapLayer
from bianwang.modules.emergency.units import towns
from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.crypto import sm3
from bianwang.platform.places.models import Organisation
from bianwang.platform.ui.forms import MomentInput
from bianwang.spread import geotiff, rasters
from bianwang.spread.errors import SpreadError
from bianwang.spread.rasters import Raster

RASTER_LIMIT = 32 * 1024 * 1024


def longitude(label: str = "经度", **more: Any) -> forms.FloatField:
    """Degrees WGS 84 within China."""
    return forms.FloatField(label=label, min_value=73, max_value=136, **more)


def latitude(label: str = "纬度", **more: Any) -> forms.FloatField:
    """Degrees WGS 84 within China."""
    return forms.FloatField(label=label, min_value=3, max_value=54, **more)


class WindForm(forms.Form):
    """A wind that somebody read."""

    measured_at = forms.DateTimeField(label="观测时间", widget=MomentInput())
    speed = forms.FloatField(label="风速（米/秒）", min_value=0, max_value=60)
    blows_from = forms.CharField(label="风向", max_length=10, help_text="风从哪里来：东北、西等八个方位，或 0～360 度")
    temperature = forms.FloatField(label="气温（℃）", min_value=-30, max_value=60, required=False)
    humidity = forms.FloatField(label="相对湿度（%）", min_value=0, max_value=100, required=False)
    source = forms.CharField(label="来源", max_length=100, help_text="谁用什么测的，如“前指手持风速仪”“区气象台电话”")

    def clean_blows_from(self) -> float:
        """Degrees."""
        try:
            found = winds.direction(self.cleaned_data["blows_from"])
        except SpreadError as error:
            raise forms.ValidationError(str(error)) from None
        if not 0 <= found <= 360:
            raise forms.ValidationError("风向应在 0 至 360 度之间。")
        return found


class SettlementForm(forms.Form):
    """A settlement with its people."""

    owner = forms.ModelChoiceField(label="所属镇街", queryset=Organisation.objects.none(), empty_label="请选择")
    name = forms.CharField(label="居民点", max_length=60, help_text="如“石河村三社”，同一镇街内不重名")
    households = forms.IntegerField(label="户数", min_value=0, max_value=1_000_000)
    people = forms.IntegerField(label="人数", min_value=0, max_value=1_000_000)
    frail = forms.IntegerField(
        label="需协助转移的人数",
        min_value=0,
        max_value=1_000_000,
        initial=0,
        help_text="不能自行转移的老人、病人、幼儿",
    )
    longitude = longitude()
    latitude = latitude(help_text="WGS-84，十进制度")
    contact = forms.CharField(label="联系人", max_length=30, required=False)
    phone = forms.CharField(label="联系电话", max_length=20, required=False)
    is_active = forms.BooleanField(label="在用", required=False, initial=True, help_text="整体搬迁的去掉勾选")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["owner"]
        field.queryset = access.visible(user, Organisation, "emergency.settlements") & towns()


class _SourceForm(forms.Form):
    """A file and where it comes from."""

    name = forms.CharField(label="名称", max_length=60, help_text="如“全区县道以上道路”")
    source = forms.CharField(label="来源", max_length=120, help_text="提供单位、年份；印在图下")


class LinesForm(_SourceForm):
    """Roads or rivers."""

    kind = forms.ChoiceField(label="类别", choices=MapLayer.Kind.choices)
    file = forms.FileField(
        label="GeoJSON 文件",
        help_text="LineString 或 MultiLineString，WGS-84 经纬度（EPSG:4326），不超过 10 MB；属性 name 为线名。"
        "国内电子地图导出的坐标多有偏移，请先转换",
        widget=forms.FileInput(attrs={"accept": ".geojson,.json"}),
    )
    field_order = ("kind", "name", "source", "file")

    def clean_file(self) -> tuple[list[Line], str]:
        """The lines and the file's SM3."""
        file = self.cleaned_data["file"]
        lines = read_lines(file, file.size)
        file.seek(0)
        return lines, sm3(file.read()).hex()


class GroundForm(_SourceForm):
    """A raster."""

    kind = forms.ChoiceField(label="类别", choices=Ground.Kind.choices)
    file = forms.FileField(
        label="栅格文件",
        help_text="ESRI ASCII（.asc）或单波段 GeoTIFF（.tif），WGS-84 经纬度（EPSG:4326），不超过 32 MB、400 万格；"
        "投影坐标的先用 gdalwarp -t_srs EPSG:4326 转换",
        widget=forms.FileInput(attrs={"accept": ".asc,.tif,.tiff"}),
    )
    field_order = ("kind", "name", "source", "file")

    def clean_file(self) -> tuple[Raster, str]:
        """The raster and the file's SM3."""
        file = self.cleaned_data["file"]
        if file.size > RASTER_LIMIT:
            raise forms.ValidationError("文件超过 32 MB，请先裁剪到本区再导入。")
        data = file.read()
        try:
            raster = _raster(data, file.name)
        except SpreadError as error:
            raise forms.ValidationError(str(error)) from None
        if not raster.degrees:
            raise forms.ValidationError("栅格不是经纬度坐标，请先用 gdalwarp -t_srs EPSG:4326 转换后再导入。")
        return raster, sm3(data).hex()


def _raster(data: bytes, name: str) -> Raster:
    """By content, not by name. Raises SpreadError."""
    if data[:4] in {b"II*\0", b"MM\0*"}:
        return geotiff.read(data, name)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise SpreadError(f"文件“{name}”既不是 GeoTIFF 也不是 ESRI ASCII 栅格，请核对。") from None
    return rasters.read(text, name)
