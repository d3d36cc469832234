"""URLs of the alarms."""

from django.urls import path

from bianwang.modules.alarms import views
from bianwang.modules.alarms.lists import AlarmList

app_name = "alarms"

urlpatterns = [
    path("", AlarmList.as_view(), name="list"),
    path("wall/", views.Wall.as_view(), name="wall"),
    path("wall/state/", views.WallState.as_view(), name="wall_state"),
    path("wall/<int:pk>/", views.WallAlarm.as_view(), name="wall_alarm"),
    path("false-rates/", views.FalseRates.as_view(), name="false_rates"),
    path("<int:pk>/curve/", views.Curve.as_view(), name="curve"),
    path("<int:pk>/do/<str:act>/", views.Act.as_view(), name="act"),
    *views.AlarmPage.urls("detail"),
]
