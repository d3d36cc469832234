"""The duty of the demo district: people and posts of the bureau and a town, and their rosters of this week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bianwang.modules.duty import services
from bianwang.modules.duty.models import DutyPost, Handover, Person
from bianwang.modules.duty.models.people import Role
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import SHANGHAI, today
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Party
from bianwang.processes.demo import duty_calling as calling
from bianwang.processes.demo.cast import Cast

_BUREAU = (
    ("周局长", "局长", True, "juzhang"),
    ("演示冉副局长", "副局长", True, ""),
    ("王值班", "值班员", False, "zhiban"),
    ("李执法", "执法人员", False, "zhifa"),
    ("演示罗工", "应急救援中心", False, ""),
)
_TOWN = (
    ("演示唐副主任", "副主任", True, ""),
    ("郑安监", "安监办", True, "zhenjie"),
    ("演示蒲干事", "安监办", False, ""),
)


def load(cast: Cast) -> None:
    """Enter them, once."""
    if DutyPost.objects.exists():
        return
    planner, town = cast.user("kezhang"), cast.user("zhenjie")
    own = _watch(cast, planner, cast.organisation("bureau"), _BUREAU, own=True)
    _watch(cast, town, cast.organisation("500120003"), _TOWN, own=False)
    _keep(cast, own)
    with acting(planner, "本机"):
        services.check_units(planner, [own.owner, cast.organisation("500120003")], note="演示", is_demo=True)
    calling.load(cast)


def _watch(
    cast: Cast, planner: User, unit: Party, people: Sequence[tuple[str, str, bool, str]], *, own: bool
) -> DutyPost:
    """One unit's post with its people, taking turns from last week to next week."""
    with acting(planner, "本机"):
        rows = [_person(cast, planner, unit, number, *row) for number, row in enumerate(people)]
        columns = {
            "name": "总值班室",
            "scheme": "whole_day",
            "officers": 1,
            "needs_leader": True,
            "phone": "023-00000000",
        }
        post = services.create_post(planner, unit, columns, is_demo=True)
        for role, chosen in (
            (Role.LEADER, [row for row in rows if row.can_lead]),
            (Role.OFFICER, [row for row in rows if not row.can_lead]),
        ):
            for is_rest in (False, True):
                services.set_rotation(post, planner, role, is_rest=is_rest, people=chosen)
        first = today() - timedelta(days=7)
        roster = services.draft_roster(planner, post, first, first + timedelta(days=13), is_demo=True)
        services.fill_by_rotation(roster, planner)
        # The bureau's was known before its first shift; the town's was published today and owes nothing of the past.
        known = datetime.combine(first, time(), SHANGHAI) if own else None
        services.publish(roster, planner, at=known)
    return post


def _keep(cast: Cast, post: DutyPost) -> None:
    """What goes on at the bureau, and hand-overs of the week as far as the demo's people had the shift."""
    writer = cast.user("zhiban")
    with acting(writer, "本机"):
        services.open_matter(post, writer, "演示：大路街道低洼路段积水，待抽排完毕回告", is_demo=True)
    with acting(None, "后台任务"):
        services.open_handovers()
    for handover in Handover.objects.filter(shift__post=post).select_related("shift__post__owner").order_by("pk"):
        outgoing = next((person.user for person in services.people_of(handover.shift) if person.user), None)
        incoming = next((person.user for person in services.incoming(handover.shift) if person.user), None)
        if outgoing is not None:
            with acting(outgoing, "本机"):
                services.hand_over(handover, outgoing, "演示：本班平安，接来电3次，均已处理。")
        if outgoing is not None and incoming is not None:
            with acting(incoming, "本机"):
                services.take_over(handover, incoming)


def _person(
    cast: Cast, planner: User, unit: Party, number: int, name: str, title: str, can_lead: bool, account: str
) -> Person:
    values = {
        "name": name,
        "title": title,
        "phone": f"1380000{unit.pk % 100:02}{number:02}",
        "can_lead": can_lead,
        "user": cast.user(account) if account else None,
    }
    return services.create_person(planner, unit, values, is_demo=True)
