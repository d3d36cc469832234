"""The contact list of the demo district, a message that is being answered, one that is done, and noted calls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bianwang.modules.duty import services
from bianwang.modules.duty.models import Contact, ContactGroup, GroupMessage
from bianwang.platform.clock import now
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Organisation, Party
from bianwang.processes.demo.cast import Cast

_GROUPS = ("局领导", "镇街值班", "成员单位", "救援队", "企业负责人")
_BUREAU = (
    ("周局长", "局长", "局领导", "juzhang"),
    ("演示冉副局长", "副局长", "局领导", ""),
    ("演示罗工", "队长", "救援队", ""),
)
_WITH_SUBSTITUTE = 6
"""Towns whose call tree has a second branch."""


def load(cast: Cast) -> None:
    """Enter them."""
    keeper = cast.user("zhiban")
    with acting(keeper, "本机"):
        groups = {
            name: services.create_group(keeper, name, place, is_demo=True) for place, name in enumerate(_GROUPS, 1)
        }
        people = [*_bureau(cast, groups), *_towns(cast, groups), *_plants(cast, groups)]
        _members(cast, groups)
        _answered(cast, people)
        _running(cast, people)
        _calls(cast)


def _enter(
    cast: Cast,
    unit: Party,
    name: str,
    title: str,
    group: ContactGroup,
    account: str = "",
    substitute: Contact | None = None,
    position: int = 1,
) -> Contact:
    number = f"139{unit.pk:04}{Contact.objects.count():04}"
    user = cast.user(account) if account else None
    values = {"name": name, "title": title, "substitute": substitute, "position": position, "user": user}
    keeper = cast.user("zhiban")
    return services.create_contact(keeper, unit, values, [number, "023-00000000"], [group], is_demo=True)


def _bureau(cast: Cast, groups: dict[str, ContactGroup]) -> list[Contact]:
    unit = cast.organisation("bureau")
    return [_enter(cast, unit, name, title, groups[group], account) for name, title, group, account in _BUREAU]


def _towns(cast: Cast, groups: dict[str, ContactGroup]) -> list[Contact]:
    """A duty officer of each, for some with somebody to call after them."""
    found = []
    towns = Organisation.objects.filter(level=Organisation.Level.TOWN, is_active=True).order_by("code")
    for place, unit in enumerate(towns):
        own, group = unit.code == "500120003", groups["镇街值班"]
        chief = None
        if own or place < _WITH_SUBSTITUTE:
            chief = _enter(cast, unit, f"演示{unit.name[:2]}值班长", "带班领导", group, position=2)
        name = "郑安监" if own else f"演示{unit.name[:2]}值班员"
        found.append(_enter(cast, unit, name, "值班员", group, "zhenjie" if own else "", chief))
    return found


def _members(cast: Cast, groups: dict[str, ContactGroup]) -> list[Contact]:
    levels = (Organisation.Level.DEPARTMENT, Organisation.Level.COMMITTEE)
    units = Organisation.objects.filter(level__in=levels, is_active=True).order_by("code")
    return [_enter(cast, unit, "演示联络员", "联络员", groups["成员单位"]) for unit in units]


def _plants(cast: Cast, groups: dict[str, ContactGroup]) -> list[Contact]:
    return [_enter(cast, plant, "演示负责人", "主要负责人", groups["企业负责人"]) for plant in cast.owners.values()]


def _send(cast: Cast, people: Sequence[Contact], key: str, title: str, text: str, urgency: str) -> GroupMessage:
    draft = services.Draft(key, title, text, urgency)
    return services.send_message(cast.user("zhiban"), draft, people, is_demo=True)


def _answered(cast: Cast, people: Sequence[Contact]) -> None:
    """Everybody was reached, and collecting is over."""
    text = "演示：请于明日9时参加防汛会商视频调度，收到请回执。"
    message = _send(cast, people[:3], "demo-1", "会商调度", text, "routine")
    for row in message.recipients.select_related("message__owner"):
        services.note_receipt(row, cast.user("zhiban"), "演示：本人接听，准时参加")
    services.close_message(message, cast.user("zhiban"))


def _running(cast: Cast, people: Sequence[Contact]) -> None:
    """Some have said so: on the platform, by the link, on the telephone."""
    text = "演示：暴雨橙色预警期间，请各值班单位原地备勤，保持电话畅通，收到请回执。"
    message = _send(cast, people, "demo-2", "应急备勤", text, "urgent")
    rows = list(message.recipients.select_related("message__owner", "user").order_by("number"))
    for row in rows:
        if row.user == cast.user("zhenjie"):
            with acting(row.user, "本机"):
                services.receive(row, cast.user("zhenjie"), "演示：已通知各村社，3人在岗")
    silent = [row for row in rows if row.received_at is None]
    with acting(None, "回执链接"):
        for row in silent[:3]:
            services.receive_by_link(row)
    services.note_receipt(silent[3], cast.user("zhiban"), "演示：本人接听，已安排备勤")


def _calls(cast: Cast) -> None:
    keeper = cast.user("zhiban")
    services.note_call(
        keeper,
        "in",
        "演示：大路街道值班室",
        "023-00000000",
        now() - timedelta(hours=2),
        "低洼路段积水约20厘米，已设警示",
        "已报带班领导，请街道抽排后回告",
        is_demo=True,
    )
