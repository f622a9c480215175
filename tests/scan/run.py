#!/usr/bin/env python3
"""Looks at the program from outside, as a stranger with tools would.

    tests/scan/run.py --binary PATH [--only NAME]

Two programs with the demo are scanned: one as in production behind nginx and Caddy, set up as the README says (headers by the MDN
HTTP Observatory, TLS by testssl.sh, security.txt by sectxt), and one as in development (the API against its description by
schemathesis, weaknesses by wapiti and sqlmap). Everything stays on loopback and ends by itself; what a tool printed lies in
target/test-tools/scan-logs. Ends with `N passed, N failed`.
"""

import argparse
import base64
import concurrent.futures
import http.cookiejar
import json
import os
import re
import secrets
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import sectxt
import trustme

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / "target/test-tools"
LOGS = TOOLS / "scan-logs"
SCANNERS = Path(sys.executable).parent
WAPITI = TOOLS / "wapiti/bin/wapiti"

# the scorer on npm knows nothing of COOP and COEP (10 points each in its newer form) and no host counts as preloaded (5); a page
# without a cookie gets none of the 5 for cookies. What is left of 165 is 135.
LEAST_SCORE = 135
PAGES = ["/nl", "/nl/projects", "{project}", "{project}/pledge", "/nl/sign-in", "/nl/staff"]
# findings of testssl.sh about what is ours only here: a certificate made for the test, and no DNS
OF_THE_TEST = {"cert_validityPeriod", "cert_revocation", "cert_chain_of_trust", "DNS_CAArecord", "cert_trust"}
# answers are compressed; secrets in them are masked anew in each answer, which is what this attack needs them not to be
ANSWERED = {"BREACH"}
# the development server speaks plain HTTP
OF_DEVELOPMENT = {"Secure Flag cookie", "HTTP Strict Transport Security (HSTS)", "Unencrypted Channels"}

running = []
failed = []
passed = []


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def start(name, words, **more):
    log = open(LOGS / f"{name}.log", "w")
    running.append(subprocess.Popen([str(word) for word in words], stdout=log, stderr=log, stdin=subprocess.DEVNULL, **more))
    return running[-1]


def call(name, words, seconds=420, **more):
    """Runs a tool to its end, and keeps what it prints."""
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          stdin=subprocess.DEVNULL, timeout=seconds, **more)
    (LOGS / f"{name}.log").write_text(done.stdout)
    return done


def wait_for(url, seconds=60, context=None):
    for _ in range(seconds * 5):
        try:
            with urllib.request.urlopen(url, timeout=5, context=context):
                return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"{url} does not answer")


class Program:
    """The program in a folder of its own, with the demo."""

    def __init__(self, binary, folder, name, settings):
        self.folder = folder / name
        self.folder.mkdir()
        self.binary = binary
        self.port = free_port()
        self.env = {"PATH": os.environ["PATH"], "LISTEN": f"127.0.0.1:{self.port}", "RUST_LOG": "warn"}
        self.settings = settings
        self.name = name

    def fill(self):
        done = call(f"{self.name}-demo", [self.binary, "demo"], cwd=self.folder, env=self.env)
        if done.returncode:
            raise RuntimeError(done.stdout)

    def serve(self, *more):
        start(self.name, [self.binary, "serve", *more], cwd=self.folder, env={**self.env, **self.settings})
        wait_for(f"http://127.0.0.1:{self.port}/healthz")
        return self

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.read().decode()

    def cookie_of(self, email):
        """The cookies of somebody who is signed in, as a header's value."""
        jar = http.cookiejar.CookieJar()
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        form = urllib.parse.urlencode({"email": email}).encode()
        opener.open(f"http://localhost:{self.port}/dev/sign-in", form, timeout=10).read()
        return "; ".join(f"{one.name}={one.value}" for one in jar)


def readme(kind):
    """The block of the README in this language."""
    return re.search(rf"```{kind}\n(.*?)```", (ROOT / "README.md").read_text(), re.S)[1]


def certificates(folder):
    authority = trustme.CA()
    own = authority.issue_cert("localhost", key_type=trustme.KeyType.ECDSA)
    authority.cert_pem.write_to_path(folder / "ca.pem")
    own.private_key_pem.write_to_path(folder / "key.pem")
    (folder / "chain.pem").write_bytes(b"".join(part.bytes() for part in own.cert_chain_pems))


