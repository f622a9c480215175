"""Closing a round: planned, proposed, approved and frozen, and carried out to the last letter."""

import re
import time

from stage import call

from bench import post, say, sign_in

LINES = 40_000
MOMENT = "2026-01-01T00:00:00.000Z"


def freeze(bench):
    """The largest round we plan for, up to the moment in which it is decided."""
    program, _number, _began = frozen(bench, "freeze", bench.of(200), bench.of(100_000))
    bench.close(program, "freeze")


def closing(bench):
    """A whole closing, with every refund at the built-in bank and every letter."""
    pledges = bench.of(LINES)
    program, number_of_round, began = frozen(bench, "closing", 20, pledges)
    left = ("SELECT (SELECT COUNT(*) FROM settlement_lines WHERE done_at IS NULL), "
            "(SELECT COUNT(*) FROM refunds WHERE finished_at IS NULL), (SELECT COUNT(*) FROM refunds), "
            f"(SELECT COUNT(*) FROM rounds WHERE number = {number_of_round} AND state <> 'settled'), "
            "(SELECT COUNT(*) FROM letters WHERE state = 'queued')")
    lines_at = refunds_at = all_at = None
    while all_at is None and time.monotonic() - began < bench.patience:
        time.sleep(0.5)
        lines, refunds, all_refunds, unsettled, letters = map(int, bench.rows(program.url, left)[0])
        now = time.monotonic() - began
        lines_at = lines_at or (now if lines == 0 else None)
        refunds_at = refunds_at or (now if lines == 0 and refunds == 0 and unsettled == 0 else None)
        all_at = now if refunds_at and letters == 0 else None
    if lines_at:
        bench.row("closing: lines carried out", pledges / lines_at, note=f"{lines_at:.1f} s for {pledges:,} lines")
    if refunds_at:
        bench.row("closing: settled", refunds_at, unit="s", note=f"{all_refunds:,} refunds through the sandbox")
    if all_at:
        bench.row("closing: and everybody told", all_at, unit="s")
    else:
        say(f"closing did not end in time: {lines} lines, {refunds} refunds of {all_refunds}, {letters} letters left")
    bench.close(program, "closing")


def own(bench):
    """What carrying out the lines takes by itself: refunds and letters are switched off, as the team can do, and wait."""
    pledges = bench.of(LINES)
    program, _number, _before = frozen(bench, "own", 20, pledges, off=("refunds", "letters"))
    began, left = time.monotonic(), pledges
    while left and time.monotonic() - began < bench.patience:
        time.sleep(0.1)
        left = int(bench.rows(program.url, "SELECT COUNT(*) FROM settlement_lines WHERE done_at IS NULL")[0][0])
    took = time.monotonic() - began
    if left:
        say(f"the lines were not carried out in time: {left} are left")
    else:
        bench.row("closing: own work of the lines alone", pledges / took, note=f"{took:.1f} s for {pledges:,} lines")
    bench.close(program, "own work of a closing")


def frozen(bench, name, projects, lines, off=()):
    """Plans, proposes and approves the closing of a round; answers when it was being approved. Tasks in `off` do not run."""
    program = bench.prepare(name, "--projects", projects, "--pledges", lines)
    for task in off:
        bench.write(program.url, "INSERT INTO periodic_tasks (name, due_at, off_at, lease_until, lease_token, failures, took_millis, "
                    f"outcome, result) VALUES ('{task}', '{MOMENT}', '{MOMENT}', '', '', 0, 0, '', '')")
    bench.mail_sink(program)
    ((number_of_round,),) = bench.rows(program.url, "SELECT MAX(number) FROM rounds")
    if bench.apart:
        program.environment["STRIPE_API_URL"] = bench.bank_apart()
    bench.serve(program)
    where = f"/en/staff/rounds/{number_of_round}/closing"
    first, second = (sign_in(program, f"treasurer{n}@drempel.example") for n in (1, 2))
    post(program, first, f"{where}/begin", reason="The round is over.")
    began = time.monotonic()
    page = call(program.base, "GET", where, headers={"cookie": first}, timeout=120)
    plan = time.monotonic() - began
    bench.row(f"{name}: plan of {lines:,} pledges, {projects} projects", plan, unit="s", note=f"{lines / plan:.0f} lines/s")
    plan_hash = re.search(rb'data-hash="([^"]+)"', page.body)[1].decode()
    began = time.monotonic()
    post(program, first, f"{where}/propose", hash=plan_hash, reason="Checked.")
    bench.row(f"{name}: proposing (plan again, written)", time.monotonic() - began, unit="s")
    began = time.monotonic()
    post(program, second, f"{where}/approve", hash=plan_hash)
    bench.row(f"{name}: approving, everything frozen", time.monotonic() - began, unit="s")
    return program, number_of_round, began
