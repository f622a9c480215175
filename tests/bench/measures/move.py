"""Moving house: `drempel copy` of a large installation from SQLite to PostgreSQL."""

import json
import os
import sqlite3
import subprocess
import time

from bench import say

PLEDGES = 150_000  # with all that belongs to them about a million rows
PROJECTS = 200


def copy(bench):
    """The time in which nothing can be changed, against `psql` that is given the same rows ready-made in one transaction."""
    if "TEST_POSTGRES_URL" not in os.environ:
        return say("copy: needs TEST_POSTGRES_URL, whatever the engine")
    program = bench.prepare("copy", "--projects", bench.of(PROJECTS), "--pledges", bench.of(PLEDGES), engine="sqlite", patience=3_600)
    target = bench.database("copy_to", "postgres")
    process = subprocess.Popen([bench.binary, "copy", "--json", "--from", program.url, "--to", target], cwd=program.folder,
                               env=program.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    bench.started.append(process)
    told, trouble, peak = watched(process)
    if process.returncode:
        raise RuntimeError(f"copy ended with status {process.returncode}: {trouble.strip()[-300:]}")
    moved = json.loads(told)
    rows, frozen = moved["rows"], moved["read_only_ms"] / 1000
    theirs = bare(bench, program.url.removeprefix("sqlite://"), [table["table"] for table in moved["tables"]])
    million = 1_000_000 / rows
    note = f"{rows:,} rows, {moved['invariants']} invariants looked at, all of it {moved['all_ms'] / 1000:.1f} s"
    bench.row("copy: nothing can be changed, per million rows", frozen * million, theirs * million, unit="s", note=note)
    bench.memory.append(("copy", 0, peak))
    verified(bench, program, target, rows)


def watched(process):
    """What the process says until its end, and the most memory it held meanwhile, in MiB."""
    peak = 0
    while process.poll() is None:
        try:
            status = open(f"/proc/{process.pid}/status").read()
            peak = max([peak, *(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))])
        except OSError:
            pass
        time.sleep(0.05)
    told, trouble = process.communicate(timeout=60)
    return told, trouble, peak


def bare(bench, path, tables):
    """Seconds that PostgreSQL takes for the same rows in the same order, from one file that is ready before."""
    target = bench.migrated("copy_bare", "postgres")
    script = bench.folder / "rows.sql"
    source = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    with open(script, "w", encoding="utf-8") as out:
        out.write("BEGIN;\nDELETE FROM card_shield;\nDELETE FROM facts;\n")
        for table in tables:
            found = source.execute(f"SELECT * FROM {table}")
            columns = ", ".join(column[0] for column in found.description)
            out.write(f"COPY {table} ({columns}) FROM STDIN;\n")
            for row in found:
                out.write("\t".join(map(cell, row)) + "\n")
            out.write("\\.\n")
        out.write("COMMIT;\n")
    source.close()
    began = time.monotonic()
    done = subprocess.run(["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(script), target], capture_output=True, text=True, timeout=1_800)
    took = time.monotonic() - began
    script.unlink()
    if done.returncode:
        raise RuntimeError(f"psql: {done.stderr.strip()[-300:]}")
    return took


def cell(value):
    """A value as COPY reads it."""
    if value is None:
        return "\\N"
    text = str(value)
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def verified(bench, program, target, rows):
    """The new house stands: its books hold, and every pledge is in it."""
    program.environment["DATABASE_URL"] = target
    sound = program.command("verify-ledger", patience=1_800)
    pledges = [bench.rows(url, "SELECT COUNT(*), SUM(amount_cents) FROM pledges") for url in (program.url, target)]
    if sound.returncode or pledges[0] != pledges[1]:
        raise RuntimeError(f"the copy of {rows:,} rows is not sound: {sound.stdout[-300:]} {pledges}")
    say(f"books after the copy: sound, {pledges[1][0][0]} pledges")
