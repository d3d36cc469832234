"""A small workflow as tests need it: reported → fixed → checked → closed, with a way back.

The model belongs to no installed app, so no migration knows it; `sample_table` makes its table.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, models

from bianwang.platform.places.models import Party
from bianwang.platform.workflow.models import WorkflowMixin
from bianwang.platform.workflow.table import Deadline, State, Transition, Workflow

FIX, CHECK = "places.edit", "calendar.edit"
"""Two permissions that exist anyway: town staff, officers and heads may fix; finance and heads may check."""


def _not_the_fixer(ticket, user):
    return "整改人不得复查自己整改的事项。" if user and ticket.fixed_by == user.pk else None


TABLE = Workflow(
    "sample",
    states=(
        State("reported", "待整改", todo=FIX),
        State("fixed", "待复查", todo=CHECK),
        State("closed", "已销号", final=True),
        State("void", "已作废", final=True),
    ),
    transitions=(
        Transition("fix", "提交整改", ("reported",), "fixed", FIX, deadline=Deadline("sample.check"), primary=True),
        Transition("extend", "延期", ("reported",), "reported", CHECK, reason=True),
        Transition(
            "pass",
            "复查通过",
            ("fixed",),
            "closed",
            CHECK,
            clears_deadline=True,
            guard=_not_the_fixer,
            primary=True,
        ),
        Transition("return", "退回", ("fixed",), "reported", CHECK, reason=True, deadline=timedelta(days=3)),
        Transition("void", "作废", ("*",), "void", CHECK, reason=True, verb="sample.cancel"),
        Transition("expire", "到期", ("reported",), "closed", ""),
    ),
)


class Ticket(WorkflowMixin):
    """One thing to fix."""

    owner = models.ForeignKey(Party, models.PROTECT, related_name="+", db_constraint=False)
    name = models.CharField(max_length=40)
    fixed_by = models.BigIntegerField(null=True)
    returns = models.IntegerField(default=0)

    workflow = TABLE
    access_path = "owner"

    class Meta:
        app_label = "sample"
        verbose_name = "事项"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/sample/{self.pk}/"


@pytest.fixture(scope="session")
def sample_table(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        editor.create_model(Ticket)
