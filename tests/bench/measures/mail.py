"""One update to very many followers."""

import re
import secrets
import socket
import sqlite3
import threading
import time

from stage import call

from bench import post, rate, say, sign_in

FOLLOWERS = 50_000


def mail(bench):
    if bench.engine != "sqlite":
        return say("mail: measured on SQLite only, where followers can be made from outside")
    program = bench.prepare("mail")
    people = bench.of(FOLLOWERS)
    slug, owner = followers(program.url.removeprefix("sqlite://"), people)
    sample = bench.folder / "letter"
    sink = bench.helper("smtp-sink", sample)
    program.environment["SMTP_URL"] = f"smtp://127.0.0.1:{sink}"
    bench.serve(program)
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
    while counted < people and time.monotonic() - began < 300:
        time.sleep(0.05)
        counted = count(sink)
        if counted and not first:
            first = time.monotonic()
        if not queued and int(bench.rows(program.url, rows)[0][0]) >= people:
            queued = time.monotonic()
    # from the moment it is due: on a busy machine the first count may come when most letters have left
    took = time.monotonic() - began
    clock.join()
    bench.close(program, "mail")
    note = f"{counted:,} letters, the first after {first - began:.1f} s, all queued after {queued - began:.1f} s"
    loop = lambda kind: rate(bench.run(kind, f"127.0.0.1:{bench.helper('smtp-sink')}", sample, 8, people))
    bench.row("mail", counted / took, loop("smtp-loop"), note=note)
    bench.row("mail: against letters built anew", counted / took, loop("smtp-build"))


def followers(path, people):
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
        for n in range(people):
            user = f"usr_bench{n:08}"
            connection.execute("INSERT INTO users (id, email, name, language, created_at) VALUES (?, ?, 'Sam', 'nl', ?)", (user, f"sam{n}@bench.example", now))
            connection.execute("INSERT INTO follows (id, user_id, project_id, created_at, confirmed_at) VALUES (?, ?, ?, ?, ?)",
                               (f"fol_bench{n:08}", user, project, now, now))
    connection.close()
    return slug, owner


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
