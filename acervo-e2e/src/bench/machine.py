"""The machine that is measured on: what it is, how busy it is, and which tools it lacks."""

import contextlib
import os
import platform
import re
import shutil
import subprocess
import time
from pathlib import Path

from rig import Failed, run, say

# Under this share of the processors in use the machine counts as quiet.
QUIET_PERCENT = 15
SAMPLE_SECONDS = 0.3

# Tools, and the Debian package that brings each.
PACKAGES = {
    "nginx": "nginx",
    "wrk": "wrk",
    "curl": "curl",
    "rsync": "rsync",
    "rclone": "rclone",
    "h2load": "nghttp2-client",
    "mkfs.xfs": "xfsprogs",
    "mkfs.ext4": "e2fsprogs",
}

# Servers often lie in the folders of the system administrator, which a plain user's PATH lacks.
os.environ["PATH"] = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/sbin"


def missing(tools):
    """The Debian packages of those tools that are not installed."""
    return [PACKAGES[tool] for tool in tools if shutil.which(tool) is None]


def loopback_bytes():
    """Bytes that have crossed the loopback interface since the machine was started."""
    for line in Path("/proc/net/dev").read_text().splitlines():
        name, _, counts = line.partition(":")
        if name.strip() == "lo":
            return int(counts.split()[0])
    raise Failed("there is no loopback interface")


def install(tools):
    """Installs the packages of the tools that are missing; for root on Debian. Starts none of their services."""
    packages = missing(tools)
    if not packages:
        return
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise Failed(f"--install needs root on Debian; do it by hand: apt-get install {' '.join(packages)}")
    say(f"installing {' '.join(packages)}")
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    with no_services():
        run(["apt-get", "update"], environment)
        run(["apt-get", "install", "-y", "--no-install-recommends", *packages], environment)


@contextlib.contextmanager
def no_services():
    """While this lasts, a package that is installed does not start its server on the usual port."""
    policy = Path("/usr/sbin/policy-rc.d")
    if policy.exists():
        yield
        return
    policy.write_text("#!/bin/sh\nexit 101\n")
    policy.chmod(0o755)
    try:
        yield
    finally:
        policy.unlink()


def used_and_total():
    """Processor time used, and passed, since the machine started: ticks over all processors. To wait for the disk is no
    use."""
    user, nice, system, idle, iowait, irq, softirq, steal = map(int, Path("/proc/stat").read_text().split()[1:9])
    used = user + nice + system + irq + softirq + steal
    return used, used + idle + iowait


def busy_percent():
    used, total = used_and_total()
    time.sleep(SAMPLE_SECONDS)
    used_after, total_after = used_and_total()
    return 100 * (used_after - used) // max(1, total_after - total)


def settle(wait_seconds):
    """Writes out what is dirty, then waits until the machine is quiet, at most `wait_seconds`.

    Returns how busy it was at last, in percent."""
    os.sync()
    deadline = time.monotonic() + wait_seconds
    busy = busy_percent()
    while busy >= QUIET_PERCENT and time.monotonic() < deadline:
        busy = busy_percent()
    return busy


def resident_bytes(pid):
    """The resident memory of a process and of all that it started."""
    total = 0
    for process in [pid, *descendants(pid)]:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)
            total += int(found[1]) * 1024 if found else 0
    return total


def descendants(pid):
    children = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            # The name in brackets may hold anything; what follows its last bracket is: state, parent, ...
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                children.append(int(stat.parent.name))
    return children + [below for child in children for below in descendants(child)]


def facts(work):
    """What a reader must know to judge the figures."""
    return {
        "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "processors": os.cpu_count(),
        "processor": processor(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "kernel": platform.release(),
        "system": system(),
        "jdk": jdk(),
        "python": platform.python_version(),
        "file_system": file_system(work),
        "tcp": text("/proc/sys/net/ipv4/tcp_congestion_control"),
        "load_before": os.getloadavg()[0],
    }


def text(path):
    with contextlib.suppress(OSError):
        return Path(path).read_text().strip()
    return "unknown"


def processor():
    found = re.search(r"^model name\s*:\s*(.+)$", text("/proc/cpuinfo"), re.MULTILINE)
    return found[1] if found else platform.machine()


def system():
    found = re.search(r'^PRETTY_NAME="(.+)"$', text("/etc/os-release"), re.MULTILINE)
    return found[1] if found else platform.system()


def jdk():
    """The JDK that the launcher takes: JAVA_HOME, else the first 25 of the usual folder."""
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    homes += sorted(Path("/usr/lib/jvm").glob("*25*"))
    for home in homes:
        release = text(home / "release")
        version = re.search(r'^JAVA_RUNTIME_VERSION="(.+)"$', release, re.MULTILINE)
        maker = re.search(r'^IMPLEMENTOR="(.+)"$', release, re.MULTILINE)
        if version:
            return f"{version[1]} ({maker[1]})" if maker else version[1]
    return "unknown"


def file_system(folder):
    """The type of the file system that a folder lies on: the longest mount point that is its parent."""
    folder = os.path.realpath(folder)
    best, kind = "", "unknown"
    for line in text("/proc/mounts").splitlines():
        _, point, found = line.split()[:3]
        inside = folder == point or folder.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, found
    return kind


def versions():
    """What the peers call themselves, for those that are installed."""
    asks = {
        "nginx": ["nginx", "-v"],
        "rsync": ["rsync", "--version"],
        "rclone": ["rclone", "version"],
        "curl": ["curl", "--version"],
        "wrk": ["wrk", "-v"],
        "h2load": ["h2load", "--version"],
    }
    found = {}
    for tool, command in asks.items():
        if shutil.which(tool):
            said = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False).stdout
            number = re.search(r"\d+\.\d+[\w.-]*", said.decode(errors="replace"))
            found[tool] = number[0] if number else "?"
    return found
