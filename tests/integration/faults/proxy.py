#!/usr/bin/env python3
"""proxy.py CONTROL LISTEN TARGET   a broker's door: passes the bytes of Kafka's clients on, or misbehaves

Listens at the port LISTEN for TARGET, on 127.0.0.1, and does what is written to the Unix socket CONTROL, a line each:

  pass               everything passes
  delay MS           every answer is late
  refuse             connections are cut, and new ones too
  silence            connections stay, and nothing passes any more, in either direction
  lose-end N         the next N requests to end a transaction reach the broker; their answers do not come back, and the
                     connection is cut: nobody knows what came of it
  late-end N         the next N such requests are kept, and their connections cut; the next line sends them on
  ended              answers how many of those N are still to come

Requests are looked at as far as their kind: 4 bytes of length, then 2 of the kind, of which 26 is EndTxn.
"""
import asyncio
import struct
import sys

END_TRANSACTION = 26
END_WAIT_SECONDS = 20


class Door:
    def __init__(self, target):
        self.target = target
        self.delay = 0
        self.is_refusing = self.is_silent = False
        self.lose = self.late = 0
        self.kept = []
        self.writers = set()

    def cut_all(self):
        for writer in list(self.writers):
            writer.transport.abort()

    async def order(self, words):
        self.delay = int(words[1]) / 1000 if words[0] == "delay" else 0
        self.is_refusing = words[0] == "refuse"
        was_silent, self.is_silent = self.is_silent, words[0] == "silence"
        if words[0] != "ended":
            self.lose = int(words[1]) if words[0] == "lose-end" else 0
            self.late = int(words[1]) if words[0] == "late-end" else 0
            await self.deliver()
        if self.is_refusing or was_silent:
            self.cut_all()
        return self.lose + self.late

    async def deliver(self):
        """To the broker, long after their senders are gone."""
        kept, self.kept = self.kept, []
        for frame, writer, answers in kept:
            writer.write(frame)
            await writer.drain()
            await asyncio.wait_for(answers.read(1), END_WAIT_SECONDS)
            writer.transport.abort()

    async def serve(self, reader, writer):
        if self.is_refusing:
            writer.transport.abort()
            return
        answers, requests = await asyncio.open_connection("127.0.0.1", self.target)
        self.writers |= {writer, requests}
        connection = Connection(self, reader, writer, answers, requests)
        try:
            await connection.run()
        except (OSError, asyncio.IncompleteReadError):
            pass
        self.writers -= {writer, requests}
        writer.transport.abort()
        if not connection.is_kept:
            requests.transport.abort()


class Connection:
    def __init__(self, door, reader, writer, answers, requests):
        self.door, self.reader, self.writer, self.answers, self.requests = door, reader, writer, answers, requests
        self.answering = None
        self.is_kept = False

    async def run(self):
        self.answering = asyncio.create_task(self.back())
        try:
            await self.forth()
        finally:
            self.answering.cancel()

    async def forth(self):
        while True:
            head = await self.reader.readexactly(4)
            frame = head + await self.reader.readexactly(struct.unpack(">i", head)[0])
            while self.door.is_silent:
                await asyncio.sleep(0.01)
            if struct.unpack(">h", frame[4:6])[0] == END_TRANSACTION and not await self.end(frame):
                return
            self.requests.write(frame)
            await self.requests.drain()

    async def end(self, frame):
        """False: the connection is to be cut."""
        if self.door.late > 0:
            self.door.late -= 1
            self.is_kept = True
            self.answering.cancel()
            await asyncio.gather(self.answering, return_exceptions=True)
            self.door.kept.append((frame, self.requests, self.answers))
            return False
        if self.door.lose > 0:
            self.door.lose -= 1
            self.answering.cancel()
            await asyncio.gather(self.answering, return_exceptions=True)
            self.writer.transport.abort()
            self.requests.write(frame)
            await self.requests.drain()
            await asyncio.wait_for(self.answers.read(1), END_WAIT_SECONDS)
            return False
        return True

    async def back(self):
        while data := await self.answers.read(65536):
            await asyncio.sleep(self.door.delay)
            while self.door.is_silent:
                await asyncio.sleep(0.01)
            self.writer.write(data)
            await self.writer.drain()
        self.writer.transport.abort()


async def main():
    control, listen, target = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    door = Door(target)

    async def obey(reader, writer):
        while line := await reader.readline():
            writer.write(f"{await door.order(line.decode().split())}\n".encode())
            await writer.drain()
        writer.close()

    await asyncio.start_server(door.serve, "127.0.0.1", listen)
    await asyncio.start_unix_server(obey, control)
    await asyncio.Event().wait()


asyncio.run(main())
