"""Pages of the audit administrator: all entries, one entry, the check of the seal."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy

from bianwang.platform import access
from bianwang.platform.ledger import chain
from bianwang.platform.ledger.models import Entry, SealLease
from bianwang.platform.ledger.queries import parked, verb_name
from bianwang.platform.registry import verbs
from bianwang.platform.ui.cells import Column, fact
from bianwang.platform.ui.filters import Choice, DateRange, InTerritory, Search
from bianwang.platform.ui.lists import Button, ListPage
from bianwang.platform.ui.objects import Facts
from bianwang.platform.ui.pages import Crumb, Page
from bianwang.platform.ui.templatetags.bian import moment
from bianwang.platform.ui.timeline import event

_LEDGER: Crumb = ("台账", reverse_lazy("ledger:entry_list"))


class EntryList(ListPage):
    """Who did what to which object, when and from where."""

    model = Entry
    permission = "ledger.view"
    title = "台账"
    columns = (
        Column("at", "时间", lambda row: moment(row.at, "second"), sort="at", kind="link", link=lambda row: _page(row)),
        Column("actor", "操作人", "actor_name", sort="actor_name"),
        Column("verb", "动作", lambda row: verb_name(row.verb), sort="verb"),
        Column("object", "对象", "object_label"),
        Column("owner", "责任单位", "owner.name"),
        Column("reason", "理由"),
        Column("origin", "来源地址", sort="origin"),
        Column("seq", "序号", sort="seq"),
        Column("operation", "操作批次", default=False),
        Column("changes", "前后值", default=False),
        Column("mac", "封存码", default=False),
    )
    filters = (
        Search(title="操作人、对象或理由", fields=("actor_name", "object_label", "reason")),
        DateRange("at", "时间"),
        Choice("verb", "动作", choices=lambda user: list(verbs().items())),
        InTerritory(),
        Search(name="from", title="来源地址", fields=("origin",)),
    )
    related = ("owner",)
    sort = "-pk"
    empty = "还没有台账记录。"
    buttons = (Button("校验封存链", "ledger:verify", "ledger.verify", "shield-check"),)

    def rows(self) -> QuerySet[Any]:
        return access.visible(self.user, Entry, "ledger.view")


class EntryPage(Page):
    """One entry with everything that is sealed."""

    permission = "ledger.view"
    template = "ledger/entry.html"
    crumbs = (_LEDGER,)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        entry = access.get(self.user, Entry, pk, "ledger.view", related=("owner",))
        told = event(entry)
        facts = Facts(
            "记录",
            [
                fact("时间", moment(entry.at, "second")),
                fact("操作人", entry.actor_name),
                fact("来源地址", entry.origin),
                fact("动作", told.text),
                fact("对象", entry.object_label),
                fact("责任单位", entry.owner.name if entry.owner else "区局内部"),
                fact("理由", entry.reason),
                fact("操作批次", entry.operation),
                fact("序号", entry.seq or "等待封存"),
                fact("封存码", entry.mac),
            ],
        )
        return self.render(title=f"{told.text} {entry.object_label}", facts=facts, changes=told.changes)


class Verify(Page):
    """Check the chain now; on a large ledger this takes some seconds a million rows."""

    permission = "ledger.verify"
    title = "校验封存链"
    template = "ledger/verify.html"
    crumbs = (_LEDGER,)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(None)

    def post(self, request: HttpRequest) -> HttpResponse:
        return self._show(chain.verify())

    def _show(self, result: chain.Verification | None) -> HttpResponse:
        head = SealLease.objects.filter(pk=1).first()
        return self.render(result=result, head=head, parked=parked()[:50])


def _page(entry: Entry) -> str:
    return reverse("ledger:entry", args=[entry.pk])
