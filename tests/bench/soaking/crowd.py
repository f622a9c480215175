"""The people of a soak: some look at pages, some pledge and pay, change their mind or never come back.

Each begins when it is due, whatever became of those before; the time of a request counts from that moment.
"""

import asyncio
import json
import random
import time
from collections import Counter

from soaking.web import NoAnswer, Web

# What becomes of so many of a hundred pledges.
FATES = {"pay": 60, "pay, then cancel": 15, "never pay": 15, "turn back at the bank": 5, "fail at the bank": 5}
BUTTONS = {"pay": "pay", "pay, then cancel": "pay", "turn back at the bank": "cancel", "fail at the bank": "fail"}
# A pledge whose session cannot be made is asked for again with the same key, so often.
MOST_TRIES = 30
# A payment whose news is lost is looked at after two minutes.
MOST_LOOKS = 60
MOST_UNDER_WAY = 5_000
AMOUNTS = (500, 1_000, 2_500, 5_000)


class Crowd:
    def __init__(self, base, bank, slugs, round_number, seed):
        self.web, self.bank = Web(base), Web(bank)
        self.slugs, self.round = slugs, round_number
        self.rng = random.Random(seed)
        self.cookies = {}  # of a backer and of the team
        self.pledges = []  # (reference, key) of the newest
        self.counts = Counter()
        self.faults = []  # what nobody asked for
        self.times = {"pages": [], "pledges": []}
        self.under_way = set()
        self.paid_cents = 0

    def fault(self, text):
        self.counts["errors"] += 1
        if len(self.faults) < 1_000:
            self.faults.append(f"{time.strftime('%H:%M:%S', time.gmtime())} {text}")

    async def at_rate(self, a_second, until, act):
        """Begins so many a second, at even distances, until that moment."""
        due = time.monotonic()
        while due < until:
            await asyncio.sleep(max(0, due - time.monotonic()))
            if len(self.under_way) < MOST_UNDER_WAY:
                task = asyncio.create_task(self._carefully(act, due))
                self.under_way.add(task)
                task.add_done_callback(self.under_way.discard)
            else:
                self.fault(f"{MOST_UNDER_WAY} are under way already")
            due += 1 / a_second

    async def _carefully(self, act, due):
        try:
            await act(due)
        except NoAnswer as error:
            self.fault(str(error))
        except Exception as error:  # a slip of the load must not look like a pass
            self.fault(f"the load: {type(error).__name__}: {error}")

    async def end(self, patience):
        """What has begun comes to its end."""
        if self.under_way:
            _done, left = await asyncio.wait(set(self.under_way), timeout=patience)
            for task in left:
                task.cancel()
                self.fault("somebody was not done in time")
        self.web.close()
        self.bank.close()

    # pages

    async def look(self, due):
        path, cookie = self._page()
        answer = await self.web.ask("GET", path, headers=(f"cookie: {cookie}",) if cookie else ())
        self.times["pages"].append(time.monotonic() - due)
        self.counts["requests"] += 1
        if answer.status != 200:
            self.fault(f"{path.split('?')[0]} was answered {answer.status}")

    def _page(self):
        slug, lang, dice = self.rng.choice(self.slugs), self.rng.choice(("nl", "en")), self.rng.randrange(100)
        if dice < 55:
            return f"/{lang}/projects/{slug}", ""
        if dice < 75:
            return f"/{lang}/projects", ""
        if dice < 80:
            return f"/{lang}/rounds/{self.round}", ""
        if dice < 88:
            return f"/api/v1/projects/{slug}", ""
        if dice < 94 and self.pledges:
            reference, key = self.rng.choice(self.pledges)
            return f"/api/v1/pledges/{reference}?key={key}", ""
        if dice < 98:
            return f"/{lang}/account/pledges", self.cookies["backer"]
        return f"/{lang}/staff/pledges", self.cookies["team"]

    # pledges

    async def pledge(self, due):
        fate = self.rng.choices(list(FATES), FATES.values())[0]
        cents = self.rng.choice(AMOUNTS)
        made = await self._made(due, cents)
        if made is None:
            return
        self.counts["pledges"] += 1
        self.pledges.append((made["reference"], made["key"]))
        del self.pledges[:-500]
        if fate in BUTTONS:
            await asyncio.sleep(self.rng.uniform(0.5, 5))
            session = made["checkout_url"].rsplit("/", 1)[-1]
            order = json.dumps({"session": session, "action": BUTTONS[fate]}).encode()
            answer = await self.bank.ask("POST", "/control/pay", order, ("content-type: application/json",))
            if answer.status != 200:
                self.fault(f"the bank answered {answer.status} {answer.body[:200]}")
                return
            if BUTTONS[fate] == "pay":
                self.paid_cents += cents
        if fate == "pay, then cancel":
            await self._cancel(made)
        self.counts[fate] += 1

    async def _made(self, due, cents):
        """A pledge with its session. While the bank misbehaves the place is kept, and the same call again gets the session."""
        key, slug = f"soak-{self.rng.getrandbits(96):x}", self.rng.choice(self.slugs)
        person = f"soak{self.rng.randrange(1_000_000)}@bench.example"
        body = json.dumps({"amount_cents": cents, "email": person, "name": "Sam"}).encode()
        headers = ("content-type: application/json", f"idempotency-key: {key}")
        for turn in range(MOST_TRIES):
            answer = await self.web.ask("POST", f"/api/v1/projects/{slug}/pledges", body, headers)
            if turn == 0:
                self.times["pledges"].append(time.monotonic() - due)
            self.counts["requests"] += 1
            if answer.status == 201:
                return json.loads(answer.body)
            if answer.status != 503 or "pledge" not in json.loads(answer.body):
                self.fault(f"a pledge was answered {answer.status} {answer.body[:200]}")
                return None
            self.counts["asked for"] += 1
            await asyncio.sleep(self.rng.uniform(2, 6))
        self.fault(f"{person} got no session within {MOST_TRIES} tries")
        return None

    async def _cancel(self, made):
        """Cancels when the pledge is held."""
        path = f"/api/v1/pledges/{made['reference']}"
        for _look in range(MOST_LOOKS):
            await asyncio.sleep(self.rng.uniform(2, 6))
            answer = await self.web.ask("GET", f"{path}?key={made['key']}")
            self.counts["requests"] += 1
            if answer.status != 200:
                self.fault(f"a pledge was answered {answer.status}")
                return
            state = json.loads(answer.body)["status"]
            if state == "held":
                answer = await self.web.ask("POST", f"{path}/cancel?key={made['key']}")
                self.counts["requests"] += 1
                if answer.status != 200:
                    self.fault(f"cancelling was answered {answer.status} {answer.body[:200]}")
                return
            if state not in ("reserved", "processing"):
                self.fault(f"a pledge that was paid is {state}")
                return
        self.fault(f"{made['reference']} was paid and not held")
