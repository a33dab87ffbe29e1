"""Clients that wait for files, all in one process: each with an identity, an interest and a stream of its own.

    waiting.py many PORT CLIENTS    all are connected: prints `ready` and waits for a line; then one deposit that all
                                    of them want, and prints the seconds until the last one was told
    waiting.py one PORT DEPOSITS    one who wants all that comes: the median time from the first byte of a deposit's
                                    request to its notice, seconds
"""

import asyncio
import base64
import hashlib
import json
import resource
import secrets
import statistics
import sys
import time
import uuid

HOST = "127.0.0.1"
CALLS = "/acervo.v1.Acervo/"
# The server takes 600 registrations a minute from one address.
A_MINUTE_FROM_ONE = 500
AT_ONCE = 64
PATIENCE = 120


def envelope(message):
    body = json.dumps(message).encode()
    return b"\0" + len(body).to_bytes(4, "big") + body


class Client:
    """One identity on one connection, and a second one for its stream."""

    def __init__(self, number, port):
        self.port = port
        self.id, secret = str(uuid.uuid4()), secrets.token_bytes(32)
        self.digest = base64.b64encode(hashlib.sha256(secret).digest()).decode()
        pair = f"{self.id}:{secret.hex()}"
        self.authorization = "Basic " + base64.b64encode(pair.encode()).decode()
        self.address = f"127.0.{1 + number // A_MINUTE_FROM_ONE}.1"
        self.reader = self.writer = None
        self.left = 0

    async def open(self):
        self.reader, self.writer = await asyncio.open_connection(
            HOST, self.port, local_addr=(self.address, 0), limit=1 << 14
        )

    def send(self, method, target, kind, body):
        head = f"{method} {target} HTTP/1.1\r\nHost: x\r\nAuthorization: {self.authorization}\r\n"
        head += f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        self.writer.write(head.encode() + body)

    async def head(self):
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status = int(head.split(" ", 2)[1])
        if status // 100 != 2:
            raise OSError(f"answered with {head.splitlines()[0]}")
        lengths = [line for line in head.lower().splitlines() if line.startswith("content-length:")]
        return int(lengths[0].split(":")[1]) if lengths else 0

    async def call(self, method, message):
        self.send("POST", CALLS + method, "application/json", json.dumps(message).encode())
        return json.loads(await self.reader.readexactly(await self.head()))

    async def put(self, path, content):
        self.send("PUT", f"/v1/files/public/{path}", "application/octet-stream", content)
        await self.reader.readexactly(await self.head())

    async def register(self):
        await self.open()
        await self.call("Register", {"clientId": self.id, "secretSha256": self.digest})

    async def follow(self):
        self.send("POST", CALLS + "Notices", "application/connect+json", envelope({"follow": True}))
        await self.head()
        await self.message()

    async def message(self):
        """The next message of the stream; messages come in a chunk each, or in several."""
        prefix = await self.body(5)
        content = json.loads(await self.body(int.from_bytes(prefix[1:], "big")))
        if prefix[0]:
            raise OSError(f"the stream ended: {content}")
        return content

    async def body(self, size):
        got = b""
        while len(got) < size:
            if not self.left:
                self.left = int(await self.reader.readline(), 16)
            part = await self.reader.readexactly(min(self.left, size - len(got)))
            got += part
            self.left -= len(part)
            if not self.left:
                await self.reader.readexactly(2)
        return got

    async def notice(self):
        while not (message := await self.message()).get("notices"):
            pass
        return message["notices"]


async def limited(work):
    """A few at a time: this is not what is measured."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(item):
        async with gate:
            await item

    await asyncio.gather(*(one(item) for item in work))


async def waiter(client):
    await client.register()
    await client.call("Want", {"space": "public", "pattern": "wanted"})
    await client.follow()


async def many(port, count):
    clients = [Client(number, port) for number in range(count)]
    await limited(waiter(client) for client in clients)
    depositor = Client(0, port)
    await depositor.register()
    # What is connected and idle: the time that a keep-alive has gone round.
    await asyncio.sleep(5)
    print("ready", flush=True)
    sys.stdin.readline()
    last = 0.0

    async def told(client):
        nonlocal last
        await client.notice()
        last = max(last, time.perf_counter())

    waits = [asyncio.create_task(told(client)) for client in clients]
    await asyncio.sleep(0.5)
    began = time.perf_counter()
    await depositor.put("wanted", b"x" * 4096)
    await asyncio.wait_for(asyncio.gather(*waits), PATIENCE)
    print(last - began, flush=True)


async def one(port, deposits):
    waits, deposit = Client(0, port), Client(0, port)
    await waits.register()
    await deposit.register()
    await waits.call("Want", {"space": "public", "pattern": "in/*", "keep": True})
    await waits.follow()
    times = []
    for number in range(deposits):
        began = time.perf_counter()
        answered = asyncio.create_task(deposit.put(f"in/{number}", secrets.token_bytes(4096)))
        await waits.notice()
        times.append(time.perf_counter() - began)
        await answered
    print(statistics.median(times[deposits // 4 :]), flush=True)


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    what = {"many": many, "one": one}[sys.argv[1]]
    asyncio.run(what(int(sys.argv[2]), int(sys.argv[3])))
