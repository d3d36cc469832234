"""The object pages of lines, projects, receipts, payments and publications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from django.urls import reverse, reverse_lazy

from bianwang.modules.budget import showing
from bianwang.modules.budget.models import Line, Payment, Project, Publication, Receipt
from bianwang.platform import access
from bianwang.platform.ui.objects import Action, Facts, ObjectPage, Related
from bianwang.platform.ui.pages import Crumb

EDIT = "budget.edit"
YEARS = (("年度预算", reverse_lazy("budget:list")),)
RECEIPTS = (("上级资金", reverse_lazy("budget:receipts")),)
PAYMENTS = (("支付", reverse_lazy("budget:payments")),)
PUBLICATIONS = (("预决算公开", reverse_lazy("budget:publications")),)


class _Page(ObjectPage):
    """What they have in common."""

    permission = "budget.view"
    template = "budget/object.html"

    @property
    def may_edit(self) -> bool:
        """Whether links that write are shown."""
        return access.can(self.user, EDIT)


class LinePage(_Page):
    """One line."""

    model = Line
    select: ClassVar[Sequence[str]] = ("year__owner",)

    def get_crumbs(self) -> Sequence[Crumb]:
        return [*YEARS, (str(self.object.year), self.object.year.get_absolute_url())]

    def facts(self) -> Sequence[Facts]:
        return showing.line_facts(self.object)

    def related(self) -> Sequence[Related]:
        return showing.line_related(self.object, self.user, self.may_edit and self.object.year.state != "closed")

    def actions(self) -> Sequence[Action]:
        row: Line = self.object
        if not self.may_edit or row.year.state == "closed":
            return []
        found = [Action("登记支付", reverse("budget:pay", args=[row.pk]), "cash")]
        if row.year.state == "draft":
            return [*found, Action("更改", reverse("budget:line_edit", args=[row.pk]), "pencil")]
        return [
            *found,
            Action("调整预算", reverse("budget:adjust", args=[row.pk]), "adjustments"),
            Action("说明原因", reverse("budget:line_reason", args=[row.pk]), "message"),
        ]


class ProjectPage(_Page):
    """One project."""

    model = Project
    select: ClassVar[Sequence[str]] = ("line__year__owner", "office")

    def get_crumbs(self) -> Sequence[Crumb]:
        line = self.object.line
        return [
            *YEARS,
            (str(line.year), line.year.get_absolute_url()),
            (str(line), line.get_absolute_url()),
        ]

    def facts(self) -> Sequence[Facts]:
        return showing.project_facts(self.object)

    def related(self) -> Sequence[Related]:
        return showing.project_related(self.object, self.user)

    def actions(self) -> Sequence[Action]:
        row: Project = self.object
        if not self.may_edit or row.line.year.state == "closed":
            return []
        of = f"?project={row.pk}"
        found = [
            Action("登记支付", reverse("budget:pay", args=[row.line_id]) + of, "cash"),
            Action("更改", reverse("budget:project_edit", args=[row.pk]), "pencil"),
        ]
        if row.line.year.state == "approved":
            found.append(Action("调整预算", reverse("budget:adjust", args=[row.line_id]) + of, "adjustments"))
            found.append(Action("说明原因", reverse("budget:project_reason", args=[row.pk]), "message"))
        return found


class ReceiptPage(_Page):
    """Money of one document."""

    model = Receipt
    select: ClassVar[Sequence[str]] = ("year", "project")
    crumbs = RECEIPTS

    def facts(self) -> Sequence[Facts]:
        return showing.receipt_facts(self.object)

    def actions(self) -> Sequence[Action]:
        row: Receipt = self.object
        if not self.may_edit or row.year.state == "closed":
            return []
        return [Action("落实到项目", reverse("budget:assign", args=[row.pk]), "arrow-right")]


class PaymentPage(_Page):
    """One payment."""

    model = Payment
    select: ClassVar[Sequence[str]] = ("line__year", "project")
    crumbs = PAYMENTS

    def facts(self) -> Sequence[Facts]:
        return showing.payment_facts(self.object)


class PublicationPage(_Page):
    """One paper that has to be published."""

    model = Publication
    select: ClassVar[Sequence[str]] = ("owner",)
    crumbs = PUBLICATIONS

    def facts(self) -> Sequence[Facts]:
        return showing.publication_facts(self.object)

    def actions(self) -> Sequence[Action]:
        row: Publication = self.object
        if not self.may_edit:
            return []
        words = "更正公开" if row.published_on else "登记公开"
        return [Action(words, reverse("budget:publish", args=[row.pk]), "world")]
