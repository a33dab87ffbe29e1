"""The harness's own tests: python3 -B -m unittest discover -s acervo-e2e/src/bench"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import types
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import machine
import table
from bench import Bench, Contender, Figures, Goal, Line
from lines import LINES
from rig import Failed, Rig, listens

HERE = Path(__file__).parent
OPTIONS = types.SimpleNamespace(
    big_bytes=1 << 20,
    small_count=4,
    load_seconds=1,
    idle_seconds=1,
    ancestor_calls=1,
    notices=4,
    waiting=2,
    runs=3,
    most_runs=20,
    quiet_seconds=0,
)


def contender(name, took, figures):
    """Yields the given figures in order, and writes down its turns."""

    @contextlib.contextmanager
    def open_it(_):
        left = iter(figures)

        def one():
            took.append(name)
            figure = next(left)
            if figure is None:
                raise Failed("broke")
            return figure

        yield one

    return Contender(name, open_it)


def measured(*contenders, goals=(), tools=()):
    line = Line("line", "a line", "/s", contenders, goals)
    with tempfile.TemporaryDirectory() as parent, Rig(parent) as rig:
        return line, Bench(rig, "program", OPTIONS).measure(line)


class Rounds(unittest.TestCase):
    def test_contenders_take_turns_and_the_first_round_is_not_counted(self):
        took = []
        _, figures = measured(contender("acervo", took, [9, 1, 2, 3]), contender("peer", took, [8, 4, 5, 6]))
        self.assertEqual(took, ["acervo", "peer"] * 4)
        self.assertEqual(figures["acervo"].runs, [1, 2, 3])
        self.assertEqual(figures["peer"].runs, [4, 5, 6])

    def test_a_contender_that_breaks_does_not_stop_the_others(self):
        goals = (Goal(("peer",), 1),)
        line, figures = measured(
            contender("acervo", [], [9, 1, 2, 3]), contender("peer", [], [8, 4, None]), goals=goals
        )
        self.assertEqual(figures["acervo"].runs, [1, 2, 3])
        self.assertEqual(table.rows(line, "t", figures)[0]["verdict"], "peer failed: broke")

    def test_a_missing_tool_is_named_with_its_package(self):
        machine.PACKAGES["no-such-tool"] = "its-package"
        self.addCleanup(machine.PACKAGES.pop, "no-such-tool")
        lacking = Contender("peer", lambda _: self.fail("must not be opened"), ("no-such-tool",))
        line, figures = measured(contender("acervo", [], [9, 1, 2, 3]), lacking, goals=(Goal(("peer",), 1),))
        self.assertEqual(table.rows(line, "t", figures)[0]["verdict"], "peer missing: apt-get install its-package")


class Verdicts(unittest.TestCase):
    def row(self, goal, **runs):
        contenders = tuple(Contender(name, None) for name in runs)
        figures = {name: Figures(list(figures), [0] * len(figures)) for name, figures in runs.items()}
        return table.rows(Line("line", "t", "/s", contenders, (goal,)), "t", figures)[0]

    def test_the_ratio_is_of_the_medians(self):
        row = self.row(Goal(("peer",), 2), acervo=[10, 400, 20], peer=[5, 10, 1000])
        self.assertEqual((row["ratio"], row["verdict"]), (2, "ok"))

    def test_just_under_the_goal_is_below(self):
        self.assertEqual(self.row(Goal(("peer",), 2), acervo=[199], peer=[100])["verdict"], "below")

    def test_several_peers_count_as_their_slowest(self):
        row = self.row(Goal(("fast", "slow"), 1), acervo=[50], fast=[200], slow=[100])
        self.assertEqual((row["ratio"], row["verdict"]), (0.5, "below"))

    def test_a_limit_must_be_stayed_under(self):
        self.assertEqual(self.row(Goal(under=10), acervo=[9])["verdict"], "ok")
        self.assertEqual(self.row(Goal(under=10), acervo=[10])["verdict"], "below")

    def test_each_goal_names_contenders_of_its_line(self):
        for line in LINES:
            names = {contender.name for contender in line.contenders}
            for goal in line.goals:
                self.assertLessEqual(set(goal.peers), names, line.key)
                self.assertTrue(bool(goal.peers) == bool(goal.at_least) != bool(goal.under), line.key)


class Cleaning(unittest.TestCase):
    """A program of its own starts a server and is then ended in every way there is."""

    PROGRAM = """
import sys, time
sys.path.insert(0, sys.argv[1])
from rig import Rig
import signal
signal.signal(signal.SIGTERM, lambda *_: sys.exit(3))
signal.signal(signal.SIGINT, signal.default_int_handler)
with Rig(sys.argv[2]) as rig:
    port = rig.port()
    server = [sys.executable, '-B', sys.argv[1] + '/ancestor.py', 'serve', port, rig.fresh('store')]
    with rig.server('ancestor', server, port):
        print(port, flush=True)
        time.sleep(60)
"""

    def ended_by(self, number):
        parent = tempfile.mkdtemp()
        self.addCleanup(lambda: subprocess.run(["rm", "-rf", parent], check=True))
        program = subprocess.Popen(
            [sys.executable, "-B", "-c", self.PROGRAM, str(HERE), parent],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        with program:
            port = int(program.stdout.readline())
            self.assertTrue(listens(port))
            program.send_signal(number)
        deadline = time.monotonic() + 10
        while listens(port) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertFalse(listens(port))
        return os.listdir(parent)

    def test_nothing_is_left_after_an_interrupt(self):
        self.assertEqual(self.ended_by(signal.SIGINT), [])

    def test_nothing_is_left_after_a_request_to_end(self):
        self.assertEqual(self.ended_by(signal.SIGTERM), [])

    def test_no_server_is_left_after_a_kill(self):
        self.ended_by(signal.SIGKILL)


if __name__ == "__main__":
    unittest.main()
