"""All business data of an instance from the built-in SQLite to an empty PostgreSQL database.

The whole move is one transaction of the target: tables, rows, keys and indexes, sequences, the comparison and the
verification of the ledger. Whatever ends it early, a kill included, leaves the target as empty as it was. The source
is opened for nobody else meanwhile and is only read.
"""

from bianwang.processes.moving.databases import MoveError
from bianwang.processes.moving.move import Moved, compare, move

__all__ = ["MoveError", "Moved", "compare", "move"]
