"""Cases that tests start from: a plant whose workers were not trained, handled by the two officers."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bianwang.modules.documents.models import Document
from bianwang.modules.penalties import services
from bianwang.modules.penalties.models import Case, Evidence, Measure, Publication, Source
from bianwang.modules.sensing.models import Camera
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now, today
from tests.people import World


def certify(world: World, *keys: str) -> None:
    """Give people certificates of enforcement."""
    for key in keys or ("enforcement", "enforcement2"):
        person = world.who(key)
        person.certificate = f"渝B{person.pk:04d}"
        User.objects.filter(pk=person.pk).update(certificate=person.certificate)


PAPERS = (
    "filing", "report", "review", "hearing", "decision", "summary_decision", "demand", "closing", "transfer",
    "preserve", "preserved", "seizure",
)  # fmt: skip
"""Kinds of documents that steps ask for; the two notices come after the review."""


def papered(case: Case, *kinds: str, state: str = "served") -> None:
    """Documents in the case's dossier as they are once issued and served."""
    moment = now()
    for kind in kinds:
        Document.objects.create(
            dossier=case.dossier, kind=kind, state=state, state_since=moment, drawn_by=case.created_by,
            drawn_at=moment, issued_at=None if state == "draft" else moment,
        )  # fmt: skip


def notified(case: Case) -> None:
    """The notices of the penalty and of the right to a hearing, served."""
    papered(case, "advance_notice", "hearing_notice")


def entered(world: World, papers: tuple[str, ...] = PAPERS, **values: Any) -> Case:
    """A clue of today, with the documents of all its steps."""
    certify(world)
    given = {
        "enterprise": world.plant.party_ptr,
        "origin": "visit",
        "conduct": "training",
        "conduct_from": today() - timedelta(days=60),
        "conduct_to": today() - timedelta(days=10),
        "facts": "四名新员工未经培训上岗。",
        "found_on": today(),
        "degree": Decimal(4),
        **values,
    }
    case = services.enter(world.who("enforcement"), given, [world.who("enforcement2")])
    papered(case, *papers)
    return case


def filed(world: World, day: date | None = None, **values: Any) -> Case:
    """Filed by the head."""
    case = entered(world, **values)
    services.apply(case, world.who("enforcement"))
    services.file(case, world.who("head"), day=day)
    return case


def proved(case: Case, world: World, **values: Any) -> Evidence:
    """A statement that an officer has taken, examined and admitted."""
    officer = world.who("enforcement")
    given = {
        "title": "询问笔录",
        "kind": "statement",
        "origin": "officer",
        "proves": "四人未经培训",
        "taken_at": now(),
        "source": None,
        "alarm": None,
        "digest": "",
        **values,
    }
    row = services.add_evidence(case, officer, given)
    services.examine(row, officer)
    services.admit(row, officer)
    return row


def finished(world: World, fine: str = "40000", kinds: tuple[str, ...] = ("fine",), **values: Any) -> Case:
    """With a fine proposed; the band of the default conduct is 30,000 to 70,000."""
    case = filed(world, **values)
    proved(case, world)
    law = "old"
    services.finish(case, world.who("enforcement"), law=law, kinds=kinds, fine=Decimal(fine))
    return case


def told(world: World, day: date | None = None, **values: Any) -> Case:
    """Reviewed, and the other side told."""
    case = finished(world, **values)
    services.review(case, world.who("head"), "事实清楚，适用法律正确。")
    notified(case)
    services.tell(case, world.who("enforcement"), day=day)
    return case


def deciding(world: World, **values: Any) -> Case:
    """The other side has given up its rights."""
    case = told(world, **values)
    services.waive(case, world.who("enforcement"))
    services.conclude(case, world.who("enforcement"))
    return case


def decided(world: World, fine: str = "40000", **values: Any) -> Case:
    """With its fine."""
    case = deciding(world, fine=fine, **values)
    services.decide(case, world.who("leader"), law="old", kinds=["fine"], fine=Decimal(fine), reason="一般档次")
    return case


def served(world: World, **values: Any) -> Case:
    """Served today: fifteen days to pay."""
    case = decided(world, **values)
    services.serve(case, world.who("enforcement"))
    return case


def paid(case: Case, world: World, amount: str, receipt: str = "渝财1号", **values: Any) -> None:
    """Money at the bank."""
    given = {"kind": "fine", "way": "bank", "day": today(), **values}
    services.pay(case, world.who("finance"), amount=Decimal(amount), receipt=receipt, **given)


def source(world: World, *steps: str, day: date | None = None) -> Source:
    """A camera of the plant, through some of its reviews."""
    camera = Camera.objects.create(owner=world.plant, name=f"打磨车间{Camera.objects.count()}")
    values = {
        "owner": world.plant.party_ptr,
        "name": camera.name,
        "camera": camera,
        "device": None,
        "place": "车间东门",
    }
    row = services.register_source(world.who("head"), values)
    for step in steps:
        if step == "legal":
            services.legal_source(row, world.who("enforcement"))
        elif step == "technical":
            services.technical_source(row, world.who("duty"))
        else:
            services.publish_source(row, world.who("finance"), "门户网站公告栏", day)
    return row


def measure(world: World, kind: str = "seize", **values: Any) -> Measure:
    """A measure asked for in a filed case."""
    case = filed(world)
    given = {"kind": kind, "items": "砂轮机一台", "place": "打磨车间", "emergency": False, "started_on": None, **values}
    return services.ask_measure(case, world.who("enforcement"), given)


def published(world: World) -> Publication:
    """A decision that the public reads."""
    case = served(world)
    return services.publish(case, world.who("head"), document="（璧）应急罚〔2026〕1号", facts="未按规定培训")
