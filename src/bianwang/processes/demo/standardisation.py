"""Certificates of the demo's enterprises, one renewal that is being published, and subsidies on their way."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from bianwang.modules.standardisation import services
from bianwang.modules.standardisation.models import Agency, Expert, Grade, SelfRating
from bianwang.modules.standardisation.validity import add_months
from bianwang.platform.accounts.models import User
from bianwang.platform.clock import today
from bianwang.platform.ledger.context import acting
from bianwang.platform.places.models import Enterprise
from bianwang.processes.demo.cast import Cast

_LEFT = 70
"""Days that the certificate of the enterprise which renews still holds."""


def load(cast: Cast) -> None:
    """Enter what the enterprises hold, and let two of them act; once."""
    if Grade.objects.exists():
        return
    head, officer = cast.user("kezhang"), cast.user("zhifa")
    certificates = _certificates(cast, head)
    renewing = _rating(cast.user("qiye2"), cast.owners["ruifeng"], Decimal(12))
    with acting(cast.user("qiye2"), "本机"):
        grade = services.apply(cast.user("qiye2"), renewing, "3", is_demo=True)
        waiting = services.apply_subsidy(cast.user("qiye2"), certificates["ruifeng"], is_demo=True)
    with acting(officer, "本机"):
        services.arrange(grade, officer, "演示渝安评审组：专家甲、专家乙")
        services.review(grade, officer, day=today(), score=Decimal("81.50"), opinion="演示：基本符合三级要求。")
        services.check_subsidy(waiting, officer)
    _rating(cast.user("qiye"), cast.owners["jiahua"], Decimal(18))
    with acting(cast.user("qiye"), "本机"):
        subsidy = services.apply_subsidy(cast.user("qiye"), certificates["jiahua"], is_demo=True)
    with acting(officer, "本机"):
        services.check_subsidy(subsidy, officer)
    with acting(cast.user("juzhang"), "本机"):
        services.approve_subsidy(subsidy, cast.user("juzhang"))
    with acting(cast.user("caiwu"), "本机"):
        services.pay_subsidy(subsidy, cast.user("caiwu"), "演示记账凭证21号")
    _third_parties(cast)


def _certificates(cast: Cast, head: User) -> dict[str, Grade]:
    """One for every enterprise that holds a grade, and one that has expired."""
    day, found = today(), {}
    with acting(head, "本机"):
        for number, (key, owner) in enumerate(cast.owners.items()):
            if owner.standardisation != Enterprise.Standardisation.NONE:
                graded = day - timedelta(days=40 + number * 71 % 700)
                if key == "ruifeng":
                    graded = add_months(day + timedelta(days=_LEFT), -36)
                found[key] = _existing(head, owner, owner.standardisation, graded, number)
        found["nongyuan"] = _existing(head, cast.owners["nongyuan"], "3", add_months(day, -40), len(cast.owners))
    return found


def _existing(head: User, owner: Enterprise, level: str, graded: date, number: int) -> Grade:
    values = {"level": level, "certificate": f"演示AQB{level}-{number + 1:03}", "graded_on": graded}
    return services.record_existing(head, owner, values, is_demo=True)


def _rating(user: User, owner: Enterprise, deducted: Decimal) -> SelfRating:
    """This year's, with the same deduction in every element."""
    with acting(user, "本机"):
        rating = services.open_rating(user, owner, today().year, is_demo=True)
        elements = rating.scores.values_list("element", flat=True)
        given = {element: {"deducted": deducted, "reason": "演示：部分记录不全"} for element in elements}
        services.save_scores(rating, user, given, "演示：由安全部组织各车间自评。")
        services.submit(rating, user)
    return rating


def _third_parties(cast: Cast) -> None:
    """An agency with a contract: one visit paid, one to be accepted."""
    head, officer, accountant = cast.user("kezhang"), cast.user("zhifa"), cast.user("caiwu")
    day = today()
    firm = {
        "name": "演示渝安安全技术服务有限公司",
        "qualification": "演示APJ-渝-017",
        "qualified_until": add_months(day, 20),
        "scope": "工贸、危险化学品安全技术服务",
        "is_demo": True,
    }
    with acting(head, "本机"):
        agency = services.save_agency(head, Agency(), firm)
        experts = [
            services.save_expert(head, Expert(), {"name": name, "field": field, "agency": agency, "is_demo": True})
            for name, field in (("演示专家甲", "机械安全"), ("演示专家乙", "电气安全"))
        ]
        terms = {
            "agency": agency,
            "number": f"演示技服〔{day.year}〕1号",
            "title": "工贸企业专家查隐患",
            "scope": "对工贸企业开展隐患排查和整改指导，每家次不少于两名专家。",
            "amount": Decimal("60000.00"),
            "ceiling": Decimal("54000.00"),
            "price": Decimal("3000.00"),
            "first_day": add_months(day, -4),
            "last_day": add_months(day, 8),
            "budget_line": "services",
        }
        contract = services.sign_contract(head, terms, is_demo=True)
    with acting(officer, "本机"):
        visits = [
            services.record_visit(
                officer, contract, cast.owners[key], experts, {"day": day - timedelta(days=days)}, is_demo=True
            )
            for key, days in (("shunda", 20), ("mingguang", 3))
        ]
        services.add_finding(
            visits[0], officer, {"title": "演示：冲床双手按钮失效", "category": "2", "place": "冲压车间"}
        )
        services.add_finding(visits[1], officer, {"title": "演示：熔窑平台护栏缺失", "category": "2"})
        services.transfer(visits[0], officer)
    with acting(head, "本机"):
        services.accept(visits[0], head)
    with acting(accountant, "本机"):
        services.pay(accountant, contract, visits[:1], "演示记账凭证36号")
