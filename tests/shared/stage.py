"""The stage of the crash and the cluster tests: database, bank, mail server and the program itself, each a process of its own.

Bank and mail server survive everything; the program is killed and started again on the same database and port.
"""

import http.client
import json
import os
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

SINK = Path(__file__).parent.parent / "tools" / "smtp_sink.py"
BANK_KEY, BANK_SECRET = "sk_test_crash", "whsec_crash"
# What a caller sees of a program that was killed: no connection, a broken one, or half an answer.
Gone = (OSError, http.client.HTTPException)


class Locked(Exception):
    """A transaction of the program kept everybody else from writing for far too long."""


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    def __str__(self):
        return f"{self.status} {self.body[:300].decode(errors='replace')}"


def call(base, method, path, body=None, headers=None, timeout=30):
    """One request on a connection of its own. A dict becomes a form; raises one of Gone when there was no whole answer."""
    headers = dict(headers or {})
    if isinstance(body, dict):
        body = urllib.parse.urlencode(body).encode()
        headers["content-type"] = "application/x-www-form-urlencoded"
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(base).netloc, timeout=timeout)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def end(process, patience):
    """Asks a process to end, and ends it when it takes longer than so many seconds. Answers whether asking was enough."""
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(20)
        return False
    return True


class Sqlite:
    def __init__(self, folder):
        self.path = folder / "drempel.db"
        self.url = f"sqlite://{self.path}"

    def rows(self, sql):
        """Only while the program runs, so that recovery after a kill is the program's own; the same goes for `write`."""
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=20)
        try:
            return [[str(cell) if cell is not None else "" for cell in row] for row in connection.execute(sql)]
        finally:
            connection.close()

    def write(self, sql):
        connection = sqlite3.connect(f"file:{self.path}?mode=rw", uri=True, timeout=10)
        try:
            with connection:
                connection.execute(sql)
        except sqlite3.OperationalError as error:
            raise Locked(f"nobody else could write for 10 s: {error}") from error
        finally:
            connection.close()

    def drop(self):
        pass


class Postgres:
    """A database of its own on the server of TEST_POSTGRES_URL; read with psql, so that no driver is needed."""

    def __init__(self, _folder):
        server = os.environ.get("TEST_POSTGRES_URL") or sys.exit("crash: TEST_POSTGRES_URL is not set; tests/run sets it")
        programs = os.environ.get("TEST_POSTGRES_BIN")
        self.psql = str(Path(programs) / "psql") if programs else shutil.which("psql") or sys.exit("crash: no psql")
        self.server, self.name = server, f"crash_{secrets.token_hex(6)}"
        self._run(server, f"CREATE DATABASE {self.name}")
        # the server is never killed here, so what it has acknowledged is safe without waiting for the disk
        self._run(server, f"ALTER DATABASE {self.name} SET synchronous_commit = off")
        self.url = urllib.parse.urlsplit(server)._replace(path=f"/{self.name}").geturl()

    def _run(self, url, sql):
        command = [self.psql, "-X", "-A", "-t", "-F", "\x1f", "-R", "\x1e", "-v", "ON_ERROR_STOP=1", "-c", sql, url]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise RuntimeError(f"psql: {done.stderr.strip()}")
        return done.stdout.rstrip("\n")

    def rows(self, sql):
        out = self._run(self.url, sql)
        return [line.split("\x1f") for line in out.split("\x1e")] if out else []

    def write(self, sql):
        self._run(self.url, sql)

    def drop(self):
        self._run(self.server, f"DROP DATABASE {self.name} WITH (FORCE)")


class Program:
    """A process under test, `drempel serve` on one port if nothing else is said, killed and started at will."""

    def __init__(self, binary, port, environment, folder, log, words=("serve",)):
        self.binary, self.environment, self.folder, self.words = binary, environment, folder, words
        self.base = f"http://127.0.0.1:{port}"
        self.log = open(log, "ab")
        self.process = None
        self.kills = 0
        self.before_start = lambda: None

    def start(self):
        self.before_start()
        self.process = subprocess.Popen(
            [self.binary, *self.words], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log,
        )

    def kill(self):
        """kill -9. A program that ended by itself before is a failure of its own."""
        ended = self.process.poll()
        if ended is not None:
            raise RuntimeError(f"the program ended by itself with status {ended}, see its log")
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(20)
        self.kills += 1

    def pause(self):
        """Nothing of it runs until `go_on`, and it does not know."""
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def stop(self, patience=25):
        """SIGTERM. Answers (status, seconds); a program that does not end is killed and has status None."""
        began = time.monotonic()
        ended = end(self.process, patience)
        return self.process.returncode if ended else None, time.monotonic() - began

    def await_ready(self, patience=60):
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise RuntimeError(f"the program ended by itself with status {self.process.returncode}, see its log")
            try:
                if call(self.base, "GET", "/readyz", timeout=5).status == 200:
                    return
            except Gone:
                pass
            time.sleep(0.03)
        raise RuntimeError(f"the program was not ready within {patience} s")

    def command(self, *words, patience=120):
        return subprocess.run(
            [self.binary, *words], cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=patience,
        )

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(20)
        self.log.close()


