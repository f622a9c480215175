"""What must be true after all kills. Each check answers what is wrong (nothing: it holds) and what was looked at."""

import re
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor

from stage import call

# Letters a killed worker may leave in doubt: handed over, but not yet noted as sent (infra::mail::outbox). A second worker
# may be under way in the same process while the clock is moved.
IN_FLIGHT = 2 * 32
HISTORY = {
    "expired": ["reserved", "expired"],
    "held": ["reserved", "held"],
    "released": ["reserved", "held", "released"],
    "refunded": ["reserved", "held", "refunding", "refunded"],
}


class Expected:
    """What should have become of every pledge: those of the driver and those that were held before it came."""

    def __init__(self, stage, pledges, held_before, funded):
        self.pledges = pledges
        self.state = {}  # reference -> state
        self.cents = {}
        self.email = {}
        for pledge in pledges:
            stays = "released" if pledge.slug in funded else "refunded"
            self.state[pledge.reference] = {"pay": stays, "open": "expired", "cancel": "refunded"}[pledge.plan]
            self.cents[pledge.reference], self.email[pledge.reference] = pledge.cents, pledge.email
        for reference, slug, cents, email in held_before:
            self.state[reference] = "released" if slug in funded else "refunded"
            self.cents[reference], self.email[reference] = int(cents), email
        self.lines = {p.reference for p in pledges if p.plan == "pay"} | {row[0] for row in held_before}
        rows = stage.database.rows("SELECT p.reference, y.intent_id FROM pledges p JOIN payments y ON y.pledge_id = p.id")
        self.intent = {reference: intent for reference, intent in rows if reference in self.state}

    def refunded(self):
        return [reference for reference, state in self.state.items() if state == "refunded"]

    def letters(self):
        """Every letter that should have arrived: (kind, receiver, reference)."""
        for pledge in self.pledges:
            letter = (pledge.email, pledge.reference)
            yield ("pledge_received", *letter)
            if pledge.plan != "open":
                yield ("payment_received", *letter)
            if pledge.plan == "cancel":
                yield ("refund_sent", *letter)
        for reference in self.lines:
            letter = (self.email[reference], reference)
            if self.state[reference] == "released":
                yield ("round_won", *letter)
            else:
                yield ("round_lost", *letter)
                yield ("refund_sent", *letter)


def some(wrong):
    wrong = list(wrong)
    return wrong[:5] + ([f"and {len(wrong) - 5} more"] if len(wrong) > 5 else [])


def pledges(stage, expected):
    """Every acknowledged pledge is there, with its amount, in its state, and was in each state once."""

    def one(pledge):
        answer = call(stage.program.base, "GET", pledge.address(), timeout=60)
        if answer.status != 200:
            return f"{pledge.reference} (acknowledged): {answer}"
        found = answer.json()
        state = expected.state[pledge.reference]
        history = [change["status"] for change in found["history"]]
        if (found["amount_cents"], found["status"], history) != (pledge.cents, state, HISTORY[state]):
            return f"{pledge.reference}: {found['amount_cents']} {found['status']} {history}, expected {pledge.cents} {state}"
        return None

    with ThreadPoolExecutor(6) as pool:
        wrong = [fault for fault in pool.map(one, expected.pledges) if fault]
    made = int(stage.database.rows("SELECT COUNT(*) FROM pledges WHERE name = 'Crash'")[0][0])
    if made != len(expected.pledges):
        wrong.append(f"{made} pledges were made of {len(expected.pledges)} that were asked for")
    return some(wrong), f"{len(expected.pledges)} pledges"


def refunds(stage, expected, before):
    """
    The bank paid back each refunded payment once and whole, and nothing else. `before`: what it had done for the demo. A refund of the
    demo whose worker was killed goes out when its lease is over, which may be later: the books know it.
    """
    effects = stage.effects()
    known = {refund["id"] for refund in before["refunds"]}
    effects["refunds"] = [refund for refund in effects["refunds"] if refund["id"] not in known]
    of_demo = {row[0] for row in stage.database.rows(
        "SELECT f.provider_id FROM refunds f JOIN pledges p ON p.id = f.pledge_id JOIN rounds r ON r.id = p.round_id WHERE r.number < 3"
    )}
    owner = {intent: reference for reference, intent in expected.intent.items() if intent}
    wrong, seen, total = [], Counter(), 0
    for refund in effects["refunds"]:
        reference = owner.get(refund["payment_intent"])
        if reference is None and refund["id"] in of_demo:
            continue
        seen[reference] += 1
        if reference is None or expected.state[reference] != "refunded":
            wrong.append(f"{refund['id']}: {reference} should not be refunded")
        elif refund["amount"] != expected.cents[reference] or refund["status"] != "succeeded":
            wrong.append(f"{reference}: {refund['status']} {refund['amount']} back, {expected.cents[reference]} paid")
        total += refund["amount"]
    wanted = expected.refunded()
    wrong += [f"{reference}: {seen[reference]} refunds" for reference in wanted if seen[reference] != 1]
    due = sum(expected.cents[reference] for reference in wanted)
    if total != due:
        wrong.append(f"{total} cents went back, {due} are due")
    paid = sum(pledge.paid for pledge in expected.pledges)
    made = effects["payments_succeeded"] - before["payments_succeeded"]
    if made != paid:
        wrong.append(f"{made} payments at the bank, {paid} were made")
    # a session that was made and not noted before a kill gets a successor when it has become too short meanwhile
    renewals = int(stage.database.rows("SELECT COALESCE(SUM(generation - 1), 0) FROM payments")[0][0])
    sessions = len(expected.pledges)
    opened = effects["sessions"] - before["sessions"]
    if not sessions <= opened <= sessions + renewals:
        wrong.append(f"{opened} sessions for {sessions} pledges of which {renewals} had to be renewed")
    return some(wrong), f"{len(effects['refunds'])} refunds, {total} cents, {renewals} sessions renewed"


