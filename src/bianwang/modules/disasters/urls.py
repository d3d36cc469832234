"""URLs of the disaster statistics."""

from django.urls import path
from django.views.generic import RedirectView

from bianwang.modules.disasters.lists.disasters import DisasterList
from bianwang.modules.disasters.lists.ledgers import CasualtyList, HouseList
from bianwang.modules.disasters.lists.reports import FigureList, ReportList, SheetList
from bianwang.modules.disasters.models import Casualty
from bianwang.modules.disasters.views import disasters, exports, ledgers, reports

app_name = "disasters"

urlpatterns = [
    path("", DisasterList.as_view(), name="list"),
    path("register/", disasters.Register.as_view(), name="register"),
    path("statistics/", exports.Statistics.as_view(), name="statistics"),
    path("reports/", ReportList.as_view(), name="reports"),
    path("reports/<int:pk>/export/", exports.ReportExport.as_view(), name="report_export"),
    *reports.ReportPage.urls("report", "reports/"),
    path("sheets/", SheetList.as_view(), name="sheets"),
    *reports.SheetPage.urls("sheet", "sheets/"),
    path(
        "sheets/import/",
        RedirectView.as_view(pattern_name="exchange:upload"),
        {"kind": "disasters.figures"},
        name="figure_import",
    ),
    path("figures/", FigureList.as_view(), name="figures"),
    path("houses/", HouseList.as_view(), name="houses"),
    path(
        "houses/import/",
        RedirectView.as_view(pattern_name="exchange:upload"),
        {"kind": "disasters.house"},
        name="house_import",
    ),
    path("houses/<int:pk>/change/", ledgers.HouseChange.as_view(), name="house_change"),
    path("houses/<int:pk>/photos/", ledgers.HousePhotos.as_view(), name="house_photos"),
    path("houses/<int:pk>/withdraw/", ledgers.Withdraw.as_view(), name="house_withdraw"),
    path("houses/<int:pk>/identity/", ledgers.IdentityPage.as_view(), name="house_identity"),
    *ledgers.HousePage.urls("house", "houses/"),
    path("casualties/", CasualtyList.as_view(), name="casualties"),
    path("casualties/<int:pk>/change/", ledgers.CasualtyChange.as_view(), name="casualty_change"),
    path("casualties/<int:pk>/withdraw/", ledgers.Withdraw.as_view(model=Casualty), name="casualty_withdraw"),
    path("casualties/<int:pk>/identity/", ledgers.IdentityPage.as_view(model=Casualty), name="casualty_identity"),
    *ledgers.CasualtyPage.urls("casualty", "casualties/"),
    path("<int:pk>/correct/", disasters.Correct.as_view(), name="correct"),
    path("<int:pk>/revoke/", disasters.Revoke.as_view(), name="revoke"),
    path("<int:pk>/towns/", disasters.Towns.as_view(), name="towns"),
    path("<int:pk>/recheck/", disasters.Recheck.as_view(), name="recheck"),
    path("<int:pk>/houses/new/", ledgers.HouseNew.as_view(), name="house_new"),
    path("<int:pk>/casualties/new/", ledgers.CasualtyNew.as_view(), name="casualty_new"),
    *disasters.DisasterPage.urls("detail"),
]
