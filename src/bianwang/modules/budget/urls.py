"""URLs of budgets."""

from django.urls import path

from bianwang.modules.budget.lists.lines import AdjustmentList, LineList, ProjectList, YearList
from bianwang.modules.budget.lists.money import PaymentList, ReceiptList
from bianwang.modules.budget.lists.papers import PublicationList, StaffList
from bianwang.modules.budget.views import figures, money, objects, years

app_name = "budget"

urlpatterns = [
    path("", YearList.as_view(), name="list"),
    path("new/", years.YearNew.as_view(), name="year_new"),
    *years.YearPage.urls("year"),
    path("<int:pk>/lines/new/", years.LineNew.as_view(), name="line_new"),
    path("<int:pk>/receive/", money.Receive.as_view(), name="receive"),
    path("<int:pk>/statement/", years.StatementNew.as_view(), name="statement"),
    path("alerts/", figures.AlertPage.as_view(), name="alerts"),
    path("funds/", figures.FundPage.as_view(), name="funds"),
    path("lines/import/", figures.upload, {"kind": "budget.line"}, name="line_import"),
    path("projects/import/", figures.upload, {"kind": "budget.project"}, name="project_import"),
    path("payments/import/", figures.upload, {"kind": "budget.payment"}, name="payment_import"),
    path("lines/", LineList.as_view(), name="lines"),
    *objects.LinePage.urls("line", "lines/"),
    path("lines/<int:pk>/edit/", years.LineEdit.as_view(), name="line_edit"),
    path("lines/<int:pk>/adjust/", years.Adjust.as_view(), name="adjust"),
    path("lines/<int:pk>/reason/", years.LineReason.as_view(), name="line_reason"),
    path("lines/<int:pk>/pay/", money.Pay.as_view(), name="pay"),
    path("lines/<int:pk>/projects/new/", years.ProjectNew.as_view(), name="project_new"),
    path("projects/", ProjectList.as_view(), name="projects"),
    *objects.ProjectPage.urls("project", "projects/"),
    path("projects/<int:pk>/edit/", years.ProjectEdit.as_view(), name="project_edit"),
    path("projects/<int:pk>/reason/", years.ProjectReason.as_view(), name="project_reason"),
    path("adjustments/", AdjustmentList.as_view(), name="adjustments"),
    path("payments/", PaymentList.as_view(), name="payments"),
    *objects.PaymentPage.urls("payment", "payments/"),
    path("receipts/", ReceiptList.as_view(), name="receipts"),
    *objects.ReceiptPage.urls("receipt", "receipts/"),
    path("receipts/<int:pk>/assign/", money.Assign.as_view(), name="assign"),
    path("publications/", PublicationList.as_view(), name="publications"),
    path("publications/new/", money.PublicationNew.as_view(), name="publication_new"),
    *objects.PublicationPage.urls("publication", "publications/"),
    path("publications/<int:pk>/publish/", money.Publish.as_view(), name="publish"),
    path("staff/", StaffList.as_view(), name="staff"),
    path("staff/new/", money.StaffNew.as_view(), name="staff_new"),
]
