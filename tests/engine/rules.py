"""Instances for examples: a formula in words on signals 1, 2, … in order of first appearance."""

from __future__ import annotations

from typing import Any

from bianwang.engine.changes import Changes
from bianwang.engine.formula import ParameterSpec, SignalSpec, Signature
from bianwang.engine.program import compile_formula
from bianwang.engine.semantics import ChangeKind
from bianwang.engine.table import Instance

PARAMETERS = {"limit": ParameterSpec(), "span": ParameterSpec(is_duration=True)}


def rule(text: str, key: int = 1, *, specs: dict[str, SignalSpec] | None = None, **fields: Any) -> Instance:
    """An instance of owner 1; ``limit`` and ``span`` are parameters where the text names them."""
    names = ("x", "y", "z")
    given = {name: SignalSpec() for name in names} | (specs or {})
    parameters = {name: spec for name, spec in PARAMETERS.items() if name in text}
    program = compile_formula(text, Signature(given, parameters))
    signals = tuple(names.index(name) + 1 for name in program.signals)
    return Instance(**{"key": key, "owner": 1, "program": program, "signals": signals, **fields})


def told(changes: Changes) -> list[tuple[int, int, ChangeKind]]:
    """(key, time, kind) of each change."""
    rows = zip(changes.key.tolist(), changes.time.tolist(), changes.kind.tolist(), strict=True)
    return [(key, time, ChangeKind(kind)) for key, time, kind in rows]
