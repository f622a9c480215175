"""Compares what was acknowledged with what is there at the end. Knows nothing of processes: it is given facts and says what is wrong.

`told` is what callers heard, one per key:
    email, cents, slug, outcome ('acknowledged' or 'refused'), reference, paid, cancelled, updates (whether news was wanted)
`end` is what is found when everything is over:
    pledges    reference -> (email, cents, slug, state)
    paid       reference -> cents, as the bank took them
    booked     reference -> [cents, …], as the books have them
    refunds    [(reference, cents, status), …], as the bank made them
    letters    [(kind, receiver, references named in it, Message-ID), …], as the mail server took them
    totals     slug -> (cap, taken), in cents
    mailed     the slugs of the projects whose news was mailed
    funded     the slugs of the projects that go on
    doubt      how many letters the kills and pauses may have left in doubt
"""

from collections import Counter, defaultdict


def pledges(told, end):
    found = end["pledges"]
    by_email = {email for email, _, _, _ in found.values()}
    for one in told:
        if one["outcome"] == "refused":
            if one["email"] in by_email:
                yield f"{one['email']} was refused and has a pledge"
            continue
        row = found.get(one["reference"])
        if row is None:
            yield f"{one['reference']} was acknowledged and is lost"
        elif row[:3] != (one["email"], one["cents"], one["slug"]):
            yield f"{one['reference']} was acknowledged as {one['email']} {one['cents']} {one['slug']} and is {row}"
    known = {one["reference"] for one in told if one["outcome"] == "acknowledged"}
    yield from (f"{reference} was made and acknowledged to nobody" for reference in found if reference not in known)


def states(told, end):
    for one in told:
        row = end["pledges"].get(one["reference"])
        if one["outcome"] != "acknowledged" or row is None:
            continue
        if not one["paid"]:
            wanted = ("expired", "reserved")
        elif one["cancelled"]:
            wanted = ("refunded",)
        else:
            wanted = ("released",) if one["slug"] in end["funded"] else ("refunded",)
        if row[3] not in wanted:
            yield f"{one['reference']} is {row[3]} and should be {wanted[0]}"


def money(told, end):
    for reference, cents in end["paid"].items():
        booked = end["booked"].get(reference, [])
        if booked != [cents]:
            yield f"{reference}: {cents} were paid at the bank, and the books have {booked}"
    for reference in end["booked"]:
        if reference not in end["paid"]:
            yield f"{reference}: the books have a payment that the bank has not"
    for one in told:
        if one["outcome"] == "acknowledged" and one["paid"] and one["reference"] not in end["paid"]:
            yield f"{one['reference']}: the bank took its payment and does not know of it"
    back = defaultdict(list)
    for reference, cents, status in end["refunds"]:
        back[reference].append((cents, status))
    for reference, row in end["pledges"].items():
        wanted = [(row[1], "succeeded")] if row[3] == "refunded" else []
        if back.get(reference, []) != wanted:
            yield f"{reference} is {row[3]}, and the bank sent back {back.get(reference, [])}"


def caps(_told, end):
    for slug, (cap, taken) in end["totals"].items():
        if taken > cap:
            yield f"{slug}: {taken} cents taken of {cap} that there are"


def letters(told, end):
    ids, times = defaultdict(set), Counter()
    for kind, to, named, message_id in end["letters"]:
        ids[(kind, to, named)].add(message_id)
        times[message_id] += 1
    for letter, found in ids.items():
        if len(found) > 1:
            yield f"{letter} came as {len(found)} different messages"
    repeats = sum(count - 1 for count in times.values())
    if repeats > end["doubt"]:
        yield f"{repeats} letters came again, and no more than {end['doubt']} can have been in doubt"
    had = {(kind, to) for kind, to, _ in ids}
    for one in told:
        if one["outcome"] == "refused":
            continue
        wanted = ["pledge_received"] + (["payment_received"] if one["paid"] else [])
        state = end["pledges"].get(one["reference"], ("", 0, "", ""))[3]
        wanted += ["refund_sent"] if state == "refunded" else ["round_won"] if state == "released" else []
        if one["updates"] and one["paid"] and not one["cancelled"] and one["slug"] in end["mailed"]:
            wanted.append("update")
        yield from (f"{one['reference']}: the letter {kind} did not come" for kind in wanted if (kind, one["email"]) not in had)


CHECKS = (pledges, states, money, caps, letters)


def check(told, end):
    """Everything that is wrong."""
    return [fault for look in CHECKS for fault in look(told, end)]
