"""Filters of a list: each reads its own parameters from the URL, so that a link is a filter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django.db.models import DateTimeField, Model, Q, QuerySet
from django.http import QueryDict

from bianwang.platform import access
from bianwang.platform.clock import SHANGHAI, today
from bianwang.platform.places.models import Party, Territory

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Filter:
    """The common part. `name` is the URL parameter and, unless `field` says otherwise, the ORM field."""

    name: str
    title: str
    field: str = ""
    control: ClassVar[str] = ""
    """Which control `ui/_filters.html` draws."""

    @property
    def path(self) -> str:
        """The ORM path."""
        return self.field or self.name

    def names(self) -> tuple[str, ...]:
        """URL parameters that this filter reads."""
        return (self.name,)

    def apply(self, rows: Rows, params: QueryDict, user: Any) -> Rows:
        """The rows that pass; a value that makes no sense is ignored."""
        raise NotImplementedError

    def options(self, model: type[Model], user: Any) -> Sequence[tuple[Any, Any]]:
        """Choices of a select control."""
        return ()


@dataclass(frozen=True)
class Search(Filter):
    """Text over several fields, pinyin and initials: 璧山, bishan and bs find 璧山."""

    name: str = "q"
    title: str = "名称或拼音首字母"
    fields: tuple[str, ...] = ("name", "pinyin", "initials")
    control: ClassVar[str] = "search"

    def apply(self, rows: Rows, params: QueryDict, user: Any) -> Rows:
        for word in params.get(self.name, "").split()[:5]:
            rows = rows.filter(self._match(rows.model, word))
        return rows

    def _match(self, model: type[Model], word: str) -> Q:
        """Related objects (few) are looked up first, then their rows by index: a join would look at all rows."""
        related: dict[str, Q] = {}
        for name in self.fields:
            path, _, last = name.rpartition("__")
            plain = last in {"pinyin", "initials"}
            found = Q(**{f"{last}__contains": word.lower()} if plain else {f"{last}__icontains": word})
            related[path] = related.get(path, Q()) | found
        own, match = related.pop("", Q()), Q()
        for path, found in related.items():
            others = _related(model, path)._default_manager.filter(found).order_by()
            match |= Q(**{f"{path}__in": others.values("pk")})
        return match | own


@dataclass(frozen=True)
class Choice(Filter):
    """One value of a choice field, or of `choices`; several may be given in the URL."""

    choices: tuple[tuple[str, str], ...] | Callable[[Any], Sequence[tuple[Any, Any]]] | None = None
    """Pairs, or a function of the user that gives them; None: the model field's own."""
    control: ClassVar[str] = "choice"

    def apply(self, rows: Rows, params: QueryDict, user: Any) -> Rows:
        values = [value for value in params.getlist(self.name) if value]
        allowed = {str(code) for code, _ in self.options(rows.model, user)}
        values = [value for value in values if value in allowed]
        return rows.filter(**{f"{self.path}__in": values}) if values else rows

    def options(self, model: type[Model], user: Any) -> Sequence[tuple[Any, Any]]:
        if callable(self.choices):
            return self.choices(user)
        if self.choices is not None:
            return self.choices
        return list(_field(model, self.path).choices or ())


@dataclass(frozen=True)
class Year(Choice):
    """A year; one that is not offered is no less a year, so that a link to it never shows every row."""

    name: str = "year"
    title: str = "年度"

    def apply(self, rows: Rows, params: QueryDict, user: Any) -> Rows:
        value = params.get(self.name, "")
        return rows.filter(**{self.path: int(value)}) if value.isdecimal() else rows


@dataclass(frozen=True)
class DateRange(Filter):
    """From and to, both inclusive, as local dates: `<name>_from`, `<name>_to`."""

    control: ClassVar[str] = "dates"

    def names(self) -> tuple[str, ...]:
        return (f"{self.name}_from", f"{self.name}_to")

    def apply(self, rows: Rows, params: QueryDict, user: Any) -> Rows:
        first, last = (_day(params.get(name, "")) for name in self.names())
        moments = isinstance(_field(rows.model, self.path), DateTimeField)
        if first:
            rows = rows.filter(**{f"{self.path}__gte": _midnight(first) if moments else first})
        if last:
            after = last + timedelta(days=1)
            rows = rows.filter(**{f"{self.path}__lt": _midnight(after) if moments else after})
        return rows


