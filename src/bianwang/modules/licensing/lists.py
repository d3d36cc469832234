"""The lists of applications and of licences."""

from __future__ import annotations

from bianwang.modules.licensing.models import Application, Licence
from bianwang.modules.licensing.pack import ACTIONS, kind_choices
from bianwang.modules.licensing.queries import LATE, ON_TIME, ending, ending_within, overdue
from bianwang.modules.licensing.workflow import APPLICATION, LICENCE
from bianwang.platform.ui.cells import Column, due_column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, InTerritory, Owner, Search
from bianwang.platform.ui.lists import Button, ListPage

DECISION_COLOURS = {"granted": "green", "refused": "orange"}


class ApplicationList(ListPage):
    """All applications, the newest first."""

    model = Application
    permission = "licensing.view"
    title = "许可申请"
    columns = (
        Column("number", "编号", kind="link", sort="pk"),
        Column("owner", "申请单位", "owner.name", sort="owner__pinyin"),
        Column("kind", "许可事项", "kind_name", sort="kind"),
        Column("action", "申请类型", sort="action"),
        state_column(),
        due_column(),
        Column("submitted_on", "收到材料", kind="date", sort="submitted_on"),
        Column("accepted_on", "受理日期", kind="date", sort="accepted_on"),
        Column(
            "decision",
            "决定",
            kind="badge",
            sort="decision",
            colour=lambda row: DECISION_COLOURS.get(row.decision, ""),
        ),
        Column("decided_on", "决定日期", kind="date", sort="decided_on", default=False),
        Column("spent_days", "用时", kind="number", sort="spent_days", unit="日"),
        Column("limit", "办理时限", "whole_limit", kind="number", unit="日", default=False),
        Column("delivered_on", "送达日期", kind="date", sort="delivered_on", default=False),
        Column("scope", "申请范围", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="编号或申请单位", fields=("number", "owner__name", "owner__pinyin", "owner__initials")),
        Choice("kind", "许可事项", choices=lambda user: kind_choices()),
        Choice("action", "申请类型", choices=ACTIONS),
        Choice("state", "状态", choices=tuple(APPLICATION.choices())),
        Choice("decision", "决定"),
        InTerritory(),
        DateRange("submitted", "收到日期", field="submitted_on"),
        DateRange("accepted", "受理日期", field="accepted_on"),
        DateRange("decided", "决定日期", field="decided_on"),
        Flag("overdue", "逾期未办", where=lambda user: overdue()),
        Flag("ontime", "按期办结", where=ON_TIME),
        Flag("late", "超期办结", where=LATE),
        Owner(title="申请单位"),
    )
    related = ("owner",)
    sort = "-submitted_on"
    empty = "还没有许可申请。收到材料后点“提交申请”，企业也可以自己提交。"
    buttons = (Button("提交申请", "licensing:apply", "licensing.apply"),)


class LicenceList(ListPage):
    """The register of licences."""

    model = Licence
    permission = "licensing.view"
    title = "证照"
    columns = (
        Column("number", "证书编号", kind="link", sort="number"),
        Column("owner", "持证单位", "owner.name", sort="owner__pinyin"),
        Column("kind", "许可事项", "kind_name", sort="kind"),
        state_column(),
        Column("valid_to", "有效期止", kind="date", sort="valid_to"),
        Column("left", "剩余", lambda row: row.due_at if row.state == "valid" else None, kind="due"),
        Column("scope", "许可范围"),
        Column("issued_by", "发证机关", sort="issued_by"),
        Column("issued_on", "发证日期", kind="date", sort="issued_on"),
        Column("valid_from", "有效期起", kind="date", sort="valid_from", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="证书编号或持证单位", fields=("number", "owner__name", "owner__pinyin", "owner__initials")),
        Choice("kind", "许可事项", choices=lambda user: kind_choices()),
        Choice("state", "状态", choices=tuple(LICENCE.choices())),
        InTerritory(),
        DateRange("valid_to", "到期日期"),
        Flag("ending", "临期或到期", where=lambda user: ending()),
        Flag("soon", "一个月内到期", where=lambda user: ending_within(1)),
        Owner(title="持证单位"),
    )
    related = ("owner",)
    sort = "-issued_on"
    empty = "还没有证照。用“批量导入”登记已有的证照；在本平台决定准予的会自动出现在这里。"
    buttons = (Button("批量导入", "licensing:import", "licensing.register", "file-upload"),)
