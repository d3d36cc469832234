"""Two people who write one thing at once: nobody's words are lost, and the second learns what the first wrote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from bianwang.platform.clock import SHANGHAI
from bianwang.platform.ledger.models import Entry


class Stale(ValidationError):
    """What was written is older than what stands there; `version` is the present one, for the next try."""

    def __init__(self, message: str, version: int) -> None:
        super().__init__(message)
        self.version = version


def refuse_stale(row: Any, values: Mapping[str, Any], version: int, names: Sequence[str]) -> None:
    """Refuse what was written over an older version than `row` has, naming both texts. Raises Stale."""
    if row.version != version:
        raise Stale(overtaken(row, values, names), row.version)


def overtaken(row: Model, values: Mapping[str, Any], names: Sequence[str]) -> str:
    """Who wrote what while somebody else was writing, and what is to be done."""
    fields: dict[str, Any] = {field.name: field for field in type(row)._meta.fields}
    found = [
        f"{fields[name].verbose_name}：现为“{_words(getattr(row, name))}”，您填的是“{_words(values[name])}”"
        for name in names
        if name in values and getattr(row, name) != values[name]
    ]
    both = "；".join(found) or "两人填写的内容相同"
    return f"您填写期间{last_writer(row)}已修改，您的内容没有写入，仍保留在下面。{both}。核对后再次提交，即以您的为准。"


def last_writer(row: Model) -> str:
    """Who wrote last and when, from the ledger."""
    entry = Entry.objects.filter(object_type=row._meta.label_lower, object_id=row.pk).order_by("-id").first()
    return f"{entry.actor_name}（{entry.at.astimezone(SHANGHAI):%H:%M}）" if entry else "别人"


def changed(row: Any, values: Mapping[str, Any], names: Sequence[str]) -> dict[str, tuple[Any, Any]]:
    """What differs: before and after."""
    return {name: (getattr(row, name), values[name]) for name in names if getattr(row, name) != values[name]}


def told(changes: Mapping[str, tuple[Any, Any]]) -> dict[str, tuple[str | None, str | None]]:
    """Changes as the ledger keeps them."""
    return {
        name: (None if before is None else str(before), None if after is None else str(after))
        for name, (before, after) in changes.items()
    }


def _words(value: Any) -> str:
    if value is None or value == "":
        return "空"
    return "是" if value is True else "否" if value is False else str(value)
