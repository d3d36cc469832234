"""Log-in, one's own account, and the administrators' pages."""

from __future__ import annotations

from django.urls import path

from bianwang.platform.accounts import views

app_name = "accounts"
urlpatterns = [
    path("login/", views.login, name="login"),
    path("logout/", views.logout, name="logout"),
    path("password/", views.password, name="password"),
    path("me/", views.Me.as_view(), name="me"),
    path("users/", views.UserList.as_view(), name="user_list"),
    path("users/new/", views.UserNew.as_view(), name="user_new"),
    path("users/<int:pk>/", views.UserPage.as_view(), name="user"),
    path("users/<int:pk>/grant/", views.Grant.as_view(), name="grant"),
    path("users/<int:pk>/certificate/", views.Certificate.as_view(), name="certificate"),
    path("users/<int:pk>/<str:action>/", views.UserAction.as_view(), name="user_action"),
    path("posts/<int:pk>/revoke/", views.Revoke.as_view(), name="revoke"),
]