def new_folder(engine):
    """In memory where there is room: kill -9 takes nothing from the operating system, and a slow disk would only cost time."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2 << 30
    return Path(tempfile.mkdtemp(prefix=f"drempel-test-{engine}-", dir=memory if roomy else None))


class Stage:
    def __init__(self, engine):
        self.engine = engine
        self.folder = new_folder(engine)
        self.helpers = []
        self.database = self.program = None
        self.mail, self.mail_read = [], 0
        self.lives = []  # whenever the program was about to start: letters received and kills so far

    def open(self, binary):
        self.database = (Sqlite if self.engine == "sqlite" else Postgres)(self.folder)
        binary = str(Path(binary).resolve())
        port = free_port()
        environment = self.outside(binary, port)
        self.program = Program(binary, port, environment, self.folder, self.folder / "program.log")
        self.program.before_start = self.begin_life

    def outside(self, binary, port):
        """Starts bank and mail server; answers the settings of a program that visitors and the bank find at this port."""
        letters = self.folder / "letters"
        sink_port = self._helper([sys.executable, str(SINK), "--with-parent", str(letters)], "sink")
        self.letters = letters / "index.jsonl"
        self.bank = self._helper([
            binary, "sandbox", "--listen", "127.0.0.1:0", "--key", BANK_KEY, "--webhook-secret", BANK_SECRET,
            "--webhook-url", f"http://127.0.0.1:{port}/webhooks/stripe", "--journal", str(self.folder / "bank.jsonl"),
        ], "bank")
        return {
            **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "TMPDIR", "DREMPEL_TEST_RUN")},
            "DATABASE_URL": self.database.url,
            "LISTEN": f"127.0.0.1:{port}",
            "PUBLIC_URL": f"http://localhost:{port}",
            "STRIPE_API_URL": self.bank,
            "STRIPE_SECRET_KEY": BANK_KEY,
            "STRIPE_WEBHOOK_SECRETS": BANK_SECRET,
            "STRIPE_RATE_PER_SECOND": "100000",
            "SMTP_URL": f"smtp://127.0.0.1:{sink_port}",
            "LIMITS": "off",
            "RUST_LOG": "warn",
            "RUST_BACKTRACE": "1",
            "NO_COLOR": "1",
        }

    def _helper(self, command, name):
        """Starts what survives and answers the first line it prints: its address or port."""
        log = open(self.folder / f"{name}.log", "wb")
        process = subprocess.Popen(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        log.close()
        self.helpers.append((name, process))
        line = process.stdout.readline().decode().strip()
        return line or sys.exit(f"{name} did not start, see {self.folder / (name + '.log')}")

    def control(self, what, **order):
        """An order to the bank; its answer, or None when it refused."""
        headers = {"content-type": "application/json"}
        answer = call(self.bank, "POST", f"/control/{what}", json.dumps(order).encode(), headers)
        return answer.json() if answer.status == 200 else None

    def effects(self):
        return call(self.bank, "GET", "/control/effects").json()

    def begin_life(self):
        """Notes where a life begins, when the mail server has written down what the one before handed over."""
        count = -1
        while count != len(self.received()):
            count = len(self.received())
            time.sleep(0.1)
        self.lives.append((count, self.program.kills))

    def received(self):
        """Every message the mail server was given so far: receiver, Message-ID, kind, text."""
        if self.letters.exists():
            with open(self.letters, "rb") as index:
                index.seek(self.mail_read)
                for line in index:
                    if not line.endswith(b"\n"):
                        break
                    self.mail_read += len(line)
                    facts = json.loads(line)
                    kind = facts["headers"].get("Feedback-ID", "").split(":")[0]
                    self.mail.append((facts["to"][0], facts["message_id"], kind, facts["text"]))
        return self.mail

    def dead_helpers(self):
        return [name for name, process in self.helpers if process.poll() is not None]

    def trouble(self):
        """Lines of the program's log that no kill explains. A moved clock may still be catching up when the program stops."""
        lines = (self.folder / "program.log").read_text(errors="replace").splitlines()
        return [line for line in lines if "panicked" in line or (" ERROR " in line and "closed pool" not in line)]

    def close(self, keep):
        if self.program:
            self.program.close()
        for _name, process in reversed(self.helpers):
            if process.poll() is None:
                end(process, 10)
            process.stdout.close()
        if keep:
            print(f"kept for a look: {self.folder}, {self.database.url if self.database else 'no database'}")
            return
        if self.database:
            self.database.drop()
        shutil.rmtree(self.folder, ignore_errors=True)
