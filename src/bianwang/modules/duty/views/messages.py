"""Pages of group messages and their receipts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse, reverse_lazy

from bianwang.modules.duty import forms_calling as forms, pack, receipts, services
from bianwang.modules.duty.forms import NothingForm
from bianwang.modules.duty.models import GroupMessage, Recipient
from bianwang.modules.duty.showing import phone_fact, sees_phones
from bianwang.platform import access
from bianwang.platform.clock import today
from bianwang.platform.ui.cells import Column, fact
from bianwang.platform.ui.forms import FormPage, refusals_in_form
from bianwang.platform.ui.lists import list_url
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related
from bianwang.platform.ui.pages import Page

MESSAGES = (("群发消息", reverse_lazy("duty:messages")),)
_SHOWN = 50


class MessageNew(FormPage):
    """Send a message, perhaps from a template and to a group that the URL names."""

    title = "群发消息"
    permission = "duty.message"
    form_class = forms.MessageForm
    template = "duty/message_new.html"
    submit = "发送"
    intro = "每人一条短信，有账号的同时进待办。逾时没有回执的自动通知替补，没有替补的请值班室打电话。"
    crumbs = MESSAGES

    @property
    def templates(self) -> list[pack.Template]:
        """What one can begin with."""
        return pack.templates(today())

    def form_kwargs(self) -> dict[str, Any]:
        return {"user": self.user}

    def initial(self) -> dict[str, Any]:
        asked = self.request.GET
        chosen = next((row for row in self.templates if row.code == asked.get("template")), None)
        words = {"title": chosen.name, "text": chosen.text, "urgency": chosen.urgency} if chosen else {}
        group = asked.get("group", "")
        return {**words, "groups": [int(group)] if group.isdecimal() else [], "source": asked.get("source", "")[:200]}

    def save(self, form: Any) -> GroupMessage:
        data = form.cleaned_data
        draft = services.Draft(data["key"], data["title"], data["text"], data["urgency"], source=data["source"])
        return services.send_message(self.user, draft, form.contacts())

    def done(self, result: GroupMessage) -> str:
        return f"“{result}”已发给 {result.recipients.filter(receipts.roots()).count()} 人，回执见本页。"


class MessagePage(ObjectPage):
    """One message and who has said that it arrived."""

    model = GroupMessage
    permission = "duty.view"
    select: ClassVar[Sequence[str]] = ("owner", "sent_by", "closed_by")
    crumbs = MESSAGES
    template = "duty/message.html"

    def facts(self) -> Sequence[Facts]:
        row = self.object
        return [
            Facts(
                "消息",
                [
                    fact("内容", row.text),
                    fact("紧急程度", row.urgency_name, "badge", colour=row.urgency_colour),
                    fact("回执时限", row.minutes, "number", unit="分钟"),
                    fact("发送单位", row.owner.name),
                    fact("发送人", row.sent_by.name),
                    fact("发送时间", row.sent_at, "datetime"),
                    fact("关联事项", "查看" if row.source else "", href=row.source),
                    fact("事项有效至", row.ends_at, "datetime"),
                    fact("结束收集", row.closed_at, "datetime"),
                    fact("结束人", row.closed_by.name if row.closed_by else ""),
                ],
            )
        ]

    def related(self) -> Sequence[Related]:
        rows = access.visible(self.user, Recipient, "duty.view").filter(message=self.object)
        shown = receipts.ranked(rows).select_related("unit", "message", "sms", "root").order_by("rank", "number")
        more = list_url("duty:recipients", message=self.object.pk)
        return [Related("回执，逾时未收的在前", _ROW, shown[:_SHOWN], more=more)]

    def actions(self) -> Sequence[Action]:
        row = self.object
        if row.closed_at or not access.scope_of(self.user, "duty.message").includes(row.owner_id):
            return []
        return [
            Action("记一次通话", list_url("duty:call_new", source=row.get_absolute_url()), "phone"),
            Action("结束收集", reverse("duty:message_close", args=[row.pk]), "lock"),
        ]

    def extra(self) -> dict[str, Any]:
        return {"progress": receipts.progress([self.object])[self.object.pk]}


class MessageProgress(Page):
    """What changes on it."""

    permission = "duty.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        message = access.get(self.user, GroupMessage, pk, self.permission)
        return render(request, "duty/_progress.html", {"progress": receipts.progress([message])[message.pk]})


class MessageClose(FormPage):
    """No more receipts are wanted."""

    title = "结束收集"
    permission = "duty.message"
    form_class = NothingForm
    submit = "结束收集"
    intro = "结束后不再通知替补，短信链接和待办一并失效，没有回执的记为未收。"

    def get_object(self) -> GroupMessage:
        return access.get(self.user, GroupMessage, self.kwargs["pk"], self.permission)

    def get_crumbs(self) -> Any:
        return [*MESSAGES, (str(self.object), self.object.get_absolute_url())]

    def save(self, form: Any) -> GroupMessage:
        with refusals_in_form():
            services.close_message(self.object, self.user)
        return self.object  # type: ignore[no-any-return]

    def done(self, result: GroupMessage) -> str:
        return f"“{result}”已结束收集回执。"


class RecipientPage(ObjectPage):
    """A message as one person has it: their own page, and the sender's."""

    model = Recipient
    permission = "duty.receive"
    select: ClassVar[Sequence[str]] = ("message__owner", "unit", "contact", "user", "root", "sms", "noted_by")

    def get_crumbs(self) -> Any:
        if access.scope_of(self.user, "duty.view").includes(self.object.message.owner_id):
            return [*MESSAGES, (str(self.object.message), self.object.message.get_absolute_url())]
        return [("收到的消息", reverse("duty:inbox"))]

    def facts(self) -> Sequence[Facts]:
        row, message = self.object, self.object.message
        word, colour = row.standing
        full = sees_phones(self.user, row.unit_id)
        return [
            Facts(
                f"{message.owner}的消息",
                [
                    fact(message.title, message.text),
                    fact("紧急程度", message.urgency_name, "badge", colour=message.urgency_colour),
                    fact("通知时间", row.asked_at, "datetime"),
                    fact("回执时限", row.due_at, "datetime"),
                ],
            ),
            Facts(
                "回执",
                [
                    fact("姓名", row.name),
                    fact("单位", row.unit.name),
                    phone_fact("手机", row.phone, full=full),
                    fact("情况", word, "badge", colour=colour),
                    fact("短信", row.sending[0], "badge", colour=row.sending[1]),
                    fact("短信发出", row.sms.sent_at if row.sms else None, "datetime"),
                    fact("替谁", row.root.name if row.root else ""),
                    fact("转替补或转电话", row.moved_at, "datetime"),
                    fact("回执时间", row.received_at, "datetime"),
                    fact("回执方式", row.get_way_display()),
                    fact("答复", row.reply),
                    fact("登记人", row.noted_by.name if row.noted_by else ""),
                ],
            ),
        ]

    def related(self) -> Sequence[Related]:
        root = self.object.root_id or self.object.pk
        rows = access.visible(self.user, Recipient, "duty.view") if access.can(self.user, "duty.view") else None
        if rows is None:
            return []
        branch = (rows.filter(pk=root) | rows.filter(root=root)).select_related("unit", "message", "sms", "root")
        return [Related("呼叫树", _ROW, branch.order_by("number"))]

    def actions(self) -> Sequence[Action]:
        row = self.object
        if row.received_at or row.message.closed_at:
            return []
        found = []
        if row.user_id == self.user.pk:
            found.append(Action("收到", reverse("duty:receive", args=[row.pk]), "check"))
        if access.scope_of(self.user, "duty.message").includes(row.message.owner_id):
            found.append(Action("登记电话回执", reverse("duty:note_receipt", args=[row.pk]), "phone"))
        return found


