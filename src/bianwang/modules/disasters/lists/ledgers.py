"""The lists of the two ledgers: masked, whoever reads them."""

from __future__ import annotations

from django.db.models import Q

from bianwang.modules.disasters.lists.reports import CRUMBS, disaster_choices, town_choices
from bianwang.modules.disasters.models import Casualty, House
from bianwang.platform.ui.cells import Column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, Search
from bianwang.platform.ui.lists import Button, ListPage

LIVE = Q(is_withdrawn=False)


class HouseList(ListPage):
    """Damaged dwellings by household."""

    model = House
    permission = "disasters.ledgers"
    title = "倒损住房户台账"
    columns = (
        Column("masked_name", "户主", kind="link"),
        Column("masked_number", "身份证号码"),
        Column("unit", "镇街", "unit.name", sort="unit__pinyin"),
        Column("village", "村（社区）和组", sort="village"),
        Column("people", "人口", kind="number", sort="people", total="people"),
        Column("structure", "结构", sort="structure", default=False),
        Column("rooms", "原有间数", kind="number", sort="rooms", default=False),
        Column("collapsed", "倒塌", kind="number", unit="间", sort="collapsed", total="collapsed"),
        Column("severe", "严重损坏", kind="number", unit="间", sort="severe", total="severe"),
        Column("general", "一般损坏", kind="number", unit="间", sort="general", total="general"),
        Column("is_sole", "唯一住房", kind="flag"),
        Column("photos", "照片", kind="number", sort="photos"),
        Column("disaster", "灾害", "disaster.number", sort="disaster"),
        Column("note", "备注", default=False),
        Column("is_withdrawn", "已撤销", kind="flag", default=False),
        Column("added_at", "登记时间", kind="datetime", sort="added_at", default=False),
    )
    filters = (
        Search(title="村、户主姓或灾害", fields=("village", "masked_name", "disaster__number", "disaster__name")),
        Choice("disaster", "灾害", choices=disaster_choices),
        Choice("unit", "镇街", choices=town_choices),
        Choice("structure", "结构"),
        Flag("collapsed", "有倒塌", where=Q(collapsed__gt=0)),
        Flag("severe", "有严重损坏", where=Q(severe__gt=0)),
        Flag("general", "有一般损坏", where=Q(general__gt=0)),
        Flag("sole", "唯一住房", where=Q(is_sole=True)),
        Flag("live", "未撤销", where=LIVE),
    )
    related = ("unit", "disaster")
    buttons = (Button("Excel 导入", "disasters:house_import", "disasters.ledger_edit", "file-upload"),)
    empty = "还没有倒损住房户。在灾害页面点“登记倒损住房户”，或用 Excel 导入。"
    crumbs = CRUMBS


class CasualtyList(ListPage):
    """People killed or missing, by family name only."""

    model = Casualty
    permission = "disasters.ledgers"
    title = "因灾死亡失踪人员台账"
    columns = (
        Column("masked_name", "姓名", kind="link"),
        Column("masked_number", "身份证号码"),
        Column("outcome", "情况", sort="outcome"),
        Column("sex", "性别"),
        Column("age", "年龄", kind="number", sort="age"),
        Column("unit", "镇街", "unit.name", sort="unit__pinyin"),
        Column("place", "地点"),
        Column("happened_on", "日期", kind="date", sort="happened_on"),
        Column("cause", "原因"),
        Column("disaster", "灾害", "disaster.name", sort="disaster"),
        Column("is_withdrawn", "已撤销", kind="flag", default=False),
    )
    filters = (
        Search(title="姓、地点或灾害", fields=("masked_name", "place", "disaster__number", "disaster__name")),
        Choice("disaster", "灾害", choices=disaster_choices),
        Choice("outcome", "情况"),
        Choice("unit", "镇街", choices=town_choices),
        DateRange("happened", "日期", field="happened_on"),
        Flag("live", "未撤销", where=LIVE),
    )
    related = ("unit", "disaster")
    empty = "没有因灾死亡失踪人员。有人员死亡或失踪的，在灾害页面逐人登记。"
    crumbs = CRUMBS
