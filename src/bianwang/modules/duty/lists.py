"""Lists of shifts, rosters, posts and people."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q, QuerySet

from bianwang.modules.duty import figures
from bianwang.modules.duty.models import DutyPost, Person, Roster, Shift
from bianwang.modules.duty.units import choices as unit_choices
from bianwang.modules.duty.workflow import ROSTER
from bianwang.platform import access
from bianwang.platform.clock import now
from bianwang.platform.ui.cells import Column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, Search
from bianwang.platform.ui.lists import Button, ListPage, list_url


def post_choices(user: Any) -> list[tuple[int, str]]:
    """Posts in the user's scope, for filters."""
    rows = access.visible(user, DutyPost, "duty.view").select_related("owner")
    return [(post.pk, str(post)) for post in rows]


def _running(user: Any) -> Q:
    return Q(starts_at__lte=now(), ends_at__gt=now())


class ShiftList(ListPage):
    """Shifts of published rosters, the latest first."""

    model = Shift
    permission = "duty.view"
    title = "值班安排"
    columns = (
        Column("day", "日期", kind="link", sort="starts_at"),
        Column("name", "班次", sort="name"),
        Column("unit", "单位", "post.owner.name", sort="post__owner__pinyin"),
        Column("post", "岗位", "post.name", sort="post__name"),
        Column("leader", "带班领导", "leader_names"),
        Column("officers", "值班人员", "officer_names"),
        Column("starts_at", "开始时间", kind="datetime", sort="starts_at"),
        Column("ends_at", "结束时间", kind="datetime", sort="ends_at"),
        Column("is_rest", "休息日", kind="flag", sort="is_rest"),
        Column("is_demo", "演示数据", "roster.is_demo", kind="flag", default=False),
    )
    filters = (
        Search(title="人员、岗位或单位", fields=("post__name", "post__owner__name", "post__owner__initials")),
        Choice("unit", "单位", field="post__owner", choices=unit_choices),
        Choice("post", "岗位", choices=post_choices),
        DateRange("day", "日期"),
        Flag("now", "现在在班", where=_running),
        Flag("is_rest", "休息日"),
        Flag("ended", "已结束", where=lambda user: figures.ended()),
        Flag("manned", "有交班记录", where=lambda user: figures.manned()),
    )
    related = ("post__owner", "roster")
    sort = "-starts_at"
    empty = "还没有发布的值班表。先登记值班人员和岗位，再“编制值班表”并发布。"
    buttons = (Button("编制值班表", "duty:roster_new", "duty.roster"),)

    def rows(self) -> QuerySet[Any]:
        return super().rows().filter(roster__state="published").prefetch_related("seats__person")


class RosterList(ListPage):
    """Rosters, the latest first."""

    model = Roster
    permission = "duty.view"
    title = "值班表"
    columns = (
        Column("first_day", "开始日期", kind="link", sort="first_day"),
        Column("last_day", "结束日期", kind="date", sort="last_day"),
        Column("unit", "单位", "post.owner.name", sort="post__owner__pinyin"),
        Column("post", "岗位", "post.name", sort="post__name"),
        state_column(),
        Column("count", "班次", kind="number"),
        Column("made_by", "编制人", "made_by.name", sort="made_by__pinyin"),
        Column("published_at", "发布时间", kind="datetime", sort="published_at"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Choice("unit", "单位", field="post__owner", choices=unit_choices),
        Choice("post", "岗位", choices=post_choices),
        Choice("state", "状态", choices=tuple(ROSTER.choices())),
        DateRange("first_day", "开始日期"),
    )
    related = ("post__owner", "made_by")
    sort = "-first_day"
    empty = "还没有值班表。先登记值班人员和岗位，再点“编制值班表”。"
    buttons = (Button("编制值班表", "duty:roster_new", "duty.roster"),)

    def rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().rows().annotate(count=Count("shifts"))
        return rows


class PostList(ListPage):
    """Posts by unit."""

    model = DutyPost
    permission = "duty.view"
    title = "值班岗位"
    columns = (
        Column("name", "岗位", kind="link", sort="name"),
        Column("unit", "单位", "owner.name", sort="owner__pinyin"),
        Column("scheme", "班次方案", "scheme_name", sort="scheme"),
        Column("officers", "每班人数", kind="number", sort="officers"),
        Column("needs_leader", "须带班领导", kind="flag", sort="needs_leader"),
        Column("phone", "值班电话"),
        Column("rosters", "值班表", lambda row: "查看", link=lambda row: list_url("duty:rosters", post=row.pk)),
        Column("is_active", "在用", kind="flag", sort="is_active"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="岗位或单位", fields=("name", "owner__name", "owner__initials")),
        Choice("unit", "单位", field="owner", choices=unit_choices),
        Flag("is_active", "在用"),
    )
    related = ("owner",)
    sort = "owner__pinyin"
    empty = "还没有值班岗位。点“登记岗位”，写明每班几人、是否须有带班领导。"
    buttons = (Button("登记岗位", "duty:post_new", "duty.roster"),)


class PersonList(ListPage):
    """People who take turns; phones are masked here and in exports."""

    model = Person
    permission = "duty.view"
    title = "值班人员"
    columns = (
        Column("name", "姓名", kind="link", sort="pinyin"),
        Column("unit", "单位", "owner.name", sort="owner__pinyin"),
        Column("title", "职务", sort="title"),
        Column("phone", "手机", kind="phone"),
        Column("can_lead", "可带班", kind="flag", sort="can_lead"),
        Column("account", "有账号", lambda row: row.user_id is not None, kind="flag"),
        Column("is_active", "在用", kind="flag", sort="is_active"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="姓名、职务或单位", fields=("name", "pinyin", "initials", "title", "owner__name")),
        Choice("unit", "单位", field="owner", choices=unit_choices),
        Flag("can_lead", "可带班"),
        Flag("is_active", "在用"),
    )
    related = ("owner",)
    sort = "owner__pinyin"
    empty = "还没有值班人员。点“登记值班人员”，带班领导请勾选“可带班”。"
    buttons = (Button("登记值班人员", "duty:person_new", "duty.roster"),)
