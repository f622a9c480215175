"""Requests on kept connections, many at once: what the load of a soak needs of HTTP, and no more."""

import asyncio
import time
import urllib.parse
from dataclasses import dataclass

# The program lets a silent connection go after ten seconds.
KEPT_SECONDS = 5
PATIENCE = 60


class NoAnswer(Exception):
    """A connection that could not be made, broke, or stayed silent."""


@dataclass
class Answer:
    status: int
    head: str
    body: bytes


class Web:
    """The way to one address."""

    def __init__(self, base):
        address = urllib.parse.urlsplit(base)
        self.host, self.port = address.hostname, address.port
        self.idle = []  # (since when, reader, writer), the newest last

    async def ask(self, method, path, body=b"", headers=()):
        """One request; raises NoAnswer when there was no whole answer."""
        try:
            async with asyncio.timeout(PATIENCE):
                reader, writer = await self._connection()
                lines = [f"{method} {path} HTTP/1.1", f"host: {self.host}:{self.port}", *headers]
                if body or method != "GET":
                    lines.append(f"content-length: {len(body)}")
                try:
                    writer.write("\r\n".join([*lines, "", ""]).encode() + body)
                    answer, goes_on = await self._read(reader)
                except BaseException:
                    writer.close()
                    raise
        except (OSError, EOFError, TimeoutError, ValueError, asyncio.LimitOverrunError) as error:
            raise NoAnswer(f"{method} {path.split('?')[0]}: {type(error).__name__} {error}") from error
        if goes_on:
            self.idle.append((time.monotonic(), reader, writer))
        else:
            writer.close()
        return answer

    async def _connection(self):
        while self.idle:
            since, reader, writer = self.idle.pop()
            if time.monotonic() - since < KEPT_SECONDS and not reader.at_eof():
                return reader, writer
            writer.close()
        return await asyncio.open_connection(self.host, self.port)

    async def _read(self, reader):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = next((line[15:] for line in head.split("\r\n") if line.startswith("content-length:")), None)
        if length is not None:
            body = await reader.readexactly(int(length))
        elif "transfer-encoding: chunked" in head:
            body = b""
            while size := int(await reader.readline(), 16):
                body += (await reader.readexactly(size + 2))[:-2]
            await reader.readline()
        else:
            body = b""
        return Answer(int(head[9:12]), head, body), "connection: close" not in head

    def close(self):
        for _since, _reader, writer in self.idle:
            writer.close()
        self.idle.clear()
