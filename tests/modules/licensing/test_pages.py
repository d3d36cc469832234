"""Pages of licensing: the whole way by clicks, figures that lead to their rows, and few queries."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from bianwang.modules.licensing import services
from bianwang.modules.licensing.models import Application
from bianwang.modules.licensing.queries import statistics
from tests.modules.licensing.matters import accepted, applied, granted, held
from tests.people import ClientFor, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]

LIST_QUERIES = 22


def test_the_whole_way_by_clicks(world: World, client_for: ClientFor) -> None:
    safety, officer, head = client_for("safety"), client_for("enforcement"), client_for("head")
    given = {"owner": world.plant.pk, "kind": "hazchem_trade", "action": "new", "scope": "二甲苯"}
    assert safety.get(reverse("licensing:apply"), {"kind": "hazchem_trade"}).status_code == 200
    assert safety.post(reverse("licensing:apply"), {**given, "owner": world.other.pk}).status_code == 422
    assert safety.post(reverse("licensing:apply"), given).status_code == 302
    application = Application.objects.get()
    url = application.get_absolute_url()

    def step(client: Any, code: str, **data: Any) -> None:
        assert client.get(f"{url}step/{code}/").status_code == 200, code
        answer = client.post(f"{url}step/{code}/", data)
        assert answer.status_code == 302, (code, answer.content.decode()[-2500:])

    step(officer, "correct", missing=["营业执照复印件"], reason="缺营业执照")
    step(safety, "resubmit")
    step(officer, "accept")
    step(officer, "stop", kind="rectification", reason="整改储存间")
    step(officer, "resume")
    today = application.submitted_on.isoformat()
    people = [world.who("enforcement").pk, world.who("enforcement2").pk]
    step(officer, "visit", on=today, officers=people, findings="符合", passed="1")
    step(head, "decide", granted="1", number="渝璧1号")
    step(officer, "deliver", on=today, how="直接送达")
    page = safety.get(url).content.decode()
    for words in ("已办结", "何执法、李执法", "整改储存间", "渝璧1号"):
        assert words in page
    application.refresh_from_db()
    licence = application.licence
    assert licence is not None
    page = safety.get(licence.get_absolute_url()).content.decode()
    assert f"licence={licence.pk}&amp;action=renew" in page
    assert safety.get(reverse("licensing:apply"), {"licence": licence.pk, "action": "renew"}).status_code == 200
    assert "申请延期" not in client_for("leader").get(licence.get_absolute_url()).content.decode()


def test_every_figure_leads_to_exactly_its_rows(world: World, client_for: ClientFor) -> None:
    for number in range(3):
        granted(world, number=f"{number}号")
    late, refused = granted(world, number="晚号"), accepted(world, kind="fireworks_retail")
    Application.objects.filter(pk=late.pk).update(spent_days=31)
    services.decide(refused, world.who("head"), granted=False, reason="不符合", paper={})
    applied(world)
    client = client_for("leader")
    found = statistics(world.who("leader"), late.submitted_on.year)
    values = {figure.name: figure.value for figure in (*found.figures, *found.whole.figures)}
    assert values == {"收到申请": 6, "受理": 5, "办结": 5, "准予": 4, "不予": 1, "按期": 4, "超期": 1}
    assert (found.whole.rate, found.whole.average) == ("80.0%", "6.2")
    for row in (found.whole, *found.kinds):
        for figure in (*row.figures, *found.figures):
            page = client.get(f"{reverse('licensing:list')}?{figure.query}").context["sheet"]
            assert page.paginator.count == figure.value, (row.name, figure)
    assert "80.0%" in client.get(reverse("licensing:statistics")).content.decode()


def test_lists_ask_little(world: World, client_for: ClientFor, django_assert_max_num_queries: Any) -> None:
    for number in range(5):
        applied(world)
        held(world, number=f"{number}号")
    client = client_for("head")
    for name in ("list", "licences"):
        with django_assert_max_num_queries(LIST_QUERIES):
            assert len(client.get(reverse(f"licensing:{name}")).context["sheet"].object_list) == 5
        assert len(client_for("safety2").get(reverse(f"licensing:{name}")).context["sheet"].object_list) == 0
