"""The lives of what outreach keeps, as tables, one file a subject. Guards speak of one row and one person."""

from bianwang.modules.outreach.workflow.broadcasts import BROADCAST, RECEIPT
from bianwang.modules.outreach.workflow.calls import CALL, PENDING, REWARD
from bianwang.modules.outreach.workflow.petitions import PETITION
from bianwang.modules.outreach.workflow.surveys import SURVEY

__all__ = ["BROADCAST", "CALL", "PENDING", "PETITION", "RECEIPT", "REWARD", "SURVEY"]
