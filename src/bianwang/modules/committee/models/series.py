"""Gap-free numbers of the committee's papers."""

from __future__ import annotations

from django.db import models


class Series(models.Model):
    """The last number of a kind of paper in a year. Incremented in the transaction that uses the number."""

    kind = models.CharField(max_length=12)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "committee_series"
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="committee_series_unique")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"