@dataclass(frozen=True)
class Flag(Filter):
    """A tick: rows that fulfil `where` (default: the field is true). A function gets the user."""

    where: Q | Callable[[Any], Q] | None = None
    control: ClassVar[str] = "flag"

    def apply(self, rows: Rows, params: QueryDict, user: Any) -> Rows:
        if params.get(self.name) != "1":
            return rows
        condition = self.where(user) if callable(self.where) else self.where
        return rows.filter(condition if condition is not None else Q(**{self.path: True}))


@dataclass(frozen=True)
class AsOf(Filter):
    """The day as of which the `FlagOn`s of a list count; today without one."""

    name: str = "as_of"
    title: str = "统计截至"
    control: ClassVar[str] = "date"

    def apply(self, rows: Rows, params: QueryDict, user: Any) -> Rows:
        return rows


@dataclass(frozen=True)
class FlagOn(Flag):
    """A tick that counts as of the end of the day `?as_of=`; without one as `where` says, or as of today."""

    on: Callable[[date], Q] = field(kw_only=True)

    def apply(self, rows: Rows, params: QueryDict, user: Any) -> Rows:
        day = _day(params.get(AsOf.name, ""))
        if day is None and self.where is not None:
            return super().apply(rows, params, user)
        return rows.filter(self.on(day or today())) if params.get(self.name) == "1" else rows


@dataclass(frozen=True)
class Owner(Filter):
    """One party by number, set by links from its page; shown as a chip. `field` is the path to the party.

    With another `model`, one of its rows.
    """

    name: str = "owner"
    title: str = "责任单位"
    model: type[Model] = Party
    control: ClassVar[str] = "owner"

    def apply(self, rows: Rows, params: QueryDict, user: Any) -> Rows:
        value = params.get(self.name, "")
        return _related_to(rows, self.path, [int(value)]) if value.isdecimal() else rows

    def chosen(self, params: QueryDict, user: Any) -> Any:
        """The row named in the URL, if the user may see it."""
        value = params.get(self.name, "")
        return access.visible(user, self.model).filter(pk=int(value)).first() if value.isdecimal() else None


@dataclass(frozen=True)
class InTerritory(Filter):
    """A town, village or 管委会 area; `field` is the path to the party ("" for parties themselves)."""

    name: str = "territory"
    title: str = "镇街与园区"
    field: str = "owner"
    control: ClassVar[str] = "choice"

    def apply(self, rows: Rows, params: QueryDict, user: Any) -> Rows:
        value = params.get(self.name, "")
        place = Territory.objects.filter(code=value).first() if value else None
        if place is None:
            return rows
        inside = Party.objects.filter(territories__path__startswith=place.path).order_by().values("pk")
        return _related_to(rows, self.field or "pk", inside)

    def options(self, model: type[Model], user: Any) -> Sequence[tuple[Any, Any]]:
        kinds = (Territory.Kind.TOWN, Territory.Kind.ZONE)
        return list(Territory.objects.filter(kind__in=kinds).values_list("code", "name"))


def _related_to(rows: Rows, path: str, values: Any) -> Rows:
    """Rows whose path leads to one of the values; a path through many rows does not repeat a row once for each."""
    model: type[Model] = rows.model
    condition = {f"{path}__in": values}
    if not access.is_many(model, path):
        return rows.filter(**condition)
    return rows.filter(pk__in=model._default_manager.filter(**condition).order_by().values("pk"))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)


def _related(model: type[Model], path: str) -> type[Model]:
    for part in filter(None, path.split("__")):
        model = model._meta.get_field(part).related_model  # type: ignore[assignment]
    return model


def _field(model: type[Model], path: str) -> Any:
    parents, _, last = path.rpartition("__")
    return _related(model, parents)._meta.get_field(last)
