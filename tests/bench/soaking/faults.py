"""What goes wrong at the bank during a soak, by its `/control/faults`: refused, slow, broken and lost answers, and news that misbehaves."""

import asyncio
import json

# The bank's endpoints that the program calls while people pledge.
ENDPOINTS = ("checkout/sessions", "refunds", "*")
CALLS = (
    {"kind": "429", "times": 10},
    {"kind": "429", "times": 3, "retry_after": 2},
    {"kind": "409", "times": 5},
    {"kind": "500", "times": 3},
    {"kind": "500", "times": 3, "stored": True},
    {"kind": "500_after_effect", "times": 3},
    {"kind": "timeout", "times": 2},
    {"stall_ms": 2_000, "times": 10},
)
NEWS = ("twice", "ten_times_parallel", "reversed", "lost", {"late_seconds": 5})
# Between two faults, and how long news misbehaves, in seconds.
PAUSE, WHILE = 8, 5


async def misbehave(crowd, until, rng):
    """One fault after the other until that moment; then everything is as it should be."""
    loop = asyncio.get_running_loop()
    while loop.time() < until:
        await asyncio.sleep(min(PAUSE * rng.uniform(0.5, 1.5), max(0, until - loop.time())))
        if rng.random() < 0.7:
            await order(crowd, endpoint=rng.choice(ENDPOINTS), **rng.choice(CALLS))
        else:
            await order(crowd, webhooks=rng.choice(NEWS))
            await asyncio.sleep(WHILE)
            await order(crowd, webhooks="normal")
        crowd.counts["faults of the bank"] += 1
    await order(crowd, clear=True)


async def order(crowd, **what):
    answer = await crowd.bank.ask("POST", "/control/faults", json.dumps(what).encode(), ("content-type: application/json",))
    if answer.status != 200:
        crowd.fault(f"the bank did not understand {what}: {answer.body[:200]}")