def swap(text, *pairs):
    """The README's text with what differs here; each of it must be there."""
    for old, new in pairs:
        if old not in text:
            raise RuntimeError(f"the README's set-up no longer has {old!r}")
        text = text.replace(old, str(new))
    return text


def nginx(folder, program):
    http_port, https_port = program.http_port, program.https_port
    site = swap(readme("nginx"), ("    listen [::]:80;\n", ""), ("    listen [::]:443 ssl http2;\n", ""),
                ("listen 80;", f"listen 127.0.0.1:{http_port};"), ("listen 443 ", f"listen 127.0.0.1:{https_port} "),
                ("https://$host", f"https://localhost:{https_port}"),
                ("/etc/letsencrypt/live/drempel.example/fullchain.pem", folder / "chain.pem"),
                ("/etc/letsencrypt/live/drempel.example/privkey.pem", folder / "key.pem"),
                ("/var/log/nginx/drempel.log", folder / "nginx-access.log"),
                ("server_name drempel.example", "server_name localhost"), ("127.0.0.1:3000", f"127.0.0.1:{program.port}"))
    paths = "".join(f"{kind}_temp_path {folder}/nginx-{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (folder / "nginx.conf").write_text(
        f"daemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/nginx-error.log;\nevents {{}}\nhttp {{\n{paths}{site}}}\n")
    start("nginx", ["nginx", "-c", folder / "nginx.conf", "-e", folder / "nginx-error.log"])


def caddy(folder, program, port):
    plain = program.caddy_http_port
    site = swap(readme("caddyfile"), ("http://drempel.example {", f"http://localhost:{plain} {{\n    bind 127.0.0.1"),
                ("drempel.example {", f"localhost:{port} {{\n    bind 127.0.0.1\n    tls {folder}/chain.pem {folder}/key.pem"),
                ("https://{host}{uri}", f"https://localhost:{port}{{uri}}"), ("127.0.0.1:3000", f"127.0.0.1:{program.port}"))
    options = f"{{\n    admin off\n    http_port {plain}\n    auto_https disable_redirects\n}}\n"
    (folder / "Caddyfile").write_text(options + site)
    start("caddy", ["caddy", "run", "--config", folder / "Caddyfile", "--adapter", "caddyfile"],
          env={**os.environ, "XDG_DATA_HOME": str(folder / "caddy"), "XDG_CONFIG_HOME": str(folder / "caddy")})


def check(name, found):
    """Books a check; `found` says what is wrong, if anything."""
    (failed if found else passed).append(name)
    print(f"FAILED {name}\n{found}" if found else f"ok     {name}", flush=True)


def observatory(folder, program, project):
    paths = [page.format(project=project) for page in PAGES]
    done = call("observatory", ["node", Path(__file__).with_name("observatory.mjs"), program.http_port, program.https_port, *paths],
                env={**os.environ, "NODE_EXTRA_CA_CERTS": str(folder / "ca.pem")})
    scored = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if len(scored) != len(paths):
        return check("observatory", done.stdout)
    for page in scored:
        lost = [one for one in page["checks"] if not one["pass"] or one["points"] < 0]
        well = (page["status"] == 200 and page["score"] >= LEAST_SCORE and not lost
                and page["opener"] == "same-origin" and page["embedder"] == "require-corp")
        check(f"observatory {page['path']}: {page['score']} of the 145 it can give", "" if well else json.dumps(page, indent=1))


def tls(name, port, folder):
    found = folder / f"testssl-{name}.json"
    tool = shutil.which("testssl") or shutil.which("testssl.sh")
    done = call(f"testssl-{name}", [tool, "--quiet", "--color", "0", "--warnings", "off", "--severity", "LOW", "-p", "-s", "-f", "-S",
                                    "-P", "-h", "-U", "--ip", "127.0.0.1", "--add-ca", folder / "ca.pem", "--jsonfile", found,
                                    f"https://localhost:{port}/nl"])
    if not found.exists():
        return check(f"TLS {name}", done.stdout)
    grave = [f"{one['severity']} {one['id']}: {one['finding']}" for one in json.loads(found.read_text())
             if one["severity"] in ("MEDIUM", "HIGH", "CRITICAL", "FATAL") and one["id"] not in OF_THE_TEST | ANSWERED]
    was_done = "Testing vulnerabilities" in done.stdout and "Testing protocols" in done.stdout
    return check(f"TLS behind {name}", "\n".join(grave) if was_done else done.stdout)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


