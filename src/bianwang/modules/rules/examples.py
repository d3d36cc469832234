"""The recorded examples of templates: what a template raises on one, by the engine that judges."""

from __future__ import annotations

from bianwang.engine.evaluator import Evaluator
from bianwang.engine.semantics import ChangeKind
from bianwang.engine.table import compile_table
from bianwang.modules.rules import formulas
from bianwang.modules.rules.binding import Bound, RoleSignal, Text, instances
from bianwang.modules.rules.templates import Example, Template


def fires(template: Template, example: Example) -> list[float]:
    """Seconds at which episodes of any level begin, at the template's default parameters.

    Signals come in the template's own units, days off are weekends. Raises ValueError (Chinese) for a role that the
    template lacks.
    """
    roles = {name: RoleSignal(number, 1.0) for number, name in enumerate(template.signals or {"x": None})}
    unknown = [name for name in example.signals if name not in roles]
    if unknown:
        raise ValueError(f"例子“{example.name}”中的信号“{unknown[0]}”没有定义，可用的有：{'、'.join(roles)}。")
    text = Text(template.build(template.defaults()), template.defaults(), formulas.write(template.definition))
    rules = instances(Bound(binding=1, signal=0, owner=1, roles=roles), text)
    begin = round(example.at.timestamp() * 1000) if example.at else 0
    end = begin + round(example.until * 1000)
    rows = sorted(
        (begin + round(second * 1000), roles[name].signal, value)
        for name, samples in example.signals.items()
        for second, value in samples
    )
    evaluator = Evaluator(compile_table(rules), begin)
    times, signals, values = zip(*rows, strict=True) if rows else ((), (), ())
    changes = evaluator.push(signals, times, values, [0] * len(rows)).followed_by(evaluator.advance(end + 1))
    began = changes.time[changes.kind == ChangeKind.BEGAN]
    return sorted((int(time) - begin) / 1000 for time in began)