def protocol(closing, expected, funded):
    """The protocol has a line per held pledge, each as decided; start money is the threshold to the cent."""
    lines = closing.protocol()
    wrong = []
    by_reference = {line["reference"]: line for line in lines}
    if len(lines) != len(expected.lines) or set(by_reference) != expected.lines:
        wrong.append(f"{len(lines)} lines, {len(by_reference)} different, for {len(expected.lines)} held pledges")
    start, result = Counter(), Counter()
    for reference, line in by_reference.items():
        amount, is_won = int(line["amount_cents"]), line["project"] in funded
        decided = (line["decision"], line["effect"], line["pledge_state"], line["refund_state"])
        should = ("funded", "release", "released", "") if is_won else ("failed", "refund", "refunded", "succeeded")
        if decided != should or amount != expected.cents.get(reference):
            wrong.append(f"{reference}: {amount} {decided}")
        start[line["project"]] += int(line["start_cents"])
        result[line["project"]] += int(line["result_cents"])
    for slug, threshold in funded.items():
        total = sum(int(line["amount_cents"]) for line in lines if line["project"] == slug)
        if (start[slug], result[slug]) != (threshold, total - threshold):
            wrong.append(f"{slug}: start {start[slug]}, result {result[slug]} of {total}, threshold {threshold}")
    return some(wrong), f"{len(lines)} lines"


def round_end(stage, number, funded, failed):
    """The round is settled, its projects are decided, and nothing is held any more."""
    wrong = []
    state = call(stage.program.base, "GET", f"/api/v1/rounds/{number}").json().get("status")
    if state != "settled":
        wrong.append(f"round {number} is {state}")
    for slug, should in [*((slug, "funded") for slug in funded), *((slug, "failed") for slug in failed)]:
        found = call(stage.program.base, "GET", f"/api/v1/projects/{slug}").json()
        if found["status"] != should or found["reserved_cents"] or found["processing_cents"]:
            wrong.append(f"{slug} is {found['status']}, {found['reserved_cents']} reserved")
    left = stage.database.rows(
        f"SELECT p.state, COUNT(*) FROM pledges p JOIN rounds r ON r.id = p.round_id WHERE r.number = {number} "
        "AND p.state NOT IN ('released', 'refunded', 'expired') GROUP BY p.state"
    )
    wrong += [f"{count} pledges are still {state}" for state, count in left]
    return wrong, f"round {number}: {len(funded)} funded, {len(failed)} failed"


def letters(stage, expected):
    """Each person got each letter once. The same Message-ID again is a repeat that a kill may cause; it is counted."""
    arrived = stage.received()
    ids = defaultdict(set)
    for to, message_id, kind, text in arrived:
        named = {found for found in re.findall(r"DR-[0-9A-Z-]+", text or "") if found in expected.state}
        ids[(kind, to, *sorted(named))].add(message_id)
    wanted = set(expected.letters())
    wrong = [f"{letter}: missing" for letter in wanted if letter not in ids]
    wrong += [f"{letter}: {len(found)} different messages" for letter, found in ids.items() if len(found) > 1]
    wrong += [f"{letter}: not expected" for letter in ids if letter not in wanted and len(letter) > 2
              and letter[0] != "pledge_turn"]  # for whom the bank was away for long
    doubt, repeats = unexplained_repeats(stage, arrived)
    wrong += doubt
    return some(wrong), f"{len(wanted)} letters, {repeats} of {len(arrived)} deliveries repeat a Message-ID that a kill had left in doubt"


def unexplained_repeats(stage, arrived):
    """A letter comes again only in another life of the program, and no kill leaves more in doubt than were in flight."""
    borders = stage.lives + [(len(arrived) + 1, stage.program.kills)]
    life, lives_of = 0, defaultdict(list)
    for place, (_, message_id, _, _) in enumerate(arrived):
        while place >= borders[life][0]:
            life += 1
        lives_of[message_id].append(life)
    wrong = [f"{message_id} came twice in one life" for message_id, lives in lives_of.items() if len(set(lives)) < len(lives)]
    doubtful = Counter(life for lives in lives_of.values() for life in lives[:-1])
    for life, count in doubtful.items():
        kills = borders[life][1] - (borders[life - 1][1] if life else 0)
        if count > IN_FLIGHT * kills:
            wrong.append(f"{count} letters of one life came again later, {kills} kills explain {IN_FLIGHT * kills}")
    return wrong, sum(len(lives) - 1 for lives in lives_of.values())


def ledger(program):
    """`drempel verify-ledger` agrees."""
    done = program.command("verify-ledger")
    lines = done.stdout.splitlines()
    wrong = [line for line in lines if "BROKEN" in line]
    if done.returncode != 0:
        wrong.append(f"status {done.returncode} {done.stderr.strip()[-300:]}")
    return some(wrong), f"{len(lines)} invariants"
