"""The compiled evaluator gives exactly what the specification says, however its readings are cut and mixed.

BIAN_EXAMPLES sets how many cases each test draws: 500 here, 20,000 and more in the nightly form.
"""

from __future__ import annotations

import os
import random
from typing import Any

from hypothesis import assume, given, settings, strategies as st

from bianwang.engine.evaluator import Evaluator
from bianwang.engine.formula import Signature, TruthNode
from bianwang.engine.printing import text
from bianwang.engine.program import Program, compile_formula
from bianwang.engine.semantics import ChangeKind
from bianwang.engine.specification import Meaning, verdict_changes
from bianwang.engine.table import Instance, compile_table
from tests.engine.streams import END, SIGNALS, Recording, recordings
from tests.engine.trees import formulas

EXAMPLES = settings(max_examples=int(os.environ.get("BIAN_EXAMPLES", "500")))
UNTIL = END + 40
IDS = {name: number for number, name in enumerate(SIGNALS)}
Reading = tuple[int, int, float, int]


def program_of(tree: TruthNode, recording: Recording) -> Program:
    program = compile_formula(text(tree), Signature(recording.specs))
    assume(program.signals)
    return program


def meaning_of(program: Program, recording: Recording) -> Meaning:
    samples = {name: recording.known(name) for name in SIGNALS}
    return Meaning(program.tree, samples, program.signature, {}, 0, lambda day: day.weekday() >= 5)


def instance(program: Program, key: int = 1, **fields: Any) -> Instance:
    signals = tuple(IDS[name] for name in program.signals)
    return Instance(key=key, owner=7, program=program, signals=signals, **fields)


def readings_of(recording: Recording) -> list[Reading]:
    rows = [(IDS[name], time, value, quality) for name in SIGNALS for time, value, quality in recording.samples[name]]
    return sorted(rows, key=lambda row: row[1])


def interleaved(rows: list[Reading], mixing: random.Random) -> list[Reading]:
    """The same readings, signals interleaved at will, each signal in its order."""
    queues = [[row for row in rows if row[0] == signal] for signal in IDS.values()]
    mixed = []
    while any(queues):
        queue = mixing.choice([queue for queue in queues if queue])
        mixed.append(queue.pop(0))
    return mixed


def judged(
    evaluator: Evaluator, recording: Recording, cuts: list[int], mixing: random.Random, restarts: set[int]
) -> list[tuple[int, int, int]]:
    """(key, time, kind) of all changes, with the readings cut at some times and the evaluator replaced at some cuts."""
    rows, found = readings_of(recording), []
    for number, (begin, end) in enumerate(zip([0, *cuts], [*cuts, END + 1], strict=True)):
        batch = interleaved([row for row in rows if begin <= row[1] < end], mixing)
        columns = list(zip(*batch, strict=True)) or [(), (), (), ()]
        for changes in (evaluator.push(*columns), evaluator.advance(end)):
            found += zip(changes.key.tolist(), changes.time.tolist(), changes.kind.tolist(), strict=True)
        if number in restarts:
            evaluator = Evaluator.restore(evaluator.table, evaluator.snapshot())
    last = evaluator.advance(UNTIL + 1)
    found += zip(last.key.tolist(), last.time.tolist(), last.kind.tolist(), strict=True)
    return found


def traced(program: Program, recording: Recording, **how: Any) -> list[tuple[int, int]]:
    evaluator = Evaluator(compile_table([instance(program, is_traced=True)]), 0)
    return [(time, kind - ChangeKind.FALSE) for _, time, kind in judged(evaluator, recording, **how)]


cuts = st.lists(st.integers(1, END), max_size=4, unique=True).map(sorted)
mixings = st.integers(0, 2**32).map(random.Random)


@EXAMPLES
@given(formulas(list(SIGNALS)), recordings(), cuts, mixings)
def test_every_change_of_truth_is_that_of_the_specification(
    tree: TruthNode, recording: Recording, cuts: list[int], mixing: random.Random
) -> None:
    program = program_of(tree, recording)
    expected = [(time, int(truth)) for time, truth in meaning_of(program, recording).changes(UNTIL)]
    assert traced(program, recording, cuts=cuts, mixing=mixing, restarts=set()) == expected


@EXAMPLES
@given(formulas(list(SIGNALS)), recordings(), cuts, mixings, st.sets(st.integers(0, 4)))
def test_a_restored_evaluator_goes_on_as_if_nothing_had_happened(
    tree: TruthNode, recording: Recording, cuts: list[int], mixing: random.Random, restarts: set[int]
) -> None:
    program = program_of(tree, recording)
    unbroken = traced(program, recording, cuts=[], mixing=mixing, restarts=set())
    assert traced(program, recording, cuts=cuts, mixing=mixing, restarts=restarts) == unbroken


durations = st.sampled_from([0, 0, 1, 3, 10])


@EXAMPLES
@given(st.lists(formulas(list(SIGNALS)), min_size=1, max_size=4), recordings(), cuts, mixings, st.data())
def test_verdicts_of_many_instances_are_those_of_the_specification(
    trees: list[TruthNode], recording: Recording, cuts: list[int], mixing: random.Random, data: st.DataObject
) -> None:
    rules, expected = [], []
    for key, tree in enumerate(trees):
        program = program_of(tree, recording)
        hold, quiet = (0 if program.is_event else data.draw(durations)), data.draw(durations)
        rules.append(instance(program, key, hold_ms=hold, quiet_ms=quiet))
        truths = meaning_of(program, recording).changes(UNTIL)
        expected += [
            (key, time, int(kind)) for time, kind in verdict_changes(truths, program.is_event, hold, quiet, UNTIL)
        ]
    found = judged(Evaluator(compile_table(rules), 0), recording, cuts, mixing, set())
    by_key = [row for key in range(len(trees)) for row in found if row[0] == key]
    assert by_key == expected


@EXAMPLES
@given(formulas(list(SIGNALS)), recordings(), mixings)
def test_a_patient_instance_takes_its_readings_in_any_order(
    tree: TruthNode, recording: Recording, mixing: random.Random
) -> None:
    program = program_of(tree, recording)
    in_order = traced(program, recording, cuts=[], mixing=mixing, restarts=set())
    rows = readings_of(recording)
    first_of_each = list({(row[0], row[1]): row for row in reversed(rows)}.values())
    mixing.shuffle(first_of_each)
    evaluator = Evaluator(compile_table([instance(program, is_traced=True, lateness_ms=END)]), 0)
    columns = list(zip(*first_of_each, strict=True)) or [(), (), (), ()]
    pushed = evaluator.push(*columns)
    assert len(pushed) == 0
    changes = evaluator.advance(UNTIL + 1)
    found = [(time, kind - 4) for time, kind in zip(changes.time.tolist(), changes.kind.tolist(), strict=True)]
    assert found == in_order
