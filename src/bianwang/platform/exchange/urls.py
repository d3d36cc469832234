"""Import pages: `<kind>/` upload, `<kind>/template/`, `import/<pk>/`."""

from __future__ import annotations

from django.urls import path

from bianwang.platform.exchange import views

app_name = "exchange"
urlpatterns = [
    path("import/<int:pk>/", views.ImportPage.as_view(), name="import"),
    path("<str:kind>/", views.Upload.as_view(), name="upload"),
    path("<str:kind>/template/", views.Template.as_view(), name="template"),
]
