#!/usr/bin/env python3
"""Measures Drempel against a baseline in the same run and prints ratios; it never fails because of a time.

    tests/bench/run.py [--binary target/release/drempel] [--engine sqlite|postgres] [pages|pledges|rush|ledger|closing|impact|mail|bank|memory ...]

Build both programs first: cargo build --release --bin drempel --bench baselines. Everything runs on loopback in a
temporary folder (TMPDIR chooses the disk, which durable writing depends on) and is ended by its process id. PostgreSQL
needs TEST_POSTGRES_URL, a server in which databases may be made. README.md beside this file says what the figures mean.
"""

import argparse
import http.client
import json
import os
import re
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "crash"))
from stage import Program, call, free_port  # noqa: E402

MEASURES = ("pages", "pledges", "rush", "ledger", "closing", "freeze", "round", "impact", "mail", "bank", "memory")
CLIENTS = 64
PAGES = {
    "list page": "/nl/projects",
    "project page": "/nl/projects/leerwerkcentrum-oud-mathenesse-witte-dorp",
}
LINES, FOLLOWERS, PAYMENTS = 40_000, 50_000, 100_000
PEOPLE, SESSIONS = 20_000, 25  # in a rush, and what the provider allows a second


class Bench:
    def __init__(self, options):
        self.binary = str(Path(options.binary).resolve())
        self.baselines = str(Path(options.baselines or newest_baselines()).resolve())
        self.engine, self.seconds, self.patience = options.engine, options.seconds, options.patience
        self.apart = options.bank == "apart"
        self.folder = Path(tempfile.mkdtemp(prefix="drempel-bench-"))
        self.started, self.databases, self.table, self.memory = [], [], [], []

    # databases

    def database(self, name):
        if self.engine == "sqlite":
            return f"sqlite://{self.folder / name}.db"
        server = os.environ.get("TEST_POSTGRES_URL") or sys.exit("bench: TEST_POSTGRES_URL is not set")
        database = f"bench_{name}_{secrets.token_hex(4)}"
        psql(server, f"CREATE DATABASE {database}")
        self.databases.append(database)
        return urllib.parse.urlsplit(server)._replace(path=f"/{database}").geturl()

    def rows(self, url, sql):
        if self.engine == "postgres":
            out = psql(url, sql)
            return [line.split("\x1f") for line in out.split("\n")] if out else []
        connection = sqlite3.connect(f"file:{url.removeprefix('sqlite://')}?mode=ro", uri=True, timeout=20)
        try:
            return [[str(cell) for cell in row] for row in connection.execute(sql)]
        finally:
            connection.close()

    def write(self, url, sql):
        """Changes a database that no program uses yet."""
        if self.engine == "postgres":
            psql(url, sql)
            return
        connection = sqlite3.connect(url.removeprefix("sqlite://"), timeout=20)
        try:
            connection.execute(sql)
            connection.commit()
        finally:
            connection.close()

    # processes

    def prepare(self, name, *demo):
        """A database with demo data and the server for it, not started yet."""
        folder = self.folder / f"{name}-server"
        folder.mkdir(exist_ok=True)
        url, port = self.database(name), free_port()
        environment = {
            **{key: os.environ[key] for key in ("PATH", "HOME", "TMPDIR") if key in os.environ},
            "DATABASE_URL": url, "LISTEN": f"127.0.0.1:{port}", "PUBLIC_URL": f"http://localhost:{port}",
            "LIMITS": "off", "STRIPE_RATE_PER_SECOND": "1000000", "RUST_LOG": "warn", "NO_COLOR": "1",
        }
        program = Program(self.binary, port, environment, folder, folder / "log")
        program.url, program.address = url, f"127.0.0.1:{port}"
        done = program.command("demo", *map(str, demo), patience=600)
        if done.returncode:
            raise RuntimeError(f"demo: {done.stderr.strip().splitlines()[-1:]}")
        return program

    def migrated(self, name):
        """An empty database with the schema."""
        url = self.database(name)
        environment = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ} | {"DATABASE_URL": url}
        subprocess.run([self.binary, "migrate"], env=environment, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)
        return url

    def bank_apart(self):
        """The address of the built-in bank in a process of its own, as the provider is in production. It sends no events."""
        bank = subprocess.Popen([self.binary, "sandbox", "--listen", "127.0.0.1:0"], cwd=self.folder, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, text=True)
        self.started.append(bank)
        return bank.stdout.readline().strip()

    def serve(self, program):
        program.start()
        self.started.append(program.process)
        program.await_ready()
        program.rest = memory(program.process.pid, "VmRSS")

    def await_rest(self, program):
        """The demo's own refunds and letters are worked off first: each commit makes kept pages be rendered anew."""
        waiting = ("SELECT (SELECT COUNT(*) FROM refunds WHERE finished_at IS NULL) + "
                   "(SELECT COUNT(*) FROM letters WHERE state = 'queued') + (SELECT COUNT(*) FROM jobs WHERE kind <> 'payment.check')")
        began = time.monotonic()
        while (left := int(self.rows(program.url, waiting)[0][0])) and time.monotonic() - began < 60:
            time.sleep(0.2)
        if left:
            say(f"note: {left} pieces of work were not done when the load began")

    def close(self, program, name):
        self.memory.append((name, program.rest, memory(program.process.pid, "VmHWM")))
        status, _seconds = program.stop()
        if status != 0:
            say(f"note: the server ended with status {status} after {name}")
        lines = (program.folder / "log").read_text(errors="replace").splitlines()
        if lines:
            say(f"note: {len(lines)} lines in the server's log of {name}, the last: {lines[-1][:300]}")

    def helper(self, *words):
        """A baseline that serves; answers the port it prints."""
        process = subprocess.Popen([self.baselines, *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.started.append(process)
        return int(process.stdout.readline())

    def flushes(self):
        """What the disk below the folder can do: one small write made durable after the other, per second."""
        path, done, began = self.folder / "flushes", 0, time.monotonic()
        with open(path, "wb", buffering=0) as file:
            while time.monotonic() - began < 1:
                file.write(bytes(4096))
                os.fdatasync(file.fileno())
                done += 1
        path.unlink()
        return done

    def run(self, *words, patience=120):
        """A baseline or a load that ends by itself; its JSON."""
        done = subprocess.run([self.baselines, *map(str, words)], capture_output=True, text=True, timeout=patience,
                              stdin=subprocess.DEVNULL)
        if done.returncode:
            raise RuntimeError(f"{words[0]}: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def end(self, keep):
        for process in reversed(self.started):
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait(15)
        for database in self.databases:
            psql(os.environ["TEST_POSTGRES_URL"], f"DROP DATABASE {database} WITH (FORCE)")
        if keep:
            say(f"kept: {self.folder}")
        else:
            shutil.rmtree(self.folder, ignore_errors=True)

    def row(self, measure, ours, baseline=None, unit="/s", note=""):
        ratio = f"{ours / baseline:.2f}" if baseline else ""
        cells = (measure, f"{number(ours)} {unit}", f"{number(baseline)} {unit}" if baseline else "", ratio, note)
        self.table.append(cells)
        say(" | ".join(cells))

    # measures

    def pages(self):
        program = self.prepare("pages")
        self.serve(program)
        self.await_rest(program)
        for name, path in PAGES.items():
            answer = call(program.base, "GET", path)
            body, headers = self.folder / "body", self.folder / "headers"
            body.write_bytes(answer.body)
            left_out = ("date", "content-length", "connection", "transfer-encoding")
            headers.write_text("".join(f"{k}: {v}\n" for k, v in answer.headers.items() if k.lower() not in left_out))
            port = self.helper("axum-static", path, body, headers)
            sums = {program.address: [], f"127.0.0.1:{port}": []}
            for _turn in range(2):
                for address, seen in sums.items():
                    seen.append(self.run("load-get", address, path, CLIENTS, self.seconds))
            (ours, bare) = sums.values()
            wrong = sum(part["count"] - part["statuses"].get("200", 0) for part in ours + bare)
            note = f"{len(answer.body)} bytes, p99 {ours[-1]['p99_micros'] / 1000:.1f} ms" + (f", {wrong} wrong" if wrong else "")
            self.row(name, rate(*ours), rate(*bare), note=note)
        self.close(program, "pages")

    def pledges(self):
        demo = ("--projects", 1_000, "--pledges", 2_000)  # so many that none is sold out meanwhile
        program = self.prepare("pledges", *demo)
        if self.engine == "sqlite":
            raw = self.folder / "raw.db"
            shutil.copyfile(program.url.removeprefix("sqlite://"), raw)
        else:
            raw = self.prepare("raw", *demo).url
        program.environment["SMTP_URL"] = f"smtp://127.0.0.1:{self.helper('smtp-sink')}"
        if self.apart:
            program.environment["STRIPE_API_URL"] = self.bank_apart()
        self.serve(program)
        slugs = [row[0] for row in self.rows(program.url, "SELECT p.slug FROM projects p JOIN pledge_totals t ON "
                 "t.project_id = p.id WHERE p.state = 'listed' AND p.round_id = (SELECT id FROM rounds ORDER BY number DESC LIMIT 1) "
                 "ORDER BY t.cap_cents - t.held_cents DESC LIMIT 800")]
        flushes = self.flushes()
        before = self.run(f"{self.engine}-rows", raw, CLIENTS, self.seconds)
        ours = self.run("load-pledges", program.address, ",".join(slugs), 500, CLIENTS, 2 * self.seconds)
        after = self.run(f"{self.engine}-rows", raw, CLIENTS, self.seconds)
        made = ours["statuses"].get("201", 0)
        note = f"p50 {ours['p50_micros'] / 1000:.0f} ms, p99 {ours['p99_micros'] / 1000:.0f} ms"
        if made != ours["count"]:
            note += f", answers {ours['statuses']}"
        self.row("durable writes of the disk", flushes, note="4 KiB and fdatasync, one after the other")
        self.row("pledges end to end", 1000 * made / ours["millis"], rate(before, after), note=note)
        self.close(program, "pledges")
        sound = program.command("verify-ledger", patience=300)
        say(f"books after the pledges: {'sound' if sound.returncode == 0 else sound.stdout[-500:]}")

    def rush(self):
        """So many people at once on one project, while the provider makes few sessions."""
        program = self.prepare("rush", "--projects", 50, "--pledges", 100)
        self.write(program.url, "UPDATE refunds SET due_at = '2100-01-01T00:00:00.000Z' WHERE finished_at IS NULL")
        program.environment["STRIPE_RATE_PER_SECOND"] = str(SESSIONS)
        program.environment["SMTP_URL"] = f"smtp://127.0.0.1:{self.helper('smtp-sink')}"
        self.serve(program)
        self.await_rest(program)
        slug, room = self.rows(program.url, "SELECT p.slug, t.cap_cents - t.held_cents - t.processing_cents - t.reserved_cents FROM "
                               "projects p JOIN pledge_totals t ON t.project_id = p.id WHERE p.state = 'listed' ORDER BY 2 DESC LIMIT 1")[0]
        cents = 500
        if int(room) < cents * PEOPLE:
            raise RuntimeError(f"{slug} has no room for {PEOPLE} people")
        page = ("load-get", program.address, "/nl/projects", 4, 2 * self.seconds)
        quiet = self.run(*page)
        crowd = subprocess.Popen([self.baselines, "load-rush", program.address, slug, str(cents), str(PEOPLE), str(PEOPLE // 4)],
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.started.append(crowd)
        busy = self.run(*page)
        told = json.loads(crowd.communicate(timeout=300)[0])
        kept = int(self.rows(program.url, "SELECT COUNT(*) FROM pledges WHERE state = 'reserved' AND request_key <> ''")[0][0])
        waiting = "SELECT COUNT(*) FROM payments WHERE state = 'created'"
        before, began = int(self.rows(program.url, waiting)[0][0]), time.monotonic()
        time.sleep(20)
        left, took = int(self.rows(program.url, waiting)[0][0]), time.monotonic() - began
        self.row(f"rush: places of {PEOPLE:,} people", 1000 * told["count"] / told["millis"],
                 note=f"answers {told['statuses']}, {kept:,} pledges kept, the last after {told['millis'] / 1000:.0f} s")
        self.row("rush: another page, p99", busy["p99_micros"] / 1000, quiet["p99_micros"] / 1000, unit="ms", note="as many clients before")
        self.row("rush: sessions of the line", (before - left) / took, SESSIONS, note=f"{left:,} wait")
        self.close(program, "rush")

    def ledger(self):
        """Postings on one project; ours and the bare driver's in databases of their own."""
        url, bare = (self.migrated(name) for name in ("ledger", "ledger_bare"))
        target = bare.removeprefix("sqlite://") if self.engine == "sqlite" else bare
        for clients in (1, 8, 32, 64):
            before = self.run(f"{self.engine}-ledger", target, clients, self.seconds)
            ours = self.run("ledger", url, clients, self.seconds)
            after = self.run(f"{self.engine}-ledger", target, clients, self.seconds)
            self.row(f"ledger, one project, {clients} clients", rate(ours), rate(before, after))

    def frozen(self, name, projects, lines):
        """Plans, proposes and approves the closing of a round; answers when it was being approved."""
        program = self.prepare(name, "--projects", projects, "--pledges", lines)
        program.environment["SMTP_URL"] = f"smtp://127.0.0.1:{self.helper('smtp-sink')}"
        ((number_of_round,),) = self.rows(program.url, "SELECT MAX(number) FROM rounds")
        if self.apart:
            program.environment["STRIPE_API_URL"] = self.bank_apart()
        self.serve(program)
        where = f"/en/staff/rounds/{number_of_round}/closing"
        first, second = (sign_in(program, f"treasurer{n}@drempel.example") for n in (1, 2))
        post(program, first, f"{where}/begin", reason="The round is over.")
        began = time.monotonic()
        page = call(program.base, "GET", where, headers={"cookie": first}, timeout=120)
        plan = time.monotonic() - began
        self.row(f"{name}: plan of {lines:,} pledges, {projects} projects", plan, unit="s", note=f"{lines / plan:.0f} lines/s")
        plan_hash = re.search(rb'data-hash="([^"]+)"', page.body)[1].decode()
        began = time.monotonic()
        post(program, first, f"{where}/propose", hash=plan_hash, reason="Checked.")
        self.row(f"{name}: proposing (plan again, written)", time.monotonic() - began, unit="s")
        began = time.monotonic()
        post(program, second, f"{where}/approve", hash=plan_hash)
        self.row(f"{name}: approving, everything frozen", time.monotonic() - began, unit="s")
        return program, number_of_round, began

    def freeze(self):
        """The largest round we plan for, up to the moment in which it is decided."""
        program, _number, _began = self.frozen("freeze", 200, 100_000)
        self.close(program, "freeze")

    def round(self):
        """The page of a round with 500 projects: rendered anew for each address, against bare axum with the same bytes."""
        program = self.prepare("round", "--projects", 500, "--pledges", 5_000)
        ((number_of_round,),) = self.rows(program.url, "SELECT MAX(number) FROM rounds")
        self.serve(program)
        self.await_rest(program)
        path = f"/en/rounds/{number_of_round}"
        times = []
        for turn in range(20):
            began = time.monotonic()
            answer = call(program.base, "GET", f"{path}?turn={turn}")
            times.append(time.monotonic() - began)
        body, headers = self.folder / "body", self.folder / "headers"
        body.write_bytes(answer.body)
        headers.write_text("content-type: text/html; charset=utf-8\n")
        port = self.helper("axum-static", path, body, headers)
        bare = []
        for _turn in range(20):
            began = time.monotonic()
            call(f"http://127.0.0.1:{port}", "GET", path)
            bare.append(time.monotonic() - began)
        ours, theirs = (1000 * sorted(seen)[len(seen) // 2] for seen in (times, bare))
        note = f"{len(answer.body)} bytes, rendered each time, the middle of 20"
        self.row("page of a round with 500 projects", ours, theirs, unit="ms", note=note)
        self.close(program, "round")

    def impact(self):
        """Sums over 5,000 projects and 20,000 moments of measuring, rendered anew, against the bare sum in SQL; and the pictures of one
        project against bare axum with the same bytes."""
        program = self.prepare("impact", "--projects", 5_000, "--pledges", 5_000)
        # as if the round had been decided: only what is carried out is summed
        self.write(program.url, "UPDATE projects SET state = 'running' WHERE slug LIKE 'trial-%'")
        waves, slug = self.rows(program.url, "SELECT (SELECT COUNT(*) FROM waves), (SELECT MIN(slug) FROM projects WHERE slug LIKE 'trial-%')")[0]
        self.serve(program)
        self.await_rest(program)
        bare = []
        for _turn in range(10):
            began = time.monotonic()
            self.rows(program.url, "SELECT f.indicator, COUNT(*), SUM(f.value) FROM published_figures f JOIN projects p "
                      "ON p.id = f.project_id WHERE f.cell_row = '' AND f.newest = 1 AND p.state = 'running' GROUP BY f.indicator")
            bare.append(time.monotonic() - began)
        middle = lambda times: 1000 * sorted(times)[len(times) // 2]
        for name, path in (("all", "/en/impact?"), ("one round", "/en/impact?round=1&")):
            times = []
            for turn in range(10):
                began = time.monotonic()
                answer = call(program.base, "GET", f"{path}turn={turn}")
                times.append(time.monotonic() - began)
            note = f"{waves} moments, {len(answer.body)} bytes, rendered each time; the baseline is one sum in SQL"
            self.row(f"page of results, {name}", middle(times), middle(bare), unit="ms", note=note)
        path = f"/en/projects/{slug}/outcomes"
        times = []
        for turn in range(20):
            began = time.monotonic()
            answer = call(program.base, "GET", f"{path}?turn={turn}")
            times.append(time.monotonic() - began)
        body, headers = self.folder / "body", self.folder / "headers"
        body.write_bytes(answer.body)
        headers.write_text("content-type: text/html; charset=utf-8\n")
        port = self.helper("axum-static", path, body, headers)
        bare = []
        for _turn in range(20):
            began = time.monotonic()
            call(f"http://127.0.0.1:{port}", "GET", path)
            bare.append(time.monotonic() - began)
        note = f"{answer.body.count(b'<svg')} drawings, {len(answer.body)} bytes, rendered each time"
        self.row("results of a project with pictures", middle(times), middle(bare), unit="ms", note=note)
        self.close(program, "impact")

    def closing(self):
        program, number_of_round, began = self.frozen("closing", 20, LINES)
        left = ("SELECT (SELECT COUNT(*) FROM settlement_lines WHERE done_at IS NULL), "
                "(SELECT COUNT(*) FROM refunds WHERE finished_at IS NULL), (SELECT COUNT(*) FROM refunds), "
                f"(SELECT COUNT(*) FROM rounds WHERE number = {number_of_round} AND state <> 'settled'), "
                "(SELECT COUNT(*) FROM letters WHERE state = 'queued')")
        lines_at = refunds_at = all_at = None
        while all_at is None and time.monotonic() - began < self.patience:
            time.sleep(0.5)
            lines, refunds, all_refunds, unsettled, letters = map(int, self.rows(program.url, left)[0])
            now = time.monotonic() - began
            lines_at = lines_at or (now if lines == 0 else None)
            refunds_at = refunds_at or (now if lines == 0 and refunds == 0 and unsettled == 0 else None)
            all_at = now if refunds_at and letters == 0 else None
        if lines_at:
            self.row("closing: lines carried out", LINES / lines_at, note=f"{lines_at:.1f} s for {LINES:,} lines")
        if refunds_at:
            self.row("closing: settled", refunds_at, unit="s", note=f"{all_refunds:,} refunds through the sandbox")
        if all_at:
            self.row("closing: and everybody told", all_at, unit="s")
        else:
            say(f"closing did not end in time: {lines} lines, {refunds} refunds of {all_refunds}, {letters} letters left")
        self.close(program, "closing")

    def mail(self):
        if self.engine != "sqlite":
            return say("mail: measured on SQLite only, where followers can be made from outside")
        program = self.prepare("mail")
        slug, owner = followers(program.url.removeprefix("sqlite://"))
        sample = self.folder / "letter"
        sink = self.helper("smtp-sink", sample)
        program.environment["SMTP_URL"] = f"smtp://127.0.0.1:{sink}"
        self.serve(program)
        cookie = sign_in(program, owner)
        where = f"/nl/studio/projects/{slug}/updates"
        text = "Deze week begonnen de eerste deelnemers.\n\n- Zij leren **lassen** en metselen.\n\n" * 3
        content, form = multipart(title_nl="De eerste week", body_nl=text, title_en="", body_en="", picture_alt="")
        written = call(program.base, "POST", f"{where}/new", form, {"cookie": cookie, "content-type": content})
        if written.status != 303:
            raise RuntimeError(f"the update was answered {written}")
        update = re.search(r"/updates/(\d+)", written.headers["location"])[1]
        post(program, cookie, f"{where}/{update}/publish")
        # moving the clock does what has become due before it answers: counting goes on beside it, from the same moment
        began = time.monotonic()
        moved = ("POST", "/dev/clock", {"advance_seconds": 601}, {"accept": "application/json"})
        clock = threading.Thread(target=call, args=(program.base, *moved), kwargs={"timeout": 200})
        clock.start()
        counted = first = queued = 0
        rows = "SELECT COUNT(*) FROM letters WHERE kind = 'update' AND cause_id = (SELECT MAX(id) FROM updates)"
        while counted < FOLLOWERS and time.monotonic() - began < 300:
            time.sleep(0.05)
            counted = count(sink)
            if counted and not first:
                first = time.monotonic()
            if not queued and int(self.rows(program.url, rows)[0][0]) >= FOLLOWERS:
                queued = time.monotonic()
        # from the moment it is due: on a busy machine the first count may come when most letters have left
        took = time.monotonic() - began
        clock.join()
        self.close(program, "mail")
        note = f"{counted:,} letters, the first after {first - began:.1f} s, all queued after {queued - began:.1f} s"
        loop = lambda kind: rate(self.run(kind, f"127.0.0.1:{self.helper('smtp-sink')}", sample, 8, FOLLOWERS))
        self.row("mail", counted / took, loop("smtp-loop"), note=note)
        self.row("mail: against letters built anew", counted / took, loop("smtp-build"))

    def bank(self):
        program = self.prepare("bank")
        statement = self.folder / "statement.xml"
        with open(statement, "wb") as out:
            words = [self.binary, "sample-statement", "--lines", str(PAYMENTS)]
            subprocess.run(words, stdout=out, stdin=subprocess.DEVNULL, check=True, timeout=120)
        for name, lines in (("bank: import", PAYMENTS), ("bank: the same file again", 0)):
            began = time.monotonic()
            done = program.command("import-statement", "--json", str(statement), patience=1_800)
            took = time.monotonic() - began
            if done.returncode or json.loads(done.stdout)["lines"] != lines:
                raise RuntimeError(f"import: {done.stdout} {done.stderr.strip()[-300:]}")
            size = statement.stat().st_size / 1024**2
            self.row(name, PAYMENTS / took, unit="lines/s", note=f"{PAYMENTS:,} lines, {size:.0f} MiB, {took:.1f} s")


def followers(path):
    """People who follow one project of the demo; answers its slug and an owner's address."""
    connection = sqlite3.connect(path)
    project, slug, owner = connection.execute(
        "SELECT p.id, p.slug, u.email FROM projects p JOIN memberships m ON m.organisation_id = p.organisation_id "
        "JOIN users u ON u.id = m.user_id WHERE p.state = 'listed' AND m.role = 'owner' ORDER BY p.number LIMIT 1").fetchone()
    now = "2025-01-31T09:30:00.000Z"
    with connection:
        connection.execute("UPDATE letters SET state = 'skipped' WHERE state = 'queued'")
        connection.execute("DELETE FROM follows WHERE project_id = ?", (project,))
        # the demo's own refunds wait, so that nothing but mail is measured
        connection.execute("UPDATE refunds SET due_at = '2100-01-01T00:00:00.000Z' WHERE finished_at IS NULL")
        for n in range(FOLLOWERS):
            user = f"usr_bench{n:08}"
            connection.execute("INSERT INTO users (id, email, name, language, created_at) VALUES (?, ?, 'Sam', 'nl', ?)", (user, f"sam{n}@bench.example", now))
            connection.execute("INSERT INTO follows (id, user_id, project_id, created_at, confirmed_at) VALUES (?, ?, ?, ?, ?)",
                               (f"fol_bench{n:08}", user, project, now, now))
    connection.close()
    return slug, owner


def sign_in(program, email):
    answer = call(program.base, "POST", "/dev/sign-in", {"email": email})
    return "; ".join(value.split(";")[0] for value in answer.headers.get_all("set-cookie") or [])


def post(program, cookie, path, **fields):
    answer = call(program.base, "POST", path, fields, {"cookie": cookie}, timeout=180)
    if answer.status != 303:
        raise RuntimeError(f"{path} was answered {answer}")
    return answer


def multipart(**fields):
    """Content type and body of a form that could hold a file."""
    line = secrets.token_hex(16)
    parts = (f'--{line}\r\ncontent-disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items())
    return f"multipart/form-data; boundary={line}", f"{''.join(parts)}--{line}--\r\n".encode()


def count(port):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        answers = line.makefile("rwb")
        answers.readline()
        answers.write(b"COUNT\r\n")
        answers.flush()
        return int(answers.readline().split()[1])


def memory(pid, what):
    """Mebibytes of /proc/PID/status."""
    return int(re.search(rf"{what}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def psql(url, sql):
    command = ["psql", "-X", "-A", "-t", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-c", sql, url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise RuntimeError(f"psql: {done.stderr.strip()}")
    return done.stdout.rstrip("\n")


def rate(*parts):
    return 1000 * sum(part["count"] for part in parts) / sum(part["millis"] for part in parts)


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def newest_baselines():
    found = [path for path in (ROOT / "target/release/deps").glob("baselines-*") if not path.suffix]
    return max(found, key=lambda path: path.stat().st_mtime, default=None) or sys.exit("bench: build the baselines first")


def say(line):
    print(line, file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--binary", default=ROOT / "target/release/drempel")
    parser.add_argument("--baselines", help="default: the newest target/release/deps/baselines-*")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--bank", choices=("inside", "apart"), default="inside", help="the built-in bank in the program's own process, or in another")
    parser.add_argument("--seconds", type=int, default=5, help="of each load")
    parser.add_argument("--patience", type=int, default=240, help="seconds after which a closing is left as it is")
    parser.add_argument("--keep", action="store_true", help="keep the folder with databases and logs")
    parser.add_argument("measures", nargs="*", metavar="|".join(MEASURES))
    options = parser.parse_args()
    chosen = options.measures or MEASURES
    for measure in chosen:
        if measure not in MEASURES:
            parser.error(f"{measure} is no measure, expected {', '.join(MEASURES)}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that everything started is ended
    bench = Bench(options)
    busy = os.getloadavg()[0]
    try:
        for measure in chosen:
            if measure == "memory":
                continue
            try:
                getattr(bench, measure)()
            except (RuntimeError, OSError, http.client.HTTPException, subprocess.TimeoutExpired, TypeError) as error:
                say(f"{measure} could not be measured: {error}")
        if not bench.memory:
            program = bench.prepare("memory")
            bench.serve(program)
            bench.close(program, "nothing")
    finally:
        bench.end(options.keep)
    for name, rest, peak in bench.memory:
        bench.row(f"memory: {name}", peak, unit="MiB at its peak", note=f"{rest:.0f} MiB at rest")
    say("")
    print(f"{os.cpu_count()} cores, {options.engine}, load average {busy:.1f} before\n")
    print("| measure | ours | baseline | ratio | |\n| --- | --: | --: | --: | --- |")
    for cells in bench.table:
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
