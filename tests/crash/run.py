#!/usr/bin/env python3
"""Crash tests: `kill -9` at random instants, at least 50 times, and afterwards nothing is lost and nothing happened twice.

  run.py --engine sqlite|postgres --binary PATH [--seed N] [--pledges N] [--keep]

Backers pledge, pay and cancel while the program is killed and started again on the same database and port; then two treasurers
close the round while it is killed all the more. The bank (the sandbox) and the mail server are processes that survive and
remember what really happened. FAULTS: F37–F43, F83, invariants I1–I20; see tests/run for how this is called.

PostgreSQL is found by TEST_POSTGRES_URL and TEST_POSTGRES_BIN. Needs the packages in tests/requirements.txt.
"""

import argparse
import json
import random
import secrets
import signal
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "shared"))  # what the cluster tests use, too

import checks
from closing import Closing
from driver import Driver, plan
from stage import Stage, call

# Kills in each part; together at least LEAST_KILLS.
FIRST_START, PLEDGING, STEPS, CARRYING_OUT = 4, 20, (2, 2, 5), 26
LEAST_KILLS = 50
# So many of the held pledges come through the API; besides them, per project, so many are never paid and so many cancelled.
DRIVEN, EXTRA = 500, 10


class Cases:
    """One line per case, at once."""

    def __init__(self):
        self.passed = self.failed = 0
        self.began = time.monotonic()

    def book(self, name, wrong, what=""):
        seconds = time.monotonic() - self.began
        if wrong:
            self.failed += 1
        else:
            self.passed += 1
        print(f"{'FAILED' if wrong else 'ok':6} {name}{': ' + what if what else ''} [{seconds:.0f} s]", flush=True)
        for line in wrong:
            print(f"       {line}", flush=True)
        return not wrong


