"""Third parties: contract, service, findings that become hazards once, and payments below the ceiling."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.urls import reverse

from bianwang.modules.hazards import services as hazards
from bianwang.modules.hazards.models import Hazard
from bianwang.modules.standardisation import services
from bianwang.modules.standardisation.models import Agency, AgencyPayment, Contract, ServiceVisit
from bianwang.modules.standardisation.thirdparty import confirmed_rate, line_uses, per_visit, with_service
from bianwang.platform import access
from bianwang.platform.accounts.models import Post
from bianwang.platform.clock import today
from bianwang.platform.ledger.models import Entry
from bianwang.platform.roles import HEAD
from bianwang.platform.workflow.errors import Conflict, Refused
from tests.modules.standardisation import cases
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]
ONE = timedelta(days=1)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"ceiling": Decimal("10000.01")}, "ceiling"),
        ({"amount": Decimal(0)}, "amount"),
        ({"last_day": today() - timedelta(days=31)}, "last_day"),
        ({"first_day": today() + timedelta(days=401), "last_day": today() + timedelta(days=500)}, "agency"),
        ({"budget_line": "nowhere"}, "budget_line"),
    ],
)
def test_what_no_contract_can_be(world: World, values: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as error:
        cases.contract(world, **values)
    assert field in error.value.message_dict
    assert not Contract.objects.exists()


def test_the_head_signs_and_nobody_else(world: World) -> None:
    for who in ("enforcement", "finance", "town"):
        with pytest.raises(PermissionDenied):
            services.save_agency(world.who(who), Agency(), {})
    made = cases.agency(world)
    services.save_agency(world.who("head"), made, {"contact_phone": "13912345678"})
    entry = Entry.objects.get(verb="standardisation.agency_change")
    assert "13912345678" not in entry.changes


@pytest.mark.parametrize(("days", "fits"), [(31, False), (30, True), (0, True), (-1, False)])
def test_service_lies_in_the_contract_and_not_ahead(world: World, days: int, fits: bool) -> None:
    if fits:
        assert cases.visited(world, days=days).fee == Decimal("4000.00")
        return
    with pytest.raises(ValidationError, match="合同期内"):
        cases.visited(world, days=days)


def test_service_needs_two_experts_a_valid_qualification_and_its_own_day(world: World) -> None:
    made = cases.contract(world)
    first, second = (cases.expert(world, name, made.agency) for name in ("甲", "乙"))
    foreign = cases.expert(world, "丙", cases.agency(world, name="别的公司"))
    officer, values = world.who("enforcement"), {"day": today() - ONE}
    for experts, words in (([first], "至少 2 名"), ([first, first], "至少 2 名"), ([first, foreign], "其他机构")):
        with pytest.raises(ValidationError, match=words):
            services.record_visit(officer, made, world.plant, experts, values)
    services.record_visit(officer, made, world.plant, [first, second], values)
    with pytest.raises(ValidationError, match="已登记过"):
        services.record_visit(officer, made, world.plant, [first, second], values)
    Agency.objects.filter(pk=made.agency_id).update(qualified_until=today() - ONE)
    made = Contract.objects.get(pk=made.pk)
    services.record_visit(officer, made, world.joint, [first, second], values)
    with pytest.raises(ValidationError, match="资质"):
        services.record_visit(officer, made, world.joint, [first, second], {"day": today()})


def test_findings_become_hazards_exactly_once(world: World) -> None:
    visit = cases.found(world, findings=2)
    with pytest.raises(Refused, match="还有 2 个问题"):
        services.accept(visit, world.who("head"))
    services.transfer(visit, world.who("enforcement"))
    with pytest.raises(Refused, match="没有待转入"):
        services.transfer(ServiceVisit.objects.get(pk=visit.pk), world.who("head"))
    rows = Hazard.objects.all()
    assert {(row.source, row.owner_id, row.track) for row in rows} == {("expert", world.plant.pk, "unit")}
    assert len(rows) == len({finding.hazard_id for finding in visit.findings.all()}) == 2
    with pytest.raises(Refused, match="不能不予验收"):
        services.reject(visit, world.who("head"), "没去")
    services.add_finding(visit, world.who("enforcement"), {"title": "又一处", "category": "2"})
    services.transfer(visit, world.who("enforcement"))
    services.accept(visit, world.who("head"))
    with pytest.raises(Refused, match="不能再登记"):
        services.add_finding(visit, world.who("enforcement"), {"title": "迟到", "category": "2"})
    assert Hazard.objects.count() == 3


def test_somebody_else_accepts(world: World) -> None:
    visit = cases.visited(world)
    Post.objects.create(user=world.who("enforcement"), role=HEAD, party=world.bureau)
    access.forget(world.who("enforcement"))
    with pytest.raises(Refused, match="登记人不能验收"):
        services.accept(visit, world.who("enforcement"))
    services.accept(visit, world.who("head"))


def test_what_was_rejected_is_not_paid_and_can_be_entered_again(world: World) -> None:
    visit = cases.visited(world)
    services.reject(visit, world.who("head"), "只去了一人")
    with pytest.raises(Conflict):
        services.pay(world.who("finance"), visit.contract, [visit], "记-1")
    assert not AgencyPayment.objects.exists()
    cases.visited(world, visit.contract)


def test_payments_are_the_fees_of_visits_up_to_the_ceiling(world: World) -> None:
    made = cases.contract(world, ceiling=Decimal("8000.00"))
    visits = [cases.accepted(world, made, days=days) for days in (1, 2, 3)]
    finance = world.who("finance")
    with pytest.raises(PermissionDenied):
        services.pay(world.who("head"), made, visits[:1], "记-1")
    for chosen, voucher in ((visits[:1], " "), ([], "记-1")):
        with pytest.raises(ValidationError):
            services.pay(finance, made, chosen, voucher)
    with pytest.raises(ValidationError, match="超过付款上限"):
        services.pay(finance, made, visits, "记-1")
    payment = services.pay(finance, made, visits[:2], "记-1")
    assert payment.amount == sum(visit.fee for visit in payment.visits.all()) == Decimal("8000.00")
    with pytest.raises(ValidationError, match="超过付款上限"):
        services.pay(finance, made, visits[2:], "记-2")
    Contract.objects.filter(pk=made.pk).update(ceiling=Decimal("10000.00"), price=1)
    ServiceVisit.objects.filter(pk=visits[2].pk).update(fee=Decimal("2000.00"))
    services.pay(finance, made, [ServiceVisit.objects.get(pk=visits[2].pk)], "记-2")
    with pytest.raises((Conflict, ValidationError)):
        services.pay(finance, made, [visits[0]], "记-3")
    assert sum(made.payments.values_list("amount", flat=True)) == Decimal("10000.00")
    uses = line_uses(finance)
    assert [(row.code, row.contracts, row.paid, row.rate) for row in uses] == [
        ("services", 1, Decimal("10000.00"), "100.0%")
    ]
    assert line_uses(world.who("town")) == []


@pytest.mark.django_db(transaction=True)
def test_two_payers_at_once_stay_below_the_ceiling(world: World) -> None:
    made = cases.contract(world, ceiling=Decimal("4000.00"))
    visits = [cases.accepted(world, made, days=days) for days in (1, 2)]
    barrier, outcomes = threading.Barrier(2), []
    finance = world.who("finance")

    def race(visit: ServiceVisit) -> None:
        barrier.wait()
        try:
            services.pay(finance, made, [visit], f"记-{visit.pk}")
            outcomes.append("paid")
        except ValidationError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=race, args=(visit,)) for visit in visits]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["paid", "refused"]
    assert [row.amount for row in AgencyPayment.objects.all()] == [Decimal("4000.00")]
    assert sorted(ServiceVisit.objects.values_list("state", flat=True)) == ["accepted", "paid"]


def test_an_agency_is_judged_by_its_findings(world: World, client_for: ClientFor) -> None:
    made = cases.contract(world)
    visits = [cases.accepted(world, made, days=1, findings=3), cases.accepted(world, made, days=2, findings=0)]
    cases.found(world, made, days=3)
    first, second, _ = Hazard.objects.order_by("pk")
    for hazard in (first, second):
        hazards.grade(hazard, world.who("head"), {"grade": "general"})
    hazards.revoke(Hazard.objects.order_by("pk")[2], world.who("head"), "不是隐患")
    services.pay(world.who("finance"), made, visits[:1], "记-1")
    row: Any = with_service(Agency.objects.all()).get()
    assert (row.visit_count, row.finding_count, row.confirmed_count, row.paid) == (2, 3, 2, Decimal("4000.00"))
    assert (per_visit(row), confirmed_rate(row)) == ("1.5", "66.7%")
    client = client_for("leader")
    for name, query, rows in (
        ("visits", {"done": 1}, 2),
        ("findings", {"done": 1}, 3),
        ("findings", {"done": 1, "confirmed": 1}, 2),
        ("findings", {"waiting": 1}, 1),
        ("payments", {}, 1),
    ):
        page = client.get(reverse(f"standardisation:{name}"), {"agency": row.pk, **query})
        assert page.context["sheet"].paginator.count == rows, (name, query)
    cases.agency(world, name="没有服务的公司")
    other: Any = with_service(Agency.objects.all()).get(name="没有服务的公司")
    assert (other.visit_count, per_visit(other), confirmed_rate(other)) == (0, "—", "—")


def test_from_contract_to_payment_through_the_pages(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    head, officer, finance = (client_for(who) for who in ("head", "enforcement", "finance"))

    def post(client: Any, view: str, pk: int = 0, expected: int = 302, /, **data: Any) -> Any:
        answer = client.post(reverse(f"standardisation:{view}", args=[pk] if pk else []), data)
        assert answer.status_code == expected, (view, answer.content.decode()[-2500:])
        return answer

    firm = {"name": "渝安", "qualification": "APJ-1", "qualified_until": today() + 90 * ONE, "is_active": "on"}
    post(head, "agency_new", **firm)
    agency = Agency.objects.get()
    post(head, "agency_edit", agency.pk, **{**firm, "contact": "赵工"})
    agency.refresh_from_db()
    assert agency.contact == "赵工"
    for name in ("甲", "乙"):
        post(head, "expert_new", name=name, field="机械", agency=agency.pk, is_active="on")
    terms = {
        "number": "1号", "title": "查隐患", "agency": agency.pk, "budget_line": "services",
        "amount": "8000", "price": "4000",
        "first_day": today() - 9 * ONE, "last_day": today() + 90 * ONE, "scope": "工贸",
    }  # fmt: skip
    post(head, "contract_new", 0, 422, **{**terms, "ceiling": "9000"})
    post(head, "contract_new", **terms)
    made = Contract.objects.get()
    experts = list(agency.experts.values_list("pk", flat=True))
    day = {"enterprise": world.plant.pk, "day": today() - ONE}
    post(officer, "visit_new", made.pk, 422, experts=experts[:1], **day)
    post(officer, "visit_new", made.pk, experts=experts, **day)
    visit = ServiceVisit.objects.get()
    post(officer, "finding", visit.pk, title="护罩缺失", category="2")
    url = visit.get_absolute_url()
    assert officer.post(f"{url}step/transfer/").status_code == 302
    assert head.post(f"{url}step/accept/").status_code == 302
    post(finance, "pay", made.pk, 422, voucher="记-1")
    post(finance, "pay", made.pk, visits=[visit.pk], voucher="记-1")
    payment = AgencyPayment.objects.get()
    assert "4,000.00" in finance.get(payment.get_absolute_url()).content.decode()
    assert "50.0%" in finance.get(made.get_absolute_url()).content.decode()
    assert "50.0%" in finance.get(reverse("standardisation:statistics")).content.decode()
    for page in (agency.get_absolute_url(), url, agency.experts.first().get_absolute_url()):
        assert head.get(page).status_code == 200
    for name in ("agencies", "experts", "contracts", "visits", "findings", "payments"):
        with django_assert_max_num_queries(20):
            assert head.get(reverse(f"standardisation:{name}")).context["sheet"].paginator.count
