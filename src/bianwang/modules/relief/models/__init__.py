"""Tables of disaster relief."""

from bianwang.modules.relief.models.claims import Appeal, Claim, Intake, Person, Secret
from bianwang.modules.relief.models.funds import Donation, Fund, FundEntry
from bianwang.modules.relief.models.meetings import Meeting, Objection
from bianwang.modules.relief.models.payments import Batch, Line
from bianwang.modules.relief.models.programmes import Programme, Series
from bianwang.modules.relief.models.supplies import Issue, Item, Stock, StockEntry, Store

__all__ = [
    "Appeal",
    "Batch",
    "Claim",
    "Donation",
    "Fund",
    "FundEntry",
    "Intake",
    "Issue",
    "Item",
    "Line",
    "Meeting",
    "Objection",
    "Person",
    "Programme",
    "Secret",
    "Series",
    "Stock",
    "StockEntry",
    "Store",
]
