"""The district's rule library: every template compiles, is sourced, and does what its recorded examples say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

import bianwang
from bianwang.engine.check import check
from bianwang.engine.evaluator import Evaluator
from bianwang.engine.semantics import ChangeKind
from bianwang.engine.specification import Meaning, verdict_changes
from bianwang.engine.table import Instance, compile_table
from bianwang.modules.rules import formulas
from bianwang.modules.rules.binding import Bound, RoleSignal, Text, instances
from bianwang.modules.rules.templates import Example, Template, templates
from bianwang.modules.sensing.quantities import QUANTITIES

ALL = list(templates().values())
EXAMPLES = [(template, example) for template in ALL for example in template.examples]
LIMITS: list[dict[str, Any]] = yaml.safe_load(
    (Path(bianwang.__file__).parent / "districts" / "bishan" / "exposure_limits.yaml").read_text("utf-8")
)
each_template = pytest.mark.parametrize("template", ALL, ids=lambda template: template.id)


def rules(template: Template, values: Mapping[str, float]) -> list[Instance]:
    """The template on signals that come in its own units, in the order of its roles."""
    roles = {name: RoleSignal(number, 1.0) for number, name in enumerate(template.signals)}
    text = Text(template.build(values), values, formulas.write(template.definition))
    return instances(Bound(binding=1, signal=0, owner=1, roles=roles), text)


def begin_of(example: Example) -> int:
    """What second 0 of the recording is, in ms."""
    return round(example.at.timestamp() * 1000) if example.at else 0


def until_of(example: Example) -> int:
    return begin_of(example) + round(example.until * 1000)


def samples_of(example: Example) -> dict[str, list[tuple[int, float | None]]]:
    begin = begin_of(example)
    return {
        role: [(begin + round(second * 1000), value) for second, value in rows]
        for role, rows in example.signals.items()
    }


def told_by_the_kernel(rule: Instance, example: Example) -> list[tuple[int, ChangeKind]]:
    ids = dict(zip(rule.program.signals, rule.signals, strict=True))
    rows = [(ids[role], *sample) for role, samples in samples_of(example).items() for sample in samples]
    signal, time, value = zip(*sorted(rows, key=lambda row: row[1]), strict=True) if rows else ((), (), ())
    evaluator = Evaluator(compile_table([rule]), begin_of(example))
    changes = evaluator.push(signal, time, value, [0] * len(rows)).followed_by(evaluator.advance(until_of(example) + 1))
    return [(time, ChangeKind(kind)) for time, kind in zip(changes.time.tolist(), changes.kind.tolist(), strict=True)]


def told_by_the_specification(rule: Instance, example: Example) -> list[tuple[int, ChangeKind]]:
    program = rule.program
    samples = {role: samples_of(example).get(role, []) for role in program.signature.signals}
    named = dict(zip(program.parameters, rule.parameters, strict=True))
    meaning = Meaning(program.tree, samples, program.signature, named, begin_of(example), is_rest_day)
    truths = meaning.changes(until_of(example))
    return verdict_changes(truths, program.is_event, rule.hold_ms, rule.quiet_ms, until_of(example))


def is_rest_day(day: date) -> bool:
    return day.weekday() >= 5


@pytest.mark.parametrize(
    ("template", "example"), EXAMPLES, ids=[f"{template.id}-{example.name}" for template, example in EXAMPLES]
)
def test_every_example_begins_an_episode_when_it_says(template: Template, example: Example) -> None:
    began = []
    for rule in rules(template, template.defaults()):
        told = told_by_the_kernel(rule, example)
        assert told == told_by_the_specification(rule, example)
        began += [(time - begin_of(example)) / 1000 for time, kind in told if kind == ChangeKind.BEGAN]
    assert sorted(began) == example.fires


@each_template
def test_every_template_shows_what_fires_and_what_does_not(template: Template) -> None:
    assert any(example.fires for example in template.examples)
    assert not all(example.fires for example in template.examples)


@each_template
def test_every_parameter_and_signal_is_used(template: Template) -> None:
    used = {str(value).lstrip("-") for level in template.levels for value in msgspec.structs.astuple(level)}
    if template.is_formula:
        program = formulas.compile_rule(template.when, template.definition)
        checked = check(program.tree, program.text, program.signature)
        used = {*checked.parameters, str(template.hold), str(template.quiet)}
        assert set(checked.signals) == set(template.signals)
    assert {parameter.name for parameter in template.parameters} <= used


@each_template
@pytest.mark.parametrize("end", ["min", "max"])
def test_the_ends_of_the_ranges_can_be_judged(template: Template, end: str) -> None:
    values = {parameter.name: float(getattr(parameter, end)) for parameter in template.parameters}
    assert all(len(compile_table([rule])) == 1 for rule in rules(template, values))


@each_template
def test_every_template_says_what_it_means_whence_it_comes_and_how_sure_that_is(template: Template) -> None:
    assert template.about.endswith("。")
    assert template.basis.clause
    assert re.search("已核实|待核实|未核实|内部规则", template.basis.certainty)


@each_template
def test_every_signal_comes_in_a_unit_of_its_quantity(template: Template) -> None:
    for role in template.signals.values():
        assert role.unit in ("", *QUANTITIES[role.quantity].units)


def test_every_sequence_rule_is_there() -> None:
    assert {found[0] for template in ALL if (found := re.match(r"t\d\d", template.id))} == {
        f"t{number:02}" for number in range(1, 26)
    }


def test_the_documents_list_every_template_and_no_other() -> None:
    text = (Path(__file__).parents[3] / "docs" / "rules.md").read_text("utf-8")
    rows = [line for line in text.partition("规则库")[2].splitlines() if line.startswith("|")]
    listed = re.findall(r"`([a-z0-9-]+)`", "".join(rows))
    assert sorted(listed) == sorted(template.id for template in ALL)


def limits_of(quantity: str, day: date) -> dict[str, Any]:
    """The exposure limits of a substance in force on a day."""
    rows = [row for row in LIMITS if row["quantity"] == quantity]
    (found,) = [row for row in rows if row["valid_from"] <= day <= row.get("valid_to", date.max)]
    return found


@pytest.mark.parametrize("row", LIMITS, ids=lambda row: f"{row['quantity']}-{row['valid_from']}")
def test_every_exposure_limit_is_sourced_and_consistent(row: dict[str, Any]) -> None:
    assert all(row[key] for key in ("source", "article", "certainty"))
    assert ("mac" in row) != ("twa" in row and "stel" in row)
    assert row.get("twa", 0) <= row.get("stel", 0)
    assert row.get("molar_mass", 0.0) == QUANTITIES[row["quantity"]].molar_mass
    digits = row["cas"].replace("-", "")
    assert sum(weight * int(digit) for weight, digit in enumerate(reversed(digits[:-1]), 1)) % 10 == int(digits[-1])


@each_template
def test_toxic_defaults_are_those_of_the_exposure_table(template: Template) -> None:
    quantities = {role.quantity for role in template.signals.values()} | set(template.bind.quantities)
    for quantity in quantities & {row["quantity"] for row in LIMITS}:
        limit = limits_of(quantity, template.basis.valid_from)
        ceiling = limit["stel"] if "stel" in limit else limit["mac"]
        expected = {
            "first": ceiling,
            "second": 2 * ceiling,
            "twa": limit.get("twa"),
            "stel": limit.get("stel"),
            "limit": limit.get("twa", limit.get("mac")),
        }
        given = template.defaults()
        assert {name: given[name] for name in expected if name in given} == {
            name: value for name, value in expected.items() if name in given
        }
