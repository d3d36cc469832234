"""URLs of the documents."""

from django.urls import path

from bianwang.modules.documents import views
from bianwang.modules.documents.lists import DocumentList, DossierList, TemplateList

app_name = "documents"

urlpatterns = [
    path("", DocumentList.as_view(), name="list"),
    path("dossiers/", DossierList.as_view(), name="dossiers"),
    path("dossiers/open/", views.Open.as_view(), name="open"),
    path("dossiers/<int:pk>/papers/", views.Papers.as_view(), name="papers"),
    path("dossiers/<int:pk>/pdf/", views.CaseFile.as_view(), name="case_file"),
    path("dossiers/<int:pk>/draw/<slug:kind>/", views.DrawUp.as_view(), name="draw_up"),
    *views.DossierPage.urls("dossier", "dossiers/"),
    path("templates/", views.Templates.as_view(), name="templates"),
    path("templates/versions/", TemplateList.as_view(), name="versions"),
    path("templates/<int:pk>/restore/", views.Restore.as_view(), name="restore"),
    path("templates/<slug:kind>/", views.TemplatePage.as_view(), name="template"),
    path("templates/<slug:kind>/word/", views.TemplateWord.as_view(), name="template_word"),
    path("<int:pk>/pdf/", views.Pdf.as_view(), name="pdf"),
    path("<int:pk>/word/", views.Word.as_view(), name="word"),
    *views.DocumentPage.urls("detail"),
]
