"""A year with its table, and the forms that write to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.urls import reverse

from bianwang.modules.budget import services, showing
from bianwang.modules.budget.forms import years as forms
from bianwang.modules.budget.forms.fields import units
from bianwang.modules.budget.models import BudgetYear, Line, Project, Statement
from bianwang.modules.budget.queries import statements, years
from bianwang.modules.budget.views.objects import EDIT, YEARS
from bianwang.platform import access
from bianwang.platform.ui.forms import FormPage
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, StepForm, StepService
from bianwang.platform.ui.pages import Crumb


class YearNew(FormPage):
    """Begin a year."""

    title = "登记年度预算"
    permission = EDIT
    form_class = forms.YearForm
    submit = "登记"
    intro = "先登记年度，再登记或导入科目和项目；收到财政批复后“登记预算批复”，此后年初数不再改动，只登记调整。"
    crumbs = YEARS

    def initial(self) -> dict[str, Any]:
        return {"owner": units().first()}

    def save(self, form: Any) -> BudgetYear:
        return services.open_year(self.user, form.cleaned_data["owner"], form.cleaned_data["year"])

    def done(self, result: BudgetYear) -> str:
        return f"已登记{result.owner.name}{result}，请登记或导入科目。"


class YearPage(ObjectPage):
    """The table of a year: every figure opens its rows."""

    model = BudgetYear
    permission = "budget.view"
    select: ClassVar[Sequence[str]] = ("owner",)
    crumbs = YEARS
    template = "budget/year.html"
    step_forms: ClassVar[Mapping[str, type[StepForm]]] = {"approve": forms.ApproveForm, "close": forms.CloseForm}
    step_services: ClassVar[Mapping[str, StepService]] = {"reopen": services.reopen, "redraft": services.redraft}

    def facts(self) -> Sequence[Facts]:
        return showing.year_facts(self.object)

    def extra(self) -> dict[str, Any]:
        year: BudgetYear = self.object
        return {
            "table": years.table(year, showing.last_day(year.year)),
            "statements": statements.compared(year),
            "may_edit": access.can(self.user, EDIT) and year.state != "closed",
        }

    def actions(self) -> Sequence[Action]:
        year: BudgetYear = self.object
        if not access.can(self.user, EDIT):
            return []
        total = Action("登记文件上的合计数", reverse("budget:statement", args=[year.pk]), "file-text")
        if year.state == "closed":
            return [total]
        return [
            Action("登记科目", reverse("budget:line_new", args=[year.pk]), "plus"),
            Action("登记上级资金", reverse("budget:receive", args=[year.pk]), "building-bank"),
            total,
        ]


class OfYear(FormPage):
    """A form about one year."""

    permission = EDIT

    def get_object(self) -> BudgetYear:
        return access.get(self.user, BudgetYear, self.kwargs["pk"], EDIT, related=("owner",))

    def get_crumbs(self) -> Sequence[Crumb]:
        return [*YEARS, (str(self.object), self.object.get_absolute_url())] if self.object else YEARS


class LineNew(OfYear):
    """A line of a year."""

    title = "登记科目"
    form_class = forms.LineForm
    submit = "登记"
    intro = "类、款、项都可以登记，但不能上下级重复。预算批复以后新增的科目，金额填 0，登记后用“调整预算”安排资金。"

    def form_kwargs(self) -> dict[str, Any]:
        return {"year": self.object.year}

    def save(self, form: Any) -> Line:
        return services.save_line(self.user, Line(year=self.object), form.cleaned_data)

    def done(self, result: Line) -> str:
        return f"已登记科目“{result}”。"


class StatementNew(OfYear):
    """A printed total."""

    title = "登记文件上的合计数"
    form_class = forms.StatementForm
    submit = "核对并登记"
    intro = "平台的合计都由科目算出。这里只登记文件上印出的合计，用来核对：差额超过四舍五入的会指出差多少。"

    def save(self, form: Any) -> Statement:
        return services.state_total(self.user, self.object, form.cleaned_data)


class OfLine(FormPage):
    """A form about one line."""

    permission = EDIT

    def get_object(self) -> Line:
        return access.get(self.user, Line, self.kwargs["pk"], EDIT, related=("year__owner",))

    def get_crumbs(self) -> Sequence[Crumb]:
        line: Line | None = self.object
        if line is None:
            return YEARS
        return [*YEARS, (str(line.year), line.year.get_absolute_url()), (str(line), line.get_absolute_url())]


class LineEdit(OfLine):
    """Put a line of a draft right."""

    title = "更改科目"
    form_class = forms.LineForm

    def form_kwargs(self) -> dict[str, Any]:
        return {"year": self.object.year.year}

    def initial(self) -> dict[str, Any]:
        row: Line = self.object
        return {"subject": row.subject, "opening": row.opening, "carried_in": row.carried_in}

    def save(self, form: Any) -> Line:
        return services.save_line(self.user, self.object, form.cleaned_data)


class Adjust(OfLine):
    """Move money into a line or out of it."""

    title = "调整预算"
    form_class = forms.AdjustForm
    submit = "登记调整"

    def form_kwargs(self) -> dict[str, Any]:
        return {"projects": self.object.projects.all()}

    def initial(self) -> dict[str, Any]:
        return {"project": self.request.GET.get("project")}

    def save(self, form: Any) -> str:
        row = services.adjust(self.user, self.object, form.cleaned_data)
        return (row.project or row.line).get_absolute_url()

    def done(self, result: Any) -> str:
        return "已登记预算调整，调整预算数已重新计算。"


class LineReason(OfLine):
    """Why so little of a line was spent."""

    title = "说明执行偏低原因"
    form_class = forms.ReasonForm

    def initial(self) -> dict[str, Any]:
        return {"low_reason": self.object.low_reason}

    def save(self, form: Any) -> Any:
        services.explain(self.user, self.object, form.cleaned_data["low_reason"])
        return self.object


class ProjectNew(OfLine):
    """A project of a line."""

    title = "登记项目"
    form_class = forms.ProjectForm
    submit = "登记"
    intro = "项目的金额包含在科目之内。年度中间新增的项目，年初数填 0，登记后用“调整预算”安排资金。"

    def save(self, form: Any) -> Project:
        return services.save_project(self.user, Project(line=self.object), form.cleaned_data)

    def done(self, result: Project) -> str:
        return f"已登记项目“{result}”。"


class _OfProject(FormPage):
    """A form about one project."""

    permission = EDIT

    def get_object(self) -> Project:
        return access.get(self.user, Project, self.kwargs["pk"], EDIT, related=("line__year__owner",))

    def get_crumbs(self) -> Sequence[Crumb]:
        row: Project | None = self.object
        if row is None:
            return YEARS
        return [*YEARS, (str(row.line.year), row.line.year.get_absolute_url()), (str(row), row.get_absolute_url())]


class ProjectEdit(_OfProject):
    """Put a project right."""

    title = "更改项目"
    form_class = forms.ProjectForm

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in forms.ProjectForm.base_fields}

    def save(self, form: Any) -> Project:
        return services.save_project(self.user, self.object, form.cleaned_data)


class ProjectReason(_OfProject):
    """Why so little of a project was spent."""

    title = "说明执行偏低原因"
    form_class = forms.ReasonForm

    def initial(self) -> dict[str, Any]:
        return {"low_reason": self.object.low_reason}

    def save(self, form: Any) -> Any:
        services.explain(self.user, self.object, form.cleaned_data["low_reason"])
        return self.object
