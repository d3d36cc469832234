"""URLs of the ledger's pages."""

from django.urls import path

from bianwang.platform.ledger import views

app_name = "ledger"
urlpatterns = [
    path("", views.EntryList.as_view(), name="entry_list"),
    path("<int:pk>/", views.EntryPage.as_view(), name="entry"),
    path("verify/", views.Verify.as_view(), name="verify"),
]
