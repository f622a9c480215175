"""Faults planted in a history that is well, one by one: the checker must see each."""

import copy

import history


def sound():
    told = [
        {"email": "a@x", "cents": 500, "slug": "won", "outcome": "acknowledged", "reference": "DR-A", "paid": True, "cancelled": False, "updates": True},
        {"email": "b@x", "cents": 700, "slug": "lost", "outcome": "acknowledged", "reference": "DR-B", "paid": True, "cancelled": False, "updates": True},
        {"email": "c@x", "cents": 900, "slug": "won", "outcome": "acknowledged", "reference": "DR-C", "paid": True, "cancelled": True, "updates": True},
        {"email": "d@x", "cents": 800, "slug": "won", "outcome": "acknowledged", "reference": "DR-D", "paid": False, "cancelled": False, "updates": True},
        {"email": "e@x", "cents": 9000, "slug": "won", "outcome": "refused", "reference": "", "paid": False, "cancelled": False, "updates": True},
    ]
    kinds = {
        "a": ["pledge_received", "payment_received", "update", "round_won"],
        "b": ["pledge_received", "payment_received", "round_lost", "refund_sent"],
        "c": ["pledge_received", "payment_received", "refund_sent"],
        "d": ["pledge_received"],
    }
    letters = [(kind, f"{who}@x", (f"DR-{who.upper()}",), f"<{who}-{kind}>") for who, all_kinds in kinds.items() for kind in all_kinds]
    end = {
        "pledges": {
            "DR-A": ("a@x", 500, "won", "released"), "DR-B": ("b@x", 700, "lost", "refunded"),
            "DR-C": ("c@x", 900, "won", "refunded"), "DR-D": ("d@x", 800, "won", "expired"),
        },
        "paid": {"DR-A": 500, "DR-B": 700, "DR-C": 900},
        "booked": {"DR-A": [500], "DR-B": [700], "DR-C": [900]},
        "refunds": [("DR-B", 700, "succeeded"), ("DR-C", 900, "succeeded")],
        "letters": letters,
        "totals": {"won": (1000, 500), "lost": (1000, 0)},
        "funded": {"won"},
        "mailed": {"won"},
        "doubt": 0,
    }
    return told, end


def lost_pledge(told, end):
    del end["pledges"]["DR-A"]


def other_amount(told, end):
    end["pledges"]["DR-A"] = ("a@x", 501, "won", "released")


def doubled_pledge(told, end):
    end["pledges"]["DR-A2"] = ("a@x", 500, "won", "expired")


def refused_and_made(told, end):
    end["pledges"]["DR-E"] = ("e@x", 9000, "won", "expired")
    told[4]["reference"] = "DR-E"


def paid_and_not_booked(told, end):
    del end["booked"]["DR-B"]


def booked_twice(told, end):
    end["booked"]["DR-A"] = [500, 500]


def booked_and_not_paid(told, end):
    end["booked"]["DR-D"] = [800]


def refunded_twice(told, end):
    end["refunds"].append(("DR-B", 700, "succeeded"))


def not_refunded(told, end):
    end["refunds"].pop()


def refunded_though_released(told, end):
    end["refunds"].append(("DR-A", 500, "succeeded"))


def oversold(told, end):
    end["totals"]["won"] = (1000, 1001)


def doubled_letter(told, end):
    end["letters"].append(("round_won", "a@x", ("DR-A",), "<another>"))


def repeated_letter(told, end):
    end["letters"].append(end["letters"][0])


def missing_letter(told, end):
    end["letters"] = [letter for letter in end["letters"] if letter[:2] != ("refund_sent", "b@x")]


def news_to_nobody(told, end):
    end["letters"] = [letter for letter in end["letters"] if letter[0] != "update"]


def news_twice(told, end):
    end["letters"].append(("update", "a@x", ("DR-A",), "<another-update>"))


def left_hanging(told, end):
    end["pledges"]["DR-C"] = ("c@x", 900, "won", "refunding")


FAULTS = (
    lost_pledge, other_amount, doubled_pledge, refused_and_made, paid_and_not_booked, booked_twice, booked_and_not_paid, refunded_twice,
    not_refunded, refunded_though_released, oversold, doubled_letter, repeated_letter, missing_letter, news_to_nobody,
    news_twice, left_hanging,
)


def unseen():
    """What the checker does not see, or sees where nothing is."""
    wrong = [f"a sound history: {fault}" for fault in history.check(*sound())]
    for plant in FAULTS:
        told, end = copy.deepcopy(sound())
        plant(told, end)
        if not history.check(told, end):
            wrong.append(f"{plant.__name__} was not seen")
    return wrong
