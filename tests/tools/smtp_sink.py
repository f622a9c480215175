#!/usr/bin/env python3
"""A mail server for tests that really receives.

It listens on loopback, prints its port as the first line of standard output and keeps every message
in a folder:

    000001.eml    the message, byte for byte as it came over the line
    000001.json   its envelope, headers and decoded text (see `describe`)
    index.jsonl   the same facts in one line per message, appended when the message was received

It can misbehave on request: refuse recipients, answer late, or drop the connection after the message
was received and before the 250, so that the sender cannot know. With a public key it checks DKIM.
"""

import argparse
import asyncio
import base64
import email
import email.policy
import fnmatch
import json
import os
import re
import signal
import sys
import time
from pathlib import Path

import dkim
from aiosmtpd.smtp import SMTP

# What a test may want to look at without parsing the message itself.
KEPT_HEADERS = (
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
    "List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Auto-Submitted", "Precedence",
    "Content-Language", "Content-Type", "Feedback-ID", "DKIM-Signature",
)
MESSAGE_LIMIT_BYTES = 32 * 1024 * 1024
ED25519_PREFIX = bytes.fromhex("302a300506032b6570032100")  # RFC 8410: all of the DER before the key itself


def dkim_record(path):
    """The DNS record for a public key file: a record as it stands, a PEM file, or bare base64."""
    text = Path(path).read_text(encoding="ascii").strip()
    if re.search(r"(^|;\s*)p=", text):
        return text.encode("ascii")
    key = "".join(line for line in text.splitlines() if not line.startswith("-----"))
    der = base64.b64decode(key)
    if der.startswith(ED25519_PREFIX):
        der = der[len(ED25519_PREFIX):]
    kind = "ed25519" if len(der) == 32 else "rsa"
    return b"v=DKIM1; k=" + kind.encode() + b"; p=" + base64.b64encode(der)


def check_dkim(content, record):
    """`none` without a signature, `unchecked` without a key, else `pass` or `fail`."""
    if not re.search(rb"(?im)^DKIM-Signature:", content.split(b"\r\n\r\n", 1)[0]):
        return "none"
    if record is None:
        return "unchecked"
    try:
        passed = dkim.verify(content, dnsfunc=lambda _name, timeout=5: record)
    except dkim.DKIMException:
        passed = False
    return "pass" if passed else "fail"


def body(message, kind):
    part = message.get_body(preferencelist=(kind,))
    return None if part is None else part.get_content().replace("\r\n", "\n")


def describe(content, sender, recipients, record):
    """The facts of one message: envelope, chosen headers, decoded bodies, size in bytes, DKIM result."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    headers = {name: str(message[name]) for name in KEPT_HEADERS if message[name] is not None}
    return {
        "message_id": headers.get("Message-ID", ""),
        "from": sender,
        "to": recipients,
        "subject": headers.get("Subject", ""),
        "headers": headers,
        "size": len(content),
        "dkim": check_dkim(content, record),
        "text": body(message, "plain"),
        "html": body(message, "html"),
    }


class Sink:
    """The behaviour of the server; one object for all connections, all in one thread."""

    def __init__(self, options):
        self.folder = Path(options.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.refusals = options.refuse
        self.slow_seconds = options.slow
        self.drops_left = options.drop
        self.record = dkim_record(options.dkim_key) if options.dkim_key else None
        self.number = max((int(p.stem) for p in self.folder.glob("[0-9]*.eml")), default=0)

    async def handle_RCPT(self, _server, _session, envelope, address, rcpt_options):
        for pattern, code in self.refusals:
            if fnmatch.fnmatch(address.lower(), pattern.lower()):
                return f"{code} {address} is refused by this test"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(rcpt_options)
        return "250 OK"

    async def handle_DATA(self, server, _session, envelope):
        drop = self.drops_left != 0
        self.drops_left -= 1 if self.drops_left > 0 else 0
        self.store(envelope, acknowledged=not drop)
        if self.slow_seconds:
            await asyncio.sleep(self.slow_seconds)
        if drop:
            server.transport.abort()
        return "250 OK: stored"

    def store(self, envelope, acknowledged):
        self.number += 1
        content = envelope.original_content
        facts = describe(content, envelope.mail_from, envelope.rcpt_tos, self.record)
        facts["acknowledged"] = acknowledged
        facts["received_at"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        facts["file"] = f"{self.number:06}.eml"
        (self.folder / facts["file"]).write_bytes(content)
        (self.folder / f"{self.number:06}.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1))
        # One write of one line: whoever reads along never sees half of it.
        with open(self.folder / "index.jsonl", "a", encoding="utf-8") as index:
            index.write(json.dumps(facts, ensure_ascii=False) + "\n")


async def serve(options):
    loop = asyncio.get_running_loop()
    sink = Sink(options)
    server = await loop.create_server(
        lambda: SMTP(sink, hostname="localhost", enable_SMTPUTF8=True, data_size_limit=MESSAGE_LIMIT_BYTES, loop=loop),
        host="127.0.0.1",
        port=options.port,
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    parent = os.getppid()
    while not stopped.is_set():
        if options.with_parent and os.getppid() != parent:
            break
        try:
            await asyncio.wait_for(stopped.wait(), timeout=0.5)
        except asyncio.TimeoutError:
            continue
    server.close()


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("folder", help="where the messages are kept; made when missing")
    parser.add_argument("--port", type=int, default=0, help="default 0: any free port")
    parser.add_argument("--refuse", nargs=2, action="append", default=[], metavar=("RCPT_PATTERN", "CODE"),
                        help="refuse recipients that match, such as '*@gone.example' 550; may be repeated")
    parser.add_argument("--slow", type=float, default=0, metavar="SECONDS", help="answer a message this late")
    parser.add_argument("--drop", type=int, default=0, metavar="N",
                        help="keep the first N messages but drop the connection before the 250; -1: always")
    parser.add_argument("--dkim-key", metavar="FILE", help="public key (DNS record, PEM or base64) to check DKIM with")
    parser.add_argument("--with-parent", action="store_true", help="stop when the starting process is gone")
    options = parser.parse_args()
    for _pattern, code in options.refuse:
        if not re.fullmatch(r"[45]\d\d", code):
            parser.error(f"--refuse: {code} is no refusing answer, expected 4xx or 5xx")
    return options


if __name__ == "__main__":
    try:
        asyncio.run(serve(arguments()))
    except OSError as error:
        sys.exit(f"smtp_sink: {error}")
