"""What every measure stands on: databases, processes, loads and baselines, and the table of what was seen."""

import json
import os
import re
import resource
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "shared"))
from stage import Program, call, end, free_port  # noqa: E402

CLIENTS = 64
BANK_KEY, BANK_SECRET = "sk_test_bench", "whsec_bench"


class Bench:
    def __init__(self, options):
        self.binary = str(Path(options.binary).resolve())
        self.baselines = str(Path(options.baselines or newest_baselines()).resolve())
        self.engine = options.engine
        # what only measures are told
        self.seconds, self.patience, self.smaller = (getattr(options, name, 1) for name in ("seconds", "patience", "smaller"))
        self.apart = getattr(options, "bank", "apart") == "apart"
        self.folder = Path(tempfile.mkdtemp(prefix="drempel-bench-"))
        self.started, self.databases, self.table, self.memory = [], [], [], []

    def of(self, usual):
        """How many: the usual number, or fewer when a measure is only tried."""
        return max(1, usual // self.smaller)

    # databases

    def database(self, name, engine=None):
        if (engine or self.engine) == "sqlite":
            return f"sqlite://{self.folder / name}.db"
        server = os.environ.get("TEST_POSTGRES_URL") or sys.exit("bench: TEST_POSTGRES_URL is not set")
        database = f"bench_{name}_{secrets.token_hex(4)}"
        psql(server, f"CREATE DATABASE {database}")
        self.databases.append(database)
        return urllib.parse.urlsplit(server)._replace(path=f"/{database}").geturl()

    def rows(self, url, sql):
        if not url.startswith("sqlite:"):
            out = psql(url, sql)
            return [line.split("\x1f") for line in out.split("\n")] if out else []
        connection = sqlite3.connect(f"file:{url.removeprefix('sqlite://')}?mode=ro", uri=True, timeout=20)
        try:
            return [[str(cell) for cell in row] for row in connection.execute(sql)]
        finally:
            connection.close()

    def write(self, url, sql):
        """Changes a database that no program uses yet."""
        if not url.startswith("sqlite:"):
            psql(url, sql)
            return
        connection = sqlite3.connect(url.removeprefix("sqlite://"), timeout=20)
        try:
            connection.execute(sql)
            connection.commit()
        finally:
            connection.close()

    # processes

    def prepare(self, name, *demo, engine=None, patience=600):
        """A database with demo data and the server for it, not started yet."""
        folder = self.folder / f"{name}-server"
        folder.mkdir(exist_ok=True)
        url, port = self.database(name, engine), free_port()
        environment = {
            **{key: os.environ[key] for key in ("PATH", "HOME", "TMPDIR") if key in os.environ},
            "DATABASE_URL": url, "LISTEN": f"127.0.0.1:{port}", "PUBLIC_URL": f"http://localhost:{port}",
            "LIMITS": "off", "STRIPE_RATE_PER_SECOND": "1000000", "RUST_LOG": "warn", "NO_COLOR": "1",
        }
        program = Program(self.binary, port, environment, folder, folder / "log")
        program.url, program.address = url, f"127.0.0.1:{port}"
        done = program.command("demo", *map(str, demo), patience=patience)
        if done.returncode:
            raise RuntimeError(f"demo: {done.stderr.strip().splitlines()[-1:]}")
        return program

    def migrated(self, name, engine=None):
        """An empty database with the schema."""
        url = self.database(name, engine)
        environment = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ} | {"DATABASE_URL": url}
        subprocess.run([self.binary, "migrate"], env=environment, cwd=self.folder, check=True, stdout=subprocess.DEVNULL)
        return url

    def bank_apart(self, *words):
        """The address of the built-in bank in a process of its own, as the provider is in production. Without words it sends no events."""
        bank = subprocess.Popen([self.binary, "sandbox", "--listen", "127.0.0.1:0", *words], cwd=self.folder, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, text=True)
        self.started.append(bank)
        return bank.stdout.readline().strip()

    def bank_with_news(self, program):
        """The same, which tells the program what happens, as the provider does; answers its address."""
        bank = self.bank_apart("--webhook-secret", BANK_SECRET, "--webhook-url", f"{program.base}/webhooks/stripe", "--key", BANK_KEY)
        program.environment |= {"STRIPE_API_URL": bank, "STRIPE_SECRET_KEY": BANK_KEY, "STRIPE_WEBHOOK_SECRETS": BANK_SECRET}
        return bank

    def mail_sink(self, program):
        """A receiver of letters that only counts them."""
        program.environment["SMTP_URL"] = f"smtp://127.0.0.1:{self.helper('smtp-sink')}"

    def popular(self, program, cents):
        """The address of one project that sells, with room for so many cents more."""
        slug, project = self.rows(program.url, "SELECT slug, id FROM projects WHERE state = 'listed' AND round_id = "
                                  "(SELECT id FROM rounds WHERE state = 'selling' ORDER BY number DESC LIMIT 1) ORDER BY number LIMIT 1")[0]
        self.write(program.url, f"UPDATE pledge_totals SET cap_cents = cap_cents + {cents} WHERE project_id = '{project}'")
        return slug, project

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
        if lines := trouble(program):
            say(f"note: {len(lines)} errors in the server's log of {name}, the last: {lines[-1][:300]}")

    def open(self, *words):
        """A baseline or a load that goes on, to be spoken with line by line."""
        process = subprocess.Popen([self.baselines, *map(str, words)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.started.append(process)
        return process

    def helper(self, *words):
        """A baseline that serves; answers the port it prints."""
        return int(self.open(*words).stdout.readline())

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
                end(process, 15)
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


def sign_in(program, email):
    answer = call(program.base, "POST", "/dev/sign-in", {"email": email})
    return "; ".join(value.split(";")[0] for value in answer.headers.get_all("set-cookie") or [])


def post(program, cookie, path, **fields):
    answer = call(program.base, "POST", path, fields, {"cookie": cookie}, timeout=180)
    if answer.status != 303:
        raise RuntimeError(f"{path} was answered {answer}")
    return answer


def trouble(program):
    """Lines of the program's log that tell of an error."""
    lines = (program.folder / "log").read_text(errors="replace").splitlines()
    return [line for line in lines if " ERROR " in line or "panicked" in line]


def memory(pid, what):
    """Mebibytes of /proc/PID/status."""
    return int(re.search(rf"{what}:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


def psql(url, sql):
    command = ["psql", "-X", "-A", "-t", "-F", "\x1f", "-v", "ON_ERROR_STOP=1", "-c", sql, url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    if done.returncode:
        raise RuntimeError(f"psql: {done.stderr.strip()}")
    return done.stdout.rstrip("\n")


def allow_files(wanted):
    """Lets this process and what it starts open as many files as the system allows, and says when that is too few."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard != resource.RLIM_INFINITY and hard < wanted:
        say(f"note: {hard:,} files may be open at once (ulimit -Hn), {wanted:,} are wished for")
        return hard
    return wanted


def middle(times):
    """The median, in the unit of the times."""
    return sorted(times)[len(times) // 2]


def spread(part):
    """Median and 99th percentile of a load or baseline."""
    return f"p50 {part['p50_micros'] / 1000:.1f} ms, p99 {part['p99_micros'] / 1000:.1f} ms"


def rate(*parts):
    return 1000 * sum(part["count"] for part in parts) / sum(part["millis"] for part in parts)


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def newest_baselines():
    found = [path for path in (ROOT / "target/release/deps").glob("baselines-*") if not path.suffix]
    return max(found, key=lambda path: path.stat().st_mtime, default=None) or sys.exit("bench: build the baselines first")


def say(line):
    print(line, file=sys.stderr, flush=True)


def arguments(parser):
    """What every benchmark can be told."""
    parser.add_argument("--binary", default=ROOT / "target/release/drempel")
    parser.add_argument("--baselines", help="default: the newest target/release/deps/baselines-*")
    parser.add_argument("--engine", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--keep", action="store_true", help="keep the folder with databases and logs")
