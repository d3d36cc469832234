"""URLs of disaster relief."""

from django.urls import path

from bianwang.modules.relief.lists.claims import AppealList, ClaimList, MeetingList
from bianwang.modules.relief.lists.money import BatchList, FundList, LineList, ProgrammeList
from bianwang.modules.relief.lists.supplies import DonationList, IssueList, MoveList, StockList
from bianwang.modules.relief.views import claims, meetings, money, public, supplies

app_name = "relief"

urlpatterns = [
    path("", ClaimList.as_view(), name="list"),
    path("new/", claims.ClaimNew.as_view(), name="new"),
    path("import/", claims.import_claims, name="import"),
    *claims.ClaimPage.urls("detail"),
    path("<int:pk>/paper/", claims.Paper.as_view(), name="paper"),
    path("<int:pk>/numbers/", claims.NumbersPage.as_view(), name="numbers"),
    path("<int:pk>/objection/", claims.ObjectionNew.as_view(), name="objection"),
    path("<int:pk>/settle/", claims.ObjectionSettle.as_view(), name="settle"),
    path("meetings/", MeetingList.as_view(), name="meetings"),
    path("meetings/waiting/", meetings.Waiting.as_view(), name="waiting"),
    path("meetings/new/<int:programme>/<int:village>/", meetings.MeetingNew.as_view(), name="meeting_new"),
    *meetings.MeetingPage.urls("meeting", "meetings/"),
    path("meetings/<int:pk>/notice/", meetings.Notice.as_view(), name="notice"),
    path("appeals/", AppealList.as_view(), name="appeals"),
    *claims.AppealPage.urls("appeal", "appeals/"),
    path("programmes/", ProgrammeList.as_view(), name="programmes"),
    path("programmes/new/", money.ProgrammeNew.as_view(), name="programme_new"),
    *money.ProgrammePage.urls("programme", "programmes/"),
    path("programmes/<int:pk>/open/", money.ProgrammeOpen.as_view(), name="programme_open"),
    path("funds/", FundList.as_view(), name="funds"),
    path("funds/new/", money.FundNew.as_view(), name="fund_new"),
    *money.FundPage.urls("fund", "funds/"),
    path("funds/<int:pk>/receive/", money.Receive.as_view(), name="receive"),
    path("funds/<int:pk>/allot/", money.Allot.as_view(), name="allot"),
    path("batches/", BatchList.as_view(), name="batches"),
    path("batches/new/", money.BatchNew.as_view(), name="batch_new"),
    path("batches/results/", claims.import_results, name="results"),
    *money.BatchPage.urls("batch", "batches/"),
    path("batches/<int:pk>/bank/", money.BankFile.as_view(), name="bank"),
    path("lines/", LineList.as_view(), name="lines"),
    path("donations/", DonationList.as_view(), name="donations"),
    path("donations/new/", supplies.DonationNew.as_view(), name="donation_new"),
    path("donations/published/", supplies.Published.as_view(), name="published"),
    *supplies.DonationPage.urls("donation", "donations/"),
    path("stock/", StockList.as_view(), name="stock"),
    path("stock/moves/", MoveList.as_view(), name="moves"),
    path("stock/stores/new/", supplies.StoreNew.as_view(), name="store_new"),
    path("stock/in/", supplies.TakeIn.as_view(), name="take_in"),
    path("issues/", IssueList.as_view(), name="issues"),
    path("issues/new/", supplies.IssueNew.as_view(), name="issue_new"),
    *supplies.IssuePage.urls("issue", "issues/"),
    path("statistics/", claims.Statistics.as_view(), name="statistics"),
    path("self/<str:token>/", public.self_report, name="self_report"),
    path("self/<str:token>/<str:ticket>/", public.self_confirm, name="self_confirm"),
]
