"""The program that is measured: the packaged `acervo`, with a server, a client and a home of its own."""

import base64
import contextlib
import hashlib
import json
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import machine
import tools
from data import SMALL_BYTES
from rig import Failed, run, seconds

CALLS = "acervo.v1.Acervo"
WAITING = Path(__file__).parent / "waiting.py"
PAGE = 10_000
CHUNK = 1 << 20
HELLO = {"name": "x"}


class Server:
    """A server that runs, and one client that is registered with it."""

    def __init__(self, bench, port):
        self.program = bench.program
        self.url = f"http://127.0.0.1:{port}"
        self.environment = environment(bench.rig, port)
        self.user = None

    def login(self, folder):
        """Makes a client by the interface for programs, and has the command line become the same one."""
        client, secret = str(uuid.uuid4()), secrets.token_bytes(32)
        digest = base64.b64encode(hashlib.sha256(secret).digest()).decode()
        self.call("Register", {"clientId": client, "secretSha256": digest})
        self.user = f"{client}:{secret.hex()}"
        file = folder / "secret"
        file.write_text(secret.hex() + "\n")
        file.chmod(0o600)
        self.run("login", "--id", client, "--secret-file", file)

    def headers(self):
        return {"Authorization": "Basic " + base64.b64encode(self.user.encode()).decode()} if self.user else {}

    def call(self, method, message):
        headers = {"Content-Type": "application/json", **self.headers()}
        request = urllib.request.Request(f"{self.url}/{CALLS}/{method}", json.dumps(message).encode(), headers)
        with self.answer(request) as answer:
            return json.load(answer)

    def answer(self, request):
        try:
            return urllib.request.urlopen(request, timeout=60)
        except urllib.error.HTTPError as refused:
            body = refused.read().decode(errors="replace")
            raise Failed(f"acervo answered {refused.code} to {request.full_url}: {body[:200]}") from None

    def file_url(self, path):
        return f"{self.url}/v1/files/home/{path}"

    def sha256(self, path):
        """The hash of the bytes that come back for a path."""
        hasher = hashlib.sha256()
        with self.answer(urllib.request.Request(self.file_url(path), headers=self.headers())) as answer:
            while block := answer.read(CHUNK):
                hasher.update(block)
        return hasher.hexdigest()

    def listed(self, folder):
        """The hash of each file under a folder, by path."""
        found, after = {}, ""
        while True:
            page = self.call(
                "List", {"space": "home", "path": folder, "recursive": True, "after": after, "limit": PAGE}
            )
            files = page.get("files", [])
            found.update((file["path"], file["sha256"]) for file in files)
            if not page.get("more"):
                return found
            after = files[-1]["path"]

    def run(self, *arguments):
        return run([self.program, *arguments], self.environment)

    def seconds(self, *arguments):
        return seconds([self.program, *arguments], self.environment)


def environment(rig, port):
    """Everything that the program keeps for its user goes to the run's folder."""
    home = rig.fresh("home")
    folders = {
        f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CONFIG", "STATE", "DATA", "CACHE", "RUNTIME")
    }
    return dict(os.environ, HOME=str(home), LANG="C.UTF-8", ACERVO_SERVER=f"127.0.0.1:{port}", **folders)


def answers(url):
    """Whether the server says hello."""
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{url}/{CALLS}/Hello", json.dumps(HELLO).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


@contextlib.contextmanager
def started(bench, *options):
    """A server on an empty data folder that has given its first answer; yields it and its process."""
    port, data = bench.rig.port(), bench.rig.fresh("acervo")
    server = Server(bench, port)
    command = [bench.program, "serve", "--data", data, "--listen", f"127.0.0.1:{port}", *options]
    with bench.rig.server(
        "acervo", command, port, server.environment, ready=lambda: answers(server.url)
    ) as process:
        yield server, process


@contextlib.contextmanager
def serving(bench):
    """A server with a client; yields it."""
    with started(bench) as (server, _):
        server.login(bench.rig.fresh("secret"))
        yield server


@contextlib.contextmanager
def download(bench):
    bench.data.need_big()
    with serving(bench) as server:
        server.run("put", bench.data.big, "home:big.bin")
        url = server.file_url("big.bin")
        yield lambda: bench.timed(tools.download, url, server.user, bench.data.big_bytes)


@contextlib.contextmanager
def holding_small(bench):
    """A server that holds the small files, and the folder in `home` that they came to lie in."""
    bench.data.need_small()
    with serving(bench) as server:
        server.run("put", "-r", bench.data.small, "home:")
        yield server, check_small(bench, server, "")


@contextlib.contextmanager
def get_one(bench):
    with holding_small(bench) as (server, folder):
        name = bench.data.small_names()[0]
        copy = bench.rig.fresh("copy") / "file"
        tools.fetch(server.file_url(folder + name), copy, server.user)
        bench.same(copy, bench.data.small / name)
        headers = [f"{key}: {value}" for key, value in server.headers().items()]
        yield lambda: bench.timed(
            tools.requests, server.file_url(folder + name), bench.load_seconds, headers=headers
        )


@contextlib.contextmanager
def get_many(bench):
    with holding_small(bench) as (server, folder):
        paths = bench.rig.fresh("paths") / "acervo"
        paths.write_text("".join(f"/v1/files/home/{folder}{name}\n" for name in bench.data.small_names()))
        headers = [f"{key}: {value}" for key, value in server.headers().items()]
        yield lambda: bench.timed(
            tools.requests, server.url, bench.load_seconds, "many.lua", [paths], headers=headers
        )


