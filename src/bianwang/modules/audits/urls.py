"""URLs of the audits."""

from django.urls import path

from bianwang.modules.audits import views
from bianwang.modules.audits.lists import AuditList

app_name = "audits"

urlpatterns = [
    path("", AuditList.as_view(), name="list"),
    path("new/", views.New.as_view(), name="new"),
    path("<int:pk>/", views.Detail.as_view(), name="detail"),
    path("<int:pk>/versions/<int:number>/", views.Detail.as_view(), name="version"),
    path("<int:pk>/revise/", views.Revise.as_view(), name="revise"),
    path("<int:pk>/rename/", views.Rename.as_view(), name="rename"),
    path("<int:pk>/decide/", views.Decide.as_view(), name="decide"),
    path("<int:pk>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
    path("<int:pk>/word/", views.Word.as_view(), name="word"),
    path("<int:pk>/findings/", views.Findings.as_view(), name="findings"),
]
