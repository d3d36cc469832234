"""The one list page: filters in the URL, sort, column choice, pages with totals, batch actions, export.

    class HazardList(ListPage):
        model = Hazard
        permission = "hazards.view"
        title = "隐患"
        columns = (
            Column("number", "编号", kind="link", sort="number"),
            Column("owner", "企业", "owner.name", sort="owner__pinyin"),
            state_column(),
            due_column(),
        )
        filters = (Search(fields=("number", "owner__name")), Choice("state", "状态"), InTerritory())
        related = ("owner",)
        sort = "-found_at"
        empty = "还没有隐患。核实告警或“登记隐患”后会出现在这里。"

Rows come from `access.visible`; override `rows()` to narrow or annotate them, `equip(rows)` to give those that are
shown or exported what no query can.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, ClassVar, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page as Sheet, Paginator
from django.db.models import Model, QuerySet, Sum
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from bianwang.platform import access
from bianwang.platform.accounts.models import User
from bianwang.platform.exchange.export import workbook_response
from bianwang.platform.exchange.services import note_export
from bianwang.platform.ui import services
from bianwang.platform.ui.cells import Cell, Column, show, table
from bianwang.platform.ui.filters import Filter, Owner
from bianwang.platform.ui.pages import Page

EXPORT_LIMIT = 50_000
_CHUNK = 2000
"""Rows that an export holds at once."""
BATCH_LIMIT = 500


@dataclass(frozen=True)
class Button:
    """A link in the head of the page for those who hold the permission; the first is the primary one."""

    name: str
    url: str
    permission: str
    icon: str = "plus"


@dataclass(frozen=True)
class BatchAction:
    """What can be done to ticked rows. `handle(user, rows)` returns the sentence that is shown afterwards."""

    code: str
    name: str
    permission: str
    handle: Callable[[Any, list[Any]], str]


@dataclass(frozen=True)
class Heading:
    """A column's head: title, sort links and direction."""

    column: Column
    direction: str
    target: str


