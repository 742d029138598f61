"""Interleaved runs: in each round every program runs once, and ratios are taken within a round."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from statistics import median

from attrs import frozen

from scripts.environments import PythonEnvironment
from scripts.peers import GENERATED, variables
from scripts.project import ROOT

Cost = Mapping[str, float]
"""Measurements of one run by name: `cpu` and `wall` in seconds, `items`, ..."""


@frozen
class Spread:
    """The measurements of one quantity, one for each round."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median."""
        return median(self.values)

    def __truediv__(self, other: "Spread") -> "Spread":
        """Return the ratio in each round."""
        return Spread(tuple(a / b for a, b in zip(self.values, other.values, strict=True)))

    def __sub__(self, other: "Spread") -> "Spread":
        """Return the difference in each round."""
        return Spread(tuple(a - b for a, b in zip(self.values, other.values, strict=True)))

    def scaled(self, factor: float) -> "Spread":
        """Return the measurements in another unit."""
        return Spread(tuple(value * factor for value in self.values))


Results = Mapping[str, Mapping[str, Spread]]
"""Measurements of all rounds, by program and name."""


@frozen
class Program:
    """A program to run.

    Attributes:
        environment: the environment whose interpreter runs it.
        arguments: the arguments of the interpreter.
    """

    environment: PythonEnvironment
    arguments: tuple[str, ...]


def program(environment: PythonEnvironment, name: str, *options: str) -> Program:
    """Return a program of `programs/`, which measures itself."""
    return Program(environment, ("-m", f"scripts.bench.programs.{name}", *options))


@frozen
class Bench:
    """The amount of work, and the interpreters of the programs.

    Attributes:
        tiny: whether to test only that everything works: with small amounts, in one round, and with
            this interpreter for all programs that it can run.
    """

    tiny: bool = False

    def size(self, full: int, tiny: int) -> int:
        """Return the amount of work."""
        return tiny if self.tiny else full

    def runnable(self, programs: Mapping[str, Program]) -> dict[str, Program]:
        """Return the programs that can run here: all of them, unless `tiny`."""
        return {
            name: program
            for name, program in programs.items()
            if not self.tiny or program.environment.is_in_this_interpreter()
        }

    def command(self, program: Program, *arguments: object) -> list[str]:
        """Return the command that runs a program."""
        python = sys.executable if self.tiny else str(program.environment.python)
        return [python, *program.arguments, *map(str, arguments)]

    def run(self, program: Program, *arguments: object) -> Cost:
        """Run a program and return the cost that it printed."""
        done = subprocess.run(
            self.command(program, *arguments),
            cwd=ROOT,
            env=variables(stock=program.environment is GENERATED),
            stdout=subprocess.PIPE,
            check=True,
        )
        cost: Cost = json.loads(done.stdout)
        return cost


def take_turns(runs: Mapping[str, Callable[[], Cost]], rounds: int) -> Results:
    """Run all programs `rounds` times, interleaved; return their measurements."""
    taken: dict[str, list[Cost]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            taken[name].append(run())
    return {
        name: {what: Spread(tuple(cost[what] for cost in costs)) for what in costs[0]}
        for name, costs in taken.items()
    }


@contextmanager
def served(*command: str) -> Iterator[str]:
    """Run a server for the length of the block; yield its URL, the first line it prints."""
    with subprocess.Popen(
        command, cwd=ROOT, env=variables(), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None  # noqa: S101 - for the type checker
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def prepared_answers(delay: float = 0.0) -> AbstractContextManager[str]:
    """Run `server` for the length of the block; yield its URL."""
    return served(sys.executable, "-m", "scripts.bench.prepared_server", str(delay))
