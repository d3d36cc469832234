"""The lists of cases, devices, payments and publications."""

from __future__ import annotations

from django.db.models import Q

from bianwang.modules.penalties.models import Case, Payment, Publication, Source
from bianwang.modules.penalties.pack import conduct_choices
from bianwang.modules.penalties.queries import overdue
from bianwang.modules.penalties.timing import CLOCK_NAMES
from bianwang.modules.penalties.workflow import CASE, OPEN, PUBLICATION, SOURCE
from bianwang.platform.ui.cells import Column, due_column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, InTerritory, Owner, Search
from bianwang.platform.ui.lists import Button, ListPage


class CaseList(ListPage):
    """All cases, newest first."""

    model = Case
    permission = "penalties.view"
    title = "处罚案件"
    columns = (
        Column("number", "案件编号", kind="link", sort="pk"),
        Column("title", "案名"),
        Column("enterprise", "涉案单位", "enterprise.name", sort="enterprise__pinyin", default=False),
        Column("found_on", "发现日期", kind="date", sort="found_on"),
        Column("filed_on", "立案日期", kind="date", sort="filed_on"),
        state_column(),
        Column("due_clock", "最近时限", sort="due_clock"),
        due_column(title="届满"),
        Column("kinds", "处罚种类", default=False),
        Column("fine", "罚款", kind="money", unit="元", sort="fine", total="fine"),
        Column("decided_on", "决定日期", kind="date", sort="decided_on"),
        Column("origin", "案件来源", sort="origin", default=False),
        Column("conduct", "案由", "conduct_name", sort="conduct", default=False),
        Column("procedure", "程序", sort="procedure", default=False),
        Column("confiscated", "没收违法所得", kind="money", unit="元", default=False, total="confiscated"),
        Column("served_on", "送达日期", kind="date", sort="served_on", default=False),
        Column("pay_by", "缴款期限", kind="date", sort="pay_by", default=False),
        Column("closed_on", "结案日期", kind="date", sort="closed_on", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="编号、案名、涉案单位或当事人", fields=("number", "title", "enterprise__name", "respondent")),
        Choice("state", "状态", choices=tuple(CASE.choices())),
        Choice("due_clock", "最近时限", choices=tuple(CLOCK_NAMES.items())),
        Choice("conduct", "案由", choices=lambda user: conduct_choices()),
        Choice("procedure", "程序"),
        Choice("origin", "案件来源"),
        DateRange("found", "发现日期", field="found_on"),
        DateRange("filed", "立案日期", field="filed_on"),
        DateRange("decided", "决定日期", field="decided_on"),
        Flag("overdue", "时限逾期", where=lambda user: overdue()),
        Flag("open", "办理中", where=Q(state__in=OPEN)),
        Flag("punished", "已处罚", where=~Q(kinds="")),
        InTerritory(field="enterprise"),
        Owner(title="涉案单位", field="enterprise"),
    )
    related = ("enterprise",)
    sort = "-found_on"
    empty = "还没有处罚案件。发现违法行为后点“登记线索”，就会出现在这里。"
    buttons = (Button("登记线索", "penalties:new", "penalties.handle"),)


class SourceList(ListPage):
    """Devices whose records may become evidence."""

    model = Source
    permission = "penalties.view"
    title = "取证设备"
    columns = (
        Column("name", "设备", kind="link", sort="name"),
        Column("owner", "所在单位", "owner.name", sort="owner__pinyin"),
        Column("place", "设置地点"),
        state_column(),
        Column("legal_by", "法制审核人", "legal_by.name"),
        Column("legal_on", "法制审核日期", kind="date", sort="legal_on"),
        Column("technical_by", "技术审核人", "technical_by.name"),
        Column("technical_on", "技术审核日期", kind="date", sort="technical_on"),
        Column("published_on", "公布日期", kind="date", sort="published_on"),
        Column("published_at", "公布处"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="设备、单位或地点", fields=("name", "owner__name", "place")),
        Choice("state", "状态", choices=tuple(SOURCE.choices())),
        InTerritory(),
        Owner(),
    )
    related = ("owner", "legal_by", "technical_by")
    sort = "name"
    empty = "还没有取证设备。要把监测或视频记录作为证据，先点“登记取证设备”，经法制、技术审核并公布设置地点。"
    buttons = (Button("登记取证设备", "penalties:source_new", "penalties.technical"),)


class PaymentList(ListPage):
    """Money that came in."""

    model = Payment
    permission = "penalties.view"
    title = "罚没缴款"
    columns = (
        Column("day", "缴款日期", kind="date", sort="day"),
        Column("case", "案件", "case.number", kind="link", sort="case", link=lambda row: row.case.get_absolute_url()),
        Column("enterprise", "涉案单位", "case.enterprise.name", sort="case__enterprise__pinyin"),
        Column("kind", "款项", sort="kind"),
        Column("way", "方式", sort="way"),
        Column("amount", "金额", kind="money", unit="元", sort="amount", total="amount"),
        Column("receipt", "票据号", sort="receipt"),
        Column("handed_in_on", "交至机关", kind="date", default=False),
        Column("banked_on", "缴付银行", kind="date", default=False),
        Column("is_demo", "演示数据", "case.is_demo", kind="flag", default=False),
    )
    filters = (
        Search(title="票据号、案件编号或涉案单位", fields=("receipt", "case__number", "case__enterprise__name")),
        Choice("kind", "款项"),
        Choice("way", "方式"),
        DateRange("day", "缴款日期"),
        DateRange("decided", "决定日期", field="case__decided_on"),
        Flag("travelling", "当场收缴待上缴", where=Q(way="spot", banked_on__isnull=True)),
        Owner(title="涉案单位", field="case__enterprise"),
    )
    related = ("case__enterprise",)
    sort = "-day"
    empty = "还没有缴款。处罚决定送达后，财务人员在案件页面“登记缴款”。"


class PublicationList(ListPage):
    """Decisions that the public reads; exported for the government's website."""

    model = Publication
    permission = "penalties.view"
    title = "处罚公示"
    columns = (
        Column("document", "处罚决定书文号", kind="link", sort="document"),
        Column("respondent", "行政相对人", sort="respondent"),
        Column("credit_code", "统一社会信用代码"),
        Column("facts", "违法事实"),
        Column("basis", "处罚依据"),
        Column("decision", "处罚内容"),
        Column("decided_on", "处罚决定日期", kind="date", sort="decided_on"),
        Column("unit", "处罚机关", "case.unit.name"),
        Column("published_on", "公示日期", kind="date", sort="published_on"),
        state_column(),
        Column("ended_on", "停止公示日期", kind="date", sort="ended_on", default=False),
    )
    filters = (
        Search(title="文号或行政相对人", fields=("document", "respondent")),
        Choice("state", "状态", choices=tuple(PUBLICATION.choices())),
        DateRange("decided", "决定日期", field="decided_on"),
        DateRange("published", "公示日期", field="published_on"),
    )
    related = ("case__unit",)
    sort = "-published_on"
    empty = "还没有公示。作出处罚决定后，在案件页面“公示决定”；这里的导出可直接用于门户网站。"
