"""Pledges: over many projects, on one that everybody wants, and a rush of people at once."""

import json
import shutil
import time

from bench import CLIENTS, rate, say, spread

CENTS = 500
PEOPLE, SESSIONS = 20_000, 25  # in a rush, and what the provider allows a second
WAITING = "SELECT COUNT(*) FROM payments WHERE state = 'created'"


def pledges(bench):
    """Each until the bank's page is there, and those that only get their place in the line of one project."""
    end_to_end(bench)
    popular(bench)


def end_to_end(bench):
    """Pledges on many projects, with the session at the built-in bank, against the bare driver writing the rows of each."""
    program, raw = two(bench, "pledges", bench.of(1_000))  # so many that none is sold out meanwhile
    bench.mail_sink(program)
    if bench.apart:
        program.environment["STRIPE_API_URL"] = bench.bank_apart()
    bench.serve(program)
    slugs = [row[0] for row in bench.rows(program.url, "SELECT p.slug FROM projects p JOIN pledge_totals t ON "
             "t.project_id = p.id WHERE p.state = 'listed' AND p.round_id = (SELECT id FROM rounds ORDER BY number DESC LIMIT 1) "
             "ORDER BY t.cap_cents - t.held_cents DESC LIMIT 800")]
    flushes = bench.flushes()
    before = bench.run(f"{bench.engine}-rows", raw, CLIENTS, bench.seconds)
    ours = bench.run("load-pledges", program.address, ",".join(slugs), CENTS, CLIENTS, 2 * bench.seconds)
    after = bench.run(f"{bench.engine}-rows", raw, CLIENTS, bench.seconds)
    made = ours["statuses"].get("201", 0)
    note = f"{spread(ours)}; the baseline {spread(after)}"
    if made != ours["count"]:
        note += f"; answers {ours['statuses']}"
    bench.row("durable writes of the disk", flushes, note="4 KiB and fdatasync, one after the other")
    bench.row("pledges end to end", 1000 * made / ours["millis"], rate(before, after), note=note)
    finish(bench, program, "pledges")


def popular(bench):
    """
    Durable pledges on one project. The provider allows so few sessions that nearly everybody gets a place in the line, which is
    answered when everything is durable; rows are counted, not answers.
    """
    program, raw = two(bench, "popular", 10)
    bench.mail_sink(program)
    program.environment["STRIPE_RATE_PER_SECOND"] = str(SESSIONS)
    slug, project = bench.popular(program, 1_000_000_000)
    bench.serve(program)
    bench.await_rest(program)
    count = f"SELECT COUNT(*) FROM pledges WHERE project_id = '{project}'"
    one_by_one = bench.run(f"{bench.engine}-rows", raw, CLIENTS, bench.seconds)
    before = bench.run(f"{bench.engine}-grouped", raw, bench.seconds)
    first = int(bench.rows(program.url, count)[0][0])
    ours = bench.run("load-pledges", program.address, slug, CENTS, CLIENTS, 2 * bench.seconds)
    made = int(bench.rows(program.url, count)[0][0]) - first
    after = bench.run(f"{bench.engine}-grouped", raw, bench.seconds)
    answers = ours["statuses"]
    note = f"{spread(ours)}, {answers.get('503', 0):,} in the line of {ours['count']:,}"
    if set(answers) - {"201", "503"} or made != ours["count"]:
        note += f"; {made:,} rows for answers {answers}"
    name, durable = "durable pledges of one popular project", 1000 * made / ours["millis"]
    bench.row(name, durable, rate(before, after), note=f"{note}; the baseline 64 in a transaction, {spread(after)} each")
    bench.row("the same, against one by one", durable, rate(one_by_one), note="the baseline a transaction each, 64 at once over many projects")
    finish(bench, program, "popular")


def two(bench, name, projects):
    """A program and a database like its own for the bare driver."""
    demo = ("--projects", projects, "--pledges", 2 * projects)
    program = bench.prepare(name, *demo)
    if bench.engine == "sqlite":
        raw = bench.folder / f"{name}_raw.db"
        shutil.copyfile(program.url.removeprefix("sqlite://"), raw)
        return program, raw
    return program, bench.prepare(f"{name}_raw", *demo).url


def finish(bench, program, name):
    bench.close(program, name)
    sound = program.command("verify-ledger", patience=300)
    say(f"books after {name}: {'sound' if sound.returncode == 0 else sound.stdout[-500:]}")


def rush(bench):
    """So many people at once on one project, while the provider makes few sessions."""
    people = bench.of(PEOPLE)
    clients = max(1, people // 4)
    people = clients * 4
    program = bench.prepare("rush", "--projects", 50, "--pledges", 100)
    program.environment["STRIPE_RATE_PER_SECOND"] = str(SESSIONS)
    bench.mail_sink(program)
    slug, project = bench.popular(program, 2 * CENTS * people)
    bench.serve(program)
    bench.await_rest(program)
    page = ("load-get", program.address, "/nl/projects", 4, 2 * bench.seconds)
    quiet = bench.run(*page)
    count = f"SELECT COUNT(*) FROM pledges WHERE project_id = '{project}'"
    first = int(bench.rows(program.url, count)[0][0])
    crowd = bench.open("load-rush", program.address, slug, CENTS, people, clients)
    busy = bench.run(*page)
    told = json.loads(crowd.communicate(timeout=310)[0])
    kept = int(bench.rows(program.url, count)[0][0]) - first
    before, began = int(bench.rows(program.url, WAITING)[0][0]), time.monotonic()
    time.sleep(min(20, max(2, before // (2 * SESSIONS))))  # not longer than there is a line
    left, took = int(bench.rows(program.url, WAITING)[0][0]), time.monotonic() - began
    wrong = {answer: many for answer, many in told["statuses"].items() if answer not in ("201", "503")}
    note = f"{spread(told)}, answers {told['statuses']}, the last after {told['millis'] / 1000:.1f} s"
    bench.row(f"rush: places of {people:,} people", 1000 * kept / told["millis"], note=note)
    if wrong or kept != people:
        say(f"note: {kept:,} of {people:,} people have a pledge, other answers {wrong}")
    bench.row("rush: another page, p99", busy["p99_micros"] / 1000, quiet["p99_micros"] / 1000, unit="ms", note="as many clients before")
    bench.row("rush: sessions of the line", (before - left) / took, SESSIONS, note=f"{left:,} wait")
    finish(bench, program, "rush")
