"""URLs of the committee's work."""

from django.urls import path

from bianwang.modules.committee.lists import AssignmentList, MeetingList, SupervisionList, TaskList, VersionList
from bianwang.modules.committee.views import assessment, supervision, tasks, watch
from bianwang.modules.committee.watch_lists import (
    CallList,
    CheckInList,
    NoticeList,
    PeriodList,
    ReceiptList,
    ZeroReportList,
)

app_name = "committee"

urlpatterns = [
    path("", AssignmentList.as_view(), name="list"),
    path("tasks/", TaskList.as_view(), name="tasks"),
    path("tasks/new/", tasks.TaskNew.as_view(), name="task_new"),
    *tasks.TaskPage.urls("task", "tasks/"),
    path("matrix/", tasks.Matrix.as_view(), name="matrix"),
    *tasks.AssignmentPage.urls("assignment", "assignments/"),
    path("meetings/", MeetingList.as_view(), name="meetings"),
    path("meetings/new/", tasks.MeetingNew.as_view(), name="meeting_new"),
    *tasks.MeetingPage.urls("meeting", "meetings/"),
    path("meetings/<int:pk>/attendance/", tasks.AttendancePage.as_view(), name="attendance"),
    path("supervisions/", SupervisionList.as_view(), name="supervisions"),
    path("supervisions/new/", supervision.SupervisionNew.as_view(), name="supervision_new"),
    *supervision.SupervisionPage.urls("supervision", "supervisions/"),
    path("notices/", NoticeList.as_view(), name="notices"),
    path("notices/new/", watch.NoticeNew.as_view(), name="notice_new"),
    *watch.NoticePage.urls("notice", "notices/"),
    path("notices/<int:pk>/remind/", watch.RemindPage.as_view(), name="notice_remind"),
    path("receipts/", ReceiptList.as_view(), name="receipts"),
    *watch.ReceiptPage.urls("receipt", "receipts/"),
    path("check-ins/", CheckInList.as_view(), name="check_ins"),
    path("check-ins/new/", watch.CheckInNew.as_view(), name="check_in_new"),
    *watch.CheckInPage.urls("check_in", "check-ins/"),
    path("check-ins/<int:pk>/record/", watch.CallsPage.as_view(), name="calls_record"),
    path("calls/", CallList.as_view(), name="calls"),
    path("periods/", PeriodList.as_view(), name="periods"),
    path("periods/new/", watch.PeriodNew.as_view(), name="period_new"),
    *watch.PeriodPage.urls("period", "periods/"),
    path("zero-reports/", ZeroReportList.as_view(), name="zero_reports"),
    *watch.ZeroReportPage.urls("zero_report", "zero-reports/"),
    path("zero-reports/<int:pk>/report/", watch.ReportDay.as_view(), name="report_day"),
    path("assessment/", assessment.SheetPage.as_view(), name="assessment"),
    path("assessment/versions/", VersionList.as_view(), name="versions"),
    path("assessment/versions/<int:pk>/", assessment.VersionPage.as_view(), name="version"),
    path("assessment/<int:year>/freeze/", assessment.FreezePage.as_view(), name="freeze"),
    path("assessment/<int:year>/<int:unit>/", assessment.UnitSheet.as_view(), name="unit_sheet"),
    path("assessment/<int:year>/<int:unit>/<slug:code>/", assessment.ScorePage.as_view(), name="score"),
    path("statistics/", assessment.Statistics.as_view(), name="statistics"),
]
