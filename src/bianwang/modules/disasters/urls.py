"""URLs of the disaster statistics."""

from django.urls import path

from bianwang.modules.disasters.lists.disasters import DisasterList
from bianwang.modules.disasters.views import disasters

app_name = "disasters"

urlpatterns = [
    path("", DisasterList.as_view(), name="list"),
    path("register/", disasters.Register.as_view(), name="register"),
    path("<int:pk>/correct/", disasters.Correct.as_view(), name="correct"),
    path("<int:pk>/revoke/", disasters.Revoke.as_view(), name="revoke"),
    *disasters.DisasterPage.urls("detail"),
]
