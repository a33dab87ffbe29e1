"""The peers: how each is started, and what one measured run of it is.

A peer is set up as its own manual would for speed: a ratio against a peer that was held back says nothing. Where its
usual client is what holds it back, there is a second contender with the fastest client that was found. No peer forces
deposits to disk unless its name says so.
"""

import contextlib
import hashlib
import os
import shutil
import sys
import time
from pathlib import Path

import tools
from rig import run, seconds

HERE = Path(__file__).parent
ANCESTOR_THREADS = 16
TRANSFERS = 16
HASH_SECONDS = 1.0
CURL = ("curl", "--silent", "--show-error", "--fail")

HELLO_XML = (
    b"<?xml version='1.0'?><methodCall><methodName>hello</methodName>"
    b"<params><param><value><string>x</string></value></param></params></methodCall>"
)


@contextlib.contextmanager
def nginx(rig, folder):
    """nginx with sendfile over a folder; yields its address."""
    home, port = rig.fresh("nginx"), rig.port()
    user = "user root;" if os.geteuid() == 0 else ""
    temporary = "\n".join(
        f"  {kind}_temp_path {home}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (home / "nginx.conf").write_text(
        f"""{user} worker_processes {os.cpu_count()}; daemon off; pid {home}/pid; error_log {home}/error.log warn;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 1000000000;
  open_file_cache max=20000 inactive=60s;
{temporary}
  server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""
    )
    with rig.server("nginx", ["nginx", "-c", home / "nginx.conf", "-e", home / "error.log"], port):
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def nginx_download(bench):
    bench.data.need_big()
    with nginx(bench.rig, bench.data.folder) as url:
        yield lambda: bench.timed(tools.download, f"{url}/big.bin", size=bench.data.big_bytes)


@contextlib.contextmanager
def nginx_one(bench):
    bench.data.need_small()
    with nginx(bench.rig, bench.data.folder) as url:
        yield lambda: bench.timed(tools.requests, f"{url}/small/{bench.data.small_names()[0]}", bench.load_seconds)


@contextlib.contextmanager
def nginx_many(bench):
    bench.data.need_small()
    with nginx(bench.rig, bench.data.folder) as url:
        paths = bench.rig.fresh("paths") / "nginx"
        paths.write_text("".join(f"/small/{name}\n" for name in bench.data.small_names()))
        yield lambda: bench.timed(tools.requests, url, bench.load_seconds, "many.lua", [paths])


@contextlib.contextmanager
def rsync_daemon(bench):
    """An rsync daemon; yields the address of its folder, and the folder."""
    home, port = bench.rig.fresh("rsync"), bench.rig.port()
    store = home / "store"
    store.mkdir()
    # As root the daemon would turn into `nobody`, who may not write here.
    user = "uid = root\ngid = root\n" if os.geteuid() == 0 else ""
    (home / "rsyncd.conf").write_text(
        f"pid file = {home}/pid\nuse chroot = no\n{user}[store]\npath = {store}\nread only = no\n"
    )
    daemon = ["rsync", "--daemon", "--no-detach", "--address=127.0.0.1", f"--port={port}"]
    daemon += [f"--config={home}/rsyncd.conf", f"--log-file={home}/log"]

    with bench.rig.server("rsync", daemon, port):
        yield f"rsync://127.0.0.1:{port}/store/", store


@contextlib.contextmanager
def rsync(bench, source, verify, options=()):
    """A run copies `source` into an empty folder of an rsync daemon and yields the seconds."""
    with rsync_daemon(bench) as (url, store):

        def one():
            took = bench.timed(seconds, ["rsync", "--archive", *options, source, url])
            verify(store / source.name)
            shutil.rmtree(store)
            store.mkdir()
            return took

        yield one


@contextlib.contextmanager
def rsync_big(bench):
    with rsync(bench, bench.data.big, bench.same_as_big) as took:
        yield lambda: bench.data.big_bytes / took()


@contextlib.contextmanager
def rsync_small(bench, *options):
    with rsync(bench, bench.data.small, bench.same_as_small, options) as took:
        yield lambda: bench.data.small_count / took()


def rsync_small_forced(bench):
    return rsync_small(bench, "--fsync")


@contextlib.contextmanager
def rclone(bench):
    """`rclone serve webdav`; yields its address and the folder that it serves."""
    home, port = bench.rig.fresh("rclone"), bench.rig.port()
    store = home / "store"
    store.mkdir()
    (home / "rclone.conf").touch()
    command = ["rclone", "--config", home / "rclone.conf", "serve", "webdav", "--addr", f"127.0.0.1:{port}", store]
    with bench.rig.server("rclone", command, port):
        yield f"http://127.0.0.1:{port}", store, home / "rclone.conf"


@contextlib.contextmanager
def rclone_big(bench):
    with rclone(bench) as (url, store, configuration):
        environment = dict(os.environ, RCLONE_WEBDAV_URL=url, RCLONE_WEBDAV_VENDOR="other")
        copy = ["rclone", "--config", configuration, "copyto", "--transfers", TRANSFERS, "--retries", 1]

        def one():
            # A new name in each run: the server remembers what its folders held.
            name = f"big-{time.monotonic_ns()}"
            took = bench.timed(seconds, [*copy, bench.data.big, f":webdav:{name}"], environment)
            bench.same_as_big(store / name)
            (store / name).unlink()
            return bench.data.big_bytes / took

        yield one


@contextlib.contextmanager
def rclone_small(bench, deposit):
    """`deposit(url, top)` puts the small files under the folder `top` and returns files a second.

    Not by rclone's own client: that one waits 10 ms between requests, whatever the server could do, which makes about
    30 files a second."""
    with rclone(bench) as (url, store, _):
        folders = sorted({name.partition("/")[0] for name in bench.data.small_names()})

        def one():
            top = f"small-{time.monotonic_ns()}"
            config = bench.rig.fresh("curl") / "folders"
            config.write_text(
                "".join(f'url="{url}/{top}/{folder}"\noutput=/dev/null\n' for folder in ["", *folders])
            )
            run([*CURL, "--request", "MKCOL", "--config", config])
            rate = deposit(url, top)
            bench.same_as_small(store / top)
            shutil.rmtree(store / top)
            return rate

        yield one


def rclone_small_threads(bench):
    """The files come from a client like the XML-RPC one: threads in Python."""

    def deposit(url, top):
        port = url.rpartition(":")[2]
        client = [sys.executable, "-B", HERE / "http_put.py", port, f"/{top}", bench.data.small, TRANSFERS]
        return float(bench.timed(run, client))

    return rclone_small(bench, deposit)


def rclone_small_curl(bench):
    """The files come from one curl over as many connections: the fastest of the clients tried."""

    def deposit(url, top):
        names, config = bench.data.small_names(), bench.rig.fresh("curl") / "files"
        config.write_text(
            "".join(
                f'upload-file="{bench.data.small}/{name}"\nurl="{url}/{top}/{name}"\noutput=/dev/null\n'
                for name in names
            )
        )
        put = [*CURL, "--parallel", "--parallel-max", TRANSFERS, "--config", config]
        return len(names) / bench.timed(seconds, put)

    return rclone_small(bench, deposit)


@contextlib.contextmanager
def ancestor(rig):
    """The XML-RPC server; yields its port and the folder that it fills."""
    store, port = rig.fresh("ancestor"), rig.port()
    with rig.server("ancestor", [sys.executable, "-B", HERE / "ancestor.py", "serve", port, store], port):
        yield port, store


@contextlib.contextmanager
def ancestor_small(bench):
    with ancestor(bench.rig) as (port, store):
        client = [sys.executable, "-B", HERE / "ancestor.py", "put", port, bench.data.small]

        def one():
            said = bench.timed(run, [*client, ANCESTOR_THREADS])
            bench.same_as_small(store, separator="_")
            for path in store.iterdir():
                path.unlink()
            return float(said)

        yield one


@contextlib.contextmanager
def ancestor_hello(bench):
    with ancestor(bench.rig) as (port, _):
        client = [sys.executable, "-B", HERE / "ancestor.py", "hello", port]
        yield lambda: float(bench.timed(run, [*client, bench.ancestor_calls, ANCESTOR_THREADS]))


@contextlib.contextmanager
def ancestor_hello_wrk(bench):
    with ancestor(bench.rig) as (port, store):
        body = store / "hello.xml"
        body.write_bytes(HELLO_XML)
        url = f"http://127.0.0.1:{port}/RPC2"
        arguments = [body, "text/xml"]
        yield lambda: bench.timed(
            tools.requests, url, bench.load_seconds, "post.lua", arguments, connections=ANCESTOR_THREADS
        )


@contextlib.contextmanager
def disk(bench):
    """What the disk takes: dd with one fsync at its end, from a file that lies in memory."""
    target = bench.rig.fresh("dd") / "big.bin"
    command = ["dd", f"if={bench.data.big}", f"of={target}", "bs=1M", "conv=fsync", "status=none"]

    def one():
        took = bench.timed(seconds, command)
        bench.same_as_big(target)
        target.unlink()
        return bench.data.big_bytes / took

    yield one


@contextlib.contextmanager
def one_core_sha256(bench):
    """What one core hashes; Python's hashlib is OpenSSL's, which uses the processor's own instructions."""
    block = os.urandom(1 << 20)

    def hash_for_a_while():
        hasher, blocks, began = hashlib.sha256(), 0, time.perf_counter()
        while time.perf_counter() - began < HASH_SECONDS:
            hasher.update(block)
            blocks += 1
        return blocks * len(block) / (time.perf_counter() - began)

    yield lambda: bench.timed(hash_for_a_while)
