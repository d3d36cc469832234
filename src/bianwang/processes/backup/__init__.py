"""One consistent copy of everything under `BIAN_HOME`, taken while the platform works, and the way back.

A backup is a folder laid out as `BIAN_HOME` is, with a manifest of every file's SM3. What depends on what
decides the order in which it is taken:

1. engine snapshots and the ledger's exported heads: both must not be ahead of the database. A snapshot is
   written once all before it has been applied to the database, a head once it has been sealed there;
2. the database, as of one moment;
3. attachments and the rest: a row is written after the file that it names, and files are never changed;
4. telemetry: every reading that the database knows of (an alarm's evidence, `judged_seq`) is in it.

A restored platform therefore is in the state that a kill leaves behind: it judges again from the snapshot's
seq to the end of the telemetry, and what the database knows already is recognised (DESIGN: exactly once). Only
signals may be in the telemetry that the database copy does not know yet; their ids are never given away again.
"""

from bianwang.processes.backup.load import load
from bianwang.processes.backup.manifest import BackupError, Manifest, check
from bianwang.processes.backup.save import save

__all__ = ["BackupError", "Manifest", "check", "load", "save"]