class ListPage(Page):
    """See the module's docstring."""

    model: type[Model]
    columns: ClassVar[Sequence[Column]] = ()
    filters: ClassVar[Sequence[Filter]] = ()
    related: ClassVar[Sequence[str]] = ()
    sort: str = "-pk"
    page_size: int = 50
    empty: str = "没有记录。"
    buttons: ClassVar[Sequence[Button]] = ()
    actions: ClassVar[Sequence[BatchAction]] = ()
    template = "ui/list.html"

    def rows(self) -> QuerySet[Any]:
        """Rows in the user's scope, before filters."""
        return access.visible(self.user, self.model, *filter(None, [self.permission]))

    def equip(self, rows: Sequence[Any]) -> None:
        """Give rows that are about to be shown attributes for their columns, for all of them at once."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = self._filtered()
        columns = self._chosen_columns()
        if request.GET.get("export") == "xlsx":
            return self._export(rows, columns)
        sheet = self._sheet(rows)
        buttons = [button for button in self.buttons if access.can(request.user, button.permission)]
        context: dict[str, Any] = {
            "sheet": sheet,
            "headings": [self._heading(column) for column in columns],
            "table": list(zip(sheet.object_list, table(columns, sheet.object_list), strict=True)),
            "totals": self._totals(rows, columns),
            "columns": [(column, column in columns) for column in self.columns],
            "controls": [self._control(item) for item in self.filters],
            "filtered": self._is_filtered(),
            "buttons": buttons,
            "nothing": self._nothing(buttons),
            "actions": self._allowed_actions(),
            "saved": services.saved_filters(request.user, self._key()),
        }
        partial = request.htmx and request.htmx.target == "list"  # type: ignore[attr-defined]
        return self.render("ui/_list.html" if partial else "", **context)

    def _nothing(self, buttons: Sequence[Button]) -> str:
        """What an empty list says; what to do first is said to those who can do it."""
        if self.buttons and not buttons:
            return self.empty.partition("。")[0] + "。"
        return self.empty

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        action = request.POST.get("action", "")
        if action == "save_filter":
            self._save_filter()
        elif "delete_filter" in request.POST:
            services.delete_filter(request.user, self._key(), request.POST["delete_filter"])
            messages.success(request, "已删除所选的筛选。")
        else:
            self._act(action)
        return redirect(request.get_full_path())

    def _save_filter(self) -> None:
        query = self.request.GET.urlencode()
        try:
            saved = services.save_filter(self.request.user, self._key(), self.request.POST.get("name", ""), query)
        except ValidationError as error:
            messages.error(self.request, "；".join(error.messages))
        else:
            messages.success(self.request, f"已保存筛选“{saved.name}”，可从“我的筛选”打开。")

    def _act(self, code: str) -> None:
        action = next((item for item in self._allowed_actions() if item.code == code), None)
        if action is None:
            messages.error(self.request, "请选择要进行的操作。")
            return
        ticked = [int(pk) for pk in self.request.POST.getlist("row") if pk.isdecimal()]
        if not ticked or len(ticked) > BATCH_LIMIT:
            messages.error(self.request, f"请勾选 1 至 {BATCH_LIMIT} 行后再操作，现勾选了 {len(ticked)} 行。")
            return
        rows = list(self.rows().select_related(*self.related).filter(pk__in=ticked))
        try:
            messages.success(self.request, action.handle(self.request.user, rows))
        except ValidationError as error:
            messages.error(self.request, "；".join(error.messages))

    def _filtered(self) -> QuerySet[Any]:
        rows = self.rows()
        for item in self.filters:
            rows = item.apply(rows, self.request.GET, self.request.user)
        return rows.select_related(*self.related).order_by(*self._order())

    def _order(self) -> list[str]:
        wanted = self.request.GET.get("sort", "")
        column = next((c for c in self.columns if c.sort and c.name == wanted.lstrip("-")), None)
        chosen = ("-" if wanted.startswith("-") else "") + column.sort if column else self.sort
        return [chosen] if chosen.lstrip("-") == "pk" else [chosen, "-pk"]

    def _heading(self, column: Column) -> Heading:
        wanted = self.request.GET.get("sort", "")
        direction = "" if wanted.lstrip("-") != column.name else "descending" if wanted.startswith("-") else "ascending"
        target = f"-{column.name}" if direction == "ascending" else column.name
        return Heading(column, direction, target if column.sort else "")

    def _chosen_columns(self) -> list[Column]:
        wanted = set(self.request.GET.getlist("col"))
        chosen = [column for column in self.columns if column.name in wanted]
        return chosen or [column for column in self.columns if column.default]

    def _sheet(self, rows: QuerySet[Any]) -> Sheet[Any]:
        """A page of rows. Sorting carries numbers only: joined columns are read for the rows that are shown."""
        keys = rows.select_related(None).values_list("pk", flat=True)
        sheet = Paginator(keys, self.page_size).get_page(self.request.GET.get("page"))
        shown = list(sheet.object_list)
        found = {row.pk: row for row in rows.filter(pk__in=shown)}
        sheet.object_list = [found[key] for key in shown if key in found]
        self.equip(sheet.object_list)
        return sheet

    def _totals(self, rows: QuerySet[Any], columns: Sequence[Column]) -> list[Cell]:
        summed = {column.name: Sum(column.total) for column in columns if column.total}
        if not summed:
            return []
        found = rows.order_by().aggregate(**{f"total_{name}": sum_ for name, sum_ in summed.items()})
        return [
            Cell(
                column.title,
                show(found[f"total_{column.name}"] or 0, column.kind),
                column.kind,
                unit=column.unit,
                value=0,
            )
            for column in columns
            if column.total
        ]

    def _control(self, item: Filter) -> dict[str, Any]:
        params: QueryDict = self.request.GET
        return {
            "filter": item,
            "kind": item.control,
            "values": [params.get(name, "") for name in item.names()],
            "names": item.names(),
            "chosen": item.chosen(params, self.request.user) if isinstance(item, Owner) else params.getlist(item.name),
            "options": [(str(code), name) for code, name in item.options(self.model, self.request.user)],
        }

    def _is_filtered(self) -> bool:
        return any(self.request.GET.get(name) for item in self.filters for name in item.names())

    def _allowed_actions(self) -> list[BatchAction]:
        return [action for action in self.actions if access.can(self.request.user, action.permission)]

    def _key(self) -> str:
        match = self.request.resolver_match
        return match.view_name if match else ""

    def _export(self, rows: QuerySet[Any], columns: Sequence[Column]) -> HttpResponse:
        total = rows.count()
        if total > EXPORT_LIMIT:
            messages.error(
                self.request,
                f"当前筛选有 {total} 行，超过单次导出上限 {EXPORT_LIMIT} 行，请缩小筛选范围后再导出。",
            )
            params = self.request.GET.copy()
            params.pop("export")
            return redirect(f"{self.request.path}?{params.urlencode()}")
        # Every list needs a log-in.
        note_export(cast(User, self.request.user), self.get_title(), total)
        equipped = self._equipped(rows.iterator(chunk_size=_CHUNK))
        return workbook_response(self.get_title(), columns, equipped, maker=str(self.request.user))

    def _equipped(self, rows: Iterable[Any]) -> Iterator[Any]:
        left = iter(rows)
        while chunk := list(islice(left, _CHUNK)):
            self.equip(chunk)
            yield from chunk


def list_url(name: str, **params: Any) -> str:
    """A link to a list with a filter: `list_url("hazards:list", state="open")`; a tuple gives several values."""
    given = QueryDict(mutable=True)
    for key, value in params.items():
        given.setlist(key, [str(one) for one in (value if isinstance(value, tuple) else (value,))])
    return reverse(name) + (f"?{given.urlencode()}" if given else "")
