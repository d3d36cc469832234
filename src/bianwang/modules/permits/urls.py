"""URLs of the permits."""

from django.urls import path

from bianwang.modules.permits import views
from bianwang.modules.permits.lists import PermitList

app_name = "permits"

urlpatterns = [
    path("", PermitList.as_view(), name="list"),
    path("board/", views.Board.as_view(), name="board"),
    path("new/", views.Choose.as_view(), name="new"),
    path("new/<str:kind>/", views.Register.as_view(), name="register"),
    path("<int:pk>/change/", views.Change.as_view(), name="change"),
    path("<int:pk>/print/", views.Ticket.as_view(), name="print"),
    *views.PermitPage.urls("detail"),
]