@contextlib.contextmanager
def put_big(bench):
    with serving(bench) as server:

        def one():
            name = f"big-{time.monotonic_ns()}"
            took = bench.timed(server.seconds, "put", bench.data.big, f"home:{name}")
            if server.sha256(name) != bench.data.big_sha256():
                raise Failed("what came back is not what was deposited")
            server.run("rm", f"home:{name}")
            return bench.data.big_bytes / took

        yield one


@contextlib.contextmanager
def put_small(bench):
    with serving(bench) as server:

        def one():
            folder = f"small-{time.monotonic_ns()}"
            took = bench.timed(server.seconds, "put", "-r", bench.data.small, f"home:{folder}/")
            check_small(bench, server, folder)
            return bench.data.small_count / took

        yield one


def check_small(bench, server, folder):
    """Fails unless the server holds every small file with its hash under `folder`.

    Returns the folder that they came to lie in, with its slash."""
    found = server.listed(folder)
    names = bench.data.small_names()
    inner = next((path[: -len(names[0])] for path in found if path.endswith(names[0])), "")
    wrong = [name for name in names if found.get(inner + name) != bench.data.small_sha256(name)]
    if wrong or len(found) != len(names):
        raise Failed(f"{len(found)} of {len(names)} files are there, {len(wrong)} wrong or missing: {wrong[:1]}")
    if server.sha256(inner + names[-1]) != bench.data.small_sha256(names[-1]):
        raise Failed(f"{names[-1]} came back with other bytes")
    return inner


@contextlib.contextmanager
def hello_json(bench):
    with started(bench) as (server, _):
        body = bench.rig.fresh("hello") / "body"
        body.write_text(json.dumps(HELLO))
        url = f"{server.url}/{CALLS}/Hello"
        yield lambda: bench.timed(
            tools.requests, url, bench.load_seconds, "post.lua", [body, "application/json"]
        )


@contextlib.contextmanager
def hello_grpc(bench):
    with started(bench) as (server, _):
        message = bench.rig.fresh("hello") / "message"
        # HelloRequest{name: "x"}, framed: not compressed, four bytes of length.
        message.write_bytes(b"\0\0\0\0\3" + b"\x0a\1x")
        url = f"{server.url}/{CALLS}/Hello"
        grpc_status(url, message)
        yield lambda: bench.timed(tools.grpc_calls, url, bench.load_seconds, message)


def grpc_status(url, message):
    """h2load counts HTTP codes only, and gRPC says 200 to everything: so one call is looked at before."""
    said = run(
        ["curl", "--silent", "--show-error", "--http2-prior-knowledge", "--dump-header", "-", "--output", "/dev/null"]
        + ["--header", "Content-Type: application/grpc", "--header", "TE: trailers"]
        + ["--data-binary", f"@{message}", url]
    )
    if "grpc-status: 0" not in said.lower():
        raise Failed(f"a gRPC hello was answered with {' '.join(said.split())[:200]}")


@contextlib.contextmanager
def ls(bench):
    with serving(bench) as server:
        folder = bench.rig.fresh("few")
        for i in range(10):
            (folder / f"file {i}").write_bytes(os.urandom(SMALL_BYTES))
        server.run("put", *sorted(folder.iterdir()), "home:")
        if "file 7" not in server.run("ls"):
            raise Failed("ls does not list what was deposited")
        yield lambda: bench.timed(server.seconds, "ls")


@contextlib.contextmanager
def start(bench):
    def one():
        began = time.perf_counter()
        with started(bench):
            return time.perf_counter() - began

    yield lambda: bench.timed(one)


@contextlib.contextmanager
def idle(bench):
    def one():
        with started(bench) as (_, process):
            time.sleep(bench.idle_seconds)
            return machine.resident_bytes(process.pid)

    yield lambda: bench.timed(one)


@contextlib.contextmanager
def notice(bench):
    with started(bench) as (server, _):
        port = server.url.rsplit(":", 1)[1]
        words = [sys.executable, "-B", WAITING, "one", port, str(bench.notices)]
        yield lambda: bench.timed(lambda: float(run(words)))


class Waiting:
    """Many waiting clients, connected anew for each measurement."""

    def __init__(self, bench):
        self.bench = bench

    @contextlib.contextmanager
    def connected(self):
        """Yields the server's process, and the function that deposits what all of them want."""
        with started(self.bench) as (server, process):
            port = server.url.rsplit(":", 1)[1]
            words = [sys.executable, "-B", WAITING, "many", port, str(self.bench.waiting)]
            with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as clients:
                try:
                    if clients.stdout.readline() != "ready\n":
                        raise Failed("the waiting clients could not all connect")
                    yield process, lambda: self.deposit(clients)
                finally:
                    clients.kill()

    @staticmethod
    def deposit(clients):
        clients.stdin.write("\n")
        clients.stdin.flush()
        told = clients.stdout.readline()
        if not told:
            raise Failed("not all of the waiting clients were told")
        return float(told)


@contextlib.contextmanager
def waiting(bench):
    def one():
        with Waiting(bench).connected() as (_, deposit):
            return bench.timed(deposit)

    yield one


@contextlib.contextmanager
def waiting_memory(bench):
    def one():
        with Waiting(bench).connected() as (process, _):
            return bench.timed(machine.resident_bytes, process.pid)

    yield one


def packaged(root):
    """Builds the program if it is missing or stale, and returns its launcher."""
    launcher, program = root / "acervo", root / "target" / "acervo" / "bin" / "acervo"
    if not launcher.exists():
        raise Failed(f"{launcher} is not there; --program names another launcher")
    # What it says while it builds is for whoever waits.
    built = subprocess.run(
        [launcher, "--version"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False
    )
    if built.returncode or not program.exists():
        raise Failed(f"{launcher} --version ended with code {built.returncode}")
    return program
