"""Arithmetic over figures: names, numbers, + − × ÷ and brackets, exactly (Decimal). Pure.

>>> evaluate("100 * executed / adjusted", {"executed": Decimal(1), "adjusted": Decimal(4)})
Decimal('25')
>>> names("100 * executed / adjusted") == {"executed", "adjusted"}
True
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import cast

_OPERATORS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


class FormulaError(ValueError):
    """A formula that has no meaning, in one sentence."""


@lru_cache(maxsize=1024)
def parse(text: str) -> ast.expr:
    """The formula as a tree. Raises FormulaError."""
    try:
        tree = ast.parse(text.strip().replace("×", "*").replace("÷", "/").replace("−", "-"), mode="eval").body
    except (SyntaxError, ValueError) as error:
        raise FormulaError(f"算式“{text}”写法有误，请只用数字代码、数、加减乘除和括号。") from error
    for node in ast.walk(tree):
        if not _is_allowed(node):
            raise FormulaError(f"算式“{text}”中有不能用的写法，请只用数字代码、数、加减乘除和括号。")
    return tree


def names(text: str) -> set[str]:
    """The figures that a formula speaks of. Raises FormulaError."""
    return {node.id for node in ast.walk(parse(text)) if isinstance(node, ast.Name)}


def evaluate(text: str, values: Mapping[str, Decimal]) -> Decimal | None:
    """What it comes to; None where it divides by nothing. Raises FormulaError for a name without a value."""
    unknown = names(text) - values.keys()
    if unknown:
        raise FormulaError(f"算式“{text}”中的“{min(unknown)}”不是已有的数字代码，请从数字清单中选。")
    try:
        return _value(parse(text), values)
    except ArithmeticError:
        return None


def _is_allowed(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return type(node.value) in {int, float}
    if isinstance(node, ast.BinOp):
        return type(node.op) in _OPERATORS
    return isinstance(node, ast.UnaryOp | ast.USub | ast.Name | ast.Load | ast.operator)


def _value(node: ast.expr, values: Mapping[str, Decimal]) -> Decimal:
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.Constant):
        return Decimal(str(node.value))
    if isinstance(node, ast.UnaryOp):
        return -_value(node.operand, values)
    pair = cast(ast.BinOp, node)
    return _OPERATORS[type(pair.op)](_value(pair.left, values), _value(pair.right, values))
