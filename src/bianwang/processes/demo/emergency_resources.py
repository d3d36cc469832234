"""Resources of the demo district, some of them called to its fire. Names, people and places are invented."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

from bianwang.modules.emergency import services
from bianwang.modules.emergency.models import Event
from bianwang.platform.clock import today
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Organisation, Territory
from bianwang.processes.demo.cast import Cast


class _Row(NamedTuple):
    """One resource: unit, kind, name, quantity, coordinates, contact; what it can do; whose it is; what lies in it."""

    owner: str
    kind: str
    name: str
    quantity: int
    at: tuple[float, float] | None
    contact: str
    capabilities: str = ""
    outside_unit: str = ""
    items: str = ""


_GOODS = "风力灭火机 40 台；灭火水枪 60 支；65水带 80 盘；二号工具 300 把；油锯 15 台；防火服 120 套"
_FLOOD_GOODS = "救生衣 200 件；冲锋舟 4 艘；编织袋 8000 条；排水泵 6 台；强光手电 150 支"
_ROWS = (
    _Row("bureau", "team_general", "区综合应急救援队", 60, (106.2277, 29.5936), "唐队长", "抢险、破拆、排涝"),
    _Row("dept-fire", "team_general", "璧泉消防救援站", 35, (106.2212, 29.5858), "罗站长", "灭火、破拆、绳索救援"),
    _Row("dept-fire", "team_general", "青杠消防救援站", 28, (106.2650, 29.5440), "秦站长", "灭火、化工处置"),
    _Row("dept-forest", "team_special", "区森林消防专业队", 40, (106.2105, 29.6080), "蒋队长", "扑火、以水灭火"),
    _Row("dept-water", "team_special", "区水利抢险队", 25, (106.2301, 29.5790), "何队长", "堤防抢险、排涝"),
    _Row("dept-housing", "team_special", "区燃气抢修队", 18, (106.2260, 29.5720), "郑队长", "燃气堵漏"),
    _Row("500120003", "team_special", "青杠街道半专业扑火队", 30, (106.2560, 29.5510), "李队长", "扑火、开设隔离带"),
    _Row("500120006", "team_special", "大路街道半专业扑火队", 26, (106.2620, 29.6830), "杨队长", "扑火、巡护"),
    _Row("500120100", "team_special", "八塘半专业扑火队", 22, (106.2960, 29.7920), "冉队长", "扑火、巡护"),
    _Row("500120103", "team_special", "福禄半专业扑火队", 20, (106.1510, 29.7010), "彭队长", "扑火、开设隔离带"),
    _Row("500120105", "team_special", "正兴半专业扑火队", 20, (106.1820, 29.5120), "曾队长", "扑火、巡护"),
    _Row(
        "bureau", "team_social", "山地救援志愿队", 24, (106.2180, 29.6010), "吴队长", "山地搜救、夜间", "山地救援协会"
    ),
    _Row("bureau", "team_social", "水上救援志愿队", 16, (106.2350, 29.5660), "邓队长", "水上救援", "水上救援协会"),
    _Row("bureau", "drone", "侦察无人机一组", 3, (106.2277, 29.5936), "谢飞手", "热成像、夜航"),
    _Row("bureau", "drone", "侦察无人机二组", 2, (106.2240, 29.5610), "孟飞手", "热成像、喊话"),
    _Row("bureau", "drone", "投送无人机组", 2, (106.2410, 29.5490), "程飞手", "投送、载重50公斤", "无人机制造企业"),
    _Row("bureau", "atv", "全地形车一号", 1, (106.2277, 29.5936), "周师傅", "山地运输、履带"),
    _Row("bureau", "atv", "全地形车二号", 1, (106.2410, 29.5490), "徐师傅", "山地运输、泵浦", "全地形车制造企业"),
    _Row("500120006", "atv", "大路全地形车", 1, (106.2620, 29.6830), "古师傅", "山地运输"),
    _Row("bureau", "vehicle", "应急指挥车", 1, (106.2277, 29.5936), "任师傅", "卫星通信、会商"),
    _Row("dept-city", "vehicle", "洒水车组", 6, (106.2330, 29.5880), "黎师傅", "送水、每车8吨"),
    _Row("dept-transport", "vehicle", "应急运输客车组", 8, (106.2120, 29.5750), "游师傅", "转移群众、每车45座"),
    _Row("bureau", "store", "区应急物资库", 1, (106.2330, 29.5700), "石保管", items=_GOODS),
    _Row("dept-water", "store", "区防汛物资库", 1, (106.2301, 29.5790), "贺保管", items=_FLOOD_GOODS),
    _Row(
        "500120006", "store", "大路扑火物资点", 1, (106.2630, 29.6820), "晏保管", items="灭火水枪 20 支；二号工具 80 把"
    ),
    _Row("500120003", "shelter", "青杠中学避难场所", 800, (106.2585, 29.5535), "田主任", "供水、供电、医疗点"),
    _Row("500120006", "shelter", "大路小学避难场所", 400, (106.2600, 29.6810), "汪主任", "供水、供电"),
    _Row("bureau", "shelter", "体育中心避难场所", 3000, (106.2200, 29.5800), "庞主任", "供水、供电、停机坪"),
    _Row("500120003006", "shelter", "石河社区活动室", 10, (106.2290, 29.6090), "孙书记", "供水、供电"),
    _Row("dept-water", "water", "盐井河水库取水点", 500000, (106.2050, 29.6330), "申管理员", "车辆可达、吸水深度3米"),
    _Row("500120003", "water", "石河山坪塘", 12000, (106.2290, 29.6120), "易管理员", "水泵接力"),
    _Row("bureau", "expert", "森林防火专家", 1, (106.2277, 29.5936), "柏专家", "火行为、扑救指挥", "林业科学研究机构"),
    _Row("bureau", "expert", "地质灾害专家", 1, None, "陶专家", "滑坡、崩塌", "地质勘查单位"),
)
_IN_PLACE = ("store", "shelter", "water")
"""Kinds whose name is their place."""
_GOVERNING = (Organisation.Level.TOWN, Organisation.Level.VILLAGE)
"""Units whose things lie at home."""
_CALLED = (
    ("区森林消防专业队", 40, "沿北侧山脊开设隔离带", ""),
    ("侦察无人机一组", 2, "热成像侦察火线和余火", "谢飞手"),
    ("全地形车一号", 1, "向火线运送水泵、水带和给养", "周师傅"),
    ("青杠中学避难场所", 12, "接收转移的山脚住户", ""),
    ("山地救援志愿队", 20, "清理余火，协助转移", "吴队长"),
)
"""What goes to the fire: how many, for what, who answered the phone."""


def load(cast: Cast, event: Event) -> None:
    """Enter them and call some to the fire."""
    duty, kept = cast.user("zhiban"), {}
    with acting(duty, "本机"):
        for number, row in enumerate(_ROWS):
            owner = cast.organisation(row.owner)
            kept[row.name] = services.add_resource(duty, _values(row, owner, number), is_demo=True)
        services.set_standing(kept["全地形车二号"], duty, "repair", "演示：更换履带，预计一周")
        services.set_occupied(kept["青杠中学避难场所"], duty, 12, "演示：山脚住户")
        for name, quantity, content, answered_by in _CALLED:
            words = f"演示：{content}"
            made = services.call_up(
                duty, event, kept[name], quantity=quantity, content=words, answered_by=answered_by, is_demo=True
            )
            if kept[name].kind in {"drone", "shelter"}:
                services.note_arrival(made, duty, "enter_arrival")


def _values(row: _Row, owner: Organisation, number: int) -> dict[str, Any]:
    """Most were looked at lately, every ninth too long ago."""
    longitude, latitude = row.at or (None, None)
    district = Territory.objects.get(kind=Territory.Kind.DISTRICT)
    return {
        "kind": row.kind,
        "name": f"演示{row.name}",
        "owner": owner,
        "outside_unit": f"演示{row.outside_unit}" if row.outside_unit else "",
        "territory": owner.territory if owner.level in _GOVERNING else district,
        "place": f"演示：{row.name if row.kind in _IN_PLACE else f'{owner.name}院内'}",
        "longitude": longitude,
        "latitude": latitude,
        "contact": row.contact,
        "phone": f"1380002{number:04d}",
        "quantity": row.quantity,
        "capabilities": row.capabilities,
        "items": row.items,
        "verified_on": today() - timedelta(days=200 if number % 9 == 8 else 5 + number % 20),
    }
