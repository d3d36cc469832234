"""Cases of the demo district: one closed, one overdue, one being told, one in inquiry, one late, one on the spot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bianwang.modules.documents import services as documents
from bianwang.modules.documents.pack import Field, kind as kind_on
from bianwang.modules.penalties import services
from bianwang.modules.penalties.models import Case, Source
from bianwang.modules.sensing.models import Device
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Enterprise, Party
from bianwang.processes.demo.cast import Cast

_FINE: dict[str, Any] = {"law": "old", "kinds": ["fine"]}


@dataclass(frozen=True)
class _People:
    """Who does what."""

    officer: User
    mate: User
    duty: User
    head: User
    leader: User
    money: User


def load(cast: Cast) -> None:
    """Enter them; once."""
    if Case.objects.exists():
        return
    names = ("zhifa", "zhifa2", "zhiban", "kezhang", "juzhang", "caiwu")
    people = _People(*(cast.user(name) for name in names))
    owners = cast.owners
    _closed(people, owners["dongshan"])
    _overdue(people, owners["xinmu"])
    _told(people, owners["shunda"])
    _inquiry(people, owners["jiahua"])
    _entered(people, owners["nongyuan"], 20, conduct="warning_signs", degree=Decimal(3))
    _on_the_spot(people, owners["fulu"])


def _closed(people: _People, unit: Enterprise) -> None:
    case = _decided(people, unit, 90, Decimal(40000))
    _paper(people, case, "decision", served=True)
    _do(people.officer, services.serve, case, day=_ago(55))
    _do(people.head, services.publish, case, document="演示应急罚1号", facts="未按规定对从业人员进行安全生产教育和培训")
    _pay(people, case, "40000", 45, "演示票据1号")
    _paper(people, case, "closing")
    _do(people.head, services.close, case)


def _overdue(people: _People, unit: Enterprise) -> None:
    """Served long ago, paid in part: the late fee grows."""
    case = _decided(people, unit, 60, Decimal(30000), conduct="dangerous_work", degree=Decimal(2))
    _paper(people, case, "decision", served=True)
    _do(people.officer, services.serve, case, day=_ago(24))
    _do(people.head, services.publish, case, document="演示应急罚2号", facts="动火作业未安排专人现场管理")
    _pay(people, case, "10000", 12, "演示票据2号")


def _told(people: _People, unit: Enterprise) -> None:
    """A large fine: the right to a hearing runs."""
    case = _finished(people, unit, 25, Decimal(60000), conduct="special_operation", degree=Decimal(3))
    _paper(people, case, "review")
    _do(people.head, services.review, case, "事实清楚、证据充分、裁量适当。")
    for kind in ("advance_notice", "hearing_notice"):
        _paper(people, case, kind, served=True)
    _do(people.officer, services.tell, case)
    _do(people.officer, services.plead, case, "当事人陈述已安排两人参加取证培训，请求从轻。")


def _inquiry(people: _People, unit: Enterprise) -> None:
    """A device's record that must still be shown, and things that were preserved."""
    case = _filed(people, unit, 8, conduct="alarm_disabled", degree=Decimal(2))
    source = _source(people, unit)
    values = {"title": "可燃气体报警器停用时段记录", "kind": "data", "origin": "device", "proves": "报警器被人为关闭",
              "taken_at": now() - timedelta(days=6), "source": source, "alarm": None, "digest": ""}  # fmt: skip
    row = _do(people.officer, services.add_evidence, case, values)
    _do(people.officer, services.examine, row)
    _prove(people, case)
    things = {
        "kind": "preserve",
        "items": "报警控制器一台",
        "place": "溶剂库值班室",
        "emergency": False,
        "started_on": None,
    }
    _paper(people, case, "preserve", served=True)
    measure = _do(people.officer, services.ask_measure, case, things)
    _do(people.head, services.approve_measure, measure)


def _on_the_spot(people: _People, unit: Enterprise) -> None:
    case = _entered(people, unit, 0, conduct="warning_signs", degree=Decimal(1))
    _paper(people, case, "summary_decision", served=True)
    _do(people.officer, services.summary, case, fine=Decimal(1000), reason="事实确凿，情节轻微", **_FINE)


def _source(people: _People, unit: Enterprise) -> Source:
    device = Device.objects.filter(owner=unit).order_by("pk").first()
    values = {"owner": Party.objects.get(pk=unit.pk), "name": device.name if device else "报警器",
              "device": device, "camera": None, "place": "溶剂库入口", "is_demo": True}  # fmt: skip
    with acting(people.duty, "本机"):
        source = services.register_source(people.duty, values)
    _do(people.officer, services.legal_source, source)
    _do(people.duty, services.technical_source, source)
    _do(people.head, services.publish_source, source, "演示：门户网站执法公示栏", _ago(200))
    return source


