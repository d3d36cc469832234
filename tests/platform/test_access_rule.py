"""Views and APIs reach scoped models through the access door only: a rule, and examples that test it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.apps import apps

import bianwang

SOURCE = Path(bianwang.__file__).parent
MANAGERS = {"objects", "_default_manager", "_base_manager"}
SHORTCUTS = {"get_object_or_404", "get_list_or_404", "aget_object_or_404"}
SCOPED = {model.__name__ for model in apps.get_models() if hasattr(model, "access_path")}


def violations(source: str) -> list[str]:
    """Where a source text reaches past the access door, as `line: what`."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS and _is_scoped(node.value):
            found.append(f"{node.lineno}: {ast.unparse(node)}")
        if isinstance(node, ast.Call) and node.args and _name(node.func) in SHORTCUTS and _is_scoped(node.args[0]):
            found.append(f"{node.lineno}: {ast.unparse(node)}")
    return found


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _is_scoped(node: ast.expr) -> bool:
    return _name(node) in SCOPED


BAD = [
    "rows = Enterprise.objects.all()",
    "rows = models.Enterprise.objects.filter(pk=1)",
    "one = get_object_or_404(Enterprise, pk=pk)",
    "one = shortcuts.get_object_or_404(models.Workshop, pk=pk)",
    "rows = Zone._default_manager.all()",
]
GOOD = [
    "rows = access.visible(request.user, Enterprise)",
    "one = access.get(request.user, Enterprise, pk, 'places.view')",
    "one = get_object_or_404(access.visible(request.user, Enterprise), pk=pk)",
    "rows = Limit.objects.all()",
    "# Enterprise.objects is not for views",
]


@pytest.mark.parametrize("source", BAD)
def test_the_rule_finds_ways_past_the_door(source: str) -> None:
    assert violations(source)


@pytest.mark.parametrize("source", GOOD)
def test_the_rule_accepts_the_door(source: str) -> None:
    assert not violations(source)


def test_no_view_reaches_past_the_door() -> None:
    files = [file for name in ("views", "api") for file in (*SOURCE.rglob(f"{name}.py"), *SOURCE.rglob(f"{name}/*.py"))]
    assert files
    wrong = [f"{file.relative_to(SOURCE)}:{line}" for file in files for line in violations(file.read_text("utf-8"))]
    assert not wrong, "use access.visible or access.get:\n" + "\n".join(wrong)
