"""The stage of the cluster test: two database servers behind one address, three webs behind another, two workers, bank and mail."""

import base64
import os
import secrets
import subprocess
import sys
import time
from pathlib import Path

from servers import SYNCHRONOUS, Failed, Server
from stage import Program, Stage, free_port

NAME = "drempel"
DOOR = Path(__file__).parent / "door.py"
WEBS, WORKERS = 3, 2


class Door:
    """An address that stays while what stands behind it changes."""

    def __init__(self, stage, name):
        log = open(stage.folder / f"{name}.log", "wb")
        self.process = subprocess.Popen([sys.executable, str(DOOR)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        log.close()
        stage.helpers.append((name, self.process))
        self.port = int(self.process.stdout.readline())

    def order(self, words):
        self.process.stdin.write(f"{words}\n".encode())
        self.process.stdin.flush()
        answer = self.process.stdout.readline().decode().strip()
        if answer != "done":
            raise RuntimeError(f"the door was told {words} and says {answer!r}")

    def to(self, *ports):
        self.order("to " + ",".join(map(str, ports)))


class Database:
    """Asked straight at the server that is primary now."""

    def __init__(self, stage, port):
        self.stage = stage
        self.url = f"postgres://postgres@127.0.0.1:{port}/{NAME}"

    def rows(self, sql):
        return self.stage.primary.psql(sql, NAME)

    write = rows

    def drop(self):
        pass


class Front:
    """What visitors see: one address for all webs."""

    def __init__(self, port):
        self.base = f"http://127.0.0.1:{port}"
        self.kills = 0


class Cluster(Stage):
    def __init__(self):
        super().__init__("postgres")
        os.chmod(self.folder, 0o711)  # for the user of PostgreSQL, who is another
        self.primary = self.standby = None
        self.webs, self.workers = [], []
        self.interruptions = 0  # of workers, each of which may leave letters in doubt

    def open(self, binary):
        self.binary = str(Path(binary).resolve())
        self.primary, self.standby = Server(self.folder, "one"), Server(self.folder, "two")
        self.primary.make()
        self.primary.start()
        self.primary.psql(f"CREATE DATABASE {NAME}")
        self.join(self.standby)
        self.to_database, self.to_webs = Door(self, "to-database"), Door(self, "to-webs")
        self.to_database.to(self.primary.port)
        self.database = Database(self, self.to_database.port)
        common = self.outside(self.binary, self.to_webs.port) | {
            "SECRET_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
            "FILES_URL": f"file://{self.folder / 'files'}",
        }
        self.program = Front(self.to_webs.port)
        for number in range(1, WEBS + 1):
            self.webs.append(self._node(f"web-{number}", common, ("serve", "--no-worker")))
        for number in range(1, WORKERS + 1):
            self.workers.append(self._node(f"worker-{number}", common, ("work",)))
        self.to_webs.to(*(web.port for web in self.webs))

    def _node(self, name, common, words):
        port = free_port()
        environment = common | {"LISTEN": f"127.0.0.1:{port}"}
        node = Program(self.binary, port, environment, self.folder, self.folder / f"{name}.log", words)
        node.name, node.port = name, port
        return node

    def command(self, *words):
        return self.webs[0].command(*words)

    def start(self):
        for node in self.webs + self.workers:
            node.start()
        for web in self.webs:
            web.await_ready()

    # the database

    def join(self, server):
        """This server becomes the standby without which nothing is acknowledged."""
        server.copy_of(self.primary)
        server.start()
        self.primary.set(SYNCHRONOUS)
        self.primary.await_standby()

    def step_in(self):
        """The standby becomes the primary, alone for now; the address leads to it. What was the primary must be gone or cut off."""
        self.primary, self.standby = self.standby, self.primary
        self.primary.promote()
        self.primary.set("")
        self.to_database.to(self.primary.port)
        self.interruptions += WORKERS

    def acknowledges(self, server, seconds):
        """Whether a change sent straight to this server is acknowledged in so many seconds."""
        try:
            server.psql("INSERT INTO facts (name, value) VALUES ('two_primaries', 'the old one')", NAME, patience=seconds)
        except (subprocess.TimeoutExpired, Failed):
            return False
        return True

    # the nodes

    def ended(self):
        return [node.name for node in self.webs + self.workers if node.process.poll() is not None]

    def replace(self, worker):
        """kill -9, and another in its place."""
        worker.kill()
        self.interruptions += 1
        worker.start()

    def panics(self):
        found = []
        for node in self.webs + self.workers:
            text = (self.folder / f"{node.name}.log").read_text(errors="replace")
            found += [f"{node.name}: {line[:200]}" for line in text.splitlines() if "panicked" in line]
        return found

    def close(self, keep):
        for node in self.webs + self.workers:
            if node.process and node.process.poll() is None:
                node.go_on()
            node.close()
        for server in (self.primary, self.standby):
            if server:
                server.close()
        self.program = None
        for _name, process in self.helpers:
            if process.stdin:
                process.stdin.close()
        super().close(keep)


def wait(until_true, patience, pause=0.1):
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if until_true():
            return True
        time.sleep(pause)
    return False
