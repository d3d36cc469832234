"""The rule engine: which conditions on which signals began and ended, and exactly when.

Pure: numpy and numba, no I/O, no clock of its own. Start with semantics.py (what a rule means), then
``compile_table`` and ``Evaluator``; ``ReferenceEvaluator`` is the readable specification.
"""

from bianwang.engine.changes import Changes
from bianwang.engine.evaluator import Evaluator, warm_up
from bianwang.engine.replay import replay
from bianwang.engine.semantics import GOOD, ChangeKind, Kind, Op, Outcome
from bianwang.engine.snapshot import SnapshotError
from bianwang.engine.table import Instance, RuleError, Table, compile_table

__all__ = [
    "GOOD",
    "ChangeKind",
    "Changes",
    "Evaluator",
    "Instance",
    "Kind",
    "Op",
    "Outcome",
    "RuleError",
    "SnapshotError",
    "Table",
    "compile_table",
    "replay",
    "warm_up",
]
