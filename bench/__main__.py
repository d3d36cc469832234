"""`python -m bench [NAME [OPTIONS]]`: run one benchmark, or all of them and write docs/benchmarks.md."""

from __future__ import annotations

import subprocess
import sys

from bench.document import DOCUMENT, write

ALL = (
    "rules",
    "cluster",
    "back_test",
    "live",
    "end_to_end",
    "audit",
    "golden",
    "households",
    "spread",
    "relief",
    "event_screen",
    "vision",
    "camera",
    "telemetry",
    "alarm_writing",
    "storage",
)


def main() -> None:
    names = sys.argv[1:2] or ALL
    lines = [line for name in names for line in run(name, sys.argv[2:])]
    if names is ALL:
        write(lines)
        print(f"已写入 {DOCUMENT}", file=sys.stderr)
        # The capacity sheet stands on these figures.
        run("simulate_city", ["--write"])


def run(name: str, options: list[str]) -> list[str]:
    """The lines that a benchmark prints, passed on as they come."""
    print(f"测量 {name}", file=sys.stderr, flush=True)
    lines = []
    command = [sys.executable, "-m", f"bench.{name}", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            # A benchmark that loads the demo also says how far it is.
            is_figure = line.startswith("{")
            print(line, end="", file=sys.stdout if is_figure else sys.stderr, flush=True)
            lines += [line] if is_figure else []
    if process.returncode:
        raise SystemExit(process.returncode)
    return lines


if __name__ == "__main__":
    main()
