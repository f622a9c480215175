#!/usr/bin/env python3
"""Lets people look, pledge, pay, cancel and stay away for hours while the bank misbehaves, and fails when something was not as it should be.

    tests/bench/soak.py [--hours 1] [--engine sqlite|postgres] [--binary target/release/drempel]

Every minute it prints what was done: requests, errors that nobody asked for, times, memory. It ends by itself. Exit status 1 when
memory grows, when something failed that the bank's faults do not explain, when work is left over, when the bank and the books
count differently, or when `drempel verify-ledger` finds something. `--minutes 2 --requests 20 --pledges 3` tries it.
"""

import argparse
import asyncio
import json
import random
import signal
import sys
import time

from bench import Bench, allow_files, arguments, memory, say, sign_in, trouble
from soaking.crowd import FATES, Crowd
from soaking.faults import misbehave
from soaking.web import NoAnswer
from stage import call

PROJECTS = 40
# Sessions of the team end after a quarter of an hour without use.
SIGN_IN_SECONDS = 600
SAMPLE_SECONDS = 5
# The second half of the time may add so much to the memory: a part of what it holds, and never less than some MiB.
GROWTH_PART, GROWTH_LEAST = 0.05, 8.0
# For the end: lost news is looked after within some minutes.
PATIENCE = 600
LEFT = "SELECT (SELECT COUNT(*) FROM refunds WHERE finished_at IS NULL), (SELECT COUNT(*) FROM letters WHERE state = 'queued')"
MONEY = ("SELECT (SELECT COUNT(*) FROM payments WHERE state = 'succeeded'), (SELECT COALESCE(SUM(amount_cents), 0) FROM payments "
         "WHERE state = 'succeeded'), (SELECT COALESCE(SUM(amount_cents), 0) FROM refunds WHERE state = 'succeeded')")
# What the log says of a pledge whose session the bank refused; its caller is told to come again.
EXPLAINED = 'cause="no session"'


