"""A primary and its synchronous standby: two PostgreSQL servers of this test alone, on loopback.

Root may not run PostgreSQL: then its package's user does, or else nobody. Every process is ended by the id that the server itself
wrote down.
"""

import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

from stage import free_port

SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 250
shared_buffers = 64MB
wal_keep_size = 256MB
hot_standby = on
wal_sender_timeout = 5s
wal_receiver_timeout = 5s
wal_retrieve_retry_interval = 500ms
log_min_messages = warning
"""
# What is acknowledged is in the memory or on the disk of two machines.
SYNCHRONOUS = "synchronous_commit = on\nsynchronous_standby_names = '*'\n"


def programs():
    named = os.environ.get("TEST_POSTGRES_BIN")
    if named:
        return Path(named)
    found = shutil.which("initdb") or "/nowhere/initdb"
    return Path(found).parent


class Failed(Exception):
    """PostgreSQL did not do what it was asked."""


class Server:
    def __init__(self, folder, name):
        self.folder, self.name, self.port = folder / name, name, free_port()
        self.data, self.log = self.folder / "data", self.folder / "log"
        self.programs = programs()
        self.user = None
        self.folder.mkdir()
        if os.geteuid() == 0:
            names = {entry.pw_name for entry in pwd.getpwall()}
            self.user = "postgres" if "postgres" in names else "nobody"
            shutil.chown(self.folder, self.user)

    def run(self, program, *words, patience=60, check=True):
        command = [str(self.programs / program), *map(str, words)]
        if self.user:
            command = ["runuser", "-u", self.user, "--", *command]
        with open(self.folder.parent / f"{self.name}-{program}.log", "ab") as log:
            done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, timeout=patience)
        if check and done.returncode:
            raise Failed(f"{program} {' '.join(map(str, words[:2]))}: status {done.returncode}, see {log.name}")
        return done.returncode

    def _write(self, name, text):
        path = self.data / name
        path.write_text(text)
        if self.user:
            shutil.chown(path, self.user, self.user if self.user != "nobody" else None)

    def make(self):
        self.run("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")
        self._write("postgresql.auto.conf", SETTINGS.format(port=self.port))

    def copy_of(self, primary):
        """Becomes a standby of this primary, from nothing."""
        shutil.rmtree(self.data, ignore_errors=True)
        source = f"host=127.0.0.1 port={primary.port} user=postgres application_name={self.name}"
        self.run("pg_basebackup", "-D", self.data, "-d", source, "-X", "stream", "-c", "fast")
        self._write("postgresql.auto.conf", SETTINGS.format(port=self.port) + f"primary_conninfo = '{source}'\n")
        self._write("standby.signal", "")

    def start(self):
        self.run("pg_ctl", "-D", self.data, "-l", self.log, "-w", "-t", "60", "start")

    def promote(self):
        self.run("pg_ctl", "-D", self.data, "-w", "-t", "60", "promote")

    def set(self, settings):
        """Other settings at once."""
        self._write("postgresql.auto.conf", SETTINGS.format(port=self.port) + settings)
        self.run("pg_ctl", "-D", self.data, "reload")

    def psql(self, sql, database="postgres", patience=60):
        command = [str(self.programs / "psql"), "-X", "-A", "-t", "-F", "\x1f", "-R", "\x1e", "-v", "ON_ERROR_STOP=1", "-c", sql]
        url = f"postgres://postgres@127.0.0.1:{self.port}/{database}"
        done = subprocess.run([*command, url], capture_output=True, text=True, timeout=patience)
        if done.returncode:
            raise Failed(f"psql: {done.stderr.strip()}")
        out = done.stdout.rstrip("\n")
        return [line.split("\x1f") for line in out.split("\x1e")] if out else []

    def await_standby(self, patience=30):
        """Until a standby takes part in every commit."""
        until = time.monotonic() + patience
        while time.monotonic() < until:
            if self.psql("SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'"):
                return
            time.sleep(0.1)
        raise Failed(f"{self.name} has no standby")

    def processes(self):
        """The server and everything it has started."""
        try:
            head = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
            command = Path(f"/proc/{head}/cmdline").read_bytes()
        except (OSError, ValueError):
            return []
        if str(self.data).encode() not in command:
            return []  # the number belongs to another program by now
        found = [head]
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(status.read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, ValueError, IndexError):
                continue
            if parent == head:
                found.append(int(status.parent.name))
        return found

    def _signal(self, pids, number):
        for pid in pids:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    def pause(self):
        self._signal(self.processes(), signal.SIGSTOP)

    def go_on(self):
        self._signal(self.processes(), signal.SIGCONT)

    def kill(self):
        """As a machine that loses its power: nobody gets a word."""
        found = self.processes()
        self._signal(found, signal.SIGSTOP)  # first all stand still, so that none notices the end of another
        self._signal(found, signal.SIGKILL)
        until = time.monotonic() + 10
        while any(Path(f"/proc/{pid}").exists() and not is_dead(pid) for pid in found) and time.monotonic() < until:
            time.sleep(0.02)

    def close(self):
        self.kill()


def is_dead(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except (OSError, IndexError):
        return True
