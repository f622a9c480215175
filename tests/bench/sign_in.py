#!/usr/bin/env python3
"""Whether time tells which addresses are known: asks a running program for sign-in letters, by turns for a known and an unknown
address, and prints both medians and their ratio. The program must run with LIMITS=off.

    python3 tests/bench/sign_in.py http://localhost:3000 backer1@drempel.example
"""

import statistics
import sys
import time
import urllib.parse
import urllib.request

PAIRS = 100


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def ask(base, email):
    """Seconds until the answer, and the answer without its cookie."""
    opener = urllib.request.build_opener(Stay)
    request = urllib.request.Request(f"{base}/nl/sign-in", urllib.parse.urlencode({"email": email}).encode(), method="POST")
    begun = time.perf_counter()
    try:
        answer = opener.open(request)
    except urllib.error.HTTPError as error:
        answer = error
    body = answer.read()
    return time.perf_counter() - begun, (answer.status, answer.headers.get("location"), body)


def main(base, known):
    times = {known: [], "nobody@drempel.example": []}
    answers = set()
    for _ in range(PAIRS):
        for email, taken in times.items():
            seconds, answer = ask(base, email)
            taken.append(seconds)
            answers.add(answer)
    medians = [statistics.median(taken) for taken in times.values()]
    print(f"known {medians[0] * 1000:.1f} ms, unknown {medians[1] * 1000:.1f} ms, ratio {medians[0] / medians[1]:.4f}")
    print("one answer for both" if len(answers) == 1 else f"answers differ: {answers}")
    return 0 if len(answers) == 1 else 1


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1].rstrip("/"), sys.argv[2]))
