"""The district's rule library: every template compiles, is sourced, and does what its recorded examples say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

import bianwang
from bianwang.engine.calendar import WEEKENDS
from bianwang.engine.check import check, check_evidence
from bianwang.engine.evaluator import Evaluator
from bianwang.engine.formula import ParameterRef, ParameterSpec, SignalSpec, Signature
from bianwang.engine.language import UNITS
from bianwang.engine.program import Program, compile_formula
from bianwang.engine.semantics import ChangeKind
from bianwang.engine.specification import Meaning, verdict_changes
from bianwang.engine.table import Instance, compile_table
from bianwang.modules.sensing.quantities import QUANTITIES
from bianwang.platform.places.models import Zone

PACK = Path(bianwang.__file__).parent / "districts" / "bishan"
DURATIONS = {"秒": 1_000, "分钟": 60_000, "小时": 3_600_000, "天": 86_400_000}
TEMPLATES = [
    template for file in sorted(PACK.glob("rules/*.yaml")) for template in yaml.safe_load(file.read_text("utf-8"))
]
LIMITS = yaml.safe_load((PACK / "exposure_limits.yaml").read_text("utf-8"))
EXAMPLES = [(template, example) for template in TEMPLATES for example in template["examples"]]


@dataclass(frozen=True)
class Judged:
    """One formula of a template at its default parameters, as the engine needs it."""

    program: Program
    values: tuple[float, ...]
    hold_ms: int
    quiet_ms: int


def is_duration(parameter: dict[str, Any]) -> bool:
    return parameter.get("unit") in DURATIONS


def parameters_of(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {parameter["name"]: parameter for parameter in template.get("parameters", [])}


def ms_of(template: dict[str, Any], value: float | str) -> int:
    """A time of the template, given in seconds, with its unit, or as the name of a parameter."""
    if not isinstance(value, str):
        return round(value * 1000)
    parameter = parameters_of(template).get(value)
    if parameter is not None:
        return round(float(parameter["default"]) * DURATIONS[parameter["unit"]])
    number, unit = re.fullmatch(r"(\d+)([a-z]+)", value).groups()  # type: ignore[union-attr]
    return int(number) * UNITS[unit]


def signature_of(template: dict[str, Any]) -> Signature:
    parameters = parameters_of(template)

    def believed(value: str) -> int | ParameterRef:
        return ParameterRef(value) if value in parameters else ms_of(template, value)

    return Signature(
        {
            role: SignalSpec(
                unit=signal.get("unit", ""),
                initial=signal.get("initial"),
                believed=believed(signal["believed"]) if "believed" in signal else 0,
                watched=signal.get("watched", False),
            )
            for role, signal in template["signals"].items()
        },
        {
            name: ParameterSpec(is_duration=True) if is_duration(each) else ParameterSpec(unit=each.get("unit", ""))
            for name, each in parameters.items()
        },
    )


def judged_by(template: dict[str, Any]) -> list[Judged]:
    """What the template asks the engine to judge: its formula, or one for each of its levels."""
    if "when" in template:
        program = compile_formula(template["when"], signature_of(template))
        parameters = parameters_of(template)
        values = [ms_of(template, name) if is_duration(each) else each["default"] for name, each in parameters.items()]
        hold, quiet = ms_of(template, template.get("hold", 0)), ms_of(template, template["quiet"])
        return [Judged(program, tuple(values), hold, quiet)]
    return [level_of(template, level) for level in template["levels"]]


def level_of(template: dict[str, Any], level: dict[str, Any]) -> Judged:
    def ms(name: str) -> int:
        return ms_of(template, level.get(name, 0))

    spec = SignalSpec(unit=template.get("unit", ""), believed=ms("stale"), watched=True)
    program = compile_formula(condition_of(template, level), Signature({"x": spec}))
    return Judged(program, (), ms("hold"), ms("quiet"))


def condition_of(template: dict[str, Any], level: dict[str, Any]) -> str:
    """A level as a formula on x, in the unit of the template."""

    def number(name: str) -> float:
        value = level[name]
        if not isinstance(value, str):
            return float(value)
        sign = -1 if value.startswith("-") else 1
        return sign * float(parameters_of(template)[value.lstrip("-")]["default"])

    kind = level.get("kind", "threshold")
    if kind == "silence":
        return f"stale(x, {ms_of(template, level['window'])}ms)"
    if kind == "rate":
        return f"delta[0, {ms_of(template, level['window'])}ms](x) {level['op']} {number('limit')}"
    band = number("hysteresis") if "hysteresis" in level else 0.0
    if level["op"] == "outside":
        compared = f"outside(x, {number('limit')}, {number('limit_high')})"
    else:
        compared = f"x {level['op']} {number('limit')}"
    condition = f"hysteresis({compared}, {band})" if band else compared
    return f"votes({number('n'):g}, {number('m'):g}, {condition})" if "n" in level else condition


def begin_of(example: dict[str, Any]) -> int:
    """What second 0 of the recording is, in ms."""
    return round(datetime.fromisoformat(example["at"]).timestamp() * 1000) if "at" in example else 0


def samples_of(example: dict[str, Any]) -> dict[str, list[tuple[int, float]]]:
    begin = begin_of(example)
    return {
        role: [(begin + round(second * 1000), float(value)) for second, value in rows]
        for role, rows in example["signals"].items()
    }


def instance(judged: Judged) -> Instance:
    return Instance(
        key=1,
        owner=1,
        program=judged.program,
        signals=tuple(range(len(judged.program.signals))),
        parameters=judged.values,
        hold_ms=judged.hold_ms,
        quiet_ms=judged.quiet_ms,
    )


def told_by_the_kernel(judged: Judged, example: dict[str, Any]) -> list[tuple[int, ChangeKind]]:
    signals = judged.program.signals
    evaluator = Evaluator(compile_table([instance(judged)]), begin_of(example), WEEKENDS)
    rows = [(signals.index(role), *sample) for role, rows in samples_of(example).items() for sample in rows]
    signal, time, value = zip(*sorted(rows, key=lambda row: row[1]), strict=True) if rows else ((), (), ())
    pushed = evaluator.push(signal, time, value, [0] * len(rows))
    changes = pushed.followed_by(evaluator.advance(begin_of(example) + example["until"] * 1000 + 1))
    return [(time, ChangeKind(kind)) for time, kind in zip(changes.time.tolist(), changes.kind.tolist(), strict=True)]


def told_by_the_specification(judged: Judged, example: dict[str, Any]) -> list[tuple[int, ChangeKind]]:
    program, until = judged.program, begin_of(example) + example["until"] * 1000
    named = dict(zip(program.parameters, judged.values, strict=True))
    samples = {role: samples_of(example).get(role, []) for role in program.signature.signals}
    meaning = Meaning(program.tree, samples, program.signature, named, begin_of(example), is_rest_day)
    truths = meaning.changes(until)
    return verdict_changes(truths, program.is_event, judged.hold_ms, judged.quiet_ms, until)


def is_rest_day(day: date) -> bool:
    return day.weekday() >= 5


@pytest.mark.parametrize(
    ("template", "example"), EXAMPLES, ids=[f"{template['id']}-{example['name']}" for template, example in EXAMPLES]
)
def test_every_example_begins_an_episode_when_it_says(template: dict[str, Any], example: dict[str, Any]) -> None:
    began = []
    for judged in judged_by(template):
        told = told_by_the_kernel(judged, example)
        assert told == told_by_the_specification(judged, example)
        began += [(time - begin_of(example)) / 1000 for time, kind in told if kind == ChangeKind.BEGAN]
    assert sorted(began) == example["fires"]


each_template = pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template["id"])


@each_template
def test_every_template_shows_what_fires_and_what_does_not(template: dict[str, Any]) -> None:
    assert any(example["fires"] for example in template["examples"])
    assert not all(example["fires"] for example in template["examples"])


@each_template
def test_every_formula_has_a_meaning_and_lets_no_silence_pass_for_safety(template: dict[str, Any]) -> None:
    for judged in judged_by(template):
        program = judged.program
        checked = check(program.tree, program.text, program.signature)
        check_evidence(program.tree, program.text, program.signature)
        assert set(checked.signals) == set(program.signature.signals)


@each_template
def test_every_parameter_is_used_and_starts_inside_its_range(template: dict[str, Any]) -> None:
    said = [template.get(key, "") for key in ("when", "hold", "quiet", "signals", "levels")]
    words = set(re.findall(r"\w+", str(said)))
    for name, parameter in parameters_of(template).items():
        assert name in words
        assert parameter["min"] <= parameter["default"] <= parameter["max"]
        assert parameter["title"]


@each_template
@pytest.mark.parametrize("end", ["min", "max"])
def test_the_ends_of_the_ranges_can_be_judged(template: dict[str, Any], end: str) -> None:
    at_the_end = [parameter | {"default": parameter[end]} for parameter in template.get("parameters", [])]
    rules = [instance(judged) for judged in judged_by(template | {"parameters": at_the_end})]
    assert all(len(compile_table([rule])) == 1 for rule in rules)


@each_template
def test_every_template_says_what_it_means_whence_it_comes_and_how_sure_that_is(template: dict[str, Any]) -> None:
    basis = template["basis"]
    assert template["name"]
    assert template["about"].endswith("。")
    assert template["family"] in {"act", "state", "sequence"}
    assert basis["standard"]
    assert basis["clause"]
    assert isinstance(basis["from"], date)
    assert re.search("已核实|待核实|未核实|内部规则", basis["certainty"])


@each_template
def test_every_signal_and_place_is_in_the_vocabulary(template: dict[str, Any]) -> None:
    bind = template["bind"]
    assert set(bind.get("place", [])) | set(bind.get("zones", [])) <= set(Zone.Kind.values)
    signals = template.get("signals", {})
    codes = {signal["quantity"] for signal in signals.values()} | set(bind.get("quantities", []))
    assert codes <= set(QUANTITIES)
    for signal in signals.values():
        assert signal.get("unit", "") in ("", *QUANTITIES[signal["quantity"]].units)


def test_ids_are_unique_and_every_sequence_rule_is_there() -> None:
    ids = [template["id"] for template in TEMPLATES]
    assert len(ids) == len(set(ids))
    assert {found[0] for each in ids if (found := re.match(r"t\d\d", each))} == {f"t{n:02}" for n in range(1, 26)}


def test_the_documents_list_every_template_and_no_other() -> None:
    text = (Path(__file__).parents[3] / "docs" / "rules.md").read_text("utf-8")
    rows = [line for line in text.partition("## 6.")[2].splitlines() if line.startswith("|")]
    listed = re.findall(r"`([a-z0-9-]+)`", "".join(rows))
    assert sorted(listed) == sorted(template["id"] for template in TEMPLATES)


def limits_of(quantity: str, day: date) -> dict[str, Any]:
    """The exposure limits of a substance in force on a day."""
    rows: list[dict[str, Any]] = [row for row in LIMITS if row["quantity"] == quantity]
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
def test_toxic_defaults_are_those_of_the_exposure_table(template: dict[str, Any]) -> None:
    quantities = {each["quantity"] for each in template.get("signals", {}).values()}
    quantities |= set(template["bind"].get("quantities", []))
    defaults = {name: parameter["default"] for name, parameter in parameters_of(template).items()}
    for quantity in quantities & {row["quantity"] for row in LIMITS}:
        limit = limits_of(quantity, template["basis"]["from"])
        ceiling = limit["stel"] if "stel" in limit else limit["mac"]
        expected = {
            "first": ceiling,
            "second": 2 * ceiling,
            "twa": limit.get("twa"),
            "stel": limit.get("stel"),
            "limit": limit.get("twa", limit.get("mac")),
        }
        assert defaults.items() >= {name: value for name, value in expected.items() if name in defaults}.items()
