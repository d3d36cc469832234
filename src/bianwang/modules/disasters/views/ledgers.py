"""Pages of the ledgers of persons and dwellings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters

from bianwang.modules.disasters import forms as plain_forms, ledger_forms as forms
from bianwang.modules.disasters.models import Casualty, Disaster, House
from bianwang.modules.disasters.services import ledgers as services
from bianwang.platform import access
from bianwang.platform.ui.cells import Cell, fact
from bianwang.platform.ui.forms import FormPage, add_errors, refusals_in_form
from bianwang.platform.ui.objects import Action, Facts, ObjectPage
from bianwang.platform.ui.pages import Crumb, Page

Row = House | Casualty
WAYS: dict[type[Row], Crumb] = {
    House: ("倒损住房户台账", reverse_lazy("disasters:houses")),
    Casualty: ("因灾死亡失踪人员台账", reverse_lazy("disasters:casualties")),
}


@method_decorator(sensitive_post_parameters(), name="dispatch")
class Entry(FormPage):
    """Something new in a ledger of one disaster."""

    permission = "disasters.ledger_edit"
    submit = "登记"

    def get_object(self) -> Disaster:
        return access.get(self.user, Disaster, self.kwargs["pk"], "disasters.view")

    def form_kwargs(self) -> dict[str, Any]:
        return {"disaster": self.object, "user": self.user}

    def get_crumbs(self) -> Sequence[Crumb]:
        return [("灾情", reverse("disasters:list")), (str(self.object), self.object.get_absolute_url())]

    def done(self, result: Row) -> str:
        return f"已登记“{result}”。"


class HouseNew(Entry):
    """A household."""

    title = "登记倒损住房户"
    form_class = forms.HouseForm

    def save(self, form: Any) -> House:
        data = form.cleaned_data
        with refusals_in_form():
            return services.add_house(
                self.user, self.object, data["unit"], form.values(), form.person(), data["photos"]
            )


class CasualtyNew(Entry):
    """Somebody killed or missing."""

    title = "登记因灾死亡失踪人员"
    form_class = forms.CasualtyForm

    def save(self, form: Any) -> Casualty:
        unit = form.cleaned_data["unit"]
        with refusals_in_form():
            return services.add_casualty(self.user, self.object, unit, form.values(), form.person())


class RowForm(FormPage):
    """A form about one row of a ledger."""

    permission = "disasters.ledger_edit"
    model: type[Row] = House

    def get_object(self) -> Row:
        related = ("disaster", "unit")
        return access.get(self.user, self.model, self.kwargs["pk"], self.permission, related=related)

    def get_crumbs(self) -> Sequence[Crumb]:
        return [WAYS[self.model], (str(self.object), self.object.get_absolute_url())]

    def save(self, form: Any) -> Row:
        with refusals_in_form():
            self.act(form)
        return self.object  # type: ignore[no-any-return]

    def act(self, form: Any) -> None:
        """Do it through a service."""
        raise NotImplementedError


class HouseChange(RowForm):
    """Put a household right."""

    title = "更正倒损住房户"
    form_class = forms.HouseChangeForm

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in services.HOUSE_COLUMNS}

    def act(self, form: Any) -> None:
        services.change_house(self.object, self.user, form.values(), form.cleaned_data["reason"])


class HousePhotos(RowForm):
    """More photos of a dwelling."""

    title = "上传房屋照片"
    form_class = forms.PhotosForm
    submit = "上传"

    def act(self, form: Any) -> None:
        services.add_photos(self.object, self.user, form.cleaned_data["photos"])

    def done(self, result: Row) -> str:
        return f"已上传，“{result}”现有照片 {self.object.photos} 张。"


class CasualtyChange(RowForm):
    """Put a person's row right."""

    title = "更正因灾死亡失踪人员"
    model = Casualty
    form_class = forms.CasualtyChangeForm

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.object, name) for name in services.CASUALTY_COLUMNS}

    def act(self, form: Any) -> None:
        services.change_casualty(self.object, self.user, form.values(), form.cleaned_data["reason"])


class Withdraw(RowForm):
    """Take a row out of what counts."""

    title = "撤销台账登记"
    form_class = plain_forms.ReasonForm
    submit = "撤销"
    intro = "误登记、重复登记或失踪人员已找到的，撤销后保留记录，不再计数。"

    def act(self, form: Any) -> None:
        services.withdraw(self.object, self.user, form.cleaned_data["reason"])

    def done(self, result: Row) -> str:
        return f"已撤销“{result}”。"


