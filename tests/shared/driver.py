"""Backers who pledge by the JSON call, pay at the bank and sometimes cancel, whatever happens to the program meanwhile.

Each pledge keeps its idempotency key until the program has acknowledged it: a call without an answer, or with 503, is repeated
with the same key and body. What the program acknowledged is remembered here and compared at the end.
"""

import json
import random
import threading
import time
from dataclasses import dataclass

from stage import Gone, call

AT_ONCE = 8
# How often one pledge is tried before the driver gives up: far more than any chain of kills needs.
MOST_TRIES = 600


@dataclass
class Pledge:
    slug: str
    cents: int
    email: str
    language: str
    key: str
    # pay: paid and kept; open: never paid; cancel: paid, then cancelled by the backer
    plan: str
    repeat: bool
    updates: bool
    reference: str = ""
    secret: str = ""
    session: str = ""
    paid: bool = False
    done: bool = False

    def address(self, part=""):
        return f"/api/v1/pledges/{self.reference}{part}?key={self.secret}"


def plan(rng, slugs, count, extra):
    """`count` pledges that stay, spread over the projects, and for each project `extra` of each kind that do not."""
    wanted = [(slugs[number % len(slugs)], "pay") for number in range(count)]
    wanted += [(slug, what) for slug in slugs for what in ("open", "cancel") for _ in range(extra)]
    rng.shuffle(wanted)
    people = max(1, len(wanted) * 2 // 3)  # some give more than once
    return [
        Pledge(
            slug, rng.randint(5, 40) * 100, f"crash{rng.randrange(people)}@backers.example", rng.choice(("nl", "en")),
            f"crash-{number}-{rng.getrandbits(64):x}", what, rng.random() < 0.1, rng.random() < 0.1,
        )
        for number, (slug, what) in enumerate(wanted)
    ]


class Driver:
    # Answers after which the same is asked again.
    AGAIN = (503,)

    def __init__(self, stage, pledges, seed):
        self.stage, self.pledges = stage, pledges
        self.waiting = list(reversed(pledges))
        self.cancels = []  # (not before, pledge), for those that are paid
        self.faults = []
        self.calls = []  # (began, ended, status of the answer or None), of every call to the program
        self.acknowledged = self.in_flight = 0
        self.lock = threading.Lock()
        self.stopping = False
        chances = [random.Random(f"{seed}/{number}") for number in range(AT_ONCE)]
        self.threads = [threading.Thread(target=self._work, args=(rng,), daemon=True) for rng in chances]

    def start(self):
        for thread in self.threads:
            thread.start()

    def stop(self, patience=60):
        self.stopping = True
        until = time.monotonic() + patience
        for thread in self.threads:
            thread.join(max(0.1, until - time.monotonic()))
        if any(thread.is_alive() for thread in self.threads):
            self.fault("the driver's threads did not end")

    def fault(self, text):
        with self.lock:
            self.faults.append(text)

    def finished(self):
        return sum(pledge.done for pledge in self.pledges)

    def _work(self, rng):
        while not self.stopping:
            step, pledge = self._next()
            if pledge is None:
                time.sleep(0.05)
                continue
            try:
                step(pledge, rng)
            except Exception as error:  # a slip in the driver must not look like a pass
                self.fault(f"{pledge.key}: {type(error).__name__}: {error}")
                pledge.done = True

    def _count_in_flight(self, change):
        with self.lock:
            self.in_flight += change

    def _next(self):
        with self.lock:
            if self.cancels and self.cancels[0][0] <= time.monotonic():
                return self._cancel, self.cancels.pop(0)[1]
            if self.waiting:
                return self._pledge, self.waiting.pop()
        return None, None

    def _pledge(self, pledge, rng):
        if not self._make(pledge, rng) or (pledge.repeat and not self._make(pledge, rng)):
            pledge.done = True
            return
        with self.lock:
            self.acknowledged += 1
        if pledge.plan != "open":
            pledge.paid = self.stage.control("pay", session=pledge.session) is not None
            if not pledge.paid:
                self.fault(f"{pledge.reference}: the bank would not take the payment of its session")
            elif pledge.plan == "cancel":
                self._cancel_later(pledge, rng)
                return
        pledge.done = True

    def _ask(self, pledge, rng, method, path, body=None, headers=None):
        """Repeats a call until there is an answer that says something."""
        for _ in range(MOST_TRIES):
            if self.stopping:
                break
            began = time.monotonic()
            self._count_in_flight(1)
            try:
                answer = call(self.stage.program.base, method, path, body, headers)
            except Gone:
                answer = None
            self._count_in_flight(-1)
            self.calls.append((began, time.monotonic(), answer and answer.status))
            if answer is not None and answer.status not in self.AGAIN:
                return answer
            time.sleep(rng.uniform(0.05, 0.3))
        self.fault(f"{pledge.key}: no answer to {method} {path.split('?')[0]}")
        return None

    def _make(self, pledge, rng):
        body = json.dumps({
            "kind": "gift", "amount_cents": pledge.cents, "email": pledge.email, "name": "Crash", "language": pledge.language,
            "updates": pledge.updates,
        }).encode()
        headers = {"content-type": "application/json", "idempotency-key": pledge.key}
        answer = self._ask(pledge, rng, "POST", f"/api/v1/projects/{pledge.slug}/pledges", body, headers)
        if answer is None:
            return False
        if answer.status != 201:
            self.refused(pledge, answer)
            return False
        made = answer.json()
        session = made["checkout_url"].rsplit("/", 1)[-1]
        if made["amount_cents"] != pledge.cents:
            self.fault(f"{made['reference']}: asked {pledge.cents}, acknowledged {made['amount_cents']}")
        if pledge.reference and (made["reference"], session) != (pledge.reference, pledge.session):
            self.fault(f"{pledge.key}: {pledge.reference} and {made['reference']} answer the same key")
        pledge.reference, pledge.secret, pledge.session = made["reference"], made["key"], session
        return True

    def refused(self, pledge, answer):
        self.fault(f"{pledge.key}: pledging was answered {answer}")

    def _cancel_later(self, pledge, rng):
        with self.lock:
            self.cancels.append((time.monotonic() + rng.uniform(0.3, 0.9), pledge))
            self.cancels.sort(key=lambda entry: entry[0])

    def _cancel(self, pledge, rng):
        """Cancels when the pledge is held; done when the program says that the money goes back."""
        answer = self._ask(pledge, rng, "GET", pledge.address())
        state = answer.json().get("status") if answer is not None and answer.status == 200 else str(answer)
        if state == "held":
            answer = self._ask(pledge, rng, "POST", pledge.address("/cancel"))
            if answer is None or answer.status not in (200, 409):
                self.fault(f"{pledge.reference}: cancelling was answered {answer}")
        if state in ("reserved", "held"):
            self._cancel_later(pledge, rng)
            return
        if state not in ("refunding", "refunded"):
            self.fault(f"{pledge.reference}: paid, and then {state}")
        pledge.done = True
