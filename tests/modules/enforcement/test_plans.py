"""The plan: drafted, approved, amended with reasons, drawn; and the report's figures."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from bianwang.modules.enforcement import drawing, figures, queries, services
from bianwang.modules.enforcement.models import Draw, Plan, PlanItem, PlanRemoval, Recusal, Visit
from bianwang.modules.hazards.models import Hazard
from bianwang.platform.clock import SHANGHAI, now, today
from bianwang.platform.ledger.context import acting
from bianwang.platform.ledger.models import Entry
from bianwang.platform.places.models import Enterprise
from bianwang.platform.workflow.errors import Conflict
from tests.modules.enforcement import things
from tests.people import ClientFor, World
from tests.permissions import subjects

pytestmark = pytest.mark.django_db

YEAR = today().year
REPORT_YEAR = 2023


def report_year(world: World, visited: int) -> Plan:
    """The report's year: 52 planned enterprises and 314 visits, so many of the 52 among them."""
    rows = things.enterprises(world, 52)
    with_plan = things.approved(world, *rows, year=REPORT_YEAR, days=1)
    Plan.objects.filter(pk=with_plan.pk).update(approved_at=datetime(REPORT_YEAR, 1, 10, tzinfo=SHANGHAI))
    days = things.days(314, REPORT_YEAR)
    things.many_visits(world, [(rows[number % visited], day) for number, day in enumerate(days)])
    return with_plan


def found(world: World, who: str = "leader", year: int = REPORT_YEAR) -> dict[str, dict[str, figures.Figure]]:
    groups = figures.annual(world.who(who), year, date(year, 12, 31)).groups
    return {group.name: {figure.name: figure for figure in group.figures} for group in groups}


@pytest.mark.parametrize(("visited", "percent"), [(52, 100), (51, 98.08)])
def test_the_reports_numbers(world: World, visited: int, percent: float) -> None:
    plan = report_year(world, visited)
    assert queries.completion(plan, date(REPORT_YEAR, 12, 31)).percent == percent
    direct = found(world)["直管"]
    assert direct["计划完成率"].value == percent
    assert direct["计划完成率"].arithmetic == f"已检查计划企业 ÷ 计划企业 = {visited} ÷ 52（第1版）"
    assert direct["检查"].value == 314
    assert direct["覆盖率"].value == percent
    assert direct["文书合规率"].value == 100


def test_each_figure_leads_to_as_many_rows_as_it_counts(world: World, client_for: ClientFor) -> None:
    report_year(world, 51)
    rows = list(Visit.objects.order_by("date"))
    Visit.objects.filter(pk__in=[row.pk for row in rows[:30]]).update(is_filed=True)
    Visit.objects.filter(pk__in=[row.pk for row in rows[:10]]).update(recheck_by=date(REPORT_YEAR, 6, 1))
    Visit.objects.filter(pk__in=[row.pk for row in rows[:8]]).update(rechecked_on=date(REPORT_YEAR, 5, 1))
    Visit.objects.filter(pk__in=[row.pk for row in rows[:4]]).update(documents_complete=False)
    Visit.objects.filter(pk=rows[5].pk).update(is_over=True)
    things.visited(world, "town", date=date(REPORT_YEAR, 3, 1))
    groups = found(world)
    assert groups["直管"]["立案率"].value == round(100 * 30 / 314, 2)
    assert groups["直管"]["复查率"].value == 80
    assert groups["直管"]["文书合规率"].value == round(100 * 310 / 314, 2)
    assert groups["全区"]["检查"].value == 315
    client = client_for("leader")
    counts = {"立案率": 30, "复查率": 8, "文书合规率": 310, "计划完成率": 51, "覆盖率": 51}
    for group in groups.values():
        for figure in group.values():
            wanted = counts.get(figure.name, figure.value)
            if figure.name == "检查企业":
                continue
            page = client.get(figure.url)
            assert page.status_code == 200
            assert page.context["sheet"].paginator.count == wanted, figure