class Soak:
    def __init__(self, bench, chosen):
        self.bench, self.chosen = bench, chosen
        self.seconds = 60 * chosen.minutes if chosen.minutes else 3_600 * chosen.hours
        self.samples = []  # (seconds since the beginning, MiB)
        self.wrong = []

    def run(self):
        bench = self.bench
        program = self.program = bench.prepare("soak", "--projects", PROJECTS, "--pledges", 1_000)
        bench.write(program.url, "UPDATE pledge_totals SET cap_cents = cap_cents + 100000000000")
        bench.mail_sink(program)
        bank = bench.bank_with_news(program)
        program.environment["STRIPE_RATE_PER_SECOND"] = str(10 * self.chosen.pledges)
        (number,), = bench.rows(program.url, "SELECT MAX(number) FROM rounds WHERE state = 'selling'")
        slugs = [row[0] for row in bench.rows(program.url, "SELECT p.slug FROM projects p JOIN rounds r ON r.id = p.round_id "
                 f"WHERE p.state = 'listed' AND r.number = {number} ORDER BY p.number")]
        bench.serve(program)
        bench.await_rest(program)
        self.before, self.returned_before = self.money(), returned(bank)
        self.crowd = Crowd(program.base, bank, slugs, number, self.chosen.seed)
        self.sign_in()
        try:
            asyncio.run(self.load())
        except* (RuntimeError, NoAnswer) as group:
            self.wrong += [str(error) for error in group.exceptions]
        if self.wrong:
            return False
        self.settle(bank)
        self.judge(bank)
        return not self.wrong

    def money(self):
        return [int(cell) for cell in self.bench.rows(self.program.url, MONEY)[0]]

    def sign_in(self):
        backer = self.bench.rows(self.program.url, "SELECT u.email FROM users u JOIN pledges p ON p.user_id = u.id ORDER BY p.id DESC LIMIT 1")[0][0]
        self.crowd.cookies = {"backer": sign_in(self.program, backer), "team": sign_in(self.program, "treasurer1@drempel.example")}

    # while it goes on

    async def load(self):
        crowd, chosen = self.crowd, self.chosen
        self.began = time.monotonic()
        until = self.began + self.seconds
        async with asyncio.TaskGroup() as group:
            group.create_task(self.watch(until))
            group.create_task(crowd.at_rate(chosen.requests, until, crowd.look))
            group.create_task(crowd.at_rate(chosen.pledges, until, crowd.pledge))
            group.create_task(misbehave(crowd, until, random.Random(f"{chosen.seed}/faults")))
        say("the time is over; what has begun comes to its end")
        await crowd.end(PATIENCE)

    async def watch(self, until):
        """Notes the memory, prints a line a minute, and stops everything when the program is gone."""
        minute, signed_in = 0, time.monotonic()
        told = dict.fromkeys(("requests", "pledges", "asked for", "errors"), 0)
        while time.monotonic() < until:
            await asyncio.sleep(min(SAMPLE_SECONDS, max(0.1, until - time.monotonic())))
            if self.program.process.poll() is not None:
                raise RuntimeError(f"the program ended by itself with status {self.program.process.returncode}")
            now = time.monotonic() - self.began
            self.samples.append((now, memory(self.program.process.pid, "VmRSS")))
            if time.monotonic() - signed_in > SIGN_IN_SECONDS:
                await asyncio.to_thread(self.sign_in)
                signed_in = time.monotonic()
            if now >= 60 * (minute + 1) or time.monotonic() >= until:
                minute += 1
                self.tell(minute, told)

    def tell(self, minute, told):
        counts, times = self.crowd.counts, self.crowd.times
        since = {what: counts[what] - before for what, before in told.items()}
        told.update({what: counts[what] for what in told})
        pages, pledges = (percentiles(times[kind]) for kind in ("pages", "pledges"))
        for seen in times.values():
            seen.clear()
        say(f"minute {minute}: {since['requests']:,} requests, {since['pledges']:,} pledges, {since['errors']} errors, "
            f"{since['asked for']} refusals of the bank; pages {pages}, pledges {pledges}; {self.samples[-1][1]:.0f} MiB")

    # at the end

    def settle(self, bank):
        """Waits until nothing is left to do and the bank's payments are known."""
        until = time.monotonic() + PATIENCE
        while True:
            refunds, letters = map(int, self.bench.rows(self.program.url, LEFT)[0])
            missing = effects(bank)["payments_succeeded"] - (self.money()[0] - self.before[0])
            if not (refunds or letters or missing):
                return
            if time.monotonic() > until:
                self.wrong.append(f"{refunds} refunds, {letters} letters and {missing} payments were left after {PATIENCE} s")
                return
            time.sleep(5)

    def judge(self, bank):
        crowd, bench, program = self.crowd, self.bench, self.program
        rest, slope = memory(program.process.pid, "VmRSS"), self.slope()
        payments, paid, refunded = (now - before for now, before in zip(self.money(), self.before))
        back = returned(bank) - self.returned_before
        if (paid, refunded) != (crowd.paid_cents, back):
            self.wrong.append(f"{paid} cents paid and {refunded} refunded in the books, {crowd.paid_cents} and {back} at the bank")
        bench.close(program, "soak")
        if lines := [line for line in trouble(program) if EXPLAINED not in line]:
            self.wrong.append(f"{len(lines)} errors in the program's log, the first: {lines[0][:300]}")
        sound = program.command("verify-ledger", patience=3_600)
        if sound.returncode:
            self.wrong.append(f"the books: {sound.stdout[-1_000:]} {sound.stderr[-300:]}")
        if crowd.faults:
            self.wrong.append(f"{crowd.counts['errors']:,} errors that nobody asked for, the first:\n  " + "\n  ".join(crowd.faults[:10]))
        say(", ".join(f"{fate}: {crowd.counts[fate]:,}" for fate in FATES))
        say(f"{crowd.counts['requests']:,} requests, {crowd.counts['pledges']:,} pledges, {payments:,} payments of {paid / 100:,.2f} euros, "
            f"{back / 100:,.2f} euros back; {crowd.counts['faults of the bank']} faults of the bank, after which "
            f"{crowd.counts['asked for']:,} calls were told to come again")
        say(f"memory: {program.rest:.0f} MiB before, {rest:.0f} MiB after; in the second half {slope:+.2f} MiB an hour")

    def slope(self):
        """How the memory grows in the second half, in MiB an hour, by least squares; more than allowed is wrong."""
        half = self.samples[len(self.samples) // 2:]
        middle = [sum(values) / len(half) for values in zip(*half)]
        spread = sum((at - middle[0]) ** 2 for at, _ in half)
        a_second = sum((at - middle[0]) * (mib - middle[1]) for at, mib in half) / spread if spread else 0.0
        growth = a_second * (half[-1][0] - half[0][0])
        allowed = max(GROWTH_LEAST, GROWTH_PART * middle[1])
        if growth > allowed:
            self.wrong.append(f"memory grew by {growth:.1f} MiB in the second half, {allowed:.1f} are allowed")
        return 3_600 * a_second


def effects(bank):
    return call(bank, "GET", "/control/effects", timeout=120).json()


def returned(bank):
    """Cents that the bank has sent back, for the demo's own pledges too."""
    return sum(refund["amount"] for refund in effects(bank)["refunds"] if refund["status"] == "succeeded")


def percentiles(times):
    if not times:
        return "none"
    times = sorted(times)
    return f"p50 {1000 * times[len(times) // 2]:.0f} p99 {1000 * times[len(times) * 99 // 100]:.0f} ms"


def options():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    arguments(parser)
    parser.add_argument("--hours", type=float, default=1, help="24 is the long form")
    parser.add_argument("--minutes", type=float, help="in place of hours, to try it")
    parser.add_argument("--requests", type=int, default=300, help="pages a second")
    parser.add_argument("--pledges", type=int, default=50, help="a second")
    parser.add_argument("--seed", default="1")
    return parser.parse_args()


def main():
    chosen = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything started is ended
    allow_files(20_000)
    bench = Bench(chosen)
    passed = False
    soak = Soak(bench, chosen)
    try:
        passed = soak.run()
    finally:
        bench.end(chosen.keep)
    for what in soak.wrong:
        say(f"wrong: {what}")
    say("passed" if passed else "failed")
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
