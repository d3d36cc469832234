"""A job of the recorded day as a process: `python -m tests.processes.cluster.job STREAM FOLDER BUCKETS MOST START`"""

from __future__ import annotations

import sys
from pathlib import Path

from bianwang.engine.calendar import WEEKENDS
from bianwang.processes.cluster.bucket import Beginning
from bianwang.processes.cluster.main import Options, run
from bianwang.processes.cluster.sinks import FileSink
from bianwang.processes.intake.warming import NoHistory
from tests.processes.cluster import day

if __name__ == "__main__":
    stream, folder, buckets, most, start_ms = sys.argv[1:]
    options = Options(stream, folder, int(buckets), "local[2,4]", int(most), until_done=True)
    listed = tuple(day.rules()), WEEKENDS
    beginning = Beginning(int(start_ms))
    run(options, lambda: listed, NoHistory(), FileSink(Path(folder, "told")), lambda: beginning)
