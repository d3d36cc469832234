"""The compiled evaluator: one numba program, rules are data.

formula.py and semantics.py say what is computed, layout.py what the records hold; ``s`` is layout.State everywhere.

How it works. A reading touches only the leaves of its signal (``leaves.py``). Where a leaf's truth changes, its
instance is run (``running.py``): every inner node is computed anew for that instant, each from its children and what
it remembers. What will change by itself leaves its time in ``due``, and ``settle`` runs an instance at those times. So
all work is done where something changes, and running an instance at any other instant changes nothing.
"""

from bianwang.engine.kernel.feeding import advance, push, schedule
from bianwang.engine.kernel.index import build_index, locate
from bianwang.engine.kernel.past import begin

__all__ = ["advance", "begin", "build_index", "locate", "push", "schedule"]
