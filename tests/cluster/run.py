#!/usr/bin/env python3
"""Cluster test: three webs and two workers on a primary with a synchronous standby, each killed and paused in turn.

  run.py --engine postgres --binary PATH [--old PATH [--during pledging|closing]] [--seed N] [--keep]

Backers pledge, pay and cancel and letters go out while webs, workers, standby and primary are killed, paused and cut off; the standby
steps in twice, once for a primary that died and once beside one that lives on without knowing; a round is closed meanwhile, and the
schema takes the step of a next version. At the end every answer that was acknowledged is compared with what is there (history.py), and
the checker itself with faults that are planted for it (planted.py). FAULTS: F79, F80, F88; see tests/run for how this is called.

With --old, a program of the version before, everything begins with that one, and --binary takes its place on the way (upgrade.py).

PostgreSQL's programs are found by TEST_POSTGRES_BIN. Needs the packages in tests/requirements.txt.
"""

import argparse
import json
import random
import re
import secrets
import signal
import sys
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "shared"))  # what the crash tests use, too

import history
import planted
from closing import Closing
from driver import Driver, Pledge
from nodes import Cluster, wait
from servers import Failed
from stage import call
from upgrade import Upgrade

# Held pledges before the backers come, and the most that they make.
HELD, MOST = 300, 2_000
# Pledges for one project that has room for one of them.
GREEDY = 12
# Letters that a worker may leave in doubt when it is interrupted: two lanes (infra::mail::outbox).
IN_DOUBT = 2 * 32
# Longer than anything here may take.
PATIENCE = 60
# An update can be taken back for ten minutes before it is mailed.
UNDO_SECONDS = 601


class Cases:
    """One line per case, at once."""

    def __init__(self):
        self.passed = self.failed = 0
        self.began = time.monotonic()

    def book(self, name, wrong, what=""):
        wrong = list(wrong)
        self.passed, self.failed = self.passed + (not wrong), self.failed + bool(wrong)
        print(f"{'FAILED' if wrong else 'ok':6} {name}{': ' + what if what else ''} [{time.monotonic() - self.began:.0f} s]", flush=True)
        for line in wrong[:8] + ([f"and {len(wrong) - 8} more"] if len(wrong) > 8 else []):
            print(f"       {line}", flush=True)


class Backers(Driver):
    """Goes on until it is told to make no new ones; a refusal is remembered as an answer."""

    AGAIN = (503, 408)

    def __init__(self, stage, pledges, seed):
        super().__init__(stage, pledges, seed)
        self.refusals = set()
        self.moments = []  # when acknowledged pledges were asked for, and when they were acknowledged

    def refused(self, pledge, answer):
        if answer.status == 409 and pledge.key.startswith("greedy"):
            self.refusals.add(pledge.key)
        else:
            super().refused(pledge, answer)

    def _make(self, pledge, rng):
        began = time.monotonic()
        made = super()._make(pledge, rng)
        if made:
            self.moments.append((began, time.monotonic()))
        time.sleep(0.1)
        return made

    def no_more(self):
        with self.lock:
            self.waiting.clear()

    def begun(self):
        return [pledge for pledge in self.pledges if pledge.reference or pledge.key in self.refusals]

    def acknowledged_since(self, moment):
        return [at for _, at in list(self.moments) if at > moment]

    def asked_since(self, moment):
        return [at for began, at in list(self.moments) if began > moment]


class Close(Closing):
    def advance(self):
        """What a worker that was killed had taken is free again: all workers go on with a later clock."""
        self.advance_at_next_start()
        for worker in self.stage.workers:
            self.stage.replace(worker)


