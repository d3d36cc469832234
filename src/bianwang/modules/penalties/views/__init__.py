"""Pages of penalties."""

from bianwang.modules.penalties.views.cases import CasePage, New
from bianwang.modules.penalties.views.others import EvidencePage, MeasurePage, PublicationPage, SourceNew, SourcePage
from bianwang.modules.penalties.views.statistics import Statistics

__all__ = [
    "CasePage",
    "EvidencePage",
    "MeasurePage",
    "New",
    "PublicationPage",
    "SourceNew",
    "SourcePage",
    "Statistics",
]
