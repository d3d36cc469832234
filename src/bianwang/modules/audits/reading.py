"""From a stored version to its document and its audit: pure work, remembered because a page asks for it again."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import orjson

from bianwang.audit.auditor import audit
from bianwang.audit.document import Cell, Document, Table
from bianwang.audit.model import Audit, Relation, Verdict
from bianwang.modules.audits.models import Version

REMEMBERED = 32


class Reading(NamedTuple):
    """A document, and everything that was found in it."""

    document: Document
    audit: Audit

    def counts(self) -> dict[Verdict, int]:
        """Findings by verdict."""
        found = dict.fromkeys((Verdict.CONTRADICTION, Verdict.SUSPICIOUS, Verdict.UNSUPPORTED), 0)
        for finding in self.audit.findings:
            found[finding.verdict] += 1
        return found

    def keys(self) -> dict[str, Relation]:
        """Findings by key."""
        return {finding.key: finding for finding in self.audit.findings}


def packed(document: Document) -> str:
    """The tables of a document as JSON: for each cell its start, end, row, column, rows and columns."""
    tables = [
        [(cell.start, cell.end, cell.row, cell.column, cell.rows, cell.columns) for cell in table.cells]
        for table in document.tables
    ]
    return orjson.dumps(tables).decode()


def read(version: Version) -> Reading:
    """The audit of a stored version."""
    return _read(version.text, version.tables)


def read_document(document: Document) -> Reading:
    """The audit of a document that is about to be stored."""
    return _read(document.text, packed(document))


@lru_cache(maxsize=REMEMBERED)
def _read(text: str, tables: str) -> Reading:
    # By content, not by number: a number may come to mean another text when a backup is restored.
    cells = [Table(tuple(Cell(*cell) for cell in table)) for table in orjson.loads(tables)]
    document = Document(text, tuple(cells))
    return Reading(document, audit(document))
