#!/usr/bin/env python3
"""Crash tests: `kill -9` at random instants, at least 50 times, and afterwards nothing is lost and nothing happened twice.

  run.py --engine sqlite|postgres --binary PATH [--seed N] [--pledges N] [--keep]

Backers pledge, pay and cancel while the program is killed and started again on the same database and port; then two treasurers
close the round while it is killed all the more. The bank (the sandbox) and the mail server are processes that survive and
remember what really happened. FAULTS: F37–F43, F83, invariants I1–I20; see tests/run for how this is called.

PostgreSQL is found by TEST_POSTGRES_URL and TEST_POSTGRES_BIN. Needs the packages in tests/requirements.txt.
"""

import argparse
import random
import secrets
import sys
import time
import traceback

import checks
from closing import Closing
from driver import Driver, plan
from stage import Stage, call

# Kills in each part; together at least LEAST_KILLS.
FIRST_START, PLEDGING, STEPS, CARRYING_OUT = 4, 24, (2, 2, 5), 30
LEAST_KILLS = 50
# Pledges besides those that stay until the end: per project so many never paid, and so many cancelled.
EXTRA = 12


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
        self.choose_projects()
        self.pledge()
        self.close()
        self.compare()

    def first_start(self):
        """Kills while the schema is made and the demo is loaded."""
        for _ in range(FIRST_START):
            self.program.start()
            time.sleep(self.rng.uniform(0.02, 0.6))
            self.program.kill()
        self.program.start()
        self.program.await_ready()
        people = self.stage.database.rows("SELECT COUNT(*) FROM staff_roles")[0][0]
        self.cases.book("first start", [] if people == "6" else [f"{people} staff roles of 6"], f"{FIRST_START} kills")

    def choose_projects(self):
        """One project that will reach its threshold with half of the pledges, and one that stays far below it with the others."""
        answer = call(self.program.base, "GET", "/api/v1/projects?status=listed&per_page=100").json()
        selling = [project for project in answer["items"] if project["selling"]]
        self.number = selling[0]["round"]
        cents = lambda project, name: round(float(project[name]) * 100) * project["unit_price_cents"] // 100
        half = self.count // 2
        room = lambda p: cents(p, "impact_value_rikx") - p["held_cents"] - p["reserved_cents"] - p["processing_cents"]
        extra_cents = EXTRA * 2 * 900
        goals = {}
        for project in selling:
            threshold = cents(project, "threshold_rikx")
            least = max(threshold - project["held_cents"] + 10_000, half * 600)
            most = room(project) - extra_cents
            if least <= most:
                goals[project["slug"]] = (least + (most - least) // 2) // 100 * 100
        funded = min(goals, key=goals.get)
        low = lambda p: cents(p, "threshold_rikx") // 2 - p["held_cents"]
        lost = max((p for p in selling if p["slug"] != funded), key=low)
        lost_cents = min(half * 1_700, low(lost), room(lost) - extra_cents) // 100 * 100
        if lost_cents < half * 600:
            raise RuntimeError(f"no project of round {self.number} can take {half} pledges and stay far below its threshold")
        self.held_before = self.stage.database.rows(
            "SELECT p.reference, j.slug, p.amount_cents, u.email FROM pledges p JOIN projects j ON j.id = p.project_id "
            f"JOIN rounds r ON r.id = p.round_id JOIN users u ON u.id = p.user_id WHERE p.state = 'held' AND r.number = {self.number}"
        )
        by_slug = {project["slug"]: project for project in selling}
        for slug, project in by_slug.items():
            held = project["held_cents"] + (goals[slug] if slug == funded else lost_cents if slug == lost["slug"] else 0)
            threshold = cents(project, "threshold_rikx")
            if held >= threshold:
                self.funded[slug] = threshold
            else:
                self.failed.append(slug)
        self.pledges = plan(self.rng, [(funded, goals[funded]), (lost["slug"], lost_cents)], self.count, EXTRA)

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
            asked = [call for call in driver.calls if call[0] < began - 0.2 and call[1] > began]
            under_way += len(asked)
            wrong += [f"a request {began - start:.2f} s old at the signal got no answer" for start, _, answered in asked if not answered]
        longest = max(ended - began for began, ended, _ in self.stops)
        self.cases.book("graceful", checks.some(wrong), f"{len(self.stops)} times with {under_way} requests under way, at most {longest:.1f} s")

    def await_mark(self, driver, mark):
        until = time.monotonic() + 8
        while driver.acknowledged < mark and time.monotonic() < until:
            time.sleep(0.02)

    def stop_gracefully(self, driver):
        began = time.monotonic()
        status, seconds = self.program.stop()
        self.stops.append((began, began + seconds, status))

    def unheld(self):
        """Paid pledges that are still waiting for the news."""
        return int(self.stage.database.rows("SELECT COUNT(*) FROM pledges WHERE name = 'Crash' AND state IN ('reserved', 'processing')")[0][0]) - sum(pledge.plan == "open" for pledge in self.pledges)

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

        # the clock has to run ahead of the bank's from here on, and an event more than five minutes off is not believed
        self.stage.control("faults", webhooks="lost")
        before = self.program.kills
        enough = lambda: self.program.kills >= LEAST_KILLS and self.is_settled() and closing.left()[0] == 0
        closing.carry_out(max(CARRYING_OUT, LEAST_KILLS - self.program.kills), enough, 90)
        kills = self.program.kills - before
        finished = closing.let_finish(lambda: self.is_settled() and closing.left() == (0, 0, 0), 120)
        left = "" if finished else "left: letters {}, refunds {}, pledges {}".format(*closing.left())
        self.cases.book("carried out", [] if finished else [f"round {closing.round_state()}, {left}"], f"{kills} kills")

    def is_approved(self):
        """Also looks whether a kill left half a list."""
        state, lines = self.closing.settlement()
        should = 0 if state == "proposed" else self.count + len(self.held_before)
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
        book("refunds at the bank", *checks.refunds(stage, expected))
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
