"""The clients that measure both sides alike: curl for one large download, wrk and h2load for many requests."""

import re
from pathlib import Path

from rig import Failed, run

HERE = Path(__file__).parent
THREADS = 2
CONNECTIONS = 64


def download(url, user=None, size=None):
    """GET to nowhere; bytes a second, from the first byte asked for to the last one received."""
    words = ["curl", "--silent", "--show-error", "--fail", "--output", "/dev/null"]
    words += ["--user", user] if user else []
    said = run([*words, "--write-out", "%{size_download} %{time_total}", url])
    got, took = said.split()
    if size is not None and int(got) != size:
        raise Failed(f"curl got {got} bytes of {size}")
    return int(got) / float(took)


def fetch(url, path, user=None):
    """GET into a file, to look at what comes."""
    words = ["curl", "--silent", "--show-error", "--fail", "--output", path]
    run([*words, *(["--user", user] if user else []), url])


def requests(url, duration, script=None, arguments=(), headers=(), connections=CONNECTIONS):
    """wrk: answered requests a second. An answer that is not a success, or a broken connection, fails the run."""
    words = ["wrk", f"-t{min(THREADS, connections)}", f"-c{connections}", f"-d{duration}s"]
    for header in headers:
        words += ["-H", header]
    words += ["-s", HERE / script] if script else []
    said = run([*words, url, *(["--", *arguments] if arguments else [])])
    for trouble in (r"Non-2xx or 3xx responses: \d+", r"Socket errors: .*"):
        found = re.search(trouble, said)
        if found:
            raise Failed(f"wrk saw: {found[0]}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


def grpc_calls(url, duration, message, connections=8, streams=32):
    """h2load: gRPC calls a second, `streams` in flight on each connection. `message` is a file: the framed request."""
    words = ["h2load", "--threads=1", f"--clients={connections}", f"--max-concurrent-streams={streams}"]
    words += [f"--duration={duration}", "--warm-up-time=1", f"--data={message}"]
    words += ["--header=content-type: application/grpc", "--header=te: trailers"]
    said = run([*words, url])
    codes = re.search(r"status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx", said)
    if not codes or int(codes[1]) == 0 or any(int(codes[i]) for i in (2, 3, 4)):
        raise Failed(f"h2load saw: {codes[0] if codes else said.strip()[-200:]}")
    return float(re.search(r"finished in [\d.]+\w+, ([\d.]+) req/s", said)[1])