class Play:
    def __init__(self, stage, seed, count):
        self.stage, self.program = stage, stage.program
        self.rng, self.seed, self.count = random.Random(seed), seed, count
        self.cases = Cases()
        self.number = 0
        self.funded, self.failed = {}, []
        self.stops = []

    def run(self):
        self.first_start()
        self.set_up()
        self.pledge()
        self.close()
        self.compare()

    def first_start(self):
        """Kills while the schema is made and the demo is loaded; then all of it must be there."""
        for _ in range(FIRST_START):
            self.program.start()
            time.sleep(self.rng.uniform(0.02, 1.5))
            self.program.kill()
        self.program.start()
        self.program.await_ready()
        people = self.stage.database.rows("SELECT COUNT(*) FROM staff_roles")[0][0]
        self.cases.book("first start", [] if people == "7" else [f"{people} staff roles of 7"], f"{FIRST_START} kills")
        until = time.monotonic() + 60
        while not (is_done := self.demo_is_done()) and time.monotonic() < until:
            time.sleep(0.5)
        self.cases.book("demo", [] if is_done else ["money of the demo is still under way"])

    def demo_is_done(self):
        """Whether all money of the demo's past has moved, so that what the bank does from here on is this test's."""
        return bool(self.stage.database.rows("SELECT 1 FROM facts WHERE name = 'demo_money' AND value = 'done'"))

    def set_up(self):
        """A round of two projects with held pledges, of which one reaches its threshold and the other stays far below."""
        held = self.count - DRIVEN
        made = self.program.command("--json", "demo", "--projects", "2", "--pledges", str(held), "--seed", str(self.seed))
        if made.returncode:
            raise RuntimeError(f"drempel demo: status {made.returncode} {made.stderr.strip()}")
        self.number = json.loads(made.stdout)["round"]
        self.held_before = self.stage.database.rows(
            "SELECT p.reference, j.slug, p.amount_cents, u.email FROM pledges p JOIN projects j ON j.id = p.project_id "
            f"JOIN rounds r ON r.id = p.round_id JOIN users u ON u.id = p.user_id WHERE p.state = 'held' AND r.number = {self.number}"
        )
        self.effects_before = self.stage.effects()
        slugs = [f"trial-{self.number}-{place}" for place in (1, 2)]
        self.pledges = plan(self.rng, slugs, DRIVEN, EXTRA)
        wrong = [] if len(self.held_before) == held else [f"{len(self.held_before)} held pledges of {held}"]
        for slug in slugs:
            project = call(self.program.base, "GET", f"/api/v1/projects/{slug}").json()
            threshold = round(float(project["threshold_rikx"]) * 100) * project["unit_price_cents"] // 100
            held = project["held_cents"] + sum(pledge.cents for pledge in self.pledges if (pledge.slug, pledge.plan) == (slug, "pay"))
            if held >= threshold:
                self.funded[slug] = threshold
            elif held < threshold * 7 // 10:
                self.failed.append(slug)
        if (len(self.funded), len(self.failed)) != (1, 1):
            wrong.append(f"funded {list(self.funded)}, failed {self.failed}: expected one of each")
        self.cases.book("round made", wrong, f"round {self.number}, {len(self.held_before)} pledges held")

    def pledge(self):
        """Kills, and two requests to stop, while backers pledge, pay and cancel and letters go out."""
        driver = Driver(self.stage, self.pledges, self.seed)
        closing = Closing(self.stage, self.rng, self.number)
        total = len(self.pledges)
        marks = sorted(self.rng.uniform(0.01, 0.95) * total for _ in range(PLEDGING * 2 // 3))
        graceful = set(self.rng.sample(range(2, len(marks) - 2), 2))
        kills_before = self.program.kills
        driver.start()
        for at, mark in enumerate(marks):
            if at == len(marks) // 2:
                closing.advance()
            self.await_mark(driver, mark)
            if at in graceful:
                self.stop_gracefully(driver)
            else:
                time.sleep(self.rng.uniform(0, 0.4))
                self.program.kill()
            self.program.start()
            while self.program.kills - kills_before < PLEDGING and self.rng.random() < 0.4:  # also while it starts
                time.sleep(self.rng.uniform(0.01, 0.5))
                self.program.kill()
                self.program.start()
            self.program.await_ready()
        while self.program.kills - kills_before < PLEDGING and driver.finished() < total:
            time.sleep(self.rng.uniform(0.1, 1.0))
            closing.restart()
        finished = closing.let_finish(lambda: driver.finished() == total and self.all_arrived(), 150)
        driver.stop()
        wrong = list(driver.faults)
        if not finished:
            wrong.append(f"{driver.finished()} of {total} are through; {self.unheld()} are paid and not held")
        lost = sum(not answered for _, _, answered in driver.calls)
        kills = self.program.kills - kills_before
        self.cases.book("pledging, paying, cancelling", checks.some(wrong), f"{driver.acknowledged} pledges acknowledged, {lost} of {len(driver.calls)} calls unanswered and repeated, {kills} kills")
        wrong = []
        under_way = 0
        for began, ended, status in self.stops:
            if status != 0 or ended - began > 20:
                wrong.append(f"ended with status {status} after {ended - began:.1f} s")
            asked = [(began - start, answered) for start, end, answered in driver.calls if start < began < end]
            under_way += len(asked)
            # a younger one may not have been accepted yet
            wrong += [f"a request {age:.2f} s old at the signal got no answer" for age, answered in asked if age > 0.1 and not answered]
        longest = max(ended - began for began, ended, _ in self.stops)
        self.cases.book("graceful", checks.some(wrong), f"{len(self.stops)} times with {under_way} requests under way, at most {longest:.1f} s")

    def await_mark(self, driver, mark):
        until = time.monotonic() + 8
        while driver.acknowledged < mark and time.monotonic() < until:
            time.sleep(0.02)

    def stop_gracefully(self, driver):
        until = time.monotonic() + 3
        while driver.in_flight < 4 and time.monotonic() < until:
            time.sleep(0.002)
        began = time.monotonic()
        status, seconds = self.program.stop()
        self.stops.append((began, began + seconds, status))

    def unheld(self):
        """Paid pledges that are still waiting for the news."""
        unpaid = sum(pledge.plan == "open" for pledge in self.pledges)
        return int(self.stage.database.rows(
            "SELECT COUNT(*) FROM pledges WHERE name = 'Crash' AND state IN ('reserved', 'processing')"
        )[0][0]) - unpaid

    def all_arrived(self):
        return self.unheld() == 0

    def close(self):
        """Begin, propose, approve and carry out, with kills in each."""
        closing = self.closing = Closing(self.stage, self.rng, self.number)
        first, second = "treasurer1@drempel.example", "treasurer2@drempel.example"
        before = self.program.kills
        closing.step(first, "begin", lambda: closing.round_state() != "selling", STEPS[0], 0.4, reason="The crash test closes it.")
        closing.step(first, "propose", lambda: closing.settlement()[0] != "", STEPS[1], 0.8, reason="The numbers are right.")
        self.wrong_lists = []
        closing.step(second, "approve", self.is_approved, STEPS[2], 1.5)
        wrong = closing.faults + self.wrong_lists
        state, lines = closing.settlement()
        self.cases.book("begun, proposed, approved", checks.some(wrong), f"{state} with {lines} lines, {self.program.kills - before} kills")

        faults = len(closing.faults)
        # the clock has to run ahead of the bank's from here on, and an event more than five minutes off is not believed
        self.stage.control("faults", webhooks="lost")
        before = self.program.kills
        enough = lambda: self.program.kills >= LEAST_KILLS and self.is_settled() and closing.left()[0] == 0
        closing.carry_out(max(CARRYING_OUT, LEAST_KILLS - self.program.kills), enough, 90)
        kills = self.program.kills - before
        finished = closing.let_finish(lambda: self.is_settled() and closing.left() == (0, 0, 0), 120)
        left = "" if finished else "left: letters {}, refunds {}, pledges {}".format(*closing.left())
        wrong = closing.faults[faults:] + ([] if finished else [f"round {closing.round_state()}, {left}"])
        self.cases.book("carried out", checks.some(wrong), f"{kills} kills")

    def is_approved(self):
        """Also looks whether a kill left half a list."""
        state, lines = self.closing.settlement()
        should = 0 if state == "proposed" else self.count
        if lines != should:
            self.wrong_lists.append(f"{lines} lines are frozen while the settlement is {state}, expected {should}")
        return state in ("executing", "paused", "done")

    def is_settled(self):
        return self.closing.round_state() == "settled"

    def compare(self):
        book, stage = self.cases.book, self.stage
        expected = checks.Expected(stage, self.pledges, self.held_before, self.funded)
        book("round", *checks.round_end(stage, self.number, self.funded, self.failed))
        book("pledges", *checks.pledges(stage, expected))
        book("protocol", *checks.protocol(self.closing, expected, self.funded))
        book("refunds at the bank", *checks.refunds(stage, expected, self.effects_before))
        book("letters", *checks.letters(stage, expected))
        status, seconds = self.program.stop()
        book("stopped", [] if status == 0 and seconds <= 20 else [f"status {status} after {seconds:.1f} s"], f"{seconds:.1f} s")
        book("verify-ledger", *checks.ledger(self.program))
        kills = self.program.kills
        book("kills", [] if kills >= LEAST_KILLS else [f"{kills} are fewer than {LEAST_KILLS}"], str(kills))
        book("log", checks.some(stage.trouble() + [f"{name} ended by itself" for name in stage.dead_helpers()]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--engine", choices=("sqlite", "postgres"), required=True)
    parser.add_argument("--binary", required=True, help="the program under test")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--pledges", type=int, default=2_000, help="held pledges in the closing, an even number")
    parser.add_argument("--keep", action="store_true", help="keep database, logs and letters")
    options = parser.parse_args()
    print(f"crash: {options.engine}, --seed {options.seed}", flush=True)
    for number in (signal.SIGTERM, signal.SIGHUP):  # whoever ends the tests early leaves no process behind either
        signal.signal(number, lambda *_: sys.exit(143))
    stage = Stage(options.engine)
    cases = None
    try:
        stage.open(options.binary)
        play = Play(stage, options.seed, options.pledges)
        cases = play.cases
        play.run()
    except Exception:
        traceback.print_exc()
        cases = cases or Cases()
        cases.book("to the end", ["it broke off, see above"])
    finally:
        failed = cases is None or cases.failed > 0
        stage.close(options.keep or failed)
    print(f"{cases.passed} passed, {cases.failed} failed")
    sys.exit(1 if cases.failed else 0)


if __name__ == "__main__":
    main()
