"""The to-do list: 待办 and 已办, reminders, hand-over."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.urls import reverse, reverse_lazy

from bianwang.platform.accounts.models import User
from bianwang.platform.clock import now
from bianwang.platform.todo import queries, services
from bianwang.platform.todo.forms import HandOverForm
from bianwang.platform.todo.models import Todo
from bianwang.platform.ui.cells import Column, due_column
from bianwang.platform.ui.filters import DateRange, Flag, InTerritory, Search
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.lists import BatchAction, Button, ListPage
from bianwang.platform.ui.pages import Crumb

_TODO: Crumb = ("待办", reverse_lazy("todo:list"))


def remind_all(user: User, rows: list[Todo]) -> str:
    """Urge about every ticked duty; those that cannot be urged are named."""
    refused = []
    for todo in rows:
        try:
            services.remind(todo, user)
        except ValidationError as error:
            refused += error.messages
    done = len(rows) - len(refused)
    if not done:
        raise ValidationError(refused)
    return f"已催办 {done} 项，经办人会在待办中看到。" + "".join(refused)


class TodoList(ListPage):
    """What waits for the user, the most urgent first."""

    model = Todo
    title = "待办"
    template = "todo/list.html"
    columns = (
        Column("title", "事项", kind="link", link=lambda row: row.url),
        Column("owner", "责任单位", "owner.name", sort="owner__pinyin"),
        due_column(),
        Column("reminders", "催办", lambda row: f"{row.reminded} 次" if row.reminded else "", kind="badge",
               colour=lambda row: "orange"),
        Column("assignee", "承办人", lambda row: row.assignee.name if row.assignee else "有权限的人员均可办理"),
        Column("created_at", "产生时间", kind="datetime", sort="created_at"),
    )  # fmt: skip
    filters = (
        Search(title="事项或单位", fields=("title", "owner__name", "owner__initials")),
        InTerritory(),
        Flag("overdue", "只看逾期", where=lambda user: Q(due_at__lt=now())),
        Flag("soon", "只看临期", where=lambda user: Q(due_at__gte=now(), due_at__lt=now() + queries.soon_before())),
    )
    related = ("owner", "assignee")
    sort = "until"
    empty = "没有待办。有事项需要您办理时会出现在这里。"
    buttons = (Button("移交待办", "todo:hand_over", "todo.hand_over", "arrows-exchange"),)
    actions = (BatchAction("remind", "催办", "todo.remind", remind_all),)
    tab = "open"

    def rows(self) -> QuerySet[Any]:
        return queries.with_reminders(queries.mine(self.user))


class DoneList(ListPage):
    """What was the user's to do and is done, by whomever."""

    model = Todo
    title = "已办"
    template = "todo/list.html"
    columns = (
        Column("title", "事项", kind="link", link=lambda row: row.url),
        Column("owner", "责任单位", "owner.name", sort="owner__pinyin"),
        Column("done_at", "办结时间", kind="datetime", sort="done_at"),
        Column("due_at", "时限", kind="datetime", sort="due_at"),
        Column("late", "是否逾期", lambda row: "逾期办结" if row.due_at and row.done_at > row.due_at else "按期办结",
               kind="badge", colour=lambda row: "red" if row.due_at and row.done_at > row.due_at else "green"),
    )  # fmt: skip
    filters = (
        Search(title="事项或单位", fields=("title", "owner__name", "owner__initials")),
        InTerritory(),
        DateRange("done_at", "办结时间"),
    )
    related = ("owner",)
    sort = "-done_at"
    empty = "还没有办结的事项。"
    tab = "done"

    def rows(self) -> QuerySet[Any]:
        return queries.done(self.user)


class HandOver(FormPage):
    """A person moves post: his open duties go to a colleague."""

    permission = "todo.hand_over"
    title = "移交待办"
    submit = "移交"
    form_class = HandOverForm
    crumbs = (_TODO,)
    intro = "把一名同事名下尚未办结的全部待办移交给另一名同事，用于岗位调整或离岗。已办结的事项不变，移交记入台账。"

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def save(self, form: HandOverForm) -> str:
        self.object = form.cleaned_data
        self.count = services.hand_over(**form.cleaned_data)
        return reverse("todo:list")

    def done(self, result: str) -> str:
        people = f"{self.object['leaver']}移交给{self.object['successor']}"
        return (
            f"已将 {self.count} 项待办由{people}。" if self.count else f"{self.object['leaver']}名下没有未办结的待办。"
        )
