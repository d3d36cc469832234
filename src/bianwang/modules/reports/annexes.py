"""The 自评表 in the layouts of the template: the year's money above, every indicator, the conclusion below."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final

from bianwang.modules.reports import language, pack
from bianwang.modules.reports.material import Line, Material, points
from bianwang.modules.reports.tree import Annex, Block, Cell, Paragraph, Run, Runs, Table, plain

_LEFT: Final = frozenset({"name", "remarks"})
_GROUPED: Final = ("level1", "level2")
_NONE = "—"


def annexes(template: pack.Template, material: Material, blocks: Sequence[Block]) -> tuple[Annex, ...]:
    """Every form of a template; `blocks` are the report's, for what its problems and advice say."""
    words = {
        **material.words,
        "goals": Run("；".join(f"{line.name}{line.target}" for line in material.lines) or _NONE),
        "results": Run("；".join(f"{line.name}{line.actual}" for line in material.lines) or _NONE),
        "problems": Run(_told(blocks, "problems")),
        "advice": Run(_told(blocks, "advice")),
    }
    return tuple(Annex(form.code, form.name, _table(form, material, words)) for form in template.forms)


def _told(blocks: Sequence[Block], kind: str) -> str:
    texts = [
        f"{block.mark}{plain(block.runs)}"
        for block in blocks
        if isinstance(block, Paragraph) and block.key.startswith(f"{kind}.")
    ]
    return "".join(texts) or "无。"


def _table(form: pack.Form, material: Material, words: Mapping[str, Run]) -> Table:
    head = tuple(Cell((Run(column.title),), is_head=True) for column in form.columns)
    lines = [line for line in material.lines if not (form.execution_above and line.is_execution)]
    rows = [
        *_written(form.above, material, words),
        head,
        *_lines(form.columns, lines),
        *_written(form.below, material, words),
    ]
    widths = tuple(column.width for column in form.columns)
    return Table(f"form.{form.code}", form.name, tuple(rows), widths, form.unit)


def _written(
    rows: Iterable[Sequence[pack.FormCell]], material: Material, words: Mapping[str, Run]
) -> Iterable[tuple[Cell, ...]]:
    for row in rows:
        yield tuple(_cell(cell, material, words) for cell in row)


def _cell(cell: pack.FormCell, material: Material, words: Mapping[str, Run]) -> Cell:
    text, columns = (cell, 1) if isinstance(cell, str) else cell
    runs = language.fill_cell(text, material.quantities, words)
    is_head = not language.references(text)
    return Cell(runs, columns, is_head=is_head, align="center" if is_head or columns < 3 else "left")


def _lines(columns: Sequence[pack.Column], lines: Sequence[Line]) -> Iterable[tuple[Cell, ...]]:
    """A row an indicator; equal classes that follow each other are one cell."""
    spans = {field: _spans([_class(line, field) for line in lines]) for field in _GROUPED}
    for number, line in enumerate(lines):
        cells = []
        for column in columns:
            rows = spans[column.field][number] if column.field in spans else 1
            if rows:
                align = "left" if column.field in _LEFT else "center"
                cells.append(Cell(_FIELDS[column.field](line), rows=rows, align=align))
        yield tuple(cells)


def _class(line: Line, field: str) -> tuple[str, ...]:
    return (line.level1,) if field == "level1" else (line.level1, line.level2)


def _spans(classes: Sequence[tuple[str, ...]]) -> list[int]:
    """How many rows begin at each place: the length of a run at its first, nothing at the others."""
    found: list[int] = []
    for _, run in groupby(classes):
        length = len(list(run))
        found += [length] + [0] * (length - 1)
    return found


def _remarks(line: Line) -> Runs:
    parts = [part for part in (line.reason, line.measures) if part]
    return (Run("；".join(part.rstrip("。；") for part in parts) or ("" if line.is_full else "待填")),)


def _bare(text: str, line: Line) -> str:
    """A target or result without the sign before it and the unit behind it, which have columns of their own."""
    return text.removeprefix(line.direction).removesuffix(line.unit) if line.unit else text


_FIELDS: Final[Mapping[str, Callable[[Line], Runs]]] = {
    "level1": lambda line: (Run(line.level1 or _NONE),),
    "level2": lambda line: (Run(line.level2 or _NONE),),
    "name": lambda line: (Run(line.name),),
    "direction": lambda line: (Run(line.direction),),
    "unit": lambda line: (Run(line.unit or _NONE),),
    "target": lambda line: (Run(line.target),),
    "target_number": lambda line: (Run(_bare(line.target, line)),),
    "opening": lambda line: (Run(line.opening),),
    "adjusted": lambda line: (Run(line.target if line.target != line.opening else _NONE),),
    "actual": lambda line: (Run(line.actual, line.figure),),
    "actual_number": lambda line: (Run(_bare(line.actual, line), line.figure),),
    "weight": lambda line: (Run(points(line.weight)),),
    "score": lambda line: (Run(points(line.score) or "—", f"score.{line.code}"),),
    "ratio": lambda line: (Run(points(line.ratio) or "—"),),
    "remarks": _remarks,
    "core": lambda line: (Run("是" if line.is_core else "否"),),
    "office": lambda line: (Run(line.office),),
}
