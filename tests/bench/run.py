#!/usr/bin/env python3
"""Measures Drempel against a baseline in the same run and prints ratios; it never fails because of a time.

    tests/bench/run.py [--binary target/release/drempel] [--engine sqlite|postgres] [MEASURE ...]

Build both programs first: cargo build --release --bin drempel --bench baselines. Everything runs on loopback in a
temporary folder (TMPDIR chooses the disk, which durable writing depends on) and is ended by its process id. PostgreSQL
needs TEST_POSTGRES_URL, a server in which databases may be made. README.md beside this file says what the figures mean.
"""

import argparse
import http.client
import os
import signal
import subprocess
import sys

from bench import Bench, allow_files, arguments, say
from measures import books, closing, mail, move, pages, pledges, start, streams

MEASURES = {
    "start": start.start,
    "pages": pages.pages,
    "growth": pages.growth,
    "round": pages.round,
    "impact": pages.impact,
    "streams": streams.streams,
    "pledges": pledges.pledges,
    "rush": pledges.rush,
    "ledger": books.ledger,
    "bank": books.bank,
    "closing": closing.closing,
    "own": closing.own,
    "freeze": closing.freeze,
    "mail": mail.mail,
    "copy": move.copy,
}


def memory(bench):
    """What an installation holds that nobody uses, when nothing else was measured."""
    if not bench.memory:
        program = bench.prepare("memory")
        bench.serve(program)
        bench.close(program, "nothing")


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    arguments(parser)
    parser.add_argument("--bank", choices=("inside", "apart"), default="inside", help="the built-in bank in the program's own process, or in another")
    parser.add_argument("--seconds", type=int, default=5, help="of each load")
    parser.add_argument("--patience", type=int, default=240, help="seconds after which a closing is left as it is")
    parser.add_argument("--smaller", type=int, default=1, metavar="N", help="try a measure: people, pledges and streams are N times fewer")
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help=f"{', '.join(MEASURES)}, memory; without any, all of them")
    chosen = parser.parse_args()
    for measure in chosen.measures:
        if measure not in MEASURES and measure != "memory":
            parser.error(f"{measure} is no measure, expected {', '.join(MEASURES)}, memory")
    return chosen


def main():
    chosen = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything started is ended
    allow_files(20_000)
    bench = Bench(chosen)
    busy = os.getloadavg()[0]
    try:
        for measure in chosen.measures or MEASURES:
            if measure == "memory":
                continue
            try:
                MEASURES[measure](bench)
            except (RuntimeError, OSError, http.client.HTTPException, subprocess.SubprocessError, ValueError, LookupError, TypeError) as error:
                say(f"{measure} could not be measured: {type(error).__name__}: {error}")
        memory(bench)
    finally:
        bench.end(chosen.keep)
    for name, rest, peak in bench.memory:
        bench.row(f"memory: {name}", peak, unit="MiB at its peak", note=f"{rest:.0f} MiB at rest" if rest else "")
    say("")
    print(f"{os.cpu_count()} cores, {bench.engine}, load average {busy:.1f} before\n")
    print("| measure | ours | baseline | ratio | |\n| --- | --: | --: | --: | --- |")
    for cells in bench.table:
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
