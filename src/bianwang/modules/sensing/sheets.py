"""Excel imports of devices, signals and cameras. A row with a known key changes that row, another creates one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError

from bianwang.modules.sensing import services, settings
from bianwang.modules.sensing.models import Camera, Device, Signal, gb_code_validator, key_validator
from bianwang.modules.sensing.quantities import QUANTITY_CHOICES
from bianwang.platform import access
from bianwang.platform.exchange.sheets import Errors, Row, Sheet, SheetColumn
from bianwang.platform.places.models import Party, Zone
from bianwang.platform.places.sheets import party_index

_PERMISSION = "sensing.import"
_LOOKED_UP = 500

Devices = Mapping[str, Device]
Zones = Mapping[tuple[int, str], Zone]


def _key(text: str) -> str:
    key_validator(text)
    return text


def _gb_code(text: str) -> str:
    gb_code_validator(text)
    return text


def _devices(keys: Iterable[str | None]) -> dict[str, Device]:
    """Registered devices by key, whoever owns them: a key is unique in the whole district."""
    wanted = sorted({key for key in keys if key})
    found: dict[str, Device] = {}
    for start in range(0, len(wanted), _LOOKED_UP):
        rows = Device.objects.filter(key__in=wanted[start : start + _LOOKED_UP]).select_related("owner")
        found |= {device.key: device for device in rows}
    return found


def _zones(rows: list[Row]) -> dict[tuple[int, str], Zone]:
    names = sorted({row["zone"] for row in rows if row.get("zone")})
    found: dict[tuple[int, str], Zone] = {}
    for start in range(0, len(names), _LOOKED_UP):
        for zone in Zone.objects.filter(name__in=names[start : start + _LOOKED_UP]):
            found[zone.owner_id, zone.name] = zone
    return found


def _owners(user: Any, rows: list[Row]) -> dict[str, Party]:
    return party_index(user, [row["owner"] for row in rows if row["owner"]])


def _check_devices(user: Any, rows: list[Row]) -> Errors:
    owners, zones = _owners(user, rows), _zones(rows)
    known = _devices([row["key"] for row in rows] + [row["gateway"] for row in rows])
    coming = {row["key"] for row in rows if row["is_gateway"]}
    errors = {}
    for index, row in enumerate(rows):
        owner = owners.get(row["owner"] or "")
        faults = _place_faults(row, owner, zones)
        registered = known.get(row["key"] or "")
        if registered is not None and owner is not None and registered.owner_id != owner.pk:
            faults["key"] = f"标识“{row['key']}”已由其他单位的设备使用，请换一个。"
        if row["gateway"] and row["gateway"] not in known and row["gateway"] not in coming:
            faults["gateway"] = f"没有标识为“{row['gateway']}”的网关，请先登记，或在本表中把它列在前面。"
        try:
            settings.read(row["protocol"] or "mqtt", row["settings"] or "{}")
        except ValueError as error:
            faults["settings"] = str(error)
        if faults:
            errors[index] = faults
    return errors


def _check_signals(user: Any, rows: list[Row]) -> Errors:
    known = _devices(row["device"] for row in rows)
    keys = list(known)
    allowed: set[str] = set()
    for start in range(0, len(keys), _LOOKED_UP):
        inside = access.visible(user, Device, _PERMISSION).filter(key__in=keys[start : start + _LOOKED_UP])
        allowed |= set(inside.values_list("key", flat=True))
    return {
        index: {"device": f"没有标识为“{row['device']}”的设备，请先登记设备。"}
        for index, row in enumerate(rows)
        if row["device"] and row["device"] not in allowed
    }


def _check_cameras(user: Any, rows: list[Row]) -> Errors:
    owners, zones = _owners(user, rows), _zones(rows)
    found = {index: _place_faults(row, owners.get(row["owner"] or ""), zones) for index, row in enumerate(rows)}
    return {index: faults for index, faults in found.items() if faults}


def _place_faults(row: Row, owner: Party | None, zones: Zones) -> dict[str, str]:
    if owner is None:
        return {"owner": f"没有找到“{row['owner']}”，请先登记企业，或核对信用代码和名称。"} if row["owner"] else {}
    if row["zone"] and (owner.pk, row["zone"]) not in zones:
        return {"zone": f"“{owner}”没有名为“{row['zone']}”的区域，请先登记区域。"}
    return {}


def _apply_devices(user: Any, rows: list[Row]) -> None:
    owners, zones = _owners(user, rows), _zones(rows)
    known = _devices([row["key"] for row in rows] + [row["gateway"] for row in rows])
    for row in rows:
        owner = owners[row["owner"]]
        device = known.get(row["key"]) or Device(key=row["key"], owner_id=owner.pk)
        _set(device, row, ("name", "protocol", "is_gateway", "source_address", "settings"))
        _set_numbers(device, row, ("period_s", "lateness_ms"), int)
        if row["zone"]:
            device.zone = zones[owner.pk, row["zone"]]
        if row["gateway"]:
            device.gateway = known.get(row["gateway"]) or _missing(row["gateway"])
        _save(device)
        known[device.key] = device


def _apply_signals(user: Any, rows: list[Row]) -> None:
    devices = _devices(row["device"] for row in rows)
    signals = Signal.objects.filter(device__in=devices.values()).select_related("device", "owner")
    known = {(signal.device_id, signal.name): signal for signal in signals}
    for row in rows:
        device = devices[row["device"]]
        signal = known.get((device.pk, row["name"]))
        if signal is None:
            signal = Signal(device=device, owner_id=device.owner_id, name=row["name"])
        _set(signal, row, ("title", "quantity", "unit"))
        _set_numbers(signal, row, ("scale", "offset", "low", "high"), float)
        _set_numbers(signal, row, ("decimals",), int)
        _save(signal)


def _apply_cameras(user: Any, rows: list[Row]) -> None:
    owners, zones = _owners(user, rows), _zones(rows)
    cameras = Camera.objects.filter(owner__in=owners.values(), name__in=[row["name"] for row in rows])
    known = {(camera.owner_id, camera.name): camera for camera in cameras.select_related("owner")}
    for row in rows:
        owner = owners[row["owner"]]
        camera = known.get((owner.pk, row["name"])) or Camera(owner_id=owner.pk, name=row["name"])
        _set(camera, row, ("gb_code", "stream", "substream", "is_analysed"))
        _set_numbers(camera, row, ("sample_fps",), float)
        if row["zone"]:
            camera.zone = zones[owner.pk, row["zone"]]
        _save(camera)


def _set(target: Any, row: Row, names: tuple[str, ...]) -> None:
    """Empty cells leave what is there."""
    for name in names:
        if row[name] is not None:
            setattr(target, name, row[name])


def _set_numbers(target: Any, row: Row, names: tuple[str, ...], kind: type[int] | type[float]) -> None:
    for name in names:
        if row[name] is not None:
            setattr(target, name, kind(row[name]))


def _save(row: Device | Signal | Camera) -> None:
    if row.pk is None:
        services.register(row)
    else:
        services.change(row)


def _missing(key: str) -> Device:
    raise ValidationError(f"没有标识为“{key}”的网关，请先登记。")


_OWNER = SheetColumn("owner", "所属单位", required=True, note="统一社会信用代码、单位代码或全称")
_ZONE = SheetColumn("zone", "区域", note="已登记的区域名称", max_length=60)

DEVICES = Sheet(
    kind="sensing.device",
    title="设备",
    permission=_PERMISSION,
    columns=(
        SheetColumn(
            "key",
            "设备标识",
            required=True,
            note="全区唯一，登记后不能修改",
            example="pump-01",
            max_length=64,
            clean=_key,
        ),
        _OWNER,
        SheetColumn("name", "名称", required=True, example="1号循环水泵", max_length=60),
        _ZONE,
        SheetColumn(
            "protocol", "接入协议", required=True, kind="choice", choices=Device.Protocol.choices, example="MQTT"
        ),
        SheetColumn("period_s", "上报周期（秒）", kind="number", note="0 表示不承诺，不填为 60", example="10"),
        SheetColumn("lateness_ms", "允许迟到（毫秒）", kind="number", note="不填为 0"),
        SheetColumn("is_gateway", "网关", kind="flag"),
        SheetColumn("gateway", "经由网关", note="网关的设备标识", max_length=64),
        SheetColumn("source_address", "来源地址", note="HJ 212、GB/T 26875.3 必填", max_length=45),
        SheetColumn("settings", "协议参数", note="JSON，仅 HJ 212、GB/T 26875.3、Modbus 需要", max_length=8000),
    ),
    key=("key",),
    check=_check_devices,
    apply=_apply_devices,
)

SIGNALS = Sheet(
    kind="sensing.signal",
    title="信号",
    permission=_PERMISSION,
    columns=(
        SheetColumn("device", "设备标识", required=True, example="pump-01", max_length=64),
        SheetColumn("name", "信号标识", required=True, note="设备报文里的名称", example="flow", max_length=64),
        SheetColumn("title", "名称", required=True, example="出口流量", max_length=60),
        SheetColumn("quantity", "监测量", required=True, kind="choice", choices=QUANTITY_CHOICES, example="流量"),
        SheetColumn("unit", "单位", example="m³/h", max_length=16),
        SheetColumn("scale", "系数", kind="number", note="不填为 1"),
        SheetColumn("offset", "偏移", kind="number", note="不填为 0"),
        SheetColumn("low", "量程下限", kind="number"),
        SheetColumn("high", "量程上限", kind="number"),
        SheetColumn("decimals", "小数位", kind="number", note="不填为 2"),
    ),
    key=("device", "name"),
    check=_check_signals,
    apply=_apply_signals,
)

CAMERAS = Sheet(
    kind="sensing.camera",
    title="摄像机",
    permission=_PERMISSION,
    columns=(
        _OWNER,
        SheetColumn("name", "名称", required=True, example="泵房东门", max_length=60),
        _ZONE,
        SheetColumn("gb_code", "国标编码", note="20 位数字", max_length=20, clean=_gb_code),
        SheetColumn("stream", "取流地址", max_length=300),
        SheetColumn("substream", "子码流地址", note="分析和看画面优先用它", max_length=300),
        SheetColumn("is_analysed", "视频分析", kind="flag"),
        SheetColumn("sample_fps", "采样帧率（帧/秒）", kind="number", note="不填为 2", example="2"),
    ),
    key=("owner", "name"),
    check=_check_cameras,
    apply=_apply_cameras,
)
