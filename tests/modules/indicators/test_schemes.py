"""A year's indicators from the template to the score, over HTTP."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from bianwang.modules.accidents.models import Gdp
from bianwang.modules.indicators import queries, services
from bianwang.modules.indicators.models import Indicator, Scheme
from bianwang.platform.files.models import Attachment
from bianwang.platform.ledger.models import Entry
from bianwang.platform.period import Period
from tests.modules.indicators import things
from tests.people import ClientFor, World
from tests.platform.files import samples

pytestmark = pytest.mark.django_db
END = date(2022, 12, 31)


def post(client_for: ClientFor, who: str, path: str, **data: Any) -> Any:
    return client_for(who).post(path, data, follow=True)


def test_a_year_starts_from_a_template_and_is_adopted_when_its_weights_add_up(
    world: World, client_for: ClientFor
) -> None:
    post(client_for, "finance", "/indicators/new/", year=2022, template="bishan")
    scheme = Scheme.objects.get(year=2022)
    assert scheme.indicators.count() == 10
    first = scheme.indicators.get(code="plan_completion")
    services.save_indicator(scheme, world.who("finance"), {"weight": Decimal(9)}, first)
    page = post(client_for, "leader", f"/indicators/{scheme.pk}/adopt/")
    assert "少 1，请先调整权重" in page.content.decode()
    services.save_indicator(scheme, world.who("finance"), {"weight": Decimal(10)}, first)
    page = post(client_for, "leader", f"/indicators/{scheme.pk}/adopt/")
    assert "已下达" in page.content.decode()
    assert list(Entry.objects.filter(verb__startswith="indicators.").order_by("pk").values_list("verb", flat=True)) == [
        "indicators.start",
        "indicators.change",
        "indicators.change",
        "indicators.adopt",
    ]


def test_an_adopted_year_changes_its_targets_only_and_with_a_reason(world: World, client_for: ClientFor) -> None:
    scheme = things.adopted(world)
    row = scheme.indicators.get(code="execution_rate")
    with pytest.raises(ValidationError, match="已经下达"):
        services.save_indicator(scheme, world.who("finance"), {"weight": Decimal(20)}, row)
    post(client_for, "finance", f"/indicators/one/{row.pk}/adjust/", value="90", reason="区财政〔2022〕15号")
    row.refresh_from_db()
    assert (row.opening_text, row.target_text, row.adjusted_reason) == ("≥95%", "≥90%", "区财政〔2022〕15号")


def test_an_unknown_figure_and_a_rule_that_does_not_fit_are_refused_at_their_field(world: World) -> None:
    scheme = things.drawn_up(world)
    with pytest.raises(ValidationError, match="没有代码为“nothing”的数字") as unknown:
        services.save_indicator(scheme, world.who("finance"), things.values(formula="100 * nothing / visits"))
    assert "formula" in unknown.value.message_dict
    with pytest.raises(ValidationError, match="可用的计分方式") as misfit:
        services.save_indicator(scheme, world.who("finance"), things.values(rule="zero"))
    assert "rule" in misfit.value.message_dict


def test_nothing_earns_full_marks_without_a_figure(world: World) -> None:
    scheme = things.adopted(world)
    row = next(row for row in queries.evaluate(scheme, END).rows if row.code == "death_rate_decline")
    assert row.score is None
    assert row.refusal
    assert row.actual_text == "—"


def test_the_decline_of_deaths_needs_both_years_of_the_gdp(world: World) -> None:
    found = queries.figure(Period.of_year(2022), "gdp")
    assert found.value is None
    assert found.missing
    Gdp.objects.create(year=2022, value=Decimal("842.10"), source="统计公报")
    assert queries.figure(Period.of_year(2022), "gdp").value == Decimal("842.10")


def test_evidence_that_is_asked_for_must_be_there(world: World, client_for: ClientFor) -> None:
    row = things.qualitative(world, needs_file=True, evidence="制度汇编")
    services.judge(row, world.who("head"), judged=Decimal(85), finding="已建立十二项制度")
    assert queries.evaluated(Indicator.objects.get(pk=row.pk)).refusal == "还缺佐证（制度汇编），不能得分，请上传。"
    post(
        client_for,
        "head",
        f"/indicators/one/{row.pk}/judge/",
        judged="85",
        finding="已建立十二项制度",
        papers=samples.upload("制度.jpg", samples.photo()),
    )
    assert Attachment.objects.filter(object_id=row.pk).count() == 1
    assert queries.evaluated(Indicator.objects.get(pk=row.pk)).score == Decimal("8.50")


def test_what_a_module_counts_cannot_be_typed_in(world: World) -> None:
    row = things.adopted(world).indicators.get(code="execution_rate")
    with pytest.raises(ValidationError, match="不能手工评定"):
        services.judge(row, world.who("finance"), judged=Decimal(100), finding="很好")


def test_an_indicator_that_does_not_apply_is_left_out_of_the_total(world: World, client_for: ClientFor) -> None:
    scheme = things.adopted(world)
    row = scheme.indicators.get(code="relief_timeliness")
    before = queries.evaluate(scheme, END).total.possible
    post(client_for, "head", f"/indicators/one/{row.pk}/exclude/", reason="本年没有受灾户")
    after = queries.evaluate(scheme, END)
    assert before - after.total.possible == row.weight
    assert next(line for line in after.rows if line.code == row.code).excluded == "本年没有受灾户"
    post(client_for, "head", f"/indicators/one/{row.pk}/exclude/", reason="")
    assert queries.evaluate(scheme, END).total.possible == before


def test_the_sheet_and_the_figures_are_exported(world: World, client_for: ClientFor) -> None:
    scheme = things.adopted(world)
    for path in (
        f"/indicators/{scheme.pk}/?on=2022-12-31&export=xlsx",
        "/indicators/figures/?on=2022-12-31&export=xlsx",
    ):
        answer = client_for("leader").get(path)
        assert answer.status_code == 200
        assert answer.content[:2] == b"PK"


def test_the_sheet_takes_a_bounded_number_of_queries(
    world: World, client_for: ClientFor, django_assert_max_num_queries: Any
) -> None:
    scheme = things.adopted(world)
    client = client_for("leader")
    client.get(scheme.get_absolute_url())
    with django_assert_max_num_queries(80):
        client.get(f"{scheme.get_absolute_url()}?on=2022-12-31")


def test_every_figure_of_the_pack_opens(world: World, client_for: ClientFor) -> None:
    client = client_for("leader")
    for code, label in queries.figure_choices():
        page = client.get(f"/indicators/figures/{code}/?on=2022-12-31")
        assert page.status_code == 200, code
        assert label.split("（")[0] in page.content.decode()
