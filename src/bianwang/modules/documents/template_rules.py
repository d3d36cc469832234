"""What a Word template may ask of the template language: names, parts of the enterprise, one plain run through a list.

Asked of the parsed template, before anything in it is worked out: an expression such as `'a' * 999999999` would be
worked out by merely compiling it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.core.exceptions import ValidationError
from jinja2 import nodes

_PLAIN = (nodes.Output, nodes.TemplateData, nodes.Name)
_PARTS = {"enterprise": {"name", "credit_code", "address", "contact", "contact_phone"}, "loop": {"index"}}
"""What may stand behind a full stop."""
_REFUSAL = "模板中只能写栏目名称，如 {{ number }}，以及逐行列出一个栏目的 for … endfor，不能写判断、计算和函数。"


def names(trees: Iterable[nodes.Template]) -> set[str]:
    """The blanks that a template names. Raises ValidationError for anything else in it."""
    return {name for tree in trees for name in _names(tree.body, frozenset())}


def _names(body: Iterable[nodes.Node], inside: frozenset[str]) -> Iterator[str]:
    """`inside` are the names that the surrounding run through a list gives."""
    for node in body:
        if isinstance(node, nodes.For):
            yield from _run(node, inside)
        elif isinstance(node, nodes.Getattr):
            yield from _part(node, inside)
        elif isinstance(node, nodes.Name):
            if node.name not in inside:
                yield node.name
        elif isinstance(node, _PLAIN):
            yield from _names(node.iter_child_nodes(), inside)
        else:
            raise ValidationError({"file": _REFUSAL})


def _run(node: nodes.For, inside: frozenset[str]) -> Iterator[str]:
    plain = isinstance(node.iter, nodes.Name) and isinstance(node.target, nodes.Name)
    if inside or not plain or node.test is not None or node.else_ or node.recursive:
        raise ValidationError({"file": _REFUSAL})
    yield from _names([node.iter], inside)
    yield from _names(node.body, frozenset({"loop", node.target.name}))  # type: ignore[attr-defined]


def _part(node: nodes.Getattr, inside: frozenset[str]) -> Iterator[str]:
    owner = node.node.name if isinstance(node.node, nodes.Name) else ""
    if node.attr not in _PARTS.get(owner, ()) or (owner == "loop" and not inside):
        raise ValidationError({"file": _REFUSAL})
    if owner not in inside:
        yield owner
