"""URLs of the to-do list."""

from django.urls import path

from bianwang.platform.todo import views

app_name = "todo"
urlpatterns = [
    path("", views.TodoList.as_view(), name="list"),
    path("done/", views.DoneList.as_view(), name="done"),
    path("hand-over/", views.HandOver.as_view(), name="hand_over"),
]