class ReceivePage(FormPage):
    """The one button."""

    title = "回执"
    permission = "duty.receive"
    form_class = forms.ReplyForm
    submit = "收到"

    def get_object(self) -> Recipient:
        row = access.get(self.user, Recipient, self.kwargs["pk"], self.permission, related=("message",))
        if row.user_id != self.user.pk:
            raise PermissionDenied(f"要由{row.name}本人回执；电话通知到的请由发送单位登记。")
        return row

    def get_crumbs(self) -> Any:
        return [(str(self.object.message), self.object.get_absolute_url())]

    def save(self, form: Any) -> Recipient:
        with refusals_in_form():
            services.receive(self.object, self.user, form.cleaned_data["reply"])
        return self.object  # type: ignore[no-any-return]

    def done(self, result: Recipient) -> str:
        return f"已回执“{result.message}”。"


class NotePage(FormPage):
    """Somebody was called."""

    title = "登记电话回执"
    permission = "duty.message"
    form_class = forms.NotedForm
    intro = "同时记入“电话记录”。"

    def get_object(self) -> Recipient:
        row = access.get(self.user, Recipient, self.kwargs["pk"], self.permission, related=("message__owner",))
        access.check(self.user, GroupMessage, row.message_id, self.permission)
        return row

    def get_crumbs(self) -> Any:
        return [(str(self.object.message), self.object.message.get_absolute_url())]

    def save(self, form: Any) -> GroupMessage:
        with refusals_in_form():
            services.note_receipt(self.object, self.user, form.cleaned_data["reply"])
        return self.object.message  # type: ignore[no-any-return]

    def done(self, result: GroupMessage) -> str:
        return f"已登记{self.object.name}的电话回执。"


_ROW = (
    Column("name", "姓名", kind="link"),
    Column("unit", "单位", "unit.name"),
    Column("standing", "情况", lambda row: row.standing[0], kind="badge", colour=lambda row: row.standing[1]),
    Column("root", "替谁", lambda row: row.root.name if row.root else ""),
    Column("due_at", "时限", kind="datetime"),
    Column("received_at", "回执时间", kind="datetime"),
    Column("way", "回执方式"),
    Column("reply", "答复"),
)
