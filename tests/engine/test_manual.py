"""Every formula that docs/formulas.md shows can be read as it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bianwang.engine.language import is_truth, parse

TEXT = (Path(__file__).parents[2] / "docs" / "formulas.md").read_text("utf-8")
BLOCKS = [block.strip() for block in re.findall(r"```\n(.*?)```", TEXT, re.DOTALL) if not block.startswith("bian")]
CELLS = [
    formula
    for line in TEXT.splitlines()
    if line.startswith("| `")
    for formula in re.findall(r"`([^`]+)`", line.split("|")[1])
    if not formula.startswith((">", "+"))
]


@pytest.mark.parametrize("formula", BLOCKS)
def test_the_examples_are_formulas(formula: str) -> None:
    assert is_truth(parse(formula))


@pytest.mark.parametrize("formula", CELLS)
def test_every_construct_is_written_as_the_table_says(formula: str) -> None:
    symbolic = re.sub(r"\[a, b\]", "[1s, 2s]", formula)
    symbolic = re.sub(r"\b([pq])\b", r"(\1 > 0)", symbolic)
    parse(symbolic)
