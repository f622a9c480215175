#!/usr/bin/env python3
"""The mail server of the tests does what it says; else a test that leans on it proves nothing."""

import base64
import json
import smtplib
import subprocess
import sys
import tempfile
import time
import unittest
from email.message import EmailMessage
from pathlib import Path

import dkim
from nacl.signing import SigningKey

SINK = Path(__file__).with_name("smtp_sink.py")


def letter(to="anna@drempel.example", subject="Je bijdrage van € 25"):
    message = EmailMessage()
    message["From"] = "Drempel <noreply@drempel.example>"
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = "<1@drempel.example>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content("Dank je wel.\n.een regel met een punt\n")
    message.add_alternative("<p>Dank je wel.</p>", subtype="html")
    return message


class SmtpSink(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def start(self, *options):
        sink = subprocess.Popen(
            [sys.executable, str(SINK), "--with-parent", *options, str(self.folder / "mail")],
            stdout=subprocess.PIPE, text=True,
        )
        self.addCleanup(sink.stdout.close)
        self.addCleanup(sink.wait, 10)
        self.addCleanup(sink.terminate)
        return int(sink.stdout.readline())

    def send(self, port, message):
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            return client.send_message(message)

    def index(self):
        path = self.folder / "mail" / "index.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def test_keeps_message_and_envelope(self):
        self.send(self.start(), letter())
        (found,) = self.index()
        self.assertEqual(found["to"], ["anna@drempel.example"])
        self.assertEqual(found["from"], "noreply@drempel.example")
        self.assertEqual(found["subject"], "Je bijdrage van € 25")
        self.assertEqual(found["message_id"], "<1@drempel.example>")
        self.assertEqual(found["headers"]["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")
        self.assertEqual(found["text"], "Dank je wel.\n.een regel met een punt\n")
        self.assertIn("<p>Dank je wel.</p>", found["html"])
        self.assertEqual(found["dkim"], "none")
        self.assertTrue(found["acknowledged"])
        self.assertEqual((self.folder / "mail" / found["file"]).stat().st_size, found["size"])

    def test_refuses_who_matches_and_nobody_else(self):
        port = self.start("--refuse", "*@gone.example", "550", "--refuse", "busy@*", "451")
        with self.assertRaises(smtplib.SMTPRecipientsRefused) as caught:
            self.send(port, letter("bob@gone.example"))
        self.assertEqual(caught.exception.recipients["bob@gone.example"][0], 550)
        with self.assertRaises(smtplib.SMTPRecipientsRefused) as caught:
            self.send(port, letter("busy@drempel.example"))
        self.assertEqual(caught.exception.recipients["busy@drempel.example"][0], 451)
        self.assertEqual(self.send(port, letter()), {})
        self.assertEqual(len(self.index()), 1)

    def test_is_slow(self):
        port = self.start("--slow", "0.5")
        began = time.monotonic()
        self.send(port, letter())
        self.assertGreaterEqual(time.monotonic() - began, 0.5)

    def test_drops_the_connection_after_receiving(self):
        port = self.start("--drop", "1")
        with self.assertRaises((smtplib.SMTPServerDisconnected, ConnectionError)):
            self.send(port, letter())
        self.send(port, letter())
        self.assertEqual([m["acknowledged"] for m in self.index()], [False, True])

    def check_dkim(self, key_text, sign):
        key_file = self.folder / "key"
        key_file.write_text(key_text)
        port = self.start("--dkim-key", str(key_file))
        content = letter().as_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        signed = sign(content) + content
        for message in (signed, signed.replace(b"Dank je wel", b"Betaal nu a")):
            with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
                client.sendmail("noreply@drempel.example", ["anna@drempel.example"], message)
        self.assertEqual([m["dkim"] for m in self.index()], ["pass", "fail"])

    def test_checks_dkim_ed25519(self):
        key = SigningKey.generate()
        private, public = (base64.b64encode(bytes(part)) for part in (key, key.verify_key))
        sign = lambda content: dkim.sign(
            content, b"drempel", b"drempel.example", private, signature_algorithm=b"ed25519-sha256",
            canonicalize=(b"relaxed", b"relaxed"), include_headers=[b"from", b"to", b"subject"])
        self.check_dkim("v=DKIM1; k=ed25519; p=" + public.decode(), sign)

    def test_reads_a_public_key_in_every_form(self):
        key = bytes(SigningKey.generate().verify_key)
        bare = base64.b64encode(key).decode()
        spki = base64.b64encode(bytes.fromhex("302a300506032b6570032100") + key).decode()
        sys.path.insert(0, str(SINK.parent))
        from smtp_sink import dkim_record
        for text in (bare, spki, f"-----BEGIN PUBLIC KEY-----\n{spki}\n-----END PUBLIC KEY-----\n"):
            path = self.folder / "key"
            path.write_text(text)
            self.assertEqual(dkim_record(path), b"v=DKIM1; k=ed25519; p=" + bare.encode())


if __name__ == "__main__":
    result = unittest.main(exit=False, verbosity=2).result
    failed = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)
