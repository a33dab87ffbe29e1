"""acervo-bench: the packaged program and other systems on the same data, in turn, in one run; prints ratios.

Why Python: a benchmark mostly starts programs, waits for them and reads what they print, which takes a tenth of the
lines in Java; the standard library is enough, a Debian machine has it, and the XML-RPC ancestor is a Python program
anyway. The load itself comes from programs in C (curl, wrk, h2load), so that the harness is not what is measured.

Where to start: `lines.py` says what is measured and what the goal is; `acervo.py` and `peers.py` hold one context for
each contender, which starts its server and yields its run; `bench.py` takes turns; `table.py` judges.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit("acervo-bench: needs Python 3.11 or newer; Debian 12 has it: apt-get install python3")
sys.path.insert(0, str(Path(__file__).parent))

import acervo
import machine
import table
from bench import Bench
from lines import LINES
from rig import Failed, Rig, say

ROOT = Path(__file__).resolve().parents[3]
DONE, FAILED, PARTLY = 0, 1, 3


def options(arguments):
    parser = argparse.ArgumentParser(
        prog="acervo-bench",
        description="Measures Acervo and other systems on the same data, in turn, and prints ratios.",
        epilog="lines: " + ", ".join(line.key for line in LINES) + ". "
        "Example: ./acervo-bench put-small get-many --runs 5. "
        "Exit codes: 0 all lines measured, 1 failed, 2 wrong usage, 3 some lines could not be measured.",
    )
    add = parser.add_argument
    add("lines", nargs="*", metavar="LINE", help="the lines to measure; all of them unless named")
    add("--quick", action="store_true", help="little data and one run: does it all work?")
    add("--runs", type=positive, metavar="N", help="counted runs of each contender (3)")
    add("--idle", type=positive, metavar="SECONDS", help="how long a server idles before its memory is read (15)")
    add("--json", action="store_true", help="print every figure as JSON instead of the table")
    add("--fs", choices=("xfs", "ext4"), help="a fresh file system on a loop device for all; needs root")
    add("--tmp", type=Path, default=Path(tempfile.gettempdir()), metavar="DIR", help="where to make the run's folder")
    add("--install", action="store_true", help="install the peers that are missing; needs root on Debian")
    add("--program", type=Path, metavar="FILE", help="the acervo to measure, instead of the one built here")
    add("--peers-only", action="store_true", help="leave Acervo out")
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.lines) - {line.key for line in LINES}
    if unknown:
        parser.error(f"no such line: {', '.join(sorted(unknown))}; there are {', '.join(line.key for line in LINES)}")
    if chosen.fs and os.geteuid() != 0:
        parser.error("--fs needs root, for mkfs and mount")
    quick = chosen.quick
    chosen.runs = chosen.runs or (1 if quick else 3)
    chosen.most_runs = 3 if quick else 20
    chosen.big_bytes = (128 << 20) if quick else (1 << 30)
    chosen.small_count = 1_000 if quick else 10_000
    chosen.load_seconds = 1 if quick else 6
    chosen.idle_seconds = chosen.idle or (3 if quick else 15)
    chosen.ancestor_calls = 2_000 if quick else 20_000
    chosen.notices = 40 if quick else 800
    chosen.waiting = 200 if quick else 10_000
    chosen.quiet_seconds = 1 if quick else 12
    return chosen


def positive(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def measure(chosen):
    wanted = [line for line in LINES if not chosen.lines or line.key in chosen.lines]
    tools = sorted({tool for line in wanted for contender in line.contenders for tool in contender.tools})
    if chosen.fs:
        tools.append(f"mkfs.{chosen.fs}")
    if chosen.install:
        machine.install(tools)
    program = None if chosen.peers_only else chosen.program or acervo.packaged(ROOT)
    # The deposits of 1 GiB keep one copy a round on Acervo's side and a few in flight.
    needed = (chosen.runs + 6) * chosen.big_bytes + (1 << 30)
    free = shutil.disk_usage(chosen.tmp).free
    if free < needed:
        raise Failed(f"{chosen.tmp} has {free >> 20} MiB free, the run needs {needed >> 20}; --tmp names another")
    rows = []
    with Rig(chosen.tmp, chosen.fs) as rig:
        facts = machine.facts(rig.work)
        facts["versions"] = machine.versions()
        bench = Bench(rig, program, chosen)
        for line in wanted:
            title = bench.title(line)
            say(f"{line.key}: {title}")
            rows += table.rows(line, title, bench.measure(line))
        facts["load_after"] = os.getloadavg()[0]
    return facts, rows


def main(arguments):
    chosen = options(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    # A shell that starts this in the background has it ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        facts, rows = measure(chosen)
    except Failed as trouble:
        say(f"acervo-bench: {trouble}")
        return FAILED
    except KeyboardInterrupt:
        say("acervo-bench: stopped; everything that it made is removed")
        return 128 + signal.SIGINT
    if chosen.json:
        print(json.dumps({"machine": facts, "quick": chosen.quick, "runs": chosen.runs, "rows": rows}, indent=2))
    else:
        print(table.heading(facts, chosen, rows), table.markdown(rows), sep="\n\n")
    return DONE if all(row["verdict"] in ("ok", "below") for row in rows) else PARTLY


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