class LedgerPage(ObjectPage):
    """One row of a ledger."""

    permission = "disasters.ledgers"
    select: ClassVar[Sequence[str]] = ("disaster", "unit", "added_by")
    template = "disasters/row.html"
    name: str

    def get_crumbs(self) -> Sequence[Crumb]:
        return [WAYS[self.model]]  # type: ignore[index]

    def facts(self) -> Sequence[Facts]:
        row = self.object
        who = [
            fact("姓名", row.masked_name),
            fact("身份证号码", row.masked_number),
            fact("灾害", str(row.disaster), href=row.disaster.get_absolute_url()),
            fact("镇街", row.unit.name),
            fact("登记人", row.added_by.name),
            fact("登记时间", row.added_at, "datetime"),
        ]
        return [Facts("登记", who), Facts("情况", self.cells())]

    def cells(self) -> list[Cell]:
        """What the row says."""
        raise NotImplementedError

    def actions(self) -> Sequence[Action]:
        row, key, found = self.object, [self.object.pk], []
        if access.can(self.user, "disasters.identity"):
            found.append(Action("查看身份信息", reverse(f"disasters:{self.name}_identity", args=key), "lock"))
        if not access.can(self.user, "disasters.ledger_edit") or not row.disaster.is_open:
            return found
        change = reverse(f"disasters:{self.name}_change", args=key)
        if row.is_withdrawn:
            return [*found, Action("恢复并更正", change, "edit")]
        withdraw = Action("撤销", reverse(f"disasters:{self.name}_withdraw", args=key), "ban")
        found += [*self.further(), Action("更正", change, "edit"), withdraw]
        return found

    def further(self) -> Sequence[Action]:
        """What else can be done to it."""
        return ()


class HousePage(LedgerPage):
    """One household."""

    model = House
    name = "house"

    def cells(self) -> list[Cell]:
        row: House = self.object
        return [
            fact("村（社区）和组", row.village),
            fact("家庭人口", row.people, "number", unit="人"),
            fact("房屋结构", row.get_structure_display()),
            fact("唯一住房", row.is_sole, "flag"),
            fact("原有间数", row.rooms, "number", unit="间"),
            fact("倒塌", row.collapsed, "number", unit="间"),
            fact("严重损坏", row.severe, "number", unit="间"),
            fact("一般损坏", row.general, "number", unit="间"),
            fact("照片", row.photos, "number", unit="张"),
            fact("备注", row.note),
        ]

    def further(self) -> Sequence[Action]:
        return [Action("上传照片", reverse("disasters:house_photos", args=[self.object.pk]), "camera")]


class CasualtyPage(LedgerPage):
    """One person."""

    model = Casualty
    name = "casualty"

    def cells(self) -> list[Cell]:
        row: Casualty = self.object
        return [
            fact("情况", row.get_outcome_display()),
            fact("性别", row.get_sex_display()),
            fact("年龄", row.age, "number", unit="岁"),
            fact("日期", row.happened_on, "date"),
            fact("地点", row.place),
            fact("原因", row.cause),
        ]


class IdentityPage(Page):
    """Who it is, shown once for a stated reason; nothing of it is kept in a browser or printed."""

    title = "查看身份信息"
    permission = "disasters.identity"
    template = "disasters/identity.html"
    model: type[Row] = House

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self._show(pk, plain_forms.ReasonForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = plain_forms.ReasonForm(request.POST)
        if not form.is_valid():
            return self._show(pk, form, status=422)
        try:
            person = services.read_person(self.user, self._row(pk), form.cleaned_data["reason"])
        except ValidationError as error:
            add_errors(form, error)
            return self._show(pk, form, status=422)
        return self._show(pk, None, person=person)

    def _row(self, pk: int) -> Row:
        return access.get(self.user, self.model, pk, "disasters.identity")

    def _show(self, pk: int, form: Any, status: int = 200, **more: Any) -> HttpResponse:
        row = self._row(pk)
        url = row.get_absolute_url()
        crumbs = [WAYS[self.model], (str(row), url)]
        answer = self.render(status=status, form=form, row=row, back=url, crumbs=crumbs, submit="查看", **more)
        answer["Cache-Control"] = "no-store"
        return answer
