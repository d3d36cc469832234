"""URLs of the accidents."""

from django.urls import path

from bianwang.modules.accidents import views
from bianwang.modules.accidents.lists import AccidentList, CasualtyList, GdpList

app_name = "accidents"

urlpatterns = [
    path("", AccidentList.as_view(), name="list"),
    path("register/", views.Register.as_view(), name="register"),
    path("casualties/", CasualtyList.as_view(), name="casualties"),
    path("statistics/", views.Statistics.as_view(), name="statistics"),
    path("gdp/", GdpList.as_view(), name="gdp"),
    path("gdp/new/", views.GdpEdit.as_view(), name="gdp_edit"),
    *views.AccidentPage.urls("detail"),
]
