"""Starting: from the call of the program to the first page it answers, and what it holds when nobody comes."""

import time

from stage import Gone, call

from bench import memory, middle, say

PAGE = "/nl/projects"
TIMES = 5


def start(bench):
    """An installation whose schema and data are there, against bare axum that serves the bytes of the same page."""
    program = bench.prepare("start")
    bench.serve(program)
    bench.await_rest(program)
    answer = call(program.base, "GET", PAGE)
    bench.close(program, "start, the first time")
    ours, rests = [], []
    for _turn in range(TIMES):
        began = time.monotonic()
        program.start()
        bench.started.append(program.process)
        ours.append(first_answer(program, began))
        time.sleep(2)
        rests.append(memory(program.process.pid, "VmRSS"))
        status, _seconds = program.stop()
        if status != 0:
            say(f"note: the server ended with status {status} after it was started")
    theirs = [bare(bench, answer) for _turn in range(TIMES)]
    note = f"the middle of {TIMES}, the slowest {1000 * max(ours):.0f} ms; {middle(rests):.0f} MiB after two seconds"
    bench.row("start: the first page", 1000 * middle(ours), 1000 * middle(theirs), unit="ms", note=note)


def first_answer(program, began):
    """Seconds until a page is answered."""
    while time.monotonic() - began < 60:
        if program.process.poll() is not None:
            raise RuntimeError(f"the program ended with status {program.process.returncode}")
        try:
            if call(program.base, "GET", PAGE, timeout=5).status == 200:
                return time.monotonic() - began
        except Gone:
            time.sleep(0.002)
    raise RuntimeError("no page within a minute")


def bare(bench, answer):
    body, headers = bench.folder / "body", bench.folder / "headers"
    body.write_bytes(answer.body)
    headers.write_text("content-type: text/html; charset=utf-8\n")
    began = time.monotonic()
    port = bench.helper("axum-static", PAGE, body, headers)
    call(f"http://127.0.0.1:{port}", "GET", PAGE)
    return time.monotonic() - began
