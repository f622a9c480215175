#!/usr/bin/env python3
"""Writes advisories.json anew from a clone of the RustSec advisory database.

    tests/supply/snapshot.py CLONE

Kept are the facts only: which versions of which crate are hit, and by what kind of weakness. What each is about stands at
https://rustsec.org/advisories/ID.html. The database is in the public domain (CC0-1.0).
"""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path


def read(clone, *what):
    return subprocess.run(["git", "-C", clone, *what], check=True, capture_output=True, text=True).stdout


def facts(text):
    front = tomllib.loads(re.search(r"```toml\n(.*?)```", text, re.S)[1])
    advisory, versions = front["advisory"], front.get("versions", {})
    if "withdrawn" in advisory:
        return None
    kept = {"id": advisory["id"], "crate": advisory["package"], "date": str(advisory["date"])}
    for name, value in (
        ("informational", advisory.get("informational")),
        ("patched", versions.get("patched")),
        ("unaffected", versions.get("unaffected")),
    ):
        if value:
            kept[name] = value
    return kept


def main():
    clone = sys.argv[1]
    names = [n for n in read(clone, "ls-tree", "-r", "HEAD", "--name-only").split("\n") if re.match(r"crates/.*\.md$", n)]
    found = [facts(read(clone, "show", f"HEAD:{name}")) for name in names]
    found = sorted((one for one in found if one), key=lambda one: one["id"])
    whole = {
        "source": "RustSec advisory database, CC0-1.0, https://rustsec.org",
        "commit": read(clone, "rev-parse", "HEAD").strip(),
        "day": read(clone, "log", "-1", "--format=%cs").strip(),
    }
    rows = ",\n".join(json.dumps(one, ensure_ascii=False) for one in found)
    head = json.dumps(whole, ensure_ascii=False)[:-1]
    Path(__file__).with_name("advisories.json").write_text(f'{head}, "advisories": [\n{rows}\n]}}\n')
    print(f"{len(found)} advisories of {whole['day']}")


main()
