"""A new version comes while the one before is at work (run.py --old): its steps of the schema first, then one process after the other.

It comes while backers pledge or, with --during closing, while a round is closed. What dies from then on is replaced by the new program,
as the old one is not started on a newer schema. A web stays old until the middle of the closing, so that both versions work side by side for
long. A call without an answer is explained only when it was under way in a web that died, or on its way in when a web shut its door.
"""

import os
import re
import subprocess
import threading
import time
from pathlib import Path

from nodes import wait
from stage import Gone, call, free_port

# A connection that came so many seconds before or after a web was told to end may never have been taken by it.
BEFORE, AFTER = 0.1, 0.5
# How long one version has the door for itself, and what it has to acknowledge in it.
ALONE, LEAST = 30, 20
# What a worker prints when it begins.
BEGUN = b"Drempel: a worker for"


class Visitors:
    """Look at pages all the time, so that a moment without an answer is seen."""

    def __init__(self, base, paths):
        self.base, self.calls, self.ending = base, [], threading.Event()
        self.threads = [threading.Thread(target=self._look, args=(path,), daemon=True) for path in paths]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ending.set()
        for thread in self.threads:
            thread.join(60)

    def _look(self, path):
        while not self.ending.is_set():
            began = time.monotonic()
            try:
                status = call(self.base, "GET", path).status
            except Gone:
                status = None
            self.calls.append((began, time.monotonic(), status))
            time.sleep(0.02)