def without_tls(name, port, https_port):
    """Pages lead on to TLS, programs are refused."""
    opener = urllib.request.build_opener(NoRedirect)
    found = []
    for path, wanted in (("/nl/projects", 308), ("/api/v1/projects", 403), ("/webhooks/stripe", 403)):
        try:
            answer = opener.open(f"http://localhost:{port}{path}", timeout=10)
        except urllib.error.HTTPError as refused:
            answer = refused
        target = answer.headers.get("location", "")
        if answer.status != wanted or (wanted == 308 and target != f"https://localhost:{https_port}{path}"):
            found.append(f"{path}: {answer.status} {target}")
    check(f"without TLS before {name}", "\n".join(found))


def security_txt(folder, program):
    os.environ["REQUESTS_CA_BUNDLE"] = str(folder / "ca.pem")  # of the library with which the checker asks
    file = sectxt.SecurityTXT(f"https://localhost:{program.https_port}")
    wishes = [one["message"] for one in file.recommendations]
    print(f"       security.txt could also do this: {wishes}" if wishes else "", end="\n" if wishes else "")
    check("security.txt", "\n".join(one["message"] for one in file.errors))


def api(program):
    done = call("schemathesis", [SCANNERS / "st", "--config-file", Path(__file__).with_name("schemathesis.toml"), "run",
                                 f"http://localhost:{program.port}/api/v1/openapi.json", "--max-examples", "40", "--seed", "7",
                                 "--request-timeout", "10"])
    check("the API keeps to its description", "" if done.returncode == 0 else done.stdout)


def wapiti(program, folder, who, cookie, start_path):
    report = folder / f"wapiti-{who}.json"
    words = [WAPITI, "-u", f"http://localhost:{program.port}{start_path}", "--scope", "domain", "--max-scan-time", "75",
             "--max-attack-time", "12", "--flush-session", "--no-bugreport", "-d", "3", "--max-links-per-page", "25",
             "--max-files-per-dir", "8", "--tasks", "4", "-t", "10", "-f", "json", "-o", report, "-v", "0",
             "--store-session", folder / f"wapiti-{who}"]
    for apart in ("/dev", "/nl/sign-out", "/en/sign-out"):
        words += ["-x", f"http://localhost:{program.port}{apart}*"]
    done = call(f"wapiti-{who}", words + (["-H", f"Cookie: {cookie}"] if cookie else []))
    if not report.exists():
        return check(f"wapiti as {who}", done.stdout)
    told = json.loads(report.read_text())
    found = [f"{name}: {one['method']} {one['path']} {one['info']}" for sort in ("vulnerabilities", "anomalies")
             for name, ones in told[sort].items() if name not in OF_DEVELOPMENT for one in ones]
    pages = told["infos"]["crawled_pages_nbr"]
    return check(f"wapiti as {who}, {pages} pages", "\n".join(found) if pages >= 10 else f"only {pages} pages were found")


def sqlmap(program, folder, project):
    staff = program.cookie_of("admin@drempel.example")
    root = f"http://localhost:{program.port}"
    targets = {
        "list": [f"{root}/nl/projects?q=a&sector=b&area=c&status=listed&round=4&sort=newest&page=1"],
        "api": [f"{root}/api/v1/projects?q=a&theme=b&tag=c&page=1&per_page=5"],
        "pledge": [f"{root}/nl/pledges/AAAA-BBBB*?key=abc"],
        "sign-in": [f"{root}/nl/sign-in", "--data", "email=a%40example.org"],
        "pledge form": [f"{root}{project}/pledge", "--data", "amount=25&kind=gift&email=a%40example.org&name=b&method=ideal"],
        "pledges of staff": [f"{root}/nl/staff/pledges?q=a&state=held&page=1", "--cookie", staff],
        "audit of staff": [f"{root}/nl/staff/audit?q=a&action=b&from=2026-01-01&page=1", "--cookie", staff],
    }
    for name, words in targets.items():
        done = call(f"sqlmap-{name.replace(' ', '-')}",
                    [SCANNERS / "sqlmap", "-u", *words, "--batch", "--dbms", "sqlite", "--level", "2", "--risk", "2", "--technique", "BEU",
                     "--timeout", "10", "--retries", "1", "--threads", "2", "--disable-coloring", "--flush-session",
                     "--output-dir", folder / "sqlmap", "--ignore-code", "*"])
        is_clean = "do not appear to be injectable" in done.stdout and "is vulnerable" not in done.stdout
        check(f"sqlmap: {name}", "" if is_clean else done.stdout[-3000:])


