"""A large file of which little has changed, in each direction: the program's folder sync and rsync.

Each side has a copy of its own, which is changed in the same way, in other places, before each of its runs. A figure is
the file's size over the seconds that it takes, or over the bytes that cross the loopback interface, with all heads: more
is better in both.
"""

import contextlib
import os
import random
import shutil

import acervo
import machine
import peers
from rig import Failed, run, seconds

PLACES = 100
SHARE = 100


def change(file):
    """Overwrites 1% of a file in place, in 100 places spread over it."""
    size = file.stat().st_size
    each, part = size // SHARE // PLACES, size // PLACES
    with open(file, "r+b") as opened:
        for place in range(PLACES):
            opened.seek(place * part + random.randrange(part - each))
            opened.write(os.urandom(each))
    # What was written must not be what the next run waits for.
    os.sync()


def by_time(took, size):
    """Bytes of the file a second."""
    return size / took()


def by_bytes(took, size):
    """Bytes of the file for one on the wire."""
    before = machine.loopback_bytes()
    took()
    return size / (machine.loopback_bytes() - before)


@contextlib.contextmanager
def folders(bench):
    """Two folders in step with one part of a space, with the big file in both; yields the server and the files."""
    bench.data.need_big()
    with acervo.serving(bench) as server:
        files = []
        for name in ("near", "far"):
            folder = bench.rig.fresh(name)
            if not files:
                shutil.copyfile(bench.data.big, folder / "big.bin")
            server.run("sync", folder, "home:delta", "--once")
            files.append(folder / "big.bin")
        bench.same(files[1], files[0])
        yield server, files


@contextlib.contextmanager
def acervo_up(bench, figure):
    with folders(bench) as (server, (near, _)):

        def one():
            change(near)
            result = figure(lambda: bench.timed(server.seconds, "sync", near.parent, "--once"), bench.data.big_bytes)
            if server.sha256("delta/big.bin") != run(["sha256sum", near]).split()[0]:
                raise Failed("the server has something else than the folder")
            return result

        yield one


@contextlib.contextmanager
def acervo_down(bench, figure):
    with folders(bench) as (server, (near, far)):

        def one():
            change(near)
            server.run("sync", near.parent, "--once")
            os.sync()
            result = figure(lambda: bench.timed(server.seconds, "sync", far.parent, "--once"), bench.data.big_bytes)
            bench.same(far, near)
            return result

        yield one


@contextlib.contextmanager
def rsync_up(bench, figure):
    bench.data.need_big()
    near = bench.rig.fresh("rsync-near") / "big.bin"
    shutil.copyfile(bench.data.big, near)
    with peers.rsync_daemon(bench) as (url, store):
        copy = ["rsync", "--archive", near, url]
        run(copy)

        def one():
            change(near)
            result = figure(lambda: bench.timed(seconds, copy), bench.data.big_bytes)
            bench.same(store / near.name, near)
            return result

        yield one


@contextlib.contextmanager
def rsync_down(bench, figure):
    bench.data.need_big()
    far = bench.rig.fresh("rsync-far")
    with peers.rsync_daemon(bench) as (url, store):
        near = store / "big.bin"
        shutil.copyfile(bench.data.big, near)
        copy = ["rsync", "--archive", f"{url}{near.name}", f"{far}/"]
        run(copy)

        def one():
            change(near)
            result = figure(lambda: bench.timed(seconds, copy), bench.data.big_bytes)
            bench.same(far / near.name, near)
            return result

        yield one
