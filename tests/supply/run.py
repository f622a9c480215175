#!/usr/bin/env python3
"""What the program is made of: licences, sources, duplicates and known weaknesses of its crates, and a bill of materials.

    tests/supply/run.py

cargo-deny looks by the rules in .cargo/deny.toml, cargo-cyclonedx writes target/sbom/drempel.cdx.json (CycloneDX). Weaknesses
come from the RustSec database where it can be reached, else from the snapshot beside this file; which of the two is printed.
Ends with `N passed, N failed`.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "target/test-tools"
DATABASES = TOOLS / "advisories"
# the folder in which cargo-deny looks for the database of this address
DATABASE = DATABASES / "advisory-db-3157b0e258782691"
ADDRESS = "https://github.com/RustSec/advisory-db"
SNAPSHOT = Path(__file__).with_name("advisories.json")
BILL = ROOT / "target/sbom/drempel.cdx.json"

failed = []
passed = []


def call(*words, seconds=300, **more):
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=seconds, **more)


def check(name, found):
    """Books a check; `found` says what is wrong, if anything."""
    if found:
        failed.append(name)
        print(f"FAILED {name}\n{found}")
    else:
        passed.append(name)
        print(f"ok     {name}")


def deny(what):
    done = call(TOOLS / "cargo/bin/cargo-deny", "--offline", "--color", "never", "check", "--deny", "warnings", what)
    return (done.stdout + done.stderr) if done.returncode else ""


def git(folder, *words):
    identity = ["-c", "user.name=tests", "-c", "user.email=tests@localhost", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", folder, *identity, *words], check=True, capture_output=True)


def as_file(advisory):
    """An advisory in the form in which the database keeps it."""
    lines = ["```toml", "[advisory]", f'id = "{advisory["id"]}"', f'package = "{advisory["crate"]}"']
    lines += [f'date = "{advisory["date"]}"', f'url = "https://rustsec.org/advisories/{advisory["id"]}.html"']
    if "informational" in advisory:
        lines.append(f'informational = "{advisory["informational"]}"')
    lines += ["", "[versions]", f"patched = {json.dumps(advisory.get('patched', []))}"]
    if "unaffected" in advisory:
        lines.append(f"unaffected = {json.dumps(advisory['unaffected'])}")
    return "\n".join(lines) + f"\n```\n\n# {advisory['id']}\n\nSee its address.\n"


def write_database(advisories):
    shutil.rmtree(DATABASE, ignore_errors=True)
    for advisory in advisories:
        file = DATABASE / "crates" / advisory["crate"] / f"{advisory['id']}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(as_file(advisory))
    git(DATABASE, "init", "--quiet")
    git(DATABASE, "add", ".")
    git(DATABASE, "commit", "--quiet", "-m", "snapshot")


def take_database(snapshot):
    """The database of today, else the snapshot. Answers which it is."""
    shutil.rmtree(DATABASE, ignore_errors=True)
    quiet = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
    try:
        fetched = call("git", "clone", "--quiet", "--depth", "1", ADDRESS, DATABASE, seconds=60, env=quiet)
        if fetched.returncode == 0:
            return "the RustSec database of today"
    except subprocess.TimeoutExpired:
        pass
    write_database(snapshot["advisories"])
    return f"a snapshot of {snapshot['day']}: the RustSec database could not be reached"


def weakness_is_found(snapshot):
    """Whether a weakness in a crate that is used would be seen at all."""
    write_database(snapshot["advisories"] + [{"id": "RUSTSEC-2000-0001", "crate": "axum", "date": "2000-01-01"}])
    found = deny("advisories")
    return "" if "RUSTSEC-2000-0001" in found else f"a weakness of axum was made up and not found\n{found}"


def bill_of_materials():
    """Writes the bill and holds it against the crates that are built in."""
    done = call(TOOLS / "cargo/bin/cargo-cyclonedx", "cyclonedx", "--format", "json", "--no-build-deps",
                "--override-filename", "drempel.cdx")
    written = ROOT / "drempel.cdx.json"
    if done.returncode or not written.exists():
        return done.stdout + done.stderr
    BILL.parent.mkdir(parents=True, exist_ok=True)
    written.replace(BILL)
    bill = json.loads(BILL.read_text())
    named = {f"{one['name']} {one['version']}" for one in bill["components"]}
    tree = call("cargo", "tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}").stdout
    built_in = {f"{m[1]} {m[2]}" for m in re.finditer(r"^(\S+) v(\S+)", tree, re.M) if m[1] != "drempel"}
    missing = sorted(built_in - named)
    without = [one["name"] for one in bill["components"] if not one.get("licenses") or not one.get("hashes")]
    print(f"       {len(named)} crates in {BILL.relative_to(ROOT)}")
    return "" if built_in and not missing and not without else f"not in the bill: {missing}; no licence or hash: {without}"


def lock_file():
    done = call("cargo", "metadata", "--locked", "--offline", "--format-version", "1")
    packages = (ROOT / "Cargo.lock").read_text().split("[[package]]")[1:]
    loose = [one for one in packages if 'name = "drempel"\n' not in one and "\nchecksum = " not in one]
    return done.stderr if done.returncode else (f"without a checksum: {loose}" if loose else "")


def own_unsafe():
    if not re.search(r'^unsafe_code = "forbid"$', (ROOT / "Cargo.toml").read_text(), re.M):
        return "Cargo.toml does not forbid unsafe code"
    found = [str(file.relative_to(ROOT)) for folder in ("src", "tests") for file in (ROOT / folder).rglob("*.rs")
             if re.search(r"\bunsafe\b\s*(\{|fn|impl)|allow\(unsafe_code\)", file.read_text())]
    return f"unsafe in {found}" if found else ""


def main():
    snapshot = json.loads(SNAPSHOT.read_text())
    # crates for other systems are looked at too, and a build brings only those for its own
    fetched = call("cargo", "fetch", "--locked", seconds=600)
    if fetched.returncode:
        print(f"some crates could not be fetched: {fetched.stderr.strip()[-300:]}")
    for what in ("licenses", "sources", "bans"):
        check(what, deny(what))
    check("a weakness is found", weakness_is_found(snapshot))
    print(f"       looking at {take_database(snapshot)}")
    check("advisories", deny("advisories"))
    check("lock file", lock_file())
    check("bill of materials", bill_of_materials())
    check("no unsafe code of our own", own_unsafe())
    print(f"{len(passed)} passed, {len(failed)} failed")
    return 1 if failed else 0


sys.exit(main())