class Play:
    def __init__(self, stage, seed):
        self.stage, self.rng, self.seed = stage, random.Random(seed), seed
        self.cases = Cases()
        self.upgrade = None

    def run(self):
        unseen = planted.unseen()
        self.cases.book("the checker sees what is planted", unseen, f"{len(planted.FAULTS)} faults")
        self.set_up()
        self.driver.start()
        self.nodes_fall()
        if self.upgrade and self.upgrade.during == "pledging":
            self.upgrade.begin()
        self.databases_fall()
        self.end_of_pledging()
        self.mail()
        self.close()
        self.compare()

    def set_up(self):
        stage = self.stage
        made = stage.command("--json", "demo", "--projects", "3", "--pledges", str(HELD), "--seed", str(self.seed))
        if made.returncode:
            raise RuntimeError(f"drempel demo: status {made.returncode} {made.stderr.strip()}")
        self.number = json.loads(made.stdout)["round"]
        stage.start()
        self.before = stage.effects()
        self.slugs = [f"trial-{self.number}-{place}" for place in (1, 2, 3)]
        caps = dict(stage.database.rows("SELECT j.slug, t.cap_cents FROM pledge_totals t JOIN projects j ON j.id = t.project_id"))
        self.driver = Backers(stage, self.plan(int(caps[self.slugs[2]])), self.seed)
        self.cases.book("three webs, two workers, a primary with its standby", stage.ended(), f"round {self.number}")

    def plan(self, cap):
        pledges = []
        for number in range(MOST):
            plan = self.rng.choices(("pay", "open", "cancel"), (8, 1, 1))[0]
            slug, cents = self.rng.choice(self.slugs[:2]), self.rng.randint(5, 9) * 100
            pledges.append(self.pledge(f"cluster-{number}", slug, cents, plan))
        places = self.rng.sample(range(200), GREEDY)
        for number, place in enumerate(places):
            pledges.insert(place, self.pledge(f"greedy-{number}", self.slugs[2], cap * 2 // 5 // 100 * 100, "pay"))
        return pledges

    def pledge(self, name, slug, cents, plan):
        key, lang = f"{name}-{self.rng.getrandbits(64):x}", self.rng.choice(("nl", "en"))
        return Pledge(slug, cents, f"{name}@backers.example", lang, key, plan, self.rng.random() < 0.1, self.rng.random() < 0.5)

    # what falls

    def goes_on(self, began, seconds=30, least=8):
        """Waits for so many acknowledgements after a moment; answers when the first came, or what is wrong."""
        wait(lambda: len(self.driver.acknowledged_since(began)) >= least, seconds)
        found = self.driver.acknowledged_since(began)
        wrong = [] if len(found) >= least else [f"{len(found)} acknowledgements in {seconds} s"]
        return wrong, f"the first acknowledgement after {found[0] - began:.1f} s" if found else ""

    def nodes_fall(self):
        stage = self.stage
        wait(lambda: len(self.driver.moments) > 10, PATIENCE)
        wrong = []
        for web in stage.webs:
            web.kill()
            wrong += self.goes_on(time.monotonic())[0]
            web.start()
            web.await_ready()
        self.cases.book("each web killed", wrong + stage.ended())
        wrong = []
        for web in stage.webs:
            web.pause()
            began = time.monotonic()
            time.sleep(3)
            web.go_on()
            wrong += self.goes_on(began)[0]
        self.cases.book("each web paused", wrong + stage.ended())
        wrong = []
        for worker in stage.workers:
            stage.replace(worker)
            wrong += self.goes_on(time.monotonic())[0]
            worker.pause()
            time.sleep(3)
            worker.go_on()
        self.cases.book("each worker killed, then paused", wrong + stage.ended())

    def stands_still(self, name, begin, end, seconds=5):
        """While this lasts nothing may be acknowledged; afterwards it goes on."""
        begin()
        time.sleep(0.5)  # what was under way
        began = time.monotonic()
        time.sleep(seconds)
        early = len(self.driver.acknowledged_since(began))
        end()
        ended = time.monotonic()
        wrong, what = self.goes_on(ended)
        wrong += [f"{early} acknowledged meanwhile"] if early else []
        self.cases.book(name, wrong + self.stage.ended(), what)

    def databases_fall(self):
        stage, door = self.stage, self.stage.to_database
        self.stands_still("the standby paused", stage.standby.pause, stage.standby.go_on, 4)
        self.stands_still("the primary paused", stage.primary.pause, stage.primary.go_on, 4)
        self.stands_still("the primary cut off", lambda: door.order("cut"), lambda: door.order("heal"), 4)
        began = time.monotonic()
        stage.primary.kill()
        stage.step_in()
        stepped = time.monotonic()
        wrong, what = self.goes_on(began)
        self.cases.book("the primary killed, the standby steps in", wrong + stage.ended(), f"after {stepped - began:.1f} s, {what}")
        stage.join(stage.standby)
        wrong, _ = self.goes_on(time.monotonic())
        self.cases.book("the old primary made anew as a standby", wrong)

    def end_of_pledging(self):
        driver = self.driver
        self.closing = Close(self.stage, self.rng, self.number)
        driver.no_more()
        through = lambda: all(pledge.done for pledge in driver.begun()) and self.all_held()
        if not wait(through, 10, 0.5):
            self.closing.advance()  # what a worker that was killed had taken
        done = wait(through, PATIENCE, 0.5)
        driver.stop()
        wrong = driver.faults + ([] if done else ["some calls have no answer, or some payments are not held"])
        repeated = sum(not answered for _, _, answered in driver.calls)
        self.cases.book(
            "pledging, paying, cancelling", wrong,
            f"{len(driver.begun()) - len(driver.refusals)} acknowledged, {len(driver.refusals)} refused, {repeated} calls unanswered",
        )
        self.totals = {
            slug: (int(cap), int(taken)) for slug, cap, taken in self.stage.database.rows(
                "SELECT j.slug, t.cap_cents, COALESCE(SUM(p.amount_cents), 0) FROM pledge_totals t "
                "JOIN projects j ON j.id = t.project_id LEFT JOIN pledges p ON p.project_id = j.id "
                "AND p.state IN ('reserved', 'processing', 'held') GROUP BY j.slug, t.cap_cents"
            )
        }

    def all_held(self):
        """Every payment is held, and its backer follows the project who wanted to."""
        unpaid = sum(pledge.plan == "open" and bool(pledge.reference) for pledge in self.driver.begun())
        rows = self.stage.database.rows("SELECT COUNT(*) FROM pledges WHERE name = 'Crash' AND state IN ('reserved', 'processing')")
        follow = self.stage.database.rows("SELECT COUNT(*) FROM jobs WHERE kind = 'updates.follow'")
        return int(rows[0][0]) <= unpaid and follow == [["0"]]

    # an update by mail

    def mail(self):
        """An owner's news to everybody who wanted it; one worker is killed and one paused while it is mailed."""
        stage, slug, closing = self.stage, self.slugs[0], self.closing
        # the workers' clocks will run ahead of the bank's
        stage.control("faults", webhooks="lost")
        owner = stage.database.rows(
            "SELECT u.email FROM projects j JOIN memberships m ON m.organisation_id = j.organisation_id AND m.role = 'owner' "
            f"JOIN users u ON u.id = m.user_id WHERE j.slug = '{slug}'"
        )[0][0]
        cookie, path = closing.sign_in(owner), f"/en/studio/projects/{slug}/updates"
        fields = {"title_nl": "Nieuws", "body_nl": "Het gaat goed.", "title_en": "News", "body_en": "All is well."}
        parts = "".join(f'--cut\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items())
        headers = {"cookie": cookie, "content-type": "multipart/form-data; boundary=cut"}
        saved = call(self.stage.program.base, "POST", f"{path}/new", f"{parts}--cut--\r\n".encode(), headers)
        wrong = [] if saved.status == 303 else [f"saving was answered {saved}"]
        published = call(self.stage.program.base, "POST", f"{path}/1/publish", {}, {"cookie": cookie})
        wrong += [] if published.status == 303 else [f"publishing was answered {published}"]
        closing.advance_at_next_start(UNDO_SECONDS)
        for worker in stage.workers:
            stage.replace(worker)
        begun = wait(lambda: sum(letter[2] == "update" for letter in stage.received()) > 5, PATIENCE, 0.02)
        stage.replace(stage.workers[0])
        stage.workers[1].pause()
        time.sleep(2)
        stage.workers[1].go_on()
        wrong += [] if begun else ["no letter of it came"]
        self.cases.book("an update mailed, a worker killed and a worker paused meanwhile", wrong + stage.ended())

    # the closing

    def close(self):
        stage, closing = self.stage, self.closing
        first, second = "treasurer1@drempel.example", "treasurer2@drempel.example"
        closing.step(first, "begin", lambda: closing.round_state() != "selling", 0, 0, reason="The cluster test closes it.")
        closing.step(first, "propose", lambda: closing.settlement()[0] != "", 0, 0, reason="The numbers are right.")
        closing.step(second, "approve", lambda: closing.settlement()[0] in ("executing", "done"), 0, 0)
        self.cases.book("begun, proposed, approved", closing.faults)
        if self.upgrade:
            self.upgrade.finish()
        self.next_version()
        self.worker_sleeps()
        self.two_primaries()
        finished = closing.let_finish(self.is_finished, PATIENCE)
        left = "letters {}, refunds {}, pledges {}".format(*closing.left())
        self.cases.book("carried out", [] if finished else [f"round {closing.round_state()}, left: {left}"])

    def next_version(self):
        """The step of a next version while the programs of this one close a round: it only adds, and gives way as `drempel migrate` does."""
        tables = ("pledges", "payments", "refunds", "projects", "rounds", "settlement_lines", "letters", "jobs", "users")
        began = time.monotonic()
        before, tries = self.closing.progress(), 1
        while not self.step("".join(f"ALTER TABLE {table} ADD COLUMN next_step TEXT; " for table in tables)):
            tries += 1
        took = time.monotonic() - began
        moved = wait(lambda: self.closing.progress() != before or self.is_finished(), 20)
        self.cases.book("the next version's step", self.stage.ended() + ([] if moved else ["nothing moves since"]), f"{took:.1f} s, {tries} tries")

    def step(self, changes):
        """Whether this step of the schema got its tables; else nothing of it happened."""
        try:
            self.stage.database.write(f"SET LOCAL lock_timeout = '3s'; {changes} CREATE TABLE next_things (id TEXT NOT NULL PRIMARY KEY)")
        except Failed as error:
            if "deadlock detected" in str(error) or "lock timeout" in str(error):
                return False
            raise
        return True

    def worker_sleeps(self):
        """One worker sleeps with what it has taken until its lease is over for the other; then it wakes up and goes on with it."""
        stage = self.stage
        awake, sleeper = stage.workers
        wait(lambda: self.taken(), 5, 0.02)
        sleeper.pause()
        taken = self.taken()
        self.closing.advance_at_next_start()
        stage.replace(awake)
        before = self.closing.progress()
        moved = wait(lambda: self.closing.progress() != before or self.is_finished(), 20)
        time.sleep(3)
        sleeper.go_on()
        stage.interruptions += 1
        self.cases.book(
            "a worker sleeps past its leases", stage.ended() + ([] if moved else ["nothing moves without it"]), f"{taken} leases were out",
        )

    def taken(self):
        """How many leases are out."""
        count = "SELECT COUNT(*) FROM"
        (row,) = self.stage.database.rows(
            f"SELECT ({count} jobs WHERE lease_until <> ''), ({count} letters WHERE lease_until <> ''), "
            f"({count} refunds WHERE lease_until <> '')"
        )
        return sum(map(int, row))

    def two_primaries(self):
        """The standby steps in beside a primary that only stood still: it goes on, and can acknowledge nothing."""
        stage = self.stage
        old = stage.primary
        old.pause()
        stage.step_in()
        old.go_on()
        wrong = ["the old primary acknowledged a change"] if stage.acknowledges(old, 4) else []
        wrong += [f"{row[0]} of it on the old primary" for row in old.psql("SELECT COUNT(*) FROM facts WHERE name = 'two_primaries'", "drempel") if row[0] != "0"]
        old.kill()
        self.cases.book("two primaries", wrong + stage.ended(), "the old one acknowledges nothing")
        stage.join(old)

    def is_finished(self):
        letters, refunds, _ = self.closing.left()
        rows = self.stage.database.rows("SELECT COUNT(*) FROM pledges WHERE name = 'Crash' AND state IN ('processing', 'refunding', 'held')")
        return self.closing.round_state() == "settled" and (letters, refunds, int(rows[0][0])) == (0, 0, 0)

    # what came of it

    def compare(self):
        stage, driver = self.stage, self.driver
        told = [
            {
                "email": pledge.email, "cents": pledge.cents, "slug": pledge.slug, "reference": pledge.reference, "paid": pledge.paid,
                "cancelled": pledge.plan == "cancel", "updates": pledge.updates, "outcome": "refused" if pledge.key in driver.refusals else "acknowledged",
            }
            for pledge in driver.begun()
        ]
        end = self.end(told)
        effects = stage.effects()
        paid = effects["payments_succeeded"] - self.before["payments_succeeded"]
        wrong = [] if paid == len(end["paid"]) else [f"{paid} payments at the bank of {len(end['paid'])} that were made"]
        repeats = len(end["letters"]) - len({letter[3] for letter in end["letters"]})
        greedy = [one for one in told if one["email"].startswith("greedy")]
        if {one["outcome"] for one in greedy} != {"acknowledged", "refused"}:
            wrong.append("the project with little room was not rushed")
        self.cases.book(
            "history", wrong + history.check(told, end),
            f"{len(told)} answers, {len(end['refunds'])} refunds, {len(end['letters'])} letters, {repeats} of them again for "
            f"{stage.interruptions} interruptions of workers",
        )
        done = stage.command("verify-ledger")
        broken = [line for line in done.stdout.splitlines() if "BROKEN" in line]
        if done.returncode:
            broken.append(f"status {done.returncode} {done.stderr.strip()[-300:]}")
        self.cases.book("verify-ledger on the new primary", broken, f"{len(done.stdout.splitlines())} invariants")
        self.newer_schema()
        self.cases.book("logs", stage.panics() + [f"{name} ended by itself" for name in stage.dead_helpers() + stage.ended()])

    def end(self, told):
        rows, ours = self.stage.database.rows, "p.name = 'Crash'"
        pledges = {
            reference: (email, int(cents), slug, state) for reference, email, cents, slug, state in rows(
                "SELECT p.reference, u.email, p.amount_cents, j.slug, p.state FROM pledges p JOIN users u ON u.id = p.user_id "
                f"JOIN projects j ON j.id = p.project_id WHERE {ours}"
            )
        }
        booked = {}
        for reference, cents in rows(
            "SELECT p.reference, -e.amount_cents FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id "
            f"JOIN pledges p ON p.id = e.pledge_id WHERE t.kind = 'paid' AND e.account LIKE 'pledges_held:%' AND {ours}"
        ):
            booked.setdefault(reference, []).append(int(cents))
        owner = dict(rows(f"SELECT y.intent_id, p.reference FROM payments y JOIN pledges p ON p.id = y.pledge_id WHERE y.intent_id IS NOT NULL AND {ours}"))
        refunds = [
            (owner[refund["payment_intent"]], refund["amount"], refund["status"])
            for refund in self.stage.effects()["refunds"] if refund["payment_intent"] in owner
        ]
        receivers = {one["email"] for one in told}
        letters = [
            (kind, to, tuple(sorted(set(re.findall(r"DR-[0-9A-Z-]+", text or "")) & set(pledges))), message_id)
            for to, message_id, kind, text in self.stage.received() if to in receivers
        ]
        funded = {
            slug for slug in self.slugs
            if call(self.stage.program.base, "GET", f"/api/v1/projects/{slug}").json()["status"] in ("funded", "running")
        }
        return {
            "pledges": pledges, "paid": {one["reference"]: one["cents"] for one in told if one["paid"]}, "booked": booked,
            "refunds": refunds, "letters": letters, "totals": self.totals, "funded": funded, "mailed": {self.slugs[0]},
            "doubt": IN_DOUBT * self.stage.interruptions,
        }

    def newer_schema(self):
        """Programs that run go on under a newer schema; one of the old version is not started on it."""
        self.stage.database.write(
            "INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time) "
            "VALUES (9999, 'next', now(), true, '\\x00', 0)"
        )
        refused = self.stage.command("migrate")
        wrong = [] if refused.returncode == 1 else [f"drempel migrate: status {refused.returncode}"]
        page = call(self.stage.program.base, "GET", f"/nl/projects/{self.slugs[0]}")
        wrong += [] if page.status == 200 else [f"the project's page: {page}"]
        self.cases.book("a newer schema", wrong + self.stage.ended())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--engine", choices=("postgres",), required=True)
    parser.add_argument("--binary", required=True, help="the program under test")
    parser.add_argument("--old", help="a program of the version before: everything begins with it")
    parser.add_argument("--during", choices=("pledging", "closing"), default="pledging", help="when the new version comes to the old one")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--keep", action="store_true", help="keep databases, logs and letters")
    options = parser.parse_args()
    print(f"cluster: --seed {options.seed}", flush=True)
    for number in (signal.SIGTERM, signal.SIGHUP):  # whoever ends the tests early leaves no process behind either
        signal.signal(number, lambda *_: sys.exit(143))
    stage, cases = Cluster(), Cases()
    try:
        stage.open(options.old or options.binary)
        play = Play(stage, options.seed)
        cases = play.cases
        if options.old:
            play.upgrade = Upgrade(play, options.binary, options.during)
        play.run()
    except Exception:
        traceback.print_exc()
        cases.book("to the end", ["it broke off, see above"])
    finally:
        stage.close(options.keep or cases.failed > 0)
    print(f"{cases.passed} passed, {cases.failed} failed")
    sys.exit(1 if cases.failed else 0)


if __name__ == "__main__":
    main()
