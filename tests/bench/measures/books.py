"""The books: postings of payments, and statements of the bank."""

import json
import subprocess
import time

from bench import rate, spread

PAYMENTS = 100_000


def ledger(bench):
    """Postings on one project; ours and the bare driver's in databases of their own."""
    url, bare = (bench.migrated(name) for name in ("ledger", "ledger_bare"))
    target = bare.removeprefix("sqlite://") if bench.engine == "sqlite" else bare
    for clients in (1, 8, 32, 64):
        before = bench.run(f"{bench.engine}-ledger", target, clients, bench.seconds)
        ours = bench.run("ledger", url, clients, bench.seconds)
        after = bench.run(f"{bench.engine}-ledger", target, clients, bench.seconds)
        bench.row(f"ledger, one project, {clients} clients", rate(ours), rate(before, after), note=f"{spread(ours)}; the baseline {spread(after)}")


def bank(bench):
    """A statement of the bank, and the same again."""
    program = bench.prepare("bank")
    payments = bench.of(PAYMENTS)
    statement = bench.folder / "statement.xml"
    with open(statement, "wb") as out:
        words = [bench.binary, "sample-statement", "--lines", str(payments)]
        subprocess.run(words, stdout=out, stdin=subprocess.DEVNULL, check=True, timeout=120)
    for name, lines in (("bank: import", payments), ("bank: the same file again", 0)):
        began = time.monotonic()
        done = program.command("import-statement", "--json", str(statement), patience=1_800)
        took = time.monotonic() - began
        if done.returncode or json.loads(done.stdout)["lines"] != lines:
            raise RuntimeError(f"import: {done.stdout} {done.stderr.strip()[-300:]}")
        size = statement.stat().st_size / 1024**2
        bench.row(name, payments / took, unit="lines/s", note=f"{payments:,} lines, {size:.0f} MiB, {took:.1f} s")
