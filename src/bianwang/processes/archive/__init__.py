"""The whole telemetry as files by month: from the embedded engine to a server, from one home to another.

An archive is a folder with a file of each table and month (ClickHouse's Native format, compressed by zstd) and a
manifest of the rows and the SM3 of each: of the file, so that damage is found before anything is written, and of
the rows in canonical order, so that both stores can be compared however they keep them.
"""

from bianwang.processes.archive.exporting import LATEST, save
from bianwang.processes.archive.importing import load
from bianwang.processes.archive.manifest import Archive
from bianwang.processes.backup.manifest import BackupError

__all__ = ["LATEST", "Archive", "BackupError", "load", "save"]
