#!/usr/bin/env python3
"""A TCP forwarder: the address that stays while what stands behind it changes.

  door.py

It prints its own port as the first line of standard output. Orders are lines on standard input; each is answered with one line:

  to PORT[,PORT…]   new lines lead there, the first that lets them in, in turn; lines that lead elsewhere are broken off
  turn PORT[,PORT…] the same, and lines that lead elsewhere go on
  cut               nothing gets through any more, in either direction, and nobody is told: a cable that was pulled
  heal              everything that waited gets through

It ends when standard input does.
"""

import asyncio
import sys


class Door:
    def __init__(self):
        self.targets, self.turn = [], 0
        self.lines = {}  # writer of the caller -> (port, writer of the target)
        self.open = asyncio.Event()
        self.open.set()

    async def pump(self, reader, writer):
        try:
            while chunk := await reader.read(65536):
                await self.open.wait()
                writer.write(chunk)
                await writer.drain()
            await self.open.wait()
            if writer.can_write_eof():
                writer.write_eof()
        except (OSError, asyncio.CancelledError):
            writer.transport.abort()

    async def reach(self):
        """A line to the next target that lets us in."""
        targets = list(self.targets)
        self.turn += 1
        for place in range(len(targets)):
            port = targets[(self.turn + place) % len(targets)]
            try:
                return port, *await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                continue
        return None

    async def let_in(self, reader, writer):
        await self.open.wait()
        found = await self.reach()
        if found is None:
            writer.transport.abort()
            return
        port, back_reader, back_writer = found
        self.lines[writer] = (port, back_writer)
        try:
            await asyncio.gather(self.pump(reader, back_writer), self.pump(back_reader, writer))
        finally:
            self.lines.pop(writer, None)
            for end in (writer, back_writer):
                end.close()

    def order(self, words):
        if words[0] == "to":
            self.targets = [int(port) for port in words[1].split(",")]
            for caller, (port, target) in list(self.lines.items()):
                if port not in self.targets:
                    caller.transport.abort()
                    target.transport.abort()
        elif words[0] == "turn":
            self.targets = [int(port) for port in words[1].split(",")]
        elif words[0] == "cut":
            self.open.clear()
        elif words[0] == "heal":
            self.open.set()
        else:
            return "unknown"
        return "done"


async def main():
    door = Door()
    server = await asyncio.start_server(door.let_in, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    orders = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        print(door.order(line.decode().split()), flush=True)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
