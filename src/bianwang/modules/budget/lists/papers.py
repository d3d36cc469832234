"""Publications, and posts and people."""

from __future__ import annotations

from bianwang.modules.budget.lists.filters import LatestOn
from bianwang.modules.budget.models import Establishment, Publication
from bianwang.modules.budget.queries import publications
from bianwang.platform.ui.cells import Column
from bianwang.platform.ui.filters import Choice, DateRange, Flag, Search
from bianwang.platform.ui.lists import Button, ListPage


def _years(user: object) -> list[tuple[int, str]]:
    found = Publication.objects.order_by("-year").values_list("year", flat=True).distinct()
    return [(year, f"{year}年") for year in found]


class PublicationList(ListPage):
    """What has to be published, with both clocks."""

    model = Publication
    permission = "budget.view"
    title = "预决算公开"
    columns = (
        Column("kind", "公开内容", lambda row: f"{row.year}年{row.get_kind_display()}", kind="link", sort="kind"),
        Column("owner", "单位", "owner.name", sort="owner__pinyin"),
        Column("year", "年度", lambda row: f"{row.year}年", sort="year", default=False),
        Column("clock", "起算", sort="clock"),
        Column("started_on", "批准或批复日期", kind="date", sort="started_on"),
        Column("due_on", "公开截止", kind="date", sort="due_on"),
        Column("published_on", "公开日期", kind="date", sort="published_on"),
        Column(
            "state",
            "情况",
            lambda row: publications.state(row)[0],
            kind="badge",
            colour=lambda row: publications.state(row)[1],
        ),
        Column("place", "公开网址或载体"),
        Column("document", "文号", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="单位、文号或网址", fields=("owner__name", "owner__initials", "document", "place")),
        Choice("year", "年度", choices=_years),
        Choice("kind", "公开内容"),
        Choice("clock", "起算"),
        DateRange("due", "公开截止", field="due_on"),
        Flag("in_time", "按期公开", where=publications.IN_TIME),
        Flag("waiting", "未公开", where=publications.WAITING),
        Flag("overdue", "逾期未公开", where=lambda user: publications.overdue()),
        Flag("soon", "临期或逾期", where=lambda user: publications.soon()),
    )
    related = ("owner",)
    sort = "-due_on"
    empty = "还没有应公开的预决算。登记预算批复或决算批复后自动列出；也可以点“登记应公开事项”。"
    buttons = (Button("登记应公开事项", "budget:publication_new", "budget.edit"),)


class StaffList(ListPage):
    """Posts and people by unit, kind and day."""

    model = Establishment
    permission = "budget.view"
    title = "编制人员"
    columns = (
        Column("owner", "单位", "owner.name", sort="owner__pinyin"),
        Column("as_of", "截至日期", kind="date", sort="as_of"),
        Column("kind", "类别", sort="kind"),
        Column("posts", "编制", kind="number", unit="个", sort="posts", total="posts"),
        Column("staff", "实有", kind="number", unit="人", sort="staff", total="staff"),
        Column("free", "空编", lambda row: row.posts - row.staff, kind="number", unit="个"),
        Column("retired", "退休", kind="number", unit="人", sort="retired", total="retired"),
        Column("document", "依据", default=False),
        Column("note", "超编说明", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="单位", fields=("owner__name", "owner__pinyin", "owner__initials")),
        Choice("kind", "类别"),
        LatestOn(),
        DateRange("as_of", "截至日期"),
    )
    related = ("owner",)
    sort = "-as_of"
    empty = "还没有编制人员情况。点“登记编制人员”，按行政、参公、事业填写编制、实有和退休人数。"
    buttons = (Button("登记编制人员", "budget:staff_new", "budget.edit"),)
