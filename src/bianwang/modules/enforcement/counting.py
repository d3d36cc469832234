"""Visits of a period counted by every property at once: one pass over a covering index instead of one a figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from bianwang.modules.enforcement.models import Visit
from bianwang.modules.enforcement.queries import DONE
from bianwang.platform.places.models import Enterprise, Party

_PROPERTIES = ("unit", "kind", "scope", "state", "is_statutory", "is_filed", "documents_complete", "is_over")
"""In the order of the index `visit_figures`: the database counts without sorting."""


class Counts:
    """What the figures are made of; `rows` are the visits of the period that the user may see, unordered."""

    def __init__(self, rows: QuerySet[Visit], on: date) -> None:
        self._rows = rows
        due = Q(recheck_by__lte=on)
        self._groups = list(
            rows.values(*_PROPERTIES).annotate(
                n=Count("pk"),
                due=Count("pk", filter=due),
                rechecked=Count("pk", filter=due & Q(rechecked_on__lte=on)),
                approved=Count("over_at"),
            )
        )

    def of(self, scope: str = "") -> dict[str, int]:
        """The counts of one scope, or of all visits."""
        groups = [row for row in self._groups if scope in ("", row["scope"])]
        done = [row for row in groups if row["state"] == Visit.State.DONE]
        statutory = [row for row in done if row["is_statutory"]]
        over = [row for row in done if row["is_over"]]
        return {
            "visits": _sum(done),
            "statutory": _sum(statutory),
            "filed": _sum(row for row in done if row["is_filed"]),
            "documents": _sum(row for row in statutory if row["documents_complete"]),
            "over": _sum(over),
            "waiting": _sum(over) - _sum(over, "approved"),
            "due": _sum(done, "due"),
            "rechecked": _sum(done, "rechecked"),
            "planned": _sum(row for row in groups if row["state"] == Visit.State.PLANNED),
            "enterprises": self._enterprises(scope),
        }

    def spread(self, name: str) -> dict[Any, dict[str, int]]:
        """Visits made, by `kind` or `unit`: all, direct and statutory ones."""
        found: dict[Any, dict[str, int]] = defaultdict(lambda: {"all": 0, "direct": 0, "statutory": 0})
        for row in self._groups:
            if row["state"] == Visit.State.DONE:
                counted = found[row[name]]
                counted["all"] += row["n"]
                counted["direct"] += row["n"] if row["scope"] == Visit.Scope.DIRECT else 0
                counted["statutory"] += row["n"] if row["is_statutory"] else 0
        return dict(found)

    def unit_names(self) -> dict[Any, str]:
        """Names of the units that reported."""
        return dict(Party.objects.filter(pk__in={row["unit"] for row in self._groups}).values_list("pk", "name"))

    def _enterprises(self, scope: str) -> int:
        """Distinct enterprises: asking each whether it was visited reads one row of the index an enterprise."""
        visits = self._rows.filter(DONE, Q(scope=scope) if scope else Q(), enterprise=OuterRef("pk"))
        return Enterprise.objects.filter(Exists(visits)).count()


def _sum(rows: Iterable[Mapping[str, int]], name: str = "n") -> int:
    return sum(row[name] for row in rows)