def main(folder):
    asked = argparse.ArgumentParser()
    asked.add_argument("--binary", required=True)
    asked.add_argument("--only", help="observatory, tls, security, api, wapiti or sqlmap")
    options = asked.parse_args()
    binary = Path(options.binary).resolve()
    shutil.rmtree(LOGS, ignore_errors=True)
    LOGS.mkdir(parents=True)
    certificates(folder)

    outside = Program(binary, folder, "production", {})
    outside.http_port, outside.https_port = free_port(), free_port()
    outside.caddy_http_port, caddy_port = free_port(), free_port()
    outside.settings = {
        "PUBLIC_URL": f"https://localhost:{outside.https_port}", "TRUSTED_PROXIES": "127.0.0.1",
        "SECRET_KEY": base64.b64encode(secrets.token_bytes(32)).decode(), "STRIPE_SECRET_KEY": "rk_live_scan",
        "STRIPE_WEBHOOK_SECRETS": "whsec_scan", "SMTP_URL": "smtp://127.0.0.1:9?tls=none",
        "MAIL_FROM": "Drempel <noreply@drempel.example>", "BANK_IBAN": "NL91ABNA0417164300", "BANK_BIC": "ABNANL2A",
        "BANK_NAME": "Stichting Drempel",
    }
    outside.fill()
    outside.serve("--no-worker")
    nginx(folder, outside)
    caddy(folder, outside, caddy_port)
    inside = Program(binary, folder, "development", {"LIMITS": "off"})
    inside.settings["PUBLIC_URL"] = f"http://localhost:{inside.port}"
    inside.fill()
    inside.serve()
    listed = json.loads(inside.get("/api/v1/projects?status=listed&per_page=100"))["items"]
    project = "/nl/projects/" + next(one["slug"] for one in listed if one["selling"])
    trusted = ssl.create_default_context(cafile=folder / "ca.pem")
    wait_for(f"https://localhost:{outside.https_port}/healthz", context=trusted)
    wait_for(f"https://localhost:{caddy_port}/healthz", context=trusted)

    owner = inside.cookie_of("owner@de-verbindingskamer.example")
    work = {
        "observatory": [lambda: observatory(folder, outside, project)],
        "tls": [lambda: tls("nginx", outside.https_port, folder), lambda: tls("caddy", caddy_port, folder),
                lambda: without_tls("nginx", outside.http_port, outside.https_port),
                lambda: without_tls("caddy", outside.caddy_http_port, caddy_port)],
        "security": [lambda: security_txt(folder, outside)],
        "api": [lambda: api(inside)],
        "wapiti": [lambda: wapiti(inside, folder, "a visitor", "", "/nl"), lambda: wapiti(inside, folder, "an owner", owner, "/nl/studio")],
        "sqlmap": [lambda: sqlmap(inside, folder, project)],
    }
    wanted = [step for name, steps in work.items() for step in steps if options.only in (None, name)]
    with concurrent.futures.ThreadPoolExecutor(max_workers=3) as pool:
        for step in concurrent.futures.as_completed([pool.submit(step) for step in wanted]):
            step.result()


def finish(folder):
    for process in reversed(running):
        process.terminate()
    for process in running:
        try:
            process.wait(25)
        except subprocess.TimeoutExpired:
            process.kill()
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    made = Path(tempfile.mkdtemp(prefix="drempel-scan-"))
    os.chmod(made, 0o755)  # nginx's own user passes through
    try:
        main(made)
    except Exception as error:  # whatever a tool does, the programs are ended and the result is told
        failed.append("the scan itself")
        print(f"FAILED the scan itself\n{type(error).__name__}: {error}")
    finally:
        finish(made)
    print(f"{len(passed)} passed, {len(failed)} failed")
    sys.exit(1 if failed else 0)
