"""What a signal measures: the vocabulary by which rules find their signals, and how units convert."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Quantity:
    """A measured quantity; `units` are those it may come in, the usual one first.

    `molar_mass` in g/mol, for gases that are given in ppm or mg/m³.
    """

    code: str
    name: str
    units: tuple[str, ...]
    molar_mass: float = 0.0


_GAS = ("mg/m³", "ppm")
QUANTITIES = {
    quantity.code: quantity
    for quantity in (
        Quantity("combustible_gas", "可燃气体", ("%LEL", "%VOL")),
        Quantity("carbon_monoxide", "一氧化碳", _GAS, 28.01),
        Quantity("hydrogen_sulfide", "硫化氢", _GAS, 34.08),
        Quantity("ammonia", "氨", _GAS, 17.03),
        Quantity("chlorine", "氯", _GAS, 70.90),
        Quantity("hydrogen_cyanide", "氰化氢", _GAS, 27.03),
        Quantity("sulfur_dioxide", "二氧化硫", _GAS, 64.06),
        Quantity("nitrogen_dioxide", "二氧化氮", _GAS, 46.01),
        Quantity("benzene", "苯", _GAS, 78.11),
        Quantity("toluene", "甲苯", _GAS, 92.14),
        Quantity("methanol", "甲醇", _GAS, 32.04),
        Quantity("carbon_dioxide", "二氧化碳", _GAS, 44.01),
        Quantity("petroleum_gas", "液化石油气", ("mg/m³",)),
        Quantity("dust", "粉尘浓度", ("mg/m³",)),
        Quantity("oxygen", "氧含量", ("%VOL",)),
        Quantity("temperature", "温度", ("℃",)),
        Quantity("pressure", "压力", ("MPa", "kPa", "Pa", "bar")),
        Quantity("level", "液位", ("%", "m", "mm")),
        Quantity("flow", "流量", ("m³/h", "L/min", "L/s")),
        Quantity("current", "电流", ("A", "mA")),
        Quantity("voltage", "电压", ("V", "kV")),
        Quantity("vibration", "振动", ("g", "mm/s", "m/s²")),
        Quantity("speed", "转速", ("r/min",)),
        Quantity("humidity", "湿度", ("%RH",)),
        Quantity("smoke", "烟雾", ("%/m", "dB/m")),
        Quantity("fire_alarm", "火警", ("",)),
        Quantity("fan_running", "风机运行", ("",)),
        Quantity("work_running", "作业运行", ("",)),
        Quantity("machine_running", "设备运行", ("",)),
        Quantity("pump_running", "泵运行", ("",)),
        Quantity("collector_running", "除尘器运行", ("",)),
        Quantity("burner_on", "燃烧器点火", ("",)),
        Quantity("valve_open", "阀门开", ("",)),
        Quantity("power_on", "电源接通", ("",)),
        Quantity("voltage_tested", "验电完成", ("",)),
        Quantity("spark", "动火火花", ("",)),
        Quantity("lifting", "吊钩带载", ("",)),
        Quantity("unloading", "卸车进行", ("",)),
        Quantity("truck_present", "罐车停妥", ("",)),
        Quantity("earth_clamp", "静电接地", ("",)),
        Quantity("video_ok", "视频正常", ("",)),
        Quantity("video_alarm", "视频报警", ("",)),
        Quantity("fire_alarm_at_centre", "监控中心收到火警", ("",)),
        Quantity("roll_call_open", "查岗未应答", ("",)),
        Quantity("door_open", "门开关", ("",)),
        Quantity("head_count", "人数", ("人",)),
        Quantity("danger_count", "危险区人数", ("人",)),
        Quantity("post_count", "岗位人数", ("人",)),
        Quantity("intruder_count", "禁入区人数", ("人",)),
        Quantity("entered_count", "进入人次", ("人次",)),
        Quantity("left_count", "离开人次", ("人次",)),
        Quantity("dwell_time", "停留时长", ("s",)),
        Quantity("absence_time", "离岗时长", ("s",)),
        Quantity("forklift_count", "叉车数", ("",)),
        Quantity("guard_distance", "监护人距离", ("m",)),
        Quantity("permit_valid", "作业票有效", ("",)),
        Quantity("gas_test_passed", "气体检测合格", ("",)),
        Quantity("gas_test_failed", "气体检测不合格", ("",)),
        Quantity("guard_present", "监护在岗", ("",)),
        Quantity("briefing_done", "安全交底", ("",)),
        Quantity("work_active", "作业进行", ("",)),
        Quantity("blind_plate_done", "盲板到位", ("",)),
        Quantity("permit_level_ok", "作业票等级符合", ("",)),
        Quantity("lock_on", "上锁挂牌", ("",)),
        Quantity("permit_conflict", "作业票冲突", ("",)),
        Quantity("wind_speed", "风速", ("m/s",)),
        Quantity("wind_direction", "风向", ("°",)),
        Quantity("rainfall", "雨量", ("mm",)),
        Quantity("water_level", "水位", ("m",)),
        Quantity("other", "其他", ()),
    )
}
QUANTITY_CHOICES = [(quantity.code, quantity.name) for quantity in QUANTITIES.values()]

MOLAR_VOLUME = 24.45
"""L/mol at 25 ℃ and 101.325 kPa: mg/m³ = ppm x M / 24.45."""

# (dimension, factor to the dimension's base unit)
_UNITS = {
    "MPa": ("pressure", 1e6),
    "kPa": ("pressure", 1e3),
    "Pa": ("pressure", 1.0),
    "bar": ("pressure", 1e5),
    "m³/h": ("flow", 1 / 3600),
    "L/min": ("flow", 1 / 60000),
    "L/s": ("flow", 1 / 1000),
    "m": ("length", 1.0),
    "mm": ("length", 1e-3),
    "A": ("current", 1.0),
    "mA": ("current", 1e-3),
    "V": ("voltage", 1.0),
    "kV": ("voltage", 1e3),
}


def factor(source: str, target: str, quantity: str = "") -> float | None:
    """What a number in `source` is multiplied by to be in `target`; None if that is not known.

    ppm and mg/m³ convert for a gas whose molar mass is known, at 25 ℃ and 101.325 kPa.
    """
    if source == target:
        return 1.0
    if source in _UNITS and target in _UNITS and _UNITS[source][0] == _UNITS[target][0]:
        return _UNITS[source][1] / _UNITS[target][1]
    mass = QUANTITIES[quantity].molar_mass if quantity in QUANTITIES else 0.0
    if mass and (source, target) == ("ppm", "mg/m³"):
        return mass / MOLAR_VOLUME
    if mass and (source, target) == ("mg/m³", "ppm"):
        return MOLAR_VOLUME / mass
    return None
