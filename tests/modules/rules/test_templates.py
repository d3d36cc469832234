"""The locality pack's templates are sound, sourced, and refuse numbers beyond what the law allows."""

from __future__ import annotations

import pytest

from bianwang.engine.table import compile_table
from bianwang.modules.rules import formulas, templates, wording
from bianwang.modules.rules.binding import Bound, RoleSignal, Text, instances
from bianwang.modules.rules.models import RuleLevel
from bianwang.modules.sensing.quantities import QUANTITIES, factor
from bianwang.platform.config import ConfigError

ALL = list(templates.templates().values())
TEMPLATE = """
- id: x
  name: 名称
  family: state
  about: 说明
  bind: {quantities: [%s]}
  parameters: [{name: a, title: 甲, default: 5, min: 0, max: 10}]
  levels: [{severity: red, op: ">", limit: %s}]
  basis: {standard: GB 1, from: 2020-01-01}
"""


@pytest.mark.parametrize("template", ALL, ids=lambda template: template.id)
def test_the_engine_accepts_every_template_at_its_defaults(template: templates.Template) -> None:
    levels = template.build(template.defaults())
    span = 0.5 if template.scale == "spread" else 1.0
    roles = {name: RoleSignal(number, 1.0) for number, name in enumerate(template.signals)}
    text = Text(levels, template.defaults(), formulas.write(template.definition))
    table = compile_table(instances(Bound(1, 1, 1, 100.0, span, 60, roles=roles), text))
    assert len(table) == len(levels)


@pytest.mark.parametrize("template", ALL, ids=lambda template: template.id)
def test_every_template_says_where_it_comes_from_and_what_it_means(template: templates.Template) -> None:
    parameters = template.defaults()
    levels = template.build(parameters)
    text = wording.sentence(levels, template.unit, template.scale, template.definition, parameters)
    assert template.basis.standard
    assert template.basis.certainty
    assert text.endswith("。")
    assert "nan" not in text.lower()


@pytest.mark.parametrize("template", ALL, ids=lambda template: template.id)
def test_the_limits_reach_every_quantity_in_its_usual_unit(template: templates.Template) -> None:
    for code in template.bind.quantities:
        usual = QUANTITIES[code].units[0] if QUANTITIES[code].units else ""
        assert template.scale != "unit" or factor(template.unit, usual, code) is not None


def test_the_pack_covers_what_the_district_asked_for() -> None:
    wanted = {
        "combustible-gas", "carbon-monoxide", "hydrogen-sulfide", "ammonia", "chlorine", "oxygen",
        "tank-level", "tank-pressure", "tank-temperature", "pump-flow-drop", "pump-pressure", "pump-current",
        "fan-current", "furnace-temperature", "furnace-rise", "spray-fan-off", "spray-lel", "device-silence",
        "fire-alarm",
    }  # fmt: skip
    assert wanted <= {template.id for template in ALL}


@pytest.mark.parametrize(
    ("template", "limits"),
    [
        ("combustible-gas", [25, 50]),  # GB/T 50493-2019: %LEL
        ("carbon-monoxide", [30, 60]),  # GBZ 2.1 PC-STEL 30 mg/m³, 100 and 200 %OEL
        ("hydrogen-sulfide", [10, 20]),  # MAC 10
        ("ammonia", [30, 60]),  # PC-STEL 30
        ("chlorine", [1, 2]),  # MAC 1
        ("oxygen", [19.5]),  # GB 30871-2022
    ],
)
def test_limits_of_law_are_those_of_the_standards(template: str, limits: list[float]) -> None:
    found = templates.templates()[template]
    assert [level.limit for level in found.build(found.defaults())] == limits


@pytest.mark.parametrize(("template", "name", "value"), [("combustible-gas", "first", 26), ("chlorine", "second", 2.1)])
def test_a_limit_laxer_than_the_standard_is_refused(template: str, name: str, value: float) -> None:
    found = templates.templates()[template]
    with pytest.raises(ValueError, match="之间"):
        found.build(found.defaults() | {name: value})


def test_a_count_must_be_whole() -> None:
    found = templates.templates()["pump-current"]
    with pytest.raises(ValueError, match="整数"):
        found.build(found.defaults() | {"n": 2.5})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TEMPLATE % ("nonsense", "a"), "监测量"),
        (TEMPLATE % ("flow", "b"), "没有定义"),
        ("- {id: x", "无法读取"),
        ("- {id: x, colour: red}", "无法读取"),
    ],
)
def test_a_faulty_file_is_named_with_its_fault(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        templates.read(text, "my.yaml")
    assert "my.yaml" in str(caught.value)


def test_a_sentence_reads_like_one() -> None:
    found = templates.templates()["combustible-gas"]
    levels = found.build(found.defaults())
    assert wording.condition(levels[0], found.unit) == "读数大于或等于 25 %LEL，持续 3 秒"
    silence = templates.templates()["device-silence"]
    (level,) = silence.build(silence.defaults())
    assert level.kind == RuleLevel.Kind.SILENCE
    assert wording.condition(level, "", "period") == "超过上报周期再加 1 分钟没有读数"
