"""The lists of grades, self-ratings and subsidies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import QueryDict

from bianwang.modules.standardisation import pack, queries
from bianwang.modules.standardisation.models import Grade, SelfRating, Subsidy
from bianwang.modules.standardisation.queries import NONE
from bianwang.modules.standardisation.workflow import GRADE, RATING, SUBSIDY
from bianwang.platform.clock import today
from bianwang.platform.places.models import Enterprise
from bianwang.platform.ui.cells import Column, state_column
from bianwang.platform.ui.filters import Choice, DateRange, Filter, Flag, InTerritory, Owner, Search
from bianwang.platform.ui.lists import Button, ListPage

_FIND = ("owner__name", "owner__pinyin", "owner__initials")


def day_of(params: QueryDict) -> date:
    """The day that figures are asked for; today unless a day up to today is given."""
    try:
        return min(date.fromisoformat(params.get("on", "")), today())
    except ValueError:
        return today()


@dataclass(frozen=True)
class On(Filter):
    """The day that `Counted` counts for."""

    name: str = "on"
    title: str = "统计日期"
    control: ClassVar[str] = "date"

    def apply(self, rows: QuerySet[Any], params: QueryDict, user: Any) -> QuerySet[Any]:
        return rows


@dataclass(frozen=True)
class Counted(Choice):
    """One row for each enterprise that is counted on a day."""

    name: str = "counted"
    title: str = "达标口径"
    choices: Any = (("ever", "累计达标"), ("held", "有效达标"))

    def apply(self, rows: QuerySet[Any], params: QueryDict, user: Any) -> QuerySet[Any]:
        kind = params.get(self.name, "")
        return rows.filter(pk__in=queries.counted(kind, day_of(params)).values("pk")) if kind else rows


@dataclass(frozen=True)
class FirstTown(Choice):
    """The town that an enterprise is counted in."""

    name: str = "town"
    title: str = "计入镇街"

    def options(self, model: Any, user: Any) -> list[tuple[str, str]]:
        rows = queries.towns().values_list("pk", "name")
        return [*((str(pk), name) for pk, name in rows), (NONE, "未填镇街")]

    def apply(self, rows: QuerySet[Any], params: QueryDict, user: Any) -> QuerySet[Any]:
        value = params.get(self.name, "")
        if value != NONE and not value.isdecimal():
            return rows
        found = rows.annotate(first_town=queries.first_town())
        wanted = {"first_town__isnull": True} if value == NONE else {"first_town": int(value)}
        inside: QuerySet[Any] = found.filter(**wanted)
        return inside


@dataclass(frozen=True)
class Eligible(Choice):
    """Grades that a policy is for."""

    name: str = "policy"
    title: str = "符合奖补政策"

    def options(self, model: Any, user: Any) -> list[tuple[str, str]]:
        return policy_choices(user)

    def apply(self, rows: QuerySet[Any], params: QueryDict, user: Any) -> QuerySet[Any]:
        wanted = next((row for row in pack.pack().policies if row.code == params.get(self.name)), None)
        return rows.filter(pk__in=queries.eligible(wanted).values("pk")) if wanted else rows


def policy_choices(user: Any) -> list[tuple[str, str]]:
    """Policies for filters."""
    return [(row.code, row.name) for row in pack.pack().policies]


class GradeList(ListPage):
    """All gradings, newest first."""

    model = Grade
    permission = "standardisation.view"
    title = "标准化定级"
    columns = (
        Column("owner", "企业", "owner.name", kind="link", sort="owner__pinyin"),
        Column("level", "等级", sort="level"),
        state_column(),
        Column("certificate", "证书编号", sort="certificate"),
        Column("graded_on", "定级日期", kind="date", sort="graded_on"),
        Column("valid_until", "有效期至", kind="date", sort="valid_until"),
        Column("authority", "定级部门"),
        Column("sector", "行业", "owner.get_sector_display", sort="owner__sector"),
        Column("applied_on", "申请日期", kind="date", sort="applied_on", default=False),
        Column("review_score", "评审得分", kind="number", sort="review_score", default=False),
        Column("notice_until", "公示截止", kind="date", sort="notice_until", default=False),
        Column("ground", "撤销情形", "ground_name", default=False),
        Column("ended_on", "撤销日期", kind="date", sort="ended_on", default=False),
        Column("is_imported", "登记已有证书", kind="flag", default=False),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="企业或证书编号", fields=(*_FIND, "certificate")),
        Choice("level", "等级"),
        Choice("state", "状态", choices=tuple(GRADE.choices())),
        InTerritory(),
        Choice("sector", "行业", field="owner__sector", choices=tuple(Enterprise.Sector.choices)),
        DateRange("graded", "定级日期", field="graded_on"),
        DateRange("until", "有效期至", field="valid_until"),
        Counted(),
        On(),
        FirstTown(),
        Eligible(),
        Flag("ending", "三个月内到期", where=lambda user: queries.ending()),
        Owner(title="企业"),
    )
    related = ("owner",)
    sort = "-pk"
    empty = "还没有定级。企业提交自评后申请定级；已有的证书点“登记已有证书”或“导入证书”，就会出现在这里。"
    buttons = (
        Button("登记已有证书", "standardisation:register", "standardisation.import"),
        Button("导入证书", "standardisation:import", "standardisation.import", "upload"),
    )


class RatingList(ListPage):
    """All self-ratings, newest first."""

    model = SelfRating
    permission = "standardisation.view"
    title = "标准化自评"
    columns = (
        Column("owner", "企业", "owner.name", kind="link", sort="owner__pinyin"),
        Column("year", "年度", lambda row: f"{row.year}年", sort="year"),
        state_column(),
        Column("total", "自评得分", kind="number", unit="分"),
        Column("scheme", "评定标准", "standard.name", sort="scheme"),
        Column("submitted_on", "提交日期", kind="date", sort="submitted_on"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="企业", fields=_FIND),
        Choice("state", "状态", choices=tuple(RATING.choices())),
        Choice("year", "年度", choices=lambda user: _years()),
        InTerritory(),
        DateRange("submitted", "提交日期", field="submitted_on"),
        Owner(title="企业"),
    )
    related = ("owner",)
    empty = "还没有自评。企业安全管理员每年点“开始自评”填报一次，就会出现在这里。"
    buttons = (Button("开始自评", "standardisation:rating_open", "standardisation.rate"),)

    def rows(self) -> QuerySet[Any]:
        return super().rows().prefetch_related("scores")


class SubsidyList(ListPage):
    """All subsidies, newest first, with their sum."""

    model = Subsidy
    permission = "standardisation.view"
    title = "标准化奖补"
    columns = (
        Column("owner", "企业", "owner.name", kind="link", sort="owner__pinyin"),
        Column("level", "等级", sort="level"),
        state_column(),
        Column("amount", "金额", kind="money", unit="元", sort="amount", total="amount"),
        Column("policy", "奖补政策", "policy_name", sort="policy"),
        Column("document", "文号", default=False),
        Column("budget_line", "预算项目", "budget_line_name", sort="budget_line"),
        Column("graded_on", "定级日期", "grade.graded_on", kind="date", sort="grade__graded_on"),
        Column("applied_on", "申请日期", kind="date", sort="applied_on"),
        Column("paid_on", "发放日期", kind="date", sort="paid_on"),
        Column("voucher", "付款凭证号"),
        Column("is_demo", "演示数据", kind="flag", default=False),
    )
    filters = (
        Search(title="企业或凭证号", fields=(*_FIND, "voucher")),
        Choice("level", "等级"),
        Choice("state", "状态", choices=tuple(SUBSIDY.choices())),
        Choice("policy", "奖补政策", choices=policy_choices),
        Choice("budget_line", "预算项目", choices=lambda user: pack.line_choices()),
        DateRange("applied", "申请日期", field="applied_on"),
        DateRange("paid", "发放日期", field="paid_on"),
        InTerritory(),
        Owner(title="企业"),
    )
    related = ("owner", "grade")
    empty = "还没有奖补。取得等级的企业在定级页面点“申请奖补”，就会出现在这里。"


def _years() -> list[tuple[str, str]]:
    year = today().year
    return [(str(number), f"{number}年") for number in range(year, year - 6, -1)]