class Upgrade:
    def __init__(self, play, new, during):
        self.play, self.stage, self.during = play, play.stage, during
        self.old, self.new = self.stage.binary, str(Path(new).resolve())
        self.known = None  # the newest step of the old program
        self.told, self.died = [], []  # moments at which webs were told to end; from when to when they were killed

    # what runs

    def nodes(self):
        return self.stage.webs + self.stage.workers

    def is_old(self, node):
        """What the system says that it carries out."""
        return os.path.samefile(f"/proc/{node.process.pid}/exe", self.old)

    def left(self):
        return [node for node in self.nodes() if self.is_old(node)]

    def steps(self):
        """How many steps the schema has taken, and the newest."""
        return tuple(map(int, self.stage.database.rows("SELECT COUNT(*), MAX(version) FROM _sqlx_migrations")[0]))

    # what is seen of it

    def watched(self, name, change):
        """Makes a change while visitors look and backers pledge; every call must be answered or explained by it."""
        paths = [f"/nl/projects/{self.play.slugs[0]}", f"/api/v1/projects/{self.play.slugs[1]}"]
        pledging, began = len(self.play.driver.calls), time.monotonic()
        with Visitors(self.stage.program.base, paths) as visitors:
            wrong, what = change()
        calls = visitors.calls + self.play.driver.calls[pledging:]
        none = [(begin, end) for begin, end, status in calls if status is None]
        why = [self.explains(begin, end) for begin, end in none]
        wrong += [f"a call had no answer {begin - began:.2f} to {end - began:.2f} s" for (begin, end), found in zip(none, why) if not found]
        wrong += [f"a page was answered {status}" for status in sorted({status for _, _, status in visitors.calls if status not in (200, None)})]
        longest, later = max(end - begin for begin, end, _ in calls), sum(status == 503 for _, _, status in calls)
        what += f", {later} told to come again" if later else ""
        unanswered = f"{len(none)} of {len(calls)} calls unanswered" + (f" ({', '.join(filter(None, why))})" if any(why) else "")
        self.play.cases.book(name, wrong + self.stage.ended(), f"{what}, {unanswered}, the longest took {longest:.1f} s")

    def explains(self, begin, end):
        """Why a call had no answer, or nothing."""
        for before, after in self.died:
            if begin < after and before < end:
                return "killed under way"
        for moment in self.told:
            if -BEFORE < begin - moment < AFTER:
                return f"at the door {begin - moment:+.2f} s"
        return ""

    # the steps

    def begin(self):
        """All of it up to where both versions work side by side."""
        self.watched("the next version's schema under the old programs", self.migrate)
        self.refused()
        self.watched("an old web dies, an old worker is told to end: new ones come", self.first)
        if self.during == "closing":
            self.watched("old and new side by side", self.each_worker)
            return
        self.watched("old and new side by side", self.each_web)
        self.watched("an old web told to end while backers pledge", self.second)

    def migrate(self):
        stage = self.stage
        before, letters = self.steps(), len(stage.received())
        self.known = before[1]
        moved = self.play.closing.progress() if self.during == "closing" else None
        for node in self.nodes():
            node.binary = self.new  # for whatever is started from now on
        began = time.monotonic()
        done = stage.command("migrate")
        took = time.monotonic() - began
        wrong = [] if done.returncode == 0 else [f"drempel migrate: status {done.returncode} {done.stderr.strip()[-300:]}"]
        after = self.steps()
        wrong += [] if after[1] > before[1] else ["the new program has no step that the old one has not"]
        wrong += [f"{node.name} is no old one any more" for node in self.nodes() if not self.is_old(node)]
        if moved is None:
            wrong += self.play.goes_on(time.monotonic())[0]
        elif self.play.is_finished() or not wait(lambda: self.play.closing.progress() != moved, 20):
            wrong.append("nothing was left to do, or nothing moves since")
        again, crossed = (done.stderr.count(words) for words in ("it is tried again", "deadlock detected"))
        tries = f"{1 + again} tries" + (f" ({crossed} crossed with other work)" if crossed else "")
        return wrong, f"{after[0] - before[0]} steps in {took:.1f} s, {tries}, {len(stage.received()) - letters} letters meanwhile"

    def refused(self):
        """The old program says which step it does not know, and ends with status 1."""
        wrong = []
        environment = self.stage.webs[0].environment | {"LISTEN": f"127.0.0.1:{free_port()}"}
        for words in (("migrate",), ("serve", "--no-worker"), ("work",)):
            done = subprocess.run([self.old, *words], cwd=self.stage.folder, env=environment, stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True, timeout=60)
            said = done.stderr.strip()
            if done.returncode != 1 or not any(int(step) > self.known for step in re.findall(r"\d+", said)):
                wrong.append(f"drempel {' '.join(words)}: status {done.returncode} {said[-200:]}")
        self.play.cases.book("the old program is not started on it", wrong + self.stage.ended(), f"it says: {said[-200:]}")

    def first(self):
        """A web dies; a worker is told to end while letters are under way."""
        stage = self.stage
        web = self.play.rng.choice(stage.webs)
        before = time.monotonic()
        web.kill()
        self.died.append((before, time.monotonic()))
        web.start()
        web.await_ready()
        wrong = self.replace(self.play.rng.choice(stage.workers))
        left = self.left()
        wrong += [] if len(left) == len(self.nodes()) - 2 else [f"old are still {[node.name for node in left]}"]
        return wrong, f"old are still {', '.join(node.name for node in left)}"

    def second(self):
        web = self.play.rng.choice([web for web in self.stage.webs if self.is_old(web)])
        wrong = self.replace(web)
        return wrong + self.play.goes_on(time.monotonic())[0], web.name

    def each_web(self):
        """New lines lead to the old webs, then to the new one, then to all of them: both versions acknowledge pledges."""
        stage, driver, wrong, counts = self.stage, self.play.driver, [], []
        old = [web for web in stage.webs if self.is_old(web)]
        for webs in (old, [web for web in stage.webs if web not in old]):
            stage.to_webs.order("turn " + ",".join(str(web.port) for web in webs))
            turned = time.monotonic()
            wait(lambda: len(driver.asked_since(turned)) >= LEAST, ALONE)
            counts.append(len(driver.asked_since(turned)))
        stage.to_webs.order("turn " + ",".join(str(web.port) for web in stage.webs))
        wrong += [f"{count} acknowledged by {name}" for name, count in zip(("old", "new"), counts) if count < LEAST]
        wrong += self.play.goes_on(time.monotonic())[0]
        return wrong, f"{counts[0]} pledges acknowledged by old webs alone, {counts[1]} by the new one alone"

    def each_worker(self):
        """While one worker stands still the other goes on with the closing, the old one and the new one."""
        closing, wrong = self.play.closing, []
        for working, still in (self.stage.workers, self.stage.workers[::-1]):
            still.pause()
            before = closing.progress()
            if not wait(lambda: closing.progress() != before, 10):
                wrong.append(f"nothing moves by {working.name} alone, which is {'old' if self.is_old(working) else 'new'}")
            still.go_on()
        wrong += [] if sum(map(self.is_old, self.stage.workers)) == 1 else ["the workers are of one version"]
        return wrong, "each worker carries the closing out alone"

    def replace(self, node):
        """Told to end, waited for, and the new program in its place, at work before anything else happens."""
        if node in self.stage.webs:
            self.told.append(time.monotonic())
        status, seconds = node.stop()
        log = self.stage.folder / f"{node.name}.log"
        lives = log.read_bytes().count(BEGUN)
        node.start()
        wrong = [] if status == 0 else [f"{node.name} ended with status {status} after {seconds:.1f} s"]
        if node in self.stage.webs:
            node.await_ready()
        elif not wait(lambda: log.read_bytes().count(BEGUN) > lives, 60):
            wrong.append(f"{node.name} did not begin")
        return wrong + ([f"{node.name} is an old one again"] if self.is_old(node) else [])

    def finish(self):
        """In the middle of the closing all that are still old are replaced, one by one."""
        if self.during == "closing":
            self.begin()
        self.watched("the rest replaced one by one", self.rest)

    def rest(self):
        closing, left = self.play.closing, self.left()
        before, wrong = closing.progress(), []
        for node in left:
            wrong += self.replace(node)
        moved = wait(lambda: closing.progress() != before or self.play.is_finished(), 20)
        wrong += [] if moved else ["nothing moves since"]
        wrong += [f"{node.name} is still old" for node in self.left()]
        return wrong, ", ".join(node.name for node in left)
