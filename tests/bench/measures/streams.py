"""Streams of events: very many people watch one project while somebody pays for it."""

import http.client
import json
import secrets
import threading
import time
import urllib.parse

from stage import call

from bench import allow_files, memory, middle, say

STREAMS = 10_000
SPARE = 500  # files of a process beside its streams
CENTS = 500
TIMES = 3
CLIENTS = 4  # that ask for another page


def streams(bench):
    """How long until the last has heard, against bare axum with as many streams and the same bytes."""
    count = min(bench.of(STREAMS), allow_files(STREAMS + SPARE) - SPARE)
    program = bench.prepare("streams", "--projects", 20, "--pledges", 100)
    bench.mail_sink(program)
    slug, project = bench.popular(program, 1_000_000)
    bank = bench.bank_with_news(program)
    bench.serve(program)
    bench.await_rest(program)
    page = ("load-get", program.address, "/nl/projects", CLIENTS, bench.seconds)
    quiet = bench.run(*page)
    before = memory(program.process.pid, "VmRSS")
    path = f"/events/projects/{slug}?lang=nl"
    crowd = Crowd(bench, program.address, path, count)
    held = memory(program.process.pid, "VmRSS")

    def paid():
        return crowd.hear(*pledge(bench, program, slug, project), lambda session: pay(bank, session))

    ours = [paid() for _turn in range(TIMES)]
    meanwhile = []
    visitors = threading.Thread(target=lambda: meanwhile.append(bench.run(*page)))
    visitors.start()
    with_visitors = paid()
    visitors.join()
    crowd.close()
    theirs, theirs_before, theirs_held = bare(bench, count, first_event(program, path))
    report(bench, count, ours, theirs)
    note = f"and while {CLIENTS} clients ask for another page {with_visitors['last_micros'] / 1000:.0f} ms"
    bench.row("streams: from paying until the last has heard", last(ours), last(theirs), unit="ms", note=note)
    bench.row("streams: another page, p99", meanwhile[0]["p99_micros"] / 1000, quiet["p99_micros"] / 1000, unit="ms",
              note=f"with {count:,} streams of which all hear news, against none")
    bench.row("streams: memory of them", held - before, theirs_held - theirs_before, unit="MiB",
              note=f"{before:.0f} MiB before, {held:.0f} MiB with them, {1024 * (held - before) / count:.1f} KiB each")
    bench.close(program, "streams")


def last(times):
    return middle([one["last_micros"] for one in times]) / 1000


def report(bench, count, ours, theirs):
    """The time between the first and the last that hears: what telling everybody takes."""
    for times, whose in ((ours, "ours"), (theirs, "the baseline")):
        for one in times:
            if one["heard"] != count or one["ended"]:
                say(f"note: {one['heard']:,} of {count:,} streams heard, {one['ended']:,} ended, {whose}: {one['why']}")
    spreads = [middle([one["last_micros"] - one["first_micros"] for one in times]) / 1000 for times in (ours, theirs)]
    parts = {part: middle([one[f"{part}_micros"] for one in ours]) / 1000 for part in ("first", "p50", "p99", "last")}
    told = ", ".join(f"{part} {value:.0f} ms" for part, value in parts.items())
    bench.row(f"streams: {count:,} told, first to last", *spreads, unit="ms", note=f"after paying: {told}, the middle of {TIMES}")


class Crowd:
    """The load that holds the streams."""

    def __init__(self, bench, address, path, count):
        self.load = bench.open("load-streams", address, path, count)
        opened = json.loads(self.load.stdout.readline())
        if opened["open"] != count:
            raise RuntimeError(f"{opened['open']:,} of {count:,} streams could be opened: {opened['why']}")

    def hear(self, text, what, act):
        """All wait for this text, then it is made to happen; who heard it, and when."""
        self.load.stdin.write(f"{text}\n")
        self.load.stdin.flush()
        self.load.stdout.readline()
        act(what)
        return json.loads(self.load.stdout.readline())

    def close(self):
        self.load.stdin.close()
        self.load.wait(60)


def pledge(bench, program, slug, project):
    """A pledge that can be paid: what the streams will say then, and its session."""
    key = secrets.token_hex(8)
    body = json.dumps({"amount_cents": CENTS, "email": f"{key}@bench.example", "name": "Sam"}).encode()
    answer = call(program.base, "POST", f"/api/v1/projects/{slug}/pledges", body, {"content-type": "application/json", "idempotency-key": key})
    if answer.status != 201:
        raise RuntimeError(f"a pledge was answered {answer}")
    time.sleep(2)  # the streams have heard of the pledge: what comes next is told by itself
    held = int(bench.rows(program.url, f"SELECT held_cents FROM pledge_totals WHERE project_id = '{project}'")[0][0])
    return f'"held_cents":{held + CENTS},', answer.json()["checkout_url"].rsplit("/", 1)[-1]


def pay(bank, session):
    answer = call(bank, "POST", "/control/pay", json.dumps({"session": session}).encode(), {"content-type": "application/json"})
    if answer.status != 200:
        raise RuntimeError(f"the bank answered {answer}")


def first_event(program, path):
    """What a stream tells at once."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(program.base).netloc, timeout=20)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        while line := response.readline().decode():
            if line.startswith("data: "):
                return line.removeprefix("data: ").strip()
    finally:
        connection.close()
    raise RuntimeError("a stream that tells nothing")


def bare(bench, count, event):
    """The same for bare axum: times, memory before and with the streams."""
    text = bench.folder / "event"
    text.write_text(event)
    server = bench.open("axum-streams", text)
    port = int(server.stdout.readline())
    before = memory(server.pid, "VmRSS")
    crowd = Crowd(bench, f"127.0.0.1:{port}", "/events", count)
    held = memory(server.pid, "VmRSS")
    times = []
    for turn in range(TIMES):
        news = f"{event[:-1]},\"turn\":{turn}}}"
        times.append(crowd.hear(f'"turn":{turn}}}', news, lambda news: call(f"http://127.0.0.1:{port}", "POST", "/news", news.encode())))
    crowd.close()
    return times, before, held
