"""Closing a round by two treasurers, with kills in every step, and kills all through the execution."""

import csv
import io
import re
import threading
import time

from stage import Gone, Locked, call

# More than any lease (120 s): what a killed process had taken is free again.
LEASE_SECONDS = 121


class Closing:
    def __init__(self, stage, rng, number):
        self.stage, self.rng, self.number = stage, rng, number
        self.address = f"/en/staff/rounds/{number}/closing"
        self.faults = []
        self.answers = []  # of steps that were asked for without a kill

    # what the database says

    def round_state(self):
        return self.stage.database.rows(f"SELECT state FROM rounds WHERE number = {self.number}")[0][0]

    def settlement(self):
        """State of the living settlement and how many lines it has."""
        rows = self.stage.database.rows(
            "SELECT s.state, (SELECT COUNT(*) FROM settlement_lines l WHERE l.settlement_id = s.id) FROM settlements s "
            f"JOIN rounds r ON r.id = s.round_id WHERE r.number = {self.number} AND s.state <> 'expired'"
        )
        return (rows[0][0], int(rows[0][1])) if rows else ("", 0)

    def progress(self):
        """Grows with everything that is carried out: lines, refunds, letters."""
        count = "SELECT COUNT(*) FROM"
        (row,) = self.stage.database.rows(
            f"SELECT ({count} settlement_lines WHERE done_at IS NOT NULL), ({count} refunds WHERE finished_at IS NOT NULL), "
            f"({count} letters WHERE state <> 'queued')"
        )
        return tuple(map(int, row))

    def left(self):
        """What must come to an end before anything is compared: letters, refunds, pledges between two states."""
        count, ours = "SELECT COUNT(*) FROM", f"round_id = (SELECT id FROM rounds WHERE number = {self.number})"
        (row,) = self.stage.database.rows(
            f"SELECT ({count} letters WHERE state = 'queued'), ({count} refunds WHERE finished_at IS NULL), "
            f"({count} pledges WHERE state IN ('reserved', 'processing', 'refunding') AND {ours})"
        )
        return tuple(map(int, row))

    # what people do

    def sign_in(self, email):
        answer = call(self.stage.program.base, "POST", "/dev/sign-in", {"email": email})
        if answer.status != 303:
            raise RuntimeError(f"signing {email} in was answered {answer}")
        return "; ".join(value.split(";")[0] for value in answer.headers.get_all("set-cookie") or [])

    def page(self, email="treasurer1@drempel.example", part=""):
        return call(self.stage.program.base, "GET", self.address + part, headers={"cookie": self.sign_in(email)}, timeout=60)

    def post(self, email, part, **fields):
        """One step through the page's own form."""
        cookie = self.sign_in(email)
        if part != "begin":
            fields["hash"] = self.hash(cookie)
        return call(self.stage.program.base, "POST", f"{self.address}/{part}", fields, {"cookie": cookie}, timeout=60)

    def hash(self, cookie):
        page = call(self.stage.program.base, "GET", self.address, headers={"cookie": cookie}, timeout=60)
        found = re.search(rb'data-hash="([^"]+)"', page.body)
        if not found:
            raise RuntimeError(f"no data-hash on the closing page: {page}")
        return found[1].decode()

    def protocol(self):
        text = self.page(part="/protocol.csv").body.decode()
        return list(csv.DictReader(io.StringIO(text)))

    def advance(self):
        """Moves the program's clock on by its own page, so that the leases of what was killed run out."""
        threading.Thread(target=self._advance, daemon=True).start()

    def _advance(self):
        try:
            call(self.stage.program.base, "POST", "/dev/clock", {"advance_seconds": LEASE_SECONDS}, timeout=60)
        except Gone:
            pass

    def advance_at_next_start(self, seconds=LEASE_SECONDS):
        """The same without the catching up that the page does: the next process begins with the later clock."""
        name = "'dev_clock_offset_seconds'"
        found = self.stage.database.rows(f"SELECT value FROM facts WHERE name = {name}")
        later = int(found[0][0]) + seconds if found else seconds
        self.stage.database.write(
            f"INSERT INTO facts (name, value) VALUES ({name}, '{later}') ON CONFLICT (name) DO UPDATE SET value = '{later}'"
        )

    # what happens to them

    def step(self, email, part, is_done, kills, longest, **fields):
        """Takes a step with so many kills at random instants in it, then without one; between kills it is all or nothing."""
        for attempt in range(kills + 3):
            if is_done():
                return
            if attempt >= kills:
                answer = self.post(email, part, **fields)
                self.answers.append((part, answer.status))
                if answer.status != 303:
                    self.faults.append(f"{part} was answered {answer.status}: {visible(answer.body)}")
                continue
            thread = threading.Thread(target=self._post_quietly, args=(email, part, fields), daemon=True)
            thread.start()
            time.sleep(self.rng.uniform(0.02, longest))
            self.restart()
            thread.join(60)
        if not is_done():
            self.faults.append(f"{part} did not happen")

    def _post_quietly(self, email, part, fields):
        try:
            answer = self.post(email, part, **fields)
            if answer.status >= 500:
                self.faults.append(f"{part} was answered {answer}")
        except (*Gone, RuntimeError):
            pass  # the kill came first

    def restart(self):
        self.stage.program.kill()
        self.stage.program.start()
        self.stage.program.await_ready()

    def carry_out(self, most_kills, is_enough, seconds):
        """Kills every 50–500 ms while there is something to do. Patience grows while nothing moves between two kills."""
        patience, before, kills = 1.0, self.progress(), 0
        until = time.monotonic() + seconds
        while kills < most_kills and time.monotonic() < until and not is_enough():
            time.sleep(self.rng.uniform(0.05, 0.5) * patience)
            now = self.progress()
            patience = min(patience * 1.4, 8) if now == before else max(1.0, patience / 1.4)
            before = now
            try:
                self.advance_at_next_start()
            except Locked as error:
                self.faults.append(str(error))
            self.restart()
            kills += 1
        return kills

    def let_finish(self, is_finished, seconds):
        """Without kills; when nothing moves for a while, the clock goes on past the leases."""
        until, moved, before = time.monotonic() + seconds, time.monotonic(), None
        while time.monotonic() < until:
            if is_finished():
                return True
            now = (self.progress(), self.left())
            if now != before:
                before, moved = now, time.monotonic()
            elif time.monotonic() - moved > 4:
                self.advance()
                moved = time.monotonic()
            time.sleep(0.2)
        return False


def visible(body):
    """What a page says above its form, for a failure's line."""
    text = re.sub(r"<[^>]+>", " ", body.decode(errors="replace").split("<main", 1)[-1])
    return " ".join(text.split())[:300]
