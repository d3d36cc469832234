"""URLs of the hazards."""

from django.urls import path

from bianwang.modules.hazards import views
from bianwang.modules.hazards.lists import CriterionList, HazardList
from bianwang.modules.patrol.models import Look, Suspicion

app_name = "hazards"

urlpatterns = [
    path("", HazardList.as_view(), name="list"),
    path("register/", views.Register.as_view(), name="register"),
    path("from-alarm/<int:pk>/", views.FromAlarm.as_view(), name="from_alarm"),
    path("from-look/<int:pk>/", views.FromSight.as_view(model=Look), name="from_look"),
    path("from-suspicion/<int:pk>/", views.FromSight.as_view(model=Suspicion), name="from_suspicion"),
    path("import/", views.import_page, name="import"),
    path("criteria/", CriterionList.as_view(), name="criteria"),
    path("statistics/", views.Statistics.as_view(), name="statistics"),
    path("board/", views.Board.as_view(), name="board"),
    path("board/rows/", views.BoardRows.as_view(), name="board_rows"),
    path("wall-counters/", views.WallCounters.as_view(), name="wall_counters"),
    *views.HazardPage.urls("detail"),
]
