"""The only writers of dossiers, documents and templates."""

from bianwang.modules.documents.services.documents import change, draw_up, issue, serve, sign, urge_service, void
from bianwang.modules.documents.services.dossiers import add_papers, open_dossier
from bianwang.modules.documents.services.files import keep
from bianwang.modules.documents.services.templates import restore, upload

__all__ = [
    "add_papers",
    "change",
    "draw_up",
    "issue",
    "keep",
    "open_dossier",
    "restore",
    "serve",
    "sign",
    "upload",
    "urge_service",
    "void",
]
