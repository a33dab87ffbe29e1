"""What a run owns: one temporary folder, the processes it started, free ports. All of it is gone when the run ends.

Servers are ended by their own process ids, the newest first. Each also asks the kernel to be told when this process
dies, so that even `kill -9` of the benchmark leaves no server behind.
"""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PR_SET_PDEATHSIG = 1
COMMAND_SECONDS = 900
PORT_SECONDS = 30
# The most of a failed program's words that a message repeats.
SAID = 200

libc = ctypes.CDLL(None, use_errno=True)


class Failed(Exception):
    """A contender could not be started or measured. The message is one line for the table."""


class Rig:
    """A temporary folder under `parent`, optionally a fresh `filesystem` of its own on a loop device."""

    def __init__(self, parent, filesystem=None, filesystem_bytes=24 << 30):
        self._closing = contextlib.ExitStack()
        self._ports = set()
        self.folder = Path(tempfile.mkdtemp(prefix="acervo-bench-", dir=parent))
        self._closing.callback(shutil.rmtree, self.folder, ignore_errors=True)
        try:
            self.logs = self.folder / "logs"
            self.logs.mkdir()
            self.work = self.folder / "work"
            self.work.mkdir()
            if filesystem:
                self._mount(filesystem, filesystem_bytes)
        except BaseException:
            self._closing.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        # A second Ctrl-C must not stop the cleaning half-way.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        self._closing.close()

    def _mount(self, kind, size):
        image = self.folder / "volume.img"
        with open(image, "wb") as file:
            file.truncate(size)
        run([f"mkfs.{kind}", "-q", image])
        device = run(["losetup", "--find", "--show", image]).strip()
        self._closing.callback(quietly, ["losetup", "--detach", device])
        # Without it every page is cached twice; not every file system below can do it.
        quietly(["losetup", "--direct-io=on", device])
        run(["mount", device, self.work])
        self._closing.callback(quietly, ["umount", "--lazy", self.work])
        self._closing.callback(quietly, ["umount", self.work])

    def fresh(self, name):
        """A new empty folder under the work folder."""
        return Path(tempfile.mkdtemp(prefix=name + "-", dir=self.work))

    def port(self):
        """A port of 127.0.0.1 that is free now and was not handed out before."""
        while True:
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", 0))
                port = probe.getsockname()[1]
            if port not in self._ports:
                self._ports.add(port)
                return port

    @contextlib.contextmanager
    def server(self, name, command, port, env=None, ready=None):
        """Runs `command` until the block ends; the block begins when it listens, or when `ready()` says so."""
        log = self.logs / f"{name}-{port}.log"
        with open(log, "ab") as output:
            process = subprocess.Popen(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                env=env,
                start_new_session=True,
                preexec_fn=end_with_parent,
            )
        try:
            wait_until(process, log, name, ready or (lambda: listens(port)))
            yield process
        finally:
            end(process)


def end_with_parent():
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def wait_until(process, log, name, ready):
    deadline = time.monotonic() + PORT_SECONDS
    while not ready():
        ended = process.poll()
        if ended is not None or time.monotonic() > deadline:
            why = f"ended at its start with code {ended}" if ended is not None else f"not ready after {PORT_SECONDS} s"
            raise Failed(f"{name}: {why}: {in_one_line(log.read_text(errors='replace'))}")
        time.sleep(0.005)


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def end(process):
    """Asks the process to end, waits, and then makes it and what it started end: it leads a session of its own."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            pass
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def run(command, env=None, stdin=None, codes=(0,)):
    """Runs a command to its end and returns what it printed; any other exit code than `codes` is a failure."""
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words,
            env=env,
            stdin=stdin or subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=COMMAND_SECONDS,
        )
    except FileNotFoundError:
        raise Failed(f"{words[0]} is not installed") from None
    except subprocess.TimeoutExpired:
        raise Failed(f"{Path(words[0]).name} took more than {COMMAND_SECONDS} s") from None
    if done.returncode not in codes:
        said = in_one_line((done.stderr or done.stdout).decode(errors="replace"))
        raise Failed(f"{Path(words[0]).name} {' '.join(words[1:2])} ended with code {done.returncode}: {said}")
    return done.stdout.decode(errors="replace")


def quietly(command):
    subprocess.run([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def in_one_line(text):
    """What a program said, for a cell of the table: of much its end, where the reason stands."""
    words = " ".join(text.split()) or "it said nothing"
    return words if len(words) <= SAID else "..." + words[-SAID:]


def seconds(command, env=None):
    """The seconds that a command takes from start to exit."""
    began = time.perf_counter()
    run(command, env)
    return time.perf_counter() - began


def say(text):
    """Progress for a person: to standard error, so that standard output holds the table alone."""
    print(text, file=sys.stderr, flush=True)
