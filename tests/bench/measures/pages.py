"""Pages: kept ones, ones rendered anew over ever more projects, and the two that sum the most."""

import time

from stage import call

from bench import CLIENTS, middle, rate, sign_in, spread

PAGES = {
    "list page": "/nl/projects",
    "project page": "/nl/projects/leerwerkcentrum-oud-mathenesse-witte-dorp",
}
SIZES = ((100, 1_000), (1_000, 10_000), (10_000, 1_000_000))  # projects and pledges
TURNS = 200  # of each page, for each size


def pages(bench):
    """Kept pages against bare axum that answers the same bytes with the same headers."""
    program = bench.prepare("pages")
    bench.serve(program)
    bench.await_rest(program)
    for name, path in PAGES.items():
        answer = call(program.base, "GET", path)
        left_out = ("date", "content-length", "connection", "transfer-encoding")
        headers = "".join(f"{k}: {v}\n" for k, v in answer.headers.items() if k.lower() not in left_out)
        sums = {program.address: [], bare(bench, path, answer, headers): []}
        for _turn in range(2):
            for address, seen in sums.items():
                seen.append(bench.run("load-get", address, path, CLIENTS, bench.seconds))
        ours, theirs = sums.values()
        wrong = sum(part["count"] - part["statuses"].get("200", 0) for part in ours + theirs)
        note = f"{len(answer.body)} bytes, {spread(ours[-1])}" + (f", {wrong} wrong" if wrong else "")
        bench.row(name, rate(*ours), rate(*theirs), note=note)
    bench.close(program, "pages")


def growth(bench):
    """Pages over ever more projects and pledges, each rendered anew: how much slower is the largest than the smallest?"""
    sizes = [(bench.of(projects), bench.of(pledges)) for projects, pledges in SIZES]
    seen = {}
    for projects, pledges in sizes:
        program = bench.prepare(f"growth{projects}", "--projects", projects, "--pledges", pledges, patience=3_600)
        bench.write(program.url, "UPDATE refunds SET due_at = '2100-01-01T00:00:00.000Z' WHERE finished_at IS NULL")
        slugs = [row[0] for row in bench.rows(program.url, "SELECT slug FROM projects WHERE state = 'listed' ORDER BY id LIMIT 100")]
        backer = bench.rows(program.url, "SELECT u.email FROM users u JOIN pledges p ON p.user_id = u.id ORDER BY p.id LIMIT 1")[0][0]
        bench.serve(program)
        bench.await_rest(program)
        for name, (path, cookie) in visited(program, slugs, backer).items():
            times = sorted(asked(program.base, path(turn), cookie) for turn in range(TURNS))
            seen.setdefault(name, []).append((middle(times), times[len(times) * 99 // 100]))
        bench.close(program, f"growth, {projects:,} projects, {pledges:,} pledges")
    for name, times in seen.items():
        each = "; ".join(f"{p:,} projects, {n:,} pledges: {half:.1f} and {most:.1f}" for (p, n), (half, most) in zip(sizes, times))
        bench.row(f"growth: {name}, p99", times[-1][1], times[0][1], unit="ms", note=f"median and p99 in ms: {each}")


def visited(program, slugs, backer):
    """Pages with the address of each turn, which is another one where pages are kept, and who looks at them."""
    own, team = sign_in(program, backer), sign_in(program, "treasurer1@drempel.example")
    return {
        "list": (lambda turn: f"/nl/projects?turn={turn}", ""),
        "project": (lambda turn: f"/nl/projects/{slugs[turn % len(slugs)]}?turn={turn}", ""),
        "account": (lambda _turn: "/nl/account/pledges", own),
        "team: pledges": (lambda _turn: "/nl/staff/pledges", team),
        "team: today": (lambda _turn: "/nl/staff", team),
    }


def round(bench):
    """The page of a round with 500 projects: rendered anew for each address, against bare axum with the same bytes."""
    program = bench.prepare("round", "--projects", bench.of(500), "--pledges", bench.of(5_000))
    ((number_of_round,),) = bench.rows(program.url, "SELECT MAX(number) FROM rounds")
    bench.serve(program)
    bench.await_rest(program)
    beside_bare(bench, program, f"page of a round with {bench.of(500)} projects", f"/en/rounds/{number_of_round}", "")
    bench.close(program, "round")


def impact(bench):
    """Sums over 5,000 projects and 20,000 moments of measuring, rendered anew, against the bare sum in SQL; and the pictures of one
    project against bare axum with the same bytes."""
    program = bench.prepare("impact", "--projects", bench.of(5_000), "--pledges", bench.of(5_000))
    # as if the round had been decided: only what is carried out is summed
    bench.write(program.url, "UPDATE projects SET state = 'running' WHERE slug LIKE 'trial-%'")
    waves, slug = bench.rows(program.url, "SELECT (SELECT COUNT(*) FROM waves), (SELECT MIN(slug) FROM projects WHERE slug LIKE 'trial-%')")[0]
    bench.serve(program)
    bench.await_rest(program)
    sums = []
    for _turn in range(10):
        began = time.monotonic()
        bench.rows(program.url, "SELECT f.indicator, COUNT(*), SUM(f.value) FROM published_figures f JOIN projects p "
                   "ON p.id = f.project_id WHERE f.cell_row = '' AND f.newest = 1 AND p.state = 'running' GROUP BY f.indicator")
        sums.append(1000 * (time.monotonic() - began))
    for name, path in (("all", "/en/impact?"), ("one round", "/en/impact?round=1&")):
        times = [asked(program.base, f"{path}turn={turn}") for turn in range(10)]
        size = len(call(program.base, "GET", f"{path}turn=0").body)
        note = f"{waves} moments, {size} bytes, rendered each time, {slowest(times)}; the baseline is one sum in SQL"
        bench.row(f"page of results, {name}", middle(times), middle(sums), unit="ms", note=note)
    drawings = call(program.base, "GET", f"/en/projects/{slug}/outcomes").body.count(b"<svg")
    beside_bare(bench, program, "results of a project with pictures", f"/en/projects/{slug}/outcomes", f"{drawings} drawings, ")
    bench.close(program, "impact")


def beside_bare(bench, program, name, path, what):
    """The time of a page that is rendered anew for each address, against bare axum with the same bytes."""
    times = [asked(program.base, f"{path}?turn={turn}") for turn in range(20)]
    answer = call(program.base, "GET", f"{path}?turn=0")
    address = bare(bench, path, answer, "content-type: text/html; charset=utf-8\n")
    theirs = [asked(f"http://{address}", path) for _turn in range(20)]
    note = f"{what}{len(answer.body)} bytes, rendered each time, the middle of 20, {slowest(times)}"
    bench.row(name, middle(times), middle(theirs), unit="ms", note=note)


def bare(bench, path, answer, headers):
    """The address of bare axum that answers the same."""
    body_file, headers_file = bench.folder / "body", bench.folder / "headers"
    body_file.write_bytes(answer.body)
    headers_file.write_text(headers)
    return f"127.0.0.1:{bench.helper('axum-static', path, body_file, headers_file)}"


def asked(base, path, cookie=""):
    """The time of one request on a connection of its own, in milliseconds."""
    began = time.monotonic()
    answer = call(base, "GET", path, headers={"cookie": cookie} if cookie else {})
    if answer.status != 200:
        raise RuntimeError(f"{path} was answered {answer.status}")
    return 1000 * (time.monotonic() - began)


def slowest(times):
    return f"the slowest {max(times):.1f} ms"
