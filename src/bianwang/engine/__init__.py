"""The rule engine: which conditions on which signals began and ended, and exactly when.

Pure: numpy and numba, no I/O, no clock of its own. Start with semantics.py (what a rule means), then
``table.compile_table`` and ``Evaluator``; ``specification.py`` is the same as a readable program.
"""
