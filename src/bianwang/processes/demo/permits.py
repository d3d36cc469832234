"""Special work of the demo district: one job in each stage that people want to see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bianwang.modules.permits import services
from bianwang.modules.permits.models import Permit
from bianwang.modules.permits.services import Value
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.ledger.context import acting
from bianwang.platform.places import services as places
from bianwang.platform.places.models import Party, Zone
from bianwang.processes.demo.cast import Cast

_CONTRACTOR = "演示建安工程有限公司"
_WORKERS = "演示焊工甲 焊接与热切割作业证T500120001\n演示焊工乙 焊接与热切割作业证T500120002"
_RIGGERS = "演示架子工甲 高处作业证G500120011\n演示架子工乙 高处作业证G500120012"


def load(cast: Cast) -> None:
    """Enter the jobs of one enterprise; its manager applies and guards, a colleague approves."""
    owner, manager, colleague = cast.owners["jiahua"], cast.user("qiye"), cast.user("qiye3")
    store = Zone.objects.get(owner=owner, name="溶剂库")
    yard = _zone(owner, "装卸站台", Zone.Kind.OTHER)
    pit = _zone(owner, "污水池", Zone.Kind.CONFINED)
    people = manager, colleague
    _roof(people, store)
    _plate(people, yard)
    _weld(people, yard)
    _pit(people, pit)
    _crane(people, yard)


def _roof(people: tuple[User, User], zone: Zone) -> None:
    """Going on, in an explosive area."""
    permit = _approved(people, zone, "height", content="溶剂库屋面防雷带检修", measure=7.5, workers=_RIGGERS)
    _take(people[0], permit, "sign_in")
    _take(people[0], permit, "start")


def _plate(people: tuple[User, User], zone: Zone) -> None:
    """Approved: its guard has to sign in. In the way of the welding beside it."""
    details = {"content": "卸料管线加装盲板", "isolations": "V-102 出口 溶剂 DN80 PN16", "workers": _RIGGERS}
    _approved(people, zone, "blind_plate", **details)


def _weld(people: tuple[User, User], zone: Zone) -> None:
    """Waits for its approval, which the blind plate refuses."""
    details = {"content": "卸料管线支架焊接", "base_level": "first", "contractor": _CONTRACTOR}
    permit = _applied(people, zone, "hot_work", **details)
    _take(people[0], permit, "brief", "接火盆、灭火毯就位；风力五级以上停止；发现异味立即停火撤离。")
    values = [Value("middle", "toluene_vapour", 0.02, "%VOL"), Value("bottom", "toluene_vapour", 0.05, "%VOL")]
    _take(people[0], permit, "record_test", values, at=now(), instrument="四合一检测仪 A12", tester="演示检测员")


def _pit(people: tuple[User, User], zone: Zone) -> None:
    """Just entered."""
    _entered(
        people, zone, "confined_space", content="污水池清淤", isolations="进水管 污水 DN300 盲板", is_large_space=True
    )


def _crane(people: tuple[User, User], zone: Zone) -> None:
    """Done and filed."""
    permit = _approved(people, zone, "lifting", content="换热器管束抽芯吊装", measure=12.0, contractor=_CONTRACTOR)
    for step in ("sign_in", "start", "stop"):
        _take(people[0], permit, step)
    _take(people[1], permit, "accept", "吊具已撤离，场地清理完毕。")
    _take(people[0], permit, "close")


def _entered(people: tuple[User, User], zone: Zone, kind: str, **details: Any) -> Permit:
    start = now()
    times = {"planned_start": start, "planned_end": start + timedelta(hours=6)}
    given = {"guard": people[0], "workers": _WORKERS, **times, **details}
    with acting(people[0], "本机"):
        return services.register(people[0], zone, kind, given)


def _applied(people: tuple[User, User], zone: Zone, kind: str, **details: Any) -> Permit:
    permit = _entered(people, zone, kind, **details)
    analysis = {
        "analysis": "准备：工具坠落、绊倒；作业：火灾爆炸、坠落、物体打击；收尾：遗留火种。",
        "extra_measures": "",
    }
    every = range(len(permit.kind_row.measures))
    _take(people[0], permit, "analyse", {**analysis, "inapplicable": ""}, every)
    _take(people[0], permit, "apply")
    return permit


def _approved(people: tuple[User, User], zone: Zone, kind: str, **details: Any) -> Permit:
    permit = _applied(people, zone, kind, **details)
    _take(people[0], permit, "brief", "危害、措施、撤离路线和联络方式已逐一交底。")
    approver = permit.kind_row.level(permit.level).approver
    _take(people[1], permit, "approve", approver)
    return permit


def _take(user: User, permit: Permit, step: str, *arguments: Any, **named: Any) -> None:
    with acting(user, "本机"):
        getattr(services, step)(permit, user, *arguments, **named)


def _zone(owner: Party, name: str, kind: str) -> Zone:
    known = Zone.objects.filter(owner=owner, name=name).first()
    return known or places.save_zone(Zone(), {"owner": owner, "name": name, "kind": kind})
