"""The 20-digit codes of GB/T 28181 (appendix on unified coding, rule A): who a device, a channel or a platform is.

8 digits area (GB/T 2260, with two more for the local unit), 2 trade, 3 type, 1 network, 6 serial. The names here are
those of the editions of 2016 and 2022; a code that is not listed has the name of its range.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from bianwang.protocols.errors import FrameError

CAMERAS: Final = frozenset({131, 132})
"""Types whose items are channels with a picture."""
ALARM_INPUT: Final = 134
SERVER: Final = 200
BUSINESS_GROUP: Final = 215
VIRTUAL_ORGANISATION: Final = 216

TYPES: Final = {
    111: "硬盘录像机",
    112: "视频服务器",
    113: "编码器",
    114: "解码器",
    115: "视频切换矩阵",
    116: "音频切换矩阵",
    117: "报警控制器",
    118: "网络视频录像机",
    130: "混合硬盘录像机",
    131: "摄像机",
    132: "网络摄像机",
    133: "显示器",
    134: "报警输入设备",
    135: "报警输出设备",
    136: "语音输入设备",
    137: "语音输出设备",
    138: "移动传输设备",
    200: "中心信令控制服务器",
    201: "网页应用服务器",
    202: "媒体分发服务器",
    203: "代理服务器",
    204: "安全服务器",
    205: "报警服务器",
    206: "数据库服务器",
    207: "地理信息服务器",
    208: "管理服务器",
    209: "接入网关",
    210: "媒体存储服务器",
    211: "信令安全路由网关",
    215: "业务分组",
    216: "虚拟组织",
}

_TYPE_RANGES: Final = (
    (111, 130, "前端主设备"),
    (131, 199, "前端外围设备"),
    (200, 299, "平台设备"),
    (300, 399, "中心用户"),
    (400, 499, "终端用户"),
    (500, 599, "外接平台服务器"),
)
_TRADE_RANGES: Final = (
    (0, 3, "社会治安"),
    (4, 7, "交通"),
    (8, 8, "城市管理"),
    (9, 9, "卫生环保"),
    (10, 10, "商检海关"),
    (11, 11, "教育"),
    (12, 39, "预留"),
    (40, 79, "企事业单位"),
    (80, 89, "个人"),
)


class GbCode(msgspec.Struct, frozen=True):
    """The parts of a code. `area` has 8 digits, the first 6 as in GB/T 2260."""

    area: str
    trade: int
    type: int
    network: int
    serial: int

    @property
    def type_name(self) -> str:
        """What it is, in Chinese."""
        return TYPES.get(self.type) or _named(self.type, _TYPE_RANGES)

    @property
    def trade_name(self) -> str:
        """Whose it is, in Chinese."""
        return _named(self.trade, _TRADE_RANGES)

    def __str__(self) -> str:
        return f"{self.area}{self.trade:02}{self.type:03}{self.network}{self.serial:06}"


def read(text: str) -> GbCode:
    """The parts of a code. FrameError("field") unless it has 20 digits."""
    if not re.fullmatch(r"[0-9]{20}", text):
        raise FrameError("field", f"国标编码“{text[:40]}”应为 20 位数字")
    return GbCode(text[:8], int(text[8:10]), int(text[10:13]), int(text[13]), int(text[14:]))


def is_camera(text: str) -> bool:
    """Whether an item of a catalog is a channel with a picture; directories and areas are not."""
    return bool(re.fullmatch(r"[0-9]{20}", text)) and int(text[10:13]) in CAMERAS


def is_directory(text: str) -> bool:
    """Whether it is a place in the catalog's tree: an area (2 to 8 digits), a group or a virtual organisation."""
    if re.fullmatch(r"([0-9]{2}){1,4}", text):
        return True
    return bool(re.fullmatch(r"[0-9]{20}", text)) and int(text[10:13]) in (BUSINESS_GROUP, VIRTUAL_ORGANISATION)


def _named(number: int, ranges: tuple[tuple[int, int, str], ...]) -> str:
    return next((name for first, last, name in ranges if first <= number <= last), "未规定")
