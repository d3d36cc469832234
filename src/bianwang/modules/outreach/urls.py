"""URLs of the hotline."""

from django.urls import path

from bianwang.modules.outreach import views
from bianwang.modules.outreach.lists import CallList, RewardList

app_name = "outreach"

urlpatterns = [
    path("", CallList.as_view(), name="list"),
    path("register/", views.Register.as_view(), name="register"),
    path("statistics/", views.Statistics.as_view(), name="statistics"),
    path("rewards/", RewardList.as_view(), name="rewards"),
    path("<int:pk>/identity/", views.IdentityPage.as_view(), name="identity"),
    *views.RewardPage.urls("reward", "rewards/"),
    *views.CallPage.urls("detail"),
]
