"""Folders that are kept in step, and the programs that do the like."""

import contextlib
import os
import shutil
import subprocess
import time

import acervo
import peers
from data import SMALL_BYTES
from rig import Failed, end, end_with_parent, run

# A folder that is new to a file is looked at as often as the clock allows without taking the processor from the rest.
LOOK_SECONDS = 0.0002
LONGEST_SECONDS = 120
PAUSE_SECONDS = 0.1


def percentile(figures, part):
    ordered = sorted(figures)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))]


def closed_to_readable(source, target, files):
    """Seconds from the close of each file in `source` to the moment at which `target` has it whole."""
    took = []
    for number in range(files):
        name, content = f"file-{time.monotonic_ns()}", os.urandom(SMALL_BYTES)
        with open(source / name, "wb") as file:
            file.write(content)
        closed = time.perf_counter()
        await_file(target / name, SMALL_BYTES, closed)
        took.append(time.perf_counter() - closed)
        if number == 0 or number == files - 1:
            if (target / name).read_bytes() != content:
                raise Failed(f"{name} arrived with other bytes")
        time.sleep(PAUSE_SECONDS)
    return took


def await_file(path, size, since):
    while True:
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_size == size:
                return
        if time.perf_counter() - since > LONGEST_SECONDS:
            raise Failed(f"{path.name} did not arrive")
        time.sleep(LOOK_SECONDS)


@contextlib.contextmanager
def kept(bench):
    """A server with a plain folder, and a client's folder in step with it; yields both folders."""
    here, there = bench.rig.fresh("here"), bench.rig.fresh("there")
    with acervo.started(bench, "--folder", f"public={there}") as (server, _):
        with syncing(server, here):
            yield here, there


@contextlib.contextmanager
def syncing(server, folder):
    """`acervo sync` of a folder, in step for the first time."""
    words = [str(word) for word in (server.program, "sync", "--json", folder, "public:")]
    process = subprocess.Popen(
        words,
        env=server.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=end_with_parent,
    )
    try:
        for line in process.stdout:
            if b'"in_step"' in line:
                break
        else:
            raise Failed("acervo sync ended before it was in step")
        with drained(process.stdout):
            yield
    finally:
        end(process)


@contextlib.contextmanager
def drained(stream):
    """Nobody reads the events that follow; they must not fill the pipe."""
    sink = subprocess.Popen(["cat"], stdin=stream, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        end(sink)


def latency(part):
    """The contender that measures how soon a closed file is readable on the server: a part of all, such as 0.5."""

    @contextlib.contextmanager
    def open_it(bench):
        with kept(bench) as (here, there):
            yield lambda: bench.timed(lambda: percentile(closed_to_readable(here, there, bench.notices), part))

    return open_it


def lsyncd_latency(part):
    """The same for lsyncd at its smallest delay, into an rsync daemon."""

    @contextlib.contextmanager
    def open_it(bench):
        home, source = bench.rig.fresh("lsyncd"), bench.rig.fresh("here")
        with peers.rsync_daemon(bench) as (address, target):
            settings = home / "lsyncd.lua"
            settings.write_text(
                f'settings {{ nodaemon = true, logfile = "{home}/log", inotifyMode = "CloseWrite", maxDelays = 1 }}\n'
                f'sync {{ default.rsync, source = "{source}", target = "{address}", delay = 0, '
                "rsync = { archive = true } }\n"
            )
            with bench.rig.server("lsyncd", ["lsyncd", settings], 0, ready=lambda: (home / "log").exists()):
                yield lambda: bench.timed(
                    lambda: percentile(closed_to_readable(source, target, bench.notices), part)
                )

    return open_it


@contextlib.contextmanager
def first(bench):
    """Files per second of a first sync, every one of them durable on the server."""
    with acervo.serving(bench) as server:

        def one():
            folder, name = bench.rig.fresh("here"), f"small-{time.monotonic_ns()}"
            shutil.copytree(bench.data.small, folder, dirs_exist_ok=True)
            took = bench.timed(server.seconds, "sync", folder, f"home:{name}", "--once")
            acervo.check_small(bench, server, name)
            shutil.rmtree(folder)
            return bench.data.small_count / took

        yield one


@contextlib.contextmanager
def again(bench):
    """Files per second when nothing has changed: the whole command, from its start to its exit."""
    bench.data.need_small()
    with acervo.serving(bench) as server:
        folder = bench.rig.fresh("here")
        shutil.copytree(bench.data.small, folder, dirs_exist_ok=True)
        server.run("sync", folder, "home:again", "--once")
        yield lambda: bench.data.small_count / bench.timed(server.seconds, "sync", folder, "--once")


@contextlib.contextmanager
def dropped(bench):
    """Seconds until all small files that are copied into a folder that is kept are on the server's disk."""
    bench.data.need_small()
    with kept(bench) as (here, there):

        def one():
            name = f"small-{time.monotonic_ns()}"
            began = bench.timed(time.perf_counter)
            run(["cp", "-r", bench.data.small, here / name])
            wanted = bench.data.small_count
            while sum(len(files) for _, _, files in os.walk(there / name)) < wanted:
                if time.perf_counter() - began > LONGEST_SECONDS:
                    raise Failed("not all arrived")
                time.sleep(0.02)
            took = time.perf_counter() - began
            bench.same_as_small(there / name)
            return took

        yield one
