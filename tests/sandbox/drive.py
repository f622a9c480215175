#!/usr/bin/env python3
"""Drives a running sandbox with Stripe's own Python library.

What our code believes about Stripe could be wrong on both sides in the same way. The library was not written by us: if it can
create, pay, refund, page, retry and verify, and if every object has the fields of Stripe's published examples, the sandbox is close
enough to the real thing to test against.

  drive.py --binary PATH      starts `PATH sandbox --listen … --key … --webhook-url … --webhook-secret … --journal …` itself
  drive.py --base http://127.0.0.1:4010 --key sk_test_… --webhook-secret whsec_… --webhook-listen 127.0.0.1:4011
                              drives one that runs already and delivers its webhooks to http://{webhook-listen}/hook

Needs the packages in tests/requirements.txt.
"""

import argparse
import http.server
import json
import pathlib
import queue
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request

import stripe

FIXTURES = pathlib.Path(__file__).parent.parent / "fixtures" / "stripe_fixtures3.json"
CONNECT_FIXTURES = FIXTURES.parent / "stripe_fixtures3_connect.json"
TESTS = []


def test(function):
    TESTS.append(function)
    return function


class Bank:
    """The sandbox under test, seen through the library, a browser and its control door."""

    def __init__(self, base, key, webhook_secret, webhook_listen, program=None):
        self.program = program
        self.base = base.rstrip("/")
        self.webhook_secret = webhook_secret
        self.stripe = stripe.StripeClient(key, base_addresses={"api": self.base}, max_network_retries=0)
        self.hooks = queue.Queue()
        self.run = str(time.time_ns())
        host, port = webhook_listen.rsplit(":", 1)
        self._receive(host, int(port))

    def _receive(self, host, port):
        hooks = self.hooks

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                hooks.put((body, self.headers["stripe-signature"]))
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer((host, port), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def session(self, cents=2500, key=None, **more):
        params = {
            "mode": "payment",
            "line_items": [
                {"quantity": 1, "price_data": {"currency": "eur", "unit_amount": cents, "product_data": {"name": "Rikx"}}}
            ],
            "success_url": "http://localhost:3000/done?session={CHECKOUT_SESSION_ID}",
            "cancel_url": "http://localhost:3000/back",
            "client_reference_id": "plg_1",
            "metadata": {"pledge": "plg_1"},
            "payment_intent_data": {"metadata": {"pledge": "plg_1"}},
            "customer_email": "backer1@drempel.example",
            "locale": "nl",
            "expires_at": int(time.time()) + 3600,
            **more,
        }
        options = {"idempotency_key": f"{self.run}:{key}"} if key else {}
        return self.stripe.v1.checkout.sessions.create(params, options)

    def press(self, url, action, **fields):
        """Presses a button of the bank page; returns status, location and page."""
        body = urllib.parse.urlencode({"action": action, **fields}).encode()
        opener = urllib.request.build_opener(NoRedirect)
        try:
            with opener.open(url, body) as answer:
                return answer.status, None, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers.get("location"), ""

    def control(self, what, **order):
        body = json.dumps(order).encode()
        headers = {"content-type": "application/json"}
        with urllib.request.urlopen(urllib.request.Request(f"{self.base}/control/{what}", body, headers)) as answer:
            return json.load(answer)

    def effects(self):
        with urllib.request.urlopen(f"{self.base}/control/effects") as answer:
            return json.load(answer)

    def paid(self, cents=2500, method="ideal"):
        session = self.session(cents)
        self.press(session.url, "pay", method=method)
        return self.stripe.v1.checkout.sessions.retrieve(session.id).payment_intent

    def refund(self, payment, key=None, **more):
        options = {"idempotency_key": f"{self.run}:{key}"} if key else {}
        return self.stripe.v1.refunds.create({"payment_intent": payment, **more}, options)

    def wait_for_hook(self, kind, object_id):
        """The webhook of this kind about this object, its signature checked by the library."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                body, signature = self.hooks.get(timeout=0.5)
            except queue.Empty:
                continue
            event = stripe.Webhook.construct_event(body, signature, self.webhook_secret)
            if event.type == kind and event.data.object["id"] == object_id:
                return event, body, signature
        raise AssertionError(f"no webhook {kind} about {object_id} within 10 seconds")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def refused(function, kind, **facts):
    try:
        function()
    except kind as error:
        for name, value in facts.items():
            assert getattr(error, name) == value, f"{name}: {getattr(error, name)!r} instead of {value!r}"
        return error
    raise AssertionError(f"not refused with {kind.__name__}")


@test
def a_session_is_created_and_retrieved(bank):
    session = bank.session()
    assert session.status == "open" and session.payment_status == "unpaid" and session.amount_total == 2500
    assert session.payment_intent is None and session.url.startswith("http")
    again = bank.stripe.v1.checkout.sessions.retrieve(session.id)
    assert again.to_dict() == session.to_dict()


@test
def paying_on_the_page_charges_and_returns(bank):
    session = bank.session()
    status, location, _ = bank.press(session.url, "pay")
    assert (status, location) == (303, f"http://localhost:3000/done?session={session.id}"), (status, location)
    expand = {"expand": ["payment_intent.latest_charge.balance_transaction"]}
    paid = bank.stripe.v1.checkout.sessions.retrieve(session.id, expand)
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    charge = paid.payment_intent.latest_charge
    assert (charge.paid, charge.payment_method_details.type) == (True, "ideal")
    transaction = charge.balance_transaction
    assert (transaction.amount, transaction.fee, transaction.net, transaction.status) == (2500, 29, 2471, "pending")
    assert paid.payment_intent.metadata["pledge"] == "plg_1"


@test
def a_card_costs_a_share_and_a_fixed_part(bank):
    payment = bank.stripe.v1.payment_intents.retrieve(
        bank.paid(2567, "card"), {"expand": ["latest_charge.balance_transaction"]}
    )
    assert payment.latest_charge.balance_transaction.fee == 64  # 38.505 rounds to 39, and 25


@test
def the_other_buttons_of_the_page(bank):
    failed = bank.session()
    status, _, page = bank.press(failed.url, "fail")
    assert status == 200 and "http://localhost:3000/back" in page and "<form" in page
    now = bank.stripe.v1.checkout.sessions.retrieve(failed.id, {"expand": ["payment_intent"]})
    assert (now.status, now.payment_intent.status) == ("open", "requires_payment_method")
    assert bank.press(failed.url, "cancel")[:2] == (303, "http://localhost:3000/back")
    waiting = bank.session()
    assert bank.press(waiting.url, "wait")[0] == 303
    now = bank.stripe.v1.checkout.sessions.retrieve(waiting.id, {"expand": ["payment_intent"]})
    assert (now.status, now.payment_status, now.payment_intent.status) == ("complete", "unpaid", "processing")
    bank.control("settle", session=waiting.id, outcome="succeed")
    assert bank.stripe.v1.checkout.sessions.retrieve(waiting.id).payment_status == "paid"
    bank.wait_for_hook("checkout.session.async_payment_succeeded", waiting.id)


@test
def a_key_replays_and_refuses_other_parameters(bank):
    first = bank.session(key="replay", expires_at=int(time.time()) + 7200, metadata={"run": bank.run})
    fixed = {"expires_at": first.expires_at, "metadata": {"run": bank.run}}
    again = bank.session(key="replay", **fixed)
    assert again.id == first.id and again.last_response.headers["idempotent-replayed"] == "true"
    error = refused(lambda: bank.session(2501, key="replay", **fixed), stripe.IdempotencyError)
    assert error.http_status == 400


@test
def refunds_go_as_far_as_the_payment(bank):
    payment = bank.paid(2500)
    refund = bank.refund(payment, key="part", amount=1000, metadata={"cause": "round_failed"})
    assert (refund.status, refund.amount, refund.metadata["cause"]) == ("succeeded", 1000, "round_failed")
    assert bank.refund(payment, key="part", amount=1000, metadata={"cause": "round_failed"}).id == refund.id
    refused(lambda: bank.refund(payment, amount=1501), stripe.InvalidRequestError, param="amount", http_status=400)
    assert bank.refund(payment).amount == 1500
    refused(lambda: bank.refund(payment), stripe.InvalidRequestError, code="charge_already_refunded")
    listed = bank.stripe.v1.refunds.list({"payment_intent": payment, "limit": 1})
    assert listed.has_more and [row.amount for row in listed.auto_paging_iter()] == [1500, 1000]
    transaction = bank.stripe.v1.balance_transactions.retrieve(refund.balance_transaction)
    assert (transaction.net, transaction.type, transaction.source) == (-1000, "payment_refund", refund.id)
    assert bank.effects()["refunded_by_payment"][payment] == 2500


@test
def a_refund_may_be_pending_and_fail(bank):
    payment = bank.paid(900)
    bank.control("faults", refunds="pending")
    refund = bank.refund(payment)
    bank.control("faults", clear=True)
    assert refund.status == "pending"
    bank.control("refund", refund=refund.id, status="failed", failure_reason="lost_or_stolen_card")
    refund = bank.stripe.v1.refunds.retrieve(refund.id)
    assert (refund.status, refund.failure_reason) == ("failed", "lost_or_stolen_card")
    bank.wait_for_hook("refund.failed", refund.id)


@test
def a_session_expires_by_order_only_while_open(bank):
    session = bank.session()
    assert bank.stripe.v1.checkout.sessions.expire(session.id).status == "expired"
    refused(lambda: bank.stripe.v1.checkout.sessions.expire(session.id), stripe.InvalidRequestError, http_status=400)
    bank.wait_for_hook("checkout.session.expired", session.id)


@test
def webhooks_are_signed(bank):
    session = bank.session()
    bank.press(session.url, "pay")
    event, body, signature = bank.wait_for_hook("checkout.session.completed", session.id)
    assert event.data.object["payment_status"] == "paid"
    assert bank.stripe.v1.events.retrieve(event.id).type == event.type
    refused(
        lambda: stripe.Webhook.construct_event(body + b" ", signature, bank.webhook_secret),
        stripe.SignatureVerificationError,
    )


@test
def parameters_are_checked(bank):
    wrong = [
        ({"expires_at": int(time.time()) + 1700}, "expires_at"),
        ({"expires_at": int(time.time()) + 90000}, "expires_at"),
        ({"mode": "setup"}, "mode"),
        ({"locale": "klingon"}, "locale"),
        ({"allowed_payment_method_types": ["shells"]}, "allowed_payment_method_types"),
    ]
    for more, param in wrong:
        refused(lambda more=more: bank.session(**more), stripe.InvalidRequestError, param=param, http_status=400)
    refused(lambda: bank.session(nonsense="x"), stripe.InvalidRequestError, code="parameter_unknown")
    refused(lambda: bank.stripe.v1.customers.list(), stripe.InvalidRequestError, http_status=404)
    refused(
        lambda: bank.stripe.v1.payment_intents.retrieve("pi_none"), stripe.InvalidRequestError, code="resource_missing"
    )
    other = stripe.StripeClient("sk_test_wrong", base_addresses={"api": bank.base}, max_network_retries=0)
    refused(lambda: other.v1.balance.retrieve(), stripe.AuthenticationError, http_status=401)


@test
def faults_are_what_the_library_expects(bank):
    payment = bank.paid(2500)
    bank.control("faults", endpoint="refunds", kind="429")
    refused(lambda: bank.refund(payment, amount=100), stripe.RateLimitError)
    bank.control("faults", endpoint="refunds", kind="409")
    refused(lambda: bank.refund(payment, amount=100), stripe.APIError, http_status=409)
    bank.control("faults", endpoint="refunds", kind="500_after_effect")
    for _ in range(2):
        error = refused(lambda: bank.refund(payment, key="lost", amount=100), stripe.APIError, http_status=500)
    assert error.headers["idempotent-replayed"] == "true"
    refunds = bank.stripe.v1.refunds.list({"payment_intent": payment}).data
    assert [row.amount for row in refunds] == [100], "one effect, found by listing"


@test
def the_library_retries_by_itself(bank):
    patient = stripe.StripeClient(bank.stripe._requestor.api_key, base_addresses={"api": bank.base}, max_network_retries=2)
    payment = bank.paid(2500)
    bank.control("faults", endpoint="refunds", kind="500", times=2)
    patient.v1.refunds.create({"payment_intent": payment, "amount": 100})
    assert bank.effects()["refunded_by_payment"][payment] == 100


@test
def demo_payments_can_be_refunded(bank):
    payment = f"pi_demo_1250_{bank.run}"
    assert bank.stripe.v1.payment_intents.retrieve(payment).amount_received == 1250
    assert bank.stripe.v1.refunds.list({"payment_intent": payment}).data == []
    assert bank.refund(payment).charge == payment.replace("pi_", "ch_")


@test
def events_are_listed_and_paged(bank):
    session = bank.session()
    bank.press(session.url, "pay")
    events = bank.stripe.v1.events.list({"limit": 3})
    kinds = [event.type for event in events.data]
    assert kinds == ["checkout.session.completed", "payment_intent.succeeded", "charge.succeeded"], kinds
    newest, oldest = events.data[0].id, events.data[2].id
    older = bank.stripe.v1.events.list({"limit": 3, "starting_after": oldest})
    newer = bank.stripe.v1.events.list({"limit": 3, "ending_before": oldest, "types": ["checkout.session.completed"]})
    assert newest not in [event.id for event in older.data] and [event.id for event in newer.data] == [newest]


def onboarded(bank):
    """An organisation's account that told who it is."""
    account = bank.stripe.v1.accounts.create(
        {"type": "express", "country": "NL", "email": "owner@drempel.example", "capabilities": {"transfers": {"requested": True}}}
    )
    link = bank.stripe.v1.account_links.create(
        {
            "account": account.id,
            "type": "account_onboarding",
            "refresh_url": "http://localhost:3000/again",
            "return_url": "http://localhost:3000/done",
        }
    )
    assert not bank.stripe.v1.accounts.retrieve(account.id).payouts_enabled
    status, back, _ = bank.press(link.url, "complete")
    assert (status, back) == (303, "http://localhost:3000/done")
    return account, link


@test
def organisations_get_transfers_of_what_is_available(bank):
    account, link = onboarded(bank)
    known = bank.stripe.v1.accounts.retrieve(account.id)
    assert known.payouts_enabled and known.details_submitted and known.capabilities.transfers == "active"
    wanted = {"amount": 100, "currency": "eur", "destination": account.id, "transfer_group": f"tra_{bank.run}"}
    too_much = lambda: bank.stripe.v1.transfers.create({**wanted, "amount": 10**12})
    refused(too_much, stripe.InvalidRequestError, code="balance_insufficient")
    empty = bank.stripe.v1.accounts.create({"type": "express", "country": "NL"})
    code = "insufficient_capabilities_for_transfer"
    refused(lambda: bank.stripe.v1.transfers.create({**wanted, "destination": empty.id}), stripe.InvalidRequestError, code=code)
    published = json.loads(CONNECT_FIXTURES.read_text())["resources"]
    differences = compare("account", published["account"], known.to_dict())
    differences += compare("account_link", published["account_link"], link.to_dict())
    assert not differences, "\n  " + "\n  ".join(differences)


@test
def a_dispute_takes_the_money_and_gives_it_back(bank):
    payment = bank.paid(2500, "card")
    opened = bank.control("dispute", payment_intent=payment)
    refused(lambda: bank.refund(payment), stripe.InvalidRequestError, code="charge_disputed")
    rows = bank.stripe.v1.balance_transactions.list({"source": opened["id"], "expand": ["data.source"]}).data
    assert [(row.amount, row.fee, row.type, row.source.object) for row in rows] == [(-2500, 2000, "adjustment", "dispute")]
    bank.control("dispute", dispute=opened["id"], status="won")
    dispute = bank.stripe.v1.disputes.list({"payment_intent": payment}).data[0]
    assert (dispute.status, [row.net for row in dispute.balance_transactions]) == ("won", [-4500, 2500])
    assert bank.refund(payment).status == "succeeded"


@test
def a_payout_takes_what_is_available_and_may_come_back(bank):
    bank.control("book", category="charge", amount=90_000)
    before = bank.stripe.v1.balance.retrieve().available[0].amount
    payout = bank.control("payout")
    assert payout["amount"] == before and bank.stripe.v1.balance.retrieve().available[0].amount == 0
    rows = bank.stripe.v1.balance_transactions.list({"payout": payout["id"], "type": "payout"}).data
    assert [(row.amount, row.source) for row in rows] == [(-before, payout["id"])]
    bank.control("payout", fail=payout["id"])
    assert bank.stripe.v1.payouts.retrieve(payout["id"]).status == "failed"
    assert bank.stripe.v1.balance.retrieve().available[0].amount == before


@test
def a_warning_of_fraud_is_listed(bank):
    payment = bank.paid(2500, "card")
    warning = bank.control("warning", payment_intent=payment)
    listed = bank.stripe.v1.radar.early_fraud_warnings.list({"payment_intent": payment}).data
    assert [found.id for found in listed] == [warning["id"]]


@test
def every_published_field_is_there(bank):
    published = json.loads(FIXTURES.read_text())["resources"]
    payment = bank.paid(2500, "card")
    refund = bank.refund(payment, amount=100)
    intent = bank.stripe.v1.payment_intents.retrieve(payment, {"expand": ["latest_charge.balance_transaction"]})
    session = bank.stripe.v1.checkout.sessions.list({"payment_intent": payment}).data[0]
    ours = [session, bank.stripe.v1.payment_intents.retrieve(payment), bank.stripe.v1.refunds.retrieve(refund.id)]
    ours += [bank.stripe.v1.charges.retrieve(intent.latest_charge.id), intent.latest_charge.balance_transaction]
    ours += [bank.session(), bank.stripe.v1.balance.retrieve()]
    ours.append(bank.stripe.v1.disputes.retrieve(bank.control("dispute", payment_intent=bank.paid(2500, "card"))["id"]))
    warning = bank.control("warning", payment_intent=bank.paid(2500, "card"))
    ours.append(bank.stripe.v1.radar.early_fraud_warnings.retrieve(warning["id"]))
    bank.control("book", category="charge", amount=90_000)
    ours.append(bank.stripe.v1.payouts.retrieve(bank.control("payout")["id"]))
    differences = []
    for mine in ours:
        differences += compare(mine.object, published[mine.object], mine.to_dict())
    event = bank.stripe.v1.events.list({"limit": 1}).data[0].to_dict()
    envelope = {**published["event"], "data": {"object": {}}}
    differences += compare("event", envelope, event)
    assert {mine.object for mine in ours} | {"event"} == set(published), "an example is compared with nothing"
    assert not differences, "\n  " + "\n  ".join(differences)


def compare(path, theirs, mine):
    """Where `mine` lacks a field of `theirs` or has it with another type; null fits everything."""
    if theirs is None or mine is None:
        return []
    if isinstance(theirs, bool) or isinstance(mine, bool) or type(theirs) is not type(mine):
        same = type(theirs) is type(mine)
        return [] if same else [f"{path}: {type(mine).__name__} instead of {type(theirs).__name__}"]
    found = []
    if isinstance(theirs, dict):
        for name, value in theirs.items():
            if name not in mine:
                found.append(f"{path}.{name}: missing")
            else:
                found += compare(f"{path}.{name}", value, mine[name])
    if isinstance(theirs, list) and theirs and mine:
        found += compare(f"{path}[0]", theirs[0], mine[0])
    return found


@test
def what_was_answered_survives_a_kill(bank):
    if bank.program is None:
        raise Skipped("it can only be killed when started with --binary")
    answered, names = [], iter(range(1_000_000))

    def keep_refunding():
        try:
            while True:
                answered.append(bank.refund(f"pi_demo_100_{bank.run}k{next(names)}").id)
        except stripe.APIConnectionError:
            pass

    threads = [threading.Thread(target=keep_refunding) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    bank.program.kill()
    for thread in threads:
        thread.join()
    bank.program.start()
    known = {refund["id"] for refund in bank.effects()["refunds"]}
    assert answered and not set(answered) - known, f"{len(set(answered) - known)} of {len(answered)} refunds forgotten"


class Skipped(Exception):
    pass


class Program:
    """The sandbox as a process of its own, with a journal in a temporary folder."""

    def __init__(self, binary, settings):
        self.folder = tempfile.TemporaryDirectory()
        listen, hook = settings["base"].removeprefix("http://"), f"http://{settings['webhook_listen']}/hook"
        self.command = [binary, "sandbox", "--listen", listen, "--key", settings["key"], "--webhook-url", hook]
        self.command += ["--webhook-secret", settings["webhook_secret"], "--journal", f"{self.folder.name}/journal.jsonl"]
        self.base = settings["base"]
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                return urllib.request.urlopen(f"{self.base}/control/effects").close()
            except OSError:
                time.sleep(0.05)
        self.kill()
        sys.exit(f"the sandbox did not start: {' '.join(self.command)}")

    def kill(self):
        self.process.kill()
        self.process.wait()


def free_address():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{listener.getsockname()[1]}"


def settings_and_program():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    names = ["base", "key", "webhook-secret", "webhook-listen"]
    parser.add_argument("--binary")
    for name in names:
        parser.add_argument(f"--{name}")
    given = vars(parser.parse_args())
    binary = given.pop("binary")
    if binary is None:
        missing = [name for name in names if given[name.replace("-", "_")] is None]
        if missing:
            parser.error(f"--binary, or all of the others; missing: {', '.join(missing)}")
        return given, None
    settings = {
        "base": f"http://{free_address()}",
        "key": "sk_test_drive",
        "webhook_secret": "whsec_drive",
        "webhook_listen": free_address(),
    }
    return settings, Program(binary, settings)


def run(function, bank):
    """Runs one test and says how it went."""
    try:
        bank.control("faults", clear=True)
        function(bank)
        outcome = "passed"
    except Skipped as reason:
        print(reason)
        outcome = "skipped"
    except Exception:
        traceback.print_exc(file=sys.stdout)
        outcome = "failed"
    print(f"{function.__name__} {outcome.upper()}", flush=True)
    return outcome


def main():
    settings, program = settings_and_program()
    try:
        bank = Bank(**settings, program=program)
        outcomes = [run(function, bank) for function in TESTS]
    finally:
        if program:
            program.kill()
    passed, failed, skipped = (outcomes.count(word) for word in ["passed", "failed", "skipped"])
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
