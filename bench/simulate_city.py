"""From one district to a city as a queueing simulation: `python -m bench.simulate_city [--small] [--write]`

Devices, intake, stream, judging (embedded or Spark), business database and wall, with storms and failures. Service
times come from docs/benchmarks.md; what cannot be measured here is an assumption with a range
(`bench/city/parameters.py`).
`--small`: one district only. `--write`: replace docs/capacity.md. A minute or two.
"""

from __future__ import annotations

import argparse
import sys

from bench.city import document, sheet
from bench.city.parameters import Parameters
from bench.city.sizing import incidents
from bench.report import emit

BENCH = "simulate_city"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    parameters = Parameters()
    if options.small:
        for case in sheet.cases(parameters, is_small=True):
            report(case)
        return
    found = sheet.full(parameters)
    for case in found.cases:
        report(case)
    for each in found.sensitivities:
        name = f"city_spark, {each.title} {each.value}".strip()
        emit(BENCH, f"{name}: calm p99", each.calm, "s", enough_cores=each.cores)
        emit(BENCH, f"{name}: storm p99", each.storm, "s", embedded=round(each.embedded_storm, 3))
    if options.write:
        document.write(found, parameters)
        print(f"已写入 {document.DOCUMENT}", file=sys.stderr)


def report(case: sheet.Case) -> None:
    """The lines of a layout: seconds from reading to wall, and what waits."""
    layout = case.sized.layout
    about = {"cells": layout.cells, "intakes": layout.intakes, "cores": layout.cores, "holds": case.holds}
    for incident in incidents(layout):
        outcome = case.sized.outcomes[incident.code]
        name = f"{case.code}, {incident.code}"
        for share, seconds in zip(("p50", "p99", "longest"), outcome.after, strict=True):
            emit(BENCH, f"{name}: reading to wall, {share}", seconds, "s", **about)
        emit(BENCH, f"{name}: readings that wait at most", outcome.backlog, "readings", **about)
        emit(BENCH, f"{name}: backlog gone after the repair", outcome.drained, "s", **about)
        for tier, busy in outcome.busy.items():
            emit(BENCH, f"{name}: {tier} in use at most", 100 * busy, "%", **about)


if __name__ == "__main__":
    main()
