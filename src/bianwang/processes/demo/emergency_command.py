"""Headquarters, plans and drills of the demo district, and people who were moved for a fire of days ago and of now."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import docx
from django.core.files.uploadedfile import SimpleUploadedFile

from bianwang.modules.emergency import services
from bianwang.modules.emergency.models import Event, Plan
from bianwang.modules.emergency.pack.events import headquarters_choices
from bianwang.modules.emergency.services import watch
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Territory
from bianwang.platform.workflow import services as workflow
from bianwang.processes.demo.cast import Cast

_SEATS = (
    ("1_chief", "区人民政府", "演示：郑副区长", "副区长"),
    ("2_deputy", "区应急管理局", "演示：周局长", "局长"),
    ("3_office", "区应急管理局", "", ""),
    ("4_unit", "区消防救援大队", "", ""),
    ("4_unit", "区公安局", "", ""),
    ("4_unit", "区卫生健康委", "", ""),
    ("5_liaison", "区应急管理局", "演示：王值班", "值班员"),
)
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
_GIVEN = ("德明", "秀英", "国强", "桂芳", "志华", "玉兰", "建军")
_VILLAGE = "500120003006"
_HAMLETS = {"石河社区三组": "演示青杠中学避难场所", "石河社区四组": "石河小学"}
"""Where each went; the last is no shelter of ours."""
_PEOPLE = 112


def load(cast: Cast, values: dict[str, Any], burning: Event) -> None:
    """Enter them; `values` are columns of a fire in a town, `burning` is the fire of now."""
    head = cast.user("kezhang")
    with acting(head, "本机"):
        _seats(head)
        plan = _plan(head, today() - timedelta(days=200))
        old = _plan(head, today() - timedelta(days=1040), title="演示：璧山区防汛抗旱应急预案", kind="flood")
        _drills(head, plan, old)
    village = cast.organisation(_VILLAGE).territory
    _fire(cast.user("zhiban"), values, village)
    _leaving(cast.user("zhiban"), burning, village)


def _seats(head: User) -> None:
    since = date(today().year, 1, 1)
    for number, (code, _) in enumerate(headquarters_choices()):
        for seat, (role, unit, name, title) in enumerate(_SEATS):
            values: dict[str, Any] = {
                "role": role,
                "unit": unit,
                "name": name,
                "title": title,
                "phone": f"1390000{number}{seat:03}",
            }
            services.add_member(
                head, code, {**values, "user": None, "valid_from": since, "valid_to": None}, is_demo=True
            )


def _plan(head: User, day: date, title: str = "演示：璧山区森林火灾应急预案", kind: str = "forest_fire") -> Plan:
    values = {"title": title, "version": f"{day.year}年修订", "headquarters": kind, "level": "special"}
    plan = services.draft_plan(head, {**values, "replaces": None}, [kind], [_text(title)], is_demo=True)
    workflow.advance(plan, "submit", head)
    services.issue_plan(plan, head, f"演示〔{day.year}〕12号", day, day)
    workflow.advance(plan, "file", head, reason="演示：报市应急管理局备案")
    return plan


def _drills(head: User, plan: Plan, flood: Plan) -> None:
    told = {"participants": "演示：区林业局、区消防救援大队、青杠街道", "purpose": "检验预案和指挥协同"}
    told |= {"scenario": "演示：缙云山北坡起火，威胁山脚住户。"}
    day = today() - timedelta(days=60)
    first = services.plan_drill(
        head,
        {**told, "title": "演示：森林火灾实战演练", "headquarters": "forest_fire", "plan": plan, "kind": "field",
         "planned_on": day, "place": "青杠街道"},
        is_demo=True,
    )  # fmt: skip
    services.hold_drill(first, head, day, 86, "演示：报警、集结、开设隔离带、转移群众，共两小时。")
    item = {"finding": "演示：三号山脊对讲机不通", "measure": "增设中继台", "responsible": "区林业局"}
    services.add_item(head, first, {**item, "due_on": today() + timedelta(days=20)}, is_demo=True)
    workflow.advance(first, "evaluate", head, fields={"evaluation": "演示：指挥顺畅，通信有盲区。"})
    exercise = Event.objects.filter(is_exercise=True, kind="flood").first()
    services.plan_drill(
        head,
        {**told, "title": "演示：防汛桌面推演", "headquarters": "flood", "plan": flood, "kind": "tabletop",
         "planned_on": today() + timedelta(days=15), "event": exercise},
        is_demo=True,
    )  # fmt: skip


def _fire(duty: User, values: dict[str, Any], village: Territory | None) -> None:
    """Four days and nights; everybody of two hamlets was moved and is safe."""
    told = now() - timedelta(days=5)
    described: dict[str, Any] = {
        "subtype": "forest",
        "place": "演示：缙云山北坡",
        "description": "演示：林地起火，威胁山脚两个社。",
    }
    described |= {"happened_at": told - timedelta(minutes=15), "received_at": told}
    with acting(duty, "本机"):
        event = services.register(duty, {**values, **described}, is_demo=True)
        services.set_level(event, duty, "respond", 3, "演示：受害面积超过十公顷，威胁居民点")
        for number, (hamlet, place) in enumerate(_HAMLETS.items()):
            order: dict[str, Any] = {
                "reason": "演示：火线距居民点不足一公里",
                "place_from": hamlet,
                "place_to": place,
                "home": village,
            }
            order |= {"ordered_at": told + timedelta(hours=2 + number)}
            batch = services.order_evacuation(duty, event, order, is_demo=True)
            people = services.list_people(duty, batch, _people(number, hamlet), is_demo=True)
            services.set_people(duty, people, "safe")
        zero = {"deaths": 0, "injuries": 0, "slight": 0, "source": "演示：现场核查"}
        loss = {"as_of": told + timedelta(days=4), "area": Decimal("18.50"), "loss": Decimal("42.00")}
        services.enter_loss(duty, event, {**zero, **loss, "evacuated": _PEOPLE}, is_demo=True)
        sent = {"receiver": "演示：区委区政府总值班室", "nature": "林地起火，四天四夜扑灭。", "effect": "无人员伤亡。"}
        for kind, after in (
            ("phone", timedelta(minutes=10)),
            ("first", timedelta(minutes=50)),
            ("final", timedelta(days=4)),
        ):
            services.send_report(duty, event, {"kind": kind, "sent_at": told + after, **sent}, is_demo=True)
        event.refresh_from_db()
        watch.end(event, duty, told + timedelta(days=4), "演示：明火全部扑灭，转入盯守")


def _leaving(duty: User, event: Event, village: Territory | None) -> None:
    """Twelve are safe, more than the place takes; two are on their way and one is not found."""
    order: dict[str, Any] = {"reason": "演示：火线逼近山脚", "place_from": "石河社区五组", "home": village}
    with acting(duty, "本机"):
        batch = services.order_evacuation(duty, event, {**order, "place_to": "演示石河社区活动室"}, is_demo=True)
        people = services.list_people(duty, batch, _people(0, "石河社区五组")[:15], is_demo=True)
        for state, some in (("safe", people[:12]), ("moving", people[12:14]), ("missing", people[14:])):
            services.set_people(duty, some, state)


def _people(number: int, hamlet: str) -> list[dict[str, str]]:
    """Half of the people; three of a household."""
    found = []
    for at in range(number * _PEOPLE // 2, (number + 1) * _PEOPLE // 2):
        surname = _SURNAMES[at // 3 % len(_SURNAMES)]
        help_ = "高龄" if at % 17 == 0 else "轮椅" if at % 41 == 0 else ""
        household = f"{hamlet} {at // 3 + 1:02} 户"
        found.append(
            {"name": f"{surname}{_GIVEN[at % len(_GIVEN)]}", "phone": f"1380000{at:04}", "household": household,
             "help": help_}
        )  # fmt: skip
    return found


def _text(title: str) -> SimpleUploadedFile:
    """A short Word file."""
    document = docx.Document()
    document.add_heading(title, 0)
    document.add_paragraph("一、总则　二、组织指挥体系　三、监测预警　四、应急响应　五、转移安置　六、保障")
    target = BytesIO()
    document.save(target)
    return SimpleUploadedFile(f"{title.removeprefix('演示：')}.docx", target.getvalue())
