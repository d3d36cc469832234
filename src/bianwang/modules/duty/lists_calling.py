"""Lists of the contact list, group messages, their receipts, and noted calls."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse

from bianwang.modules.duty import pack, receipts
from bianwang.modules.duty.models import Contact, ContactGroup, GroupMessage, PhoneCall, Recipient
from bianwang.platform import access
from bianwang.platform.ui.cells import Column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, InTerritory, Owner, Search
from bianwang.platform.ui.lists import Button, ListPage, list_url
from bianwang.platform.ui.templatetags.bian import masked_phone


def group_choices(user: Any) -> list[tuple[int, str]]:
    """Groups in the user's scope, for filters."""
    return [(row.pk, row.name) for row in access.visible(user, ContactGroup, "duty.view")]


def _message_choices(user: Any) -> list[tuple[int, str]]:
    rows = access.visible(user, GroupMessage, "duty.view")[:200]
    return [(row.pk, row.title) for row in rows]


def _phones(row: Contact, *, full: bool) -> str:
    return "、".join(number.number if full else masked_phone(number.number) for number in row.numbers.all())


def _columns(*, full: bool) -> tuple[Column, ...]:
    return (
        Column("name", "姓名", kind="link", sort="pinyin"),
        Column("unit", "单位", "owner.name", sort="owner__pinyin"),
        Column("title", "职务", sort="title"),
        Column("groups", "分组", "group_names"),
        Column("phones", "电话", lambda row: _phones(row, full=full)),
        Column("position", "次序", kind="number", sort="position", default=False),
        Column("substitute", "替补", lambda row: row.substitute.name if row.substitute else ""),
        Column("account", "有账号", lambda row: row.user_id is not None, kind="flag"),
        Column("is_active", "在用", kind="flag", sort="is_active"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )


class ContactList(ListPage):
    """The contact list; phones in full only for those who need them everywhere they look."""

    model = Contact
    permission = "duty.view"
    title = "通讯录"
    columns = _columns(full=False)
    filters = (
        Search(title="姓名、单位或职务", fields=("name", "pinyin", "initials", "title", "owner__name")),
        Choice("group", "分组", field="groups", choices=group_choices),
        InTerritory(),
        Flag("no_substitute", "没有替补", where=Q(substitute__isnull=True)),
        Flag("is_active", "在用"),
        Owner(),
    )
    related = ("owner", "substitute")
    sort = "owner__pinyin"
    empty = "还没有联系人。先登记分组，再“登记联系人”，或从“导入 Excel”一次导入。"
    buttons = (
        Button("登记联系人", "duty:contact_new", "duty.contacts"),
        Button("群发消息", "duty:message_new", "duty.message", "send"),
        Button("导入 Excel", "duty:contact_import", "duty.contacts", "file-import"),
        Button("分组", "duty:groups", "duty.view", "users-group"),
    )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if access.scope_of(self.user, "duty.phones") == access.scope_of(self.user, "duty.view"):
            self.columns = _columns(full=True)  # type: ignore[misc]
        return super().get(request, *args, **kwargs)

    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().rows().prefetch_related("groups", "numbers")
        return rows


class GroupList(ListPage):
    """The groups."""

    model = ContactGroup
    permission = "duty.view"
    title = "通讯分组"
    columns = (
        Column("name", "分组", kind="link", sort="name"),
        Column("owner", "维护单位", "owner.name", sort="owner__pinyin"),
        Column("position", "次序", kind="number", sort="position"),
        Column(
            "count", "在用人数", kind="number", link=lambda row: list_url("duty:contacts", group=row.pk, is_active=1)
        ),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (Search(title="分组", fields=("name",)),)
    related = ("owner",)
    sort = "position"
    empty = "还没有分组。点“登记分组”，如局领导、镇街值班、成员单位、救援队、企业负责人。"
    buttons = (Button("登记分组", "duty:group_new", "duty.contacts"),)

    def rows(self) -> QuerySet[Any]:
        seen = Q(contacts__is_active=True)
        rows: QuerySet[Any] = super().rows().annotate(count=Count("contacts", filter=seen))
        return rows


def _roots(row: Any) -> str:
    return list_url("duty:recipients", message=row.pk, roots=1)


class MessageList(ListPage):
    """Group messages, the latest first."""

    model = GroupMessage
    permission = "duty.view"
    title = "群发消息"
    columns = (
        Column("title", "标题", kind="link", sort="title"),
        Column(
            "urgency", "紧急程度", "urgency_name", kind="badge", colour=lambda row: row.urgency_colour, sort="urgency"
        ),
        Column("sent_at", "发送时间", kind="datetime", sort="sent_at"),
        Column("asked", "应收", kind="number", link=_roots),
        Column(
            "covered", "已收", kind="number", link=lambda row: list_url("duty:recipients", message=row.pk, covered=1)
        ),
        Column("silent", "未收", kind="number", link=lambda row: list_url("duty:recipients", message=row.pk, silent=1)),
        Column("sent_by", "发送人", "sent_by.name", sort="sent_by__pinyin"),
        Column("owner", "发送单位", "owner.name", sort="owner__pinyin"),
        Column("closed_at", "结束收集", kind="datetime", sort="closed_at"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="标题或内容", fields=("title", "text")),
        Choice("urgency", "紧急程度", choices=lambda user: list(pack.urgency_names().items())),
        DateRange("sent_at", "发送日期"),
        Flag("open", "还在收集", where=Q(closed_at__isnull=True)),
    )
    related = ("owner", "sent_by")
    sort = "-sent_at"
    empty = "还没有群发消息。先登记通讯录，再点“群发消息”，选模板和分组。"
    buttons = (Button("群发消息", "duty:message_new", "duty.message", "send"),)

    def rows(self) -> QuerySet[Any]:
        asked = Q(recipients__root__isnull=True)
        covered = asked & Q(recipients__covered_at__isnull=False)
        silent = asked & Q(recipients__covered_at__isnull=True)
        rows: QuerySet[Any] = (
            super()
            .rows()
            .annotate(
                asked=Count("recipients", filter=asked),
                covered=Count("recipients", filter=covered),
                silent=Count("recipients", filter=silent),
            )
        )
        return rows


_RECIPIENT: tuple[Column, ...] = (
    Column("name", "姓名", kind="link", sort="name"),
    Column("unit", "单位", "unit.name", sort="unit__pinyin"),
    Column("message", "消息", "message.title", sort="message__sent_at"),
    Column(
        "standing", "情况", lambda row: row.standing[0], kind="badge", colour=lambda row: row.standing[1], sort="rank"
    ),
    Column("phone", "手机", kind="phone"),
    Column("sending", "短信", lambda row: row.sending[0], default=False),
    Column("sms_at", "短信发出", lambda row: row.sms.sent_at if row.sms else None, kind="datetime", default=False),
    Column("root", "替谁", lambda row: row.root.name if row.root else ""),
    Column("due_at", "时限", kind="datetime", sort="due_at"),
    Column("received_at", "回执时间", kind="datetime", sort="received_at"),
    Column("way", "回执方式", sort="way"),
    Column("reply", "答复"),
    Column("is_demo", "演示数据", "message.is_demo", kind="flag", default=False),
)


class RecipientList(ListPage):
    """Everybody to whom messages went; whoever is late stands first."""

    model = Recipient
    permission = "duty.view"
    title = "消息回执"
    columns = _RECIPIENT
    filters = (
        Search(title="姓名或单位", fields=("name", "unit__name", "unit__initials")),
        Choice("message", "消息", choices=_message_choices),
        Choice("way", "回执方式"),
        InTerritory(field="unit"),
        DateRange("asked_at", "通知日期"),
        Flag("roots", "首次通知的人", where=receipts.roots()),
        Flag("covered", "已收", where=receipts.covered()),
        Flag("silent", "未收", where=receipts.silent()),
        Flag("late", "逾时未收", where=lambda user: receipts.late()),
        Flag("failed", "短信发送失败", where=Q(sms__state="failed")),
    )
    related = ("unit", "message", "sms", "root")
    sort = "rank"
    empty = "还没有回执。“群发消息”发出后，每个人一行，逾时没有回执的排在最前。"

    def rows(self) -> QuerySet[Any]:
        return receipts.ranked(super().rows())


class InboxList(ListPage):
    """What was sent to the user himself."""

    model = Recipient
    permission = "duty.receive"
    title = "收到的消息"
    columns = (
        Column("message", "消息", "message.title", kind="link", sort="message__sent_at"),
        Column("owner", "发送单位", "message.owner.name"),
        Column("asked_at", "通知时间", kind="datetime", sort="asked_at"),
        Column("due_at", "回执时限", kind="datetime", sort="due_at"),
        Column(
            "standing",
            "情况",
            lambda row: row.standing[0],
            kind="badge",
            colour=lambda row: row.standing[1],
            sort="rank",
        ),
        Column("received_at", "回执时间", kind="datetime", sort="received_at"),
        Column("reply", "答复"),
    )
    filters = (
        Search(title="标题或内容", fields=("message__title", "message__text")),
        Flag("open", "还没有回执", where=Q(received_at__isnull=True, message__closed_at__isnull=True)),
        DateRange("asked_at", "通知日期"),
    )
    related = ("message__owner", "sms")
    sort = "-asked_at"
    empty = "没有发给您的消息。收到后点开，按“收到”回执。"

    def rows(self) -> QuerySet[Any]:
        return receipts.ranked(super().rows().filter(receipts.mine(self.user)))


class CallList(ListPage):
    """Noted calls, the latest first; numbers are masked here and in exports."""

    model = PhoneCall
    permission = "duty.view"
    title = "电话记录"
    columns = (
        Column("happened_at", "通话时间", kind="datetime", sort="happened_at", link=lambda row: row.get_absolute_url()),
        Column("direction", "方向", sort="direction"),
        Column("who", "对方", sort="who"),
        Column("number", "电话", kind="phone"),
        Column("text", "内容"),
        Column("result", "结果"),
        Column("source", "关联事项", lambda row: "查看" if row.source else "", link=lambda row: row.source),
        Column("owner", "记录单位", "owner.name", sort="owner__pinyin", default=False),
        Column("made_by", "记录人", "made_by.name", sort="made_by__pinyin"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="对方、内容或结果", fields=("who", "text", "result")),
        Choice("direction", "方向"),
        DateRange("happened_at", "日期"),
    )
    related = ("owner", "made_by")
    sort = "-happened_at"
    empty = "还没有电话记录。点“记一次通话”，来电和去电都记。"
    buttons = (Button("记一次通话", "duty:call_new", "duty.keep"),)