def _decided(people: _People, unit: Enterprise, days: int, fine: Decimal, **values: Any) -> Case:
    case = _finished(people, unit, days, fine, **values)
    _paper(people, case, "review")
    _do(people.head, services.review, case, "事实清楚、证据充分、裁量适当。")
    _paper(people, case, "advance_notice", served=True)
    _do(people.officer, services.tell, case, day=_ago(days - 18))
    _do(people.officer, services.waive, case, "当事人书面放弃。")
    _do(people.officer, services.conclude, case)
    day = _ago(days - 28)
    _do(people.leader, services.decide, case, fine=fine, reason="违法程度对应一般处罚", day=day, **_FINE)
    return case


def _finished(people: _People, unit: Enterprise, days: int, fine: Decimal, **values: Any) -> Case:
    case = _filed(people, unit, days, **values)
    _prove(people, case)
    _paper(people, case, "report")
    _do(people.officer, services.finish, case, fine=fine, **_FINE)
    return case


def _prove(people: _People, case: Case) -> None:
    values = {"title": "现场检查记录", "kind": "site", "origin": "officer", "proves": "违法事实", "taken_at": now(),
              "source": None, "alarm": None, "digest": ""}  # fmt: skip
    row = _do(people.officer, services.add_evidence, case, values)
    _do(people.officer, services.examine, row)
    _do(people.officer, services.admit, row)


def _filed(people: _People, unit: Enterprise, days: int, **values: Any) -> Case:
    case = _entered(people, unit, days, **values)
    _paper(people, case, "filing")
    _do(people.officer, services.apply, case)
    _do(people.head, services.file, case, "", _ago(days - 2))
    return case


def _entered(people: _People, unit: Enterprise, days: int, **values: Any) -> Case:
    given = {
        "enterprise": Party.objects.get(pk=unit.pk),
        "origin": "visit",
        "conduct": "training",
        "conduct_from": _ago(days + 40),
        "conduct_to": _ago(days),
        "facts": "演示：检查中发现。",
        "found_on": _ago(days),
        "degree": Decimal(4),
        "is_demo": True,
        **values,
    }
    with acting(people.officer, "本机"):
        return services.enter(people.officer, given, [people.mate])


def _pay(people: _People, case: Case, amount: str, days: int, receipt: str) -> None:
    money = Decimal(amount)
    _do(people.money, services.pay, case, kind="fine", way="bank", amount=money, day=_ago(days), receipt=receipt)


def _paper(people: _People, case: Case, kind: str, *, served: bool = False) -> None:
    """Draw one up from what the case says, have it issued by who may, and serve it today."""
    dossier, row = case.dossier, kind_on(kind, today())
    if dossier is None:
        return
    values: dict[str, Any] = {field.code: _written(case, field) for field in row.fields}
    if row.officers:
        values["officers"] = [people.officer.certificate, people.mate.certificate]
    with acting(people.officer, "本机"):
        document = documents.draw_up(people.officer, dossier, kind, values)
    _do(people.head if row.approval else people.officer, documents.issue, document)
    if served:
        _do(people.officer, documents.serve, document, method="direct", on=today(), receiver="演示收件人")


def _written(case: Case, field: Field) -> Any:
    """Something sensible in a blank."""
    penalty = f"罚款{case.proposed_fine:,}元" if case.proposed_fine else "罚款1,000元"
    texts = {
        "cause": case.conduct_name,
        "origin": case.get_origin_display(),
        "facts": f"演示：{case.conduct_name}。",
        "basis": "《中华人民共和国安全生产法》相应条款",
        "penalty": penalty,
        "proposal": f"建议{penalty}。",
        "reply_days": "三",
        "pay_by": "自收到本决定书之日起十五日内缴至指定银行。",
        "payment": "十五日内缴至指定银行",
        "place": "演示车间",
    }
    if field.type == "choice":
        return field.choices[0]
    if field.type in {"date", "datetime"}:
        return now() if field.type == "datetime" else today() + timedelta(days=7)
    return ["演示材料一份"] if field.type == "list" else texts.get(field.code, "同意，见案卷材料。")


def _do(user: User, service: Callable[..., Any], obj: Any, *values: Any, **more: Any) -> Any:
    """Call a service about an object as somebody."""
    with acting(user, "本机"):
        return service(obj, user, *values, **more)


def _ago(days: int) -> date:
    return today() - timedelta(days=days)
