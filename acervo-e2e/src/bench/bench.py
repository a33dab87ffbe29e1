"""Runs a line: all its contenders are up at once, and take turns in each round, so that what the machine does
meanwhile meets them alike. The first round is a warm-up and is not counted."""

import contextlib
import filecmp
import shutil
from dataclasses import dataclass, field

import machine
from data import DataSet
from rig import Failed, say
from table import shown

# The name of the contender that all others are compared with; it is each line's first.
SUBJECT = "acervo"


@dataclass(frozen=True)
class Contender:
    """`open(bench)` is a context that yields a function: one run, which returns a figure in the line's unit."""

    name: str
    open: object
    tools: tuple = ()


@dataclass(frozen=True)
class Goal:
    """Acervo's median over the worst of the peers' medians is to be at least `at_least`; or Acervo's alone, with no
    peers, under `under`.

    An `aim` is wished for, not promised."""

    peers: tuple = ()
    at_least: float = 0.0
    under: float = 0.0
    aim: bool = False
    title: str = ""


@dataclass(frozen=True)
class Line:
    key: str
    title: str
    unit: str
    contenders: tuple
    goals: tuple
    renew: object = None
    warm_ups: int = 1
    runs: int = 0


@dataclass
class Figures:
    """What one contender did in one line: its runs in order, or why there are none."""

    runs: list = field(default_factory=list)
    busy: list = field(default_factory=list)
    trouble: str = ""


class Bench:
    def __init__(self, rig, program, options):
        self.rig = rig
        self.program = program
        self.options = options
        self.data = DataSet(rig.work / "data", options.big_bytes, options.small_count)
        self.data.folder.mkdir()
        self.load_seconds = options.load_seconds
        self.idle_seconds = options.idle_seconds
        self.ancestor_calls = options.ancestor_calls
        self.notices = options.notices
        self.waiting = options.waiting
        self._busy = 0

    def title(self, line):
        """The line's title with the sizes of this run: a quick run must not be read as a whole one."""
        bits, unit = (30, "GiB") if self.options.big_bytes >> 30 else (20, "MiB")
        sizes = {
            "big": f"{self.options.big_bytes >> bits} {unit}",
            "small": f"{self.options.small_count:,}",
            "idle": f"{self.idle_seconds} s",
            "waiting": f"{self.waiting:,}",
        }
        return line.title.format(**sizes)

    def timed(self, measure, *arguments, **named):
        """Waits for a quiet machine, then measures. Everything that a run prepares or checks stays outside."""
        self._busy = machine.settle(self.options.quiet_seconds)
        return measure(*arguments, **named)

    def measure(self, line):
        """The figures of each contender of a line, by name."""
        figures = {contender.name: Figures() for contender in line.contenders}
        with contextlib.ExitStack() as open_contenders:
            if line.renew:
                line.renew(self.data)
            ready = []
            for contender in line.contenders:
                run = self._open(contender, figures[contender.name], open_contenders)
                if run:
                    ready.append((contender, run))
            self._rounds(line, ready, figures)
        self._sweep()
        return figures

    def _open(self, contender, figures, open_contenders):
        if contender.name == SUBJECT and not self.program:
            figures.trouble = "left out"
            return None
        lacking = machine.missing(contender.tools)
        if lacking:
            figures.trouble = f"missing: apt-get install {' '.join(lacking)}"
            return None
        try:
            return open_contenders.enter_context(contender.open(self))
        except (Failed, OSError) as trouble:
            figures.trouble = f"failed: {trouble}"
            say(f"  {contender.name} {figures.trouble}")
            return None

    def _rounds(self, line, ready, figures):
        counted = min(line.runs, self.options.most_runs) if line.runs else self.options.runs
        for number in range(line.warm_ups + counted):
            warm = number < line.warm_ups
            if line.renew and number:
                line.renew(self.data)
            for contender, run in ready:
                mine = figures[contender.name]
                if mine.trouble:
                    continue
                try:
                    figure = run()
                except (Failed, OSError) as trouble:
                    mine.trouble = f"failed: {trouble}"
                    say(f"  {contender.name} {mine.trouble}")
                    continue
                note = "warm-up" if warm else f"{number - line.warm_ups + 1} of {counted}"
                say(f"  {note}: {contender.name} {shown(figure, line.unit)} (busy before: {self._busy} %)")
                if not warm:
                    mine.runs.append(figure)
                    mine.busy.append(self._busy)

    def _sweep(self):
        """Removes what the line's contenders left, all but the data set, so that the next finds the disk as empty."""
        for path in self.rig.work.iterdir():
            if path != self.data.folder and path.name != "lost+found":
                shutil.rmtree(path, ignore_errors=True)

    def same(self, copy, original):
        if not filecmp.cmp(copy, original, shallow=False):
            raise Failed(f"{copy.name} came out with other bytes")

    def same_as_big(self, copy):
        self.same(copy, self.data.big)

    def same_as_small(self, folder, separator="/"):
        """Fails unless the folder holds every small file, and the first and last with the right bytes."""
        names = self.data.small_names()
        held = sum(1 for path in folder.rglob("*") if path.is_file())
        if held != len(names):
            raise Failed(f"{held} of {len(names)} files came out")
        for name in (names[0], names[-1]):
            self.same(folder / name.replace("/", separator), self.data.small / name)