def test_statistics_take_a_bounded_number_of_queries(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    report_year(world, 52)
    client = client_for("leader")
    with django_assert_max_num_queries(22):
        page = client.get(reverse("enforcement:statistics"), {"year": REPORT_YEAR}).content.decode()
    assert "已检查计划企业 ÷ 计划企业 = 52 ÷ 52" in page
    town = client_for("town").get(reverse("enforcement:statistics")).content.decode()
    assert "计划完成率" not in town, "a town sees its own visits only"


def test_working_days_stand_line_by_line(world: World, client_for: ClientFor) -> None:
    plan = things.draft(world)
    page = client_for("head").get(plan.get_absolute_url()).content.decode()
    for text in ("247 × 22 = 5434", "5434 − 2469 − 1994 = 971", "安监总政法〔2017〕150号"):
        assert text in page
    assert "参加计划的持证执法人员不足两名" in page


def test_only_a_section_head_or_leader_approves_and_only_what_is_complete(world: World) -> None:
    plan = things.draft(world)
    with pytest.raises(PermissionDenied):
        services.approve(plan, world.who("enforcement"))
    with pytest.raises(ValidationError, match="不足两名"):
        services.approve(plan, world.who("leader"))
    officers = things.certify(world, "enforcement", "enforcement2")
    user = world.who("enforcement")
    with acting(user, "测试"):
        services.change(plan, user, {**things.DAYS, "other_days": 3439}, officers)
    with pytest.raises(ValidationError, match="已安排 2 个工作日，超过监督检查工作日 1 个"):
        services.approve(plan, world.who("leader"))
    with pytest.raises(ValidationError, match="负数"):
        services.change(plan, user, {**things.DAYS, "other_days": 9999}, officers)
    services.change(plan, user, things.DAYS, officers)
    made = services.approve(plan, world.who("leader"))
    assert (made.state, made.approved_by) == ("approved", world.who("leader"))
    for call in (
        lambda: services.add_items(plan, user, [world.joint], things.ITEM),
        lambda: services.remove_item(plan.items.get(), user, "理由"),
        lambda: services.change_item(plan.items.get(), user, {"month": 4, "times": 1, "days": 1}),
        lambda: services.approve(plan, world.who("leader")),
    ):
        with pytest.raises(Conflict):
            call()


def test_a_year_has_one_plan(world: World) -> None:
    things.draft(world)
    with pytest.raises(ValidationError, match="已有检查计划"):
        things.draft(world)


def test_nothing_leaves_an_approved_plan_without_a_reason(world: World) -> None:
    first = things.approved(world, world.plant, world.joint)
    user = world.who("enforcement")
    with pytest.raises(ValidationError):
        services.amend(first, user, " ")
    with acting(user, "测试"):
        second = services.amend(first, user, "高新涂装停产")
    assert (second.number, second.items.count(), second.officers.count()) == (2, 2, 2)
    with pytest.raises(Conflict):
        services.amend(first, user, "再来")
    item = second.items.get(enterprise=world.joint)
    with pytest.raises(ValidationError, match="须写明理由"):
        services.remove_item(item, user, "")
    with acting(user, "测试"):
        services.remove_item(item, user, "8月起停产")
    assert PlanRemoval.objects.get().reason == "8月起停产"
    PlanRemoval.objects.all().delete()
    with pytest.raises(ValidationError, match="没有写理由"):
        services.approve(second, world.who("head"))
    PlanRemoval.objects.create(plan=second, enterprise=world.joint, reason="8月起停产")
    things.visited(world, "enforcement", is_statutory=True)
    assert queries.completion(first).percent == 50
    services.approve(second, world.who("head"))
    first.refresh_from_db()
    assert first.state == "superseded"
    assert queries.completion(second).percent == 100
    assert first.items.count() == 2, "the version before stays as it was approved"
    told = Entry.objects.filter(verb="enforcement.remove_item").get()
    assert told.reason == "8月起停产"


def test_a_draft_is_discarded_and_nothing_of_an_approved_plan(world: World, client_for: ClientFor) -> None:
    first = things.approved(world)
    user = world.who("enforcement")
    with pytest.raises(Conflict):
        services.discard(first, user, "不要了")
    second = services.amend(first, user, "调整")
    with pytest.raises(ValidationError):
        services.discard(second, user, " ")
    with pytest.raises(PermissionDenied):
        services.discard(second, world.who("leader"), "不要了")
    url = reverse("enforcement:plan_discard", args=[second.pk])
    assert client_for("enforcement").post(url, {"reason": "上级另有部署"}).status_code == 302
    second.refresh_from_db()
    first.refresh_from_db()
    assert (first.state, second.state, second.items.count()) == ("approved", "discarded", 1)
    assert Entry.objects.get(verb="enforcement.discard").reason == "上级另有部署"
    assert "上级另有部署" in client_for("leader").get(second.get_absolute_url()).content.decode()
    for step in (services.discard, services.amend):
        with pytest.raises(Conflict):
            step(second, user, "再来")
    with pytest.raises(Conflict):
        services.approve(second, world.who("head"))
    assert services.amend(first, user, "再调整").number == 3


def test_a_year_whose_only_plan_was_discarded_begins_again(world: World) -> None:
    draw = things.drawn(world)
    user = world.who("enforcement")
    services.discard(draw.plan, user, "范围选错")
    assert services.verify(Draw.objects.get()), "what was published stays"
    again = things.new_plan(world, things.certify(world, "enforcement"))
    assert (again.number, again.base) == (2, None)
    with pytest.raises(ValidationError, match="已有检查计划"):
        things.new_plan(world, [])


def test_completion_on_a_day_is_of_the_version_approved_then(world: World) -> None:
    first = things.approved(world, world.plant, world.joint)
    second = services.amend(first, world.who("enforcement"), "调整")
    services.approve(second, world.who("head"))
    Plan.objects.filter(pk=first.pk).update(approved_at=now() - timedelta(days=10))
    rows = Plan.objects.all()
    assert queries.plan_on(rows, YEAR, today()) == second
    assert queries.plan_on(rows, YEAR, today() - timedelta(days=1)) == first
    assert queries.plan_on(rows, YEAR, today() - timedelta(days=11)) is None


def test_only_completed_statutory_visits_of_the_bureau_complete_the_plan(world: World) -> None:
    plan = things.approved(world)
    things.visited(world, "enforcement")
    things.visited(world, "town", is_statutory=True)
    coming = {"kind": "complaint", "date": today() + timedelta(days=1), "state": "planned"}
    services.record_visit(world.who("enforcement"), world.bureau, world.plant, coming, [])
    assert queries.completion(plan).part == 0
    things.visited(world, "enforcement", is_statutory=True)
    assert queries.completion(plan).part == 1
    month = queries.progress(plan)[2]
    assert (month["planned"], month["done"], month["left"], month["workdays"]) == (1, 1, 0, 2)


def test_an_enterprise_whose_year_is_full_is_refused_in_a_plan(world: World) -> None:
    Enterprise.objects.filter(pk=world.plant.pk).update(standardisation="1")
    world.plant.refresh_from_db()
    plan = things.new_plan(world, things.certify(world, "enforcement"))
    with pytest.raises(ValidationError) as error:
        things.add(world, plan, world.plant, times=2)
    assert "上限 1 次（标准化一级企业；国办发〔2024〕54号；示例，须按本地规定核定）" in error.value.messages[0]
    things.add(world, plan, world.plant, times=1)
    with pytest.raises(ValidationError, match="上限 1 次"):
        services.change_item(plan.items.get(), world.who("enforcement"), {"month": 3, "times": 2, "days": 2})


def test_a_draw_is_published_and_made_again(world: World, client_for: ClientFor) -> None:
    draw = things.drawn(world)
    item = PlanItem.objects.get()
    assert (item.kind, item.draw_id) == ("general", draw.pk)
    assert set(item.officers.split("、")) == {"李执法", "何执法"}
    client = client_for("leader")
    page = client.get(draw.get_absolute_url()).content.decode()
    for text in (draw.seed, draw.inputs_hash, item.enterprise.name, "sha256-rank-1"):
        assert text in page
    assert "逐字节一致" in client.post(draw.get_absolute_url()).content.decode()
    Draw.objects.filter(pk=draw.pk).update(seed="换过的种子")
    assert services.verify(Draw.objects.get(pk=draw.pk)) == (redrawn(draw) == draw.result)
    Draw.objects.filter(pk=draw.pk).update(seed=draw.seed, inputs=draw.inputs.replace("青杠", "某某"))
    assert not services.verify(Draw.objects.get(pk=draw.pk))
    assert "不一致" in client.post(draw.get_absolute_url()).content.decode()


def redrawn(draw: Draw) -> str:
    """What another seed would have given."""
    return drawing.draw("换过的种子", drawing.parse_inputs(draw.inputs))


def test_who_may_not_be_visited_again_is_not_drawn(world: World) -> None:
    Enterprise.objects.filter(pk=world.plant.pk).update(standardisation="1")
    world.plant.refresh_from_db()
    things.visited(world, "enforcement", kind="patrol")
    draw = things.drawn(world)
    assert world.plant.credit_code not in draw.inputs
    pool = [world.plant, world.joint, world.other]
    values = {"month": 4, "times": 1, "days": 2}
    with pytest.raises(ValidationError, match="只有 1 家"):
        services.make_draw(draw.plan, world.who("enforcement"), pool, {"": 2}, "种子", values)


def test_who_keeps_away_is_not_drawn_until_he_withdraws(world: World, client_for: ClientFor) -> None:
    officers = things.certify(world, "enforcement", "enforcement2", "head")
    user, values = world.who("enforcement"), {"month": 4, "times": 1, "days": 2}
    plan = things.new_plan(world, officers)
    url = reverse("enforcement:recusal_new")
    data = {"officer": officers[2].pk, "enterprise": world.plant.pk, "reason": "近亲属任职"}
    client = client_for("enforcement")
    assert client.post(url, {**data, "reason": ""}).status_code == 422
    assert client.post(url, data).status_code == 302
    assert client.post(url, data).status_code == 422, "once is enough"
    draw = services.make_draw(plan, user, [world.plant], {"": 1}, "种子", values)
    assert set(drawing.parse_result(draw.result)[0][1]) == {row.certificate for row in officers[:2]}
    assert draw.method == "sha256-rank-2"
    assert services.verify(draw)
    page = client.get(draw.get_absolute_url()).content.decode()
    assert f"（{officers[2].certificate}）不派往青杠机械厂" in page
    assert "近亲属任职" not in page, "the published record gives no reasons"
    recusal = Recusal.objects.get()
    with pytest.raises(PermissionDenied):
        services.withdraw_recusal(recusal, world.who("leader"), "已离职")
    away = reverse("enforcement:recusal_withdraw", args=[recusal.pk])
    assert client.post(away, {"reason": "亲属已离职"}).status_code == 302
    with pytest.raises(Conflict):
        services.withdraw_recusal(recusal, user, "再来")
    assert services.verify(draw), "what was published stays as it was drawn"
    later = services.make_draw(plan, user, [world.joint], {"": 1}, "种子", values)
    assert "exclusions" not in later.inputs
    assert client.post(url, data).status_code == 302
    told = Entry.objects.filter(verb__in=("enforcement.recuse", "enforcement.withdraw_recusal")).order_by("pk")
    assert [row.reason for row in told] == ["近亲属任职", "亲属已离职", "近亲属任职"]
    assert "亲属已离职" in client_for("leader").get(reverse("enforcement:recusals")).content.decode()


def test_a_plan_through_its_pages(world: World, client_for: ClientFor) -> None:
    officers = things.certify(world, "enforcement", "enforcement2")
    client, head = client_for("enforcement"), client_for("head")
    answer = client.get(reverse("enforcement:plan_new"))
    assert re.search(r'name="statutory_days" value="2\d\d"', answer.content.decode())
    ids = [row.pk for row in officers]
    assert (
        client.post(reverse("enforcement:plan_new"), {"year": YEAR, **things.DAYS, "officers": ids}).status_code == 302
    )
    plan = Plan.objects.get()
    add = reverse("enforcement:plan_add", args=[plan.pk])
    assert client.post(add, {**things.ITEM, "enterprises": [world.plant.pk]}).status_code == 302
    draw = reverse("enforcement:plan_draw", args=[plan.pk])
    data = {"pool": "all", "total": 1, "month": 5, "times": 1, "days": 2}
    assert client.post(draw, {**data, "red": 1}).status_code == 422
    assert client.post(draw, data).status_code == 302
    assert len(Draw.objects.get().seed) == 32
    assert head.post(reverse("enforcement:plan_approve", args=[plan.pk])).status_code == 302
    assert client.post(add, {**things.ITEM, "enterprises": [world.joint.pk]}).status_code in {409, 422}
    amend = reverse("enforcement:plan_amend", args=[plan.pk])
    assert client.post(amend, {"reason": "上级部署"}).status_code == 302
    second = Plan.objects.get(number=2)
    item = reverse("enforcement:item", args=[second.items.get(kind="key").pk])
    assert client.post(item, {"month": 6, "times": 1, "days": 2, "remove": "on"}).status_code == 422
    assert client.post(item, {"month": 6, "times": 1, "days": 2, "remove": "on", "reason": "搬迁"}).status_code == 302
    page = client.get(second.get_absolute_url()).content.decode()
    assert "移出“青杠机械厂”：搬迁" in page


def test_a_campaign_groups_the_visits_of_all_units(world: World, client_for: ClientFor) -> None:
    row = things.campaign(world)
    things.visited(world, "town", kind="campaign", campaign=row)
    things.visited(world, "town2", world.other, kind="campaign", campaign=row)
    page = client_for("leader").get(row.get_absolute_url())
    assert page.context["total"]["visits"] == 2
    assert page.context["enterprises"] == 2
    town = client_for("town").get(row.get_absolute_url())
    assert town.context["total"]["visits"] == 1, "a town sees its own"
    with pytest.raises(ValidationError, match="不含"):
        things.visited(world, "town", kind="campaign", campaign=row, date=date(YEAR - 1, 5, 1))


def test_a_campaign_counts_the_hazards_that_its_visits_found(world: World, client_for: ClientFor) -> None:
    row = things.campaign(world)
    visit = things.visited(world, "town", kind="campaign", campaign=row)
    hazard = Hazard.objects.get(pk=subjects.hazard(world))
    with acting(world.who("town"), "测试"):
        services.note_hazards(visit, world.who("town"), [hazard])
    page = client_for("leader").get(row.get_absolute_url())
    assert page.context["hazards"] == {"found": 1, "rectified": 0}
    link = re.search(r'href="([^"]+/hazards/)"', page.content.decode())
    assert link
    assert "防护罩缺失" in client_for("leader").get(link[1]).content.decode()
    assert "防护罩缺失" not in client_for("leader").get(link[1] + "?rectified=1").content.decode()
    assert "防护罩缺失" not in client_for("town2").get(link[1]).content.decode()
