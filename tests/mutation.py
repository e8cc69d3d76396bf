"""Mutation run: changes the code at random places and prints which changes no test notices.

    .venv/bin/python tests/mutation.py --seed 7 --count 60 --jobs 2

Every package in turn gives a place, drawn by the seed: a comparison, an operator, a number, a
condition, a returned value or a statement. Each mutant is one such change in a copy of the tree.
The tests nearest to the package run first, then those of the packages that import it, each time up
to the first failure; a failure counts if it happens again. `--first 20 --count 20` is the second
third of a run of 60; `--only 3,17` repeats two of its mutants. `--near` runs only the nearest
tests, `--slow` the slow ones too.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from queue import SimpleQueue

from phonon.kernel.object_cache import cache_folder

ROOT = Path(__file__).parents[1]
NOT_COPIED = (".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "dist", "build", "*.wav")
# The tests that notice a package's mistakes first, beside its own; quick ones in front.
BESIDE = {
    "audio": ["examples"],
    "dsp": ["kit"],
    "engine": ["audio"],
    "graph": ["engine"],
    "kernel": ["dsp"],
    "lang": ["conformance"],
    "phonon": ["test_api.py", "lang", "cli"],
    "patterns": ["conformance", "lang"],
    "score": ["test_sends.py"],
    "session": ["cli"],
}
# From the bottom up: a package's mistakes are noticed by tests of what stands above it.
LAYERS = ("kernel", "dsp", "patterns", "graph", "score", "lang", "engine", "audio", "session")
FRONTS = ("editor", "cli")  # nothing stands above these
SOUNDING = ("dsp", "engine", "graph", "kernel", "score")  # golden renders notice most
SLOWEST_TEST = 120  # seconds, for a mutant that never ends
LONGEST_RUN = 1_800  # seconds
INSTEAD: dict[type[ast.AST], str] = {
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Is: "is not",
    ast.IsNot: "is",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Add: "-",
    ast.Sub: "+",
    ast.Mult: "/",
    ast.Div: "*",
    ast.FloorDiv: "*",
    ast.Mod: "*",
    ast.Pow: "*",
    ast.LShift: ">>",
    ast.RShift: "<<",
    ast.BitAnd: "|",
    ast.BitOr: "&",
    ast.BitXor: "|",
    ast.And: "or",
    ast.Or: "and",
}
CALLED_INSTEAD = {"min": "max", "max": "min", "any": "all", "all": "any", "floor": "ceil"}
OPERATOR = re.compile(r"\bnot\s+in\b|\bis\s+not\b|\b(?:in|is|and|or)\b|[-+*/%<>=!&|^]+")


@dataclass(frozen=True)
class Mutant:
    """A file with the characters from `begin` to `end` replaced."""

    path: Path
    begin: int
    end: int
    new: str

    def text(self) -> str:
        """The changed file."""
        text = (ROOT / self.path).read_text(encoding="utf-8")
        return text[: self.begin] + self.new + text[self.end :]

    def diff(self) -> str:
        """Its place and the changed lines."""
        before = (ROOT / self.path).read_text(encoding="utf-8").splitlines()
        _, _, hunk, *lines = difflib.unified_diff(
            before, self.text().splitlines(), n=0, lineterm=""
        )
        place = re.sub(r"@@ -(\d+).*", r"\1", hunk)
        return "\n".join([f"{self.path}:{place}", *(f"    {line}" for line in lines)])


# -- places -------------------------------------------------------------------------------------


@dataclass
class Places:
    """Collects the possible mutants of one file by kind."""

    path: Path
    text: str = ""
    found: dict[str, list[Mutant]] = field(default_factory=lambda: defaultdict(list))
    _starts: list[int] = field(default_factory=lambda: [0])

    def __post_init__(self) -> None:
        self.text = (ROOT / self.path).read_text(encoding="utf-8")
        for line in self.text.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._walk(ast.parse(self.text))

    def _walk(self, node: ast.AST) -> None:
        getattr(self, f"_{type(node).__name__.lower()}", lambda _: None)(node)
        for name, value in ast.iter_fields(node):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not self._left_out(name, child):
                    self._walk(child)

    def _left_out(self, name: str, node: ast.AST) -> bool:
        """Types, decorators, messages, and code that does not run."""
        if name in ("annotation", "returns"):
            return "dsp" not in self.path.parts or not isinstance(node, ast.Call)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            return True
        return name == "decorator_list" or isinstance(node, ast.JoinedStr | ast.Assert)

    def _span(self, node: ast.AST) -> tuple[int, int]:
        return (
            self._offset(node.lineno, node.col_offset),
            self._offset(node.end_lineno, node.end_col_offset),
        )

    def _offset(self, line: int, column: int) -> int:
        """The place in the text of a line and a column in bytes."""
        start = self._starts[line - 1]
        return start + len(self.text[start : self._starts[line]].encode()[:column].decode())

    def _replace(self, kind: str, node: ast.AST, new: str) -> None:
        self.found[kind].append(Mutant(self.path, *self._span(node), new))

    def _swap(self, kind: str, left: ast.AST, right: ast.AST, operator: ast.AST) -> None:
        begin, end = self._span(left)[1], self._span(right)[0]
        between = re.sub(r"#.*", lambda found: " " * len(found[0]), self.text[begin:end])
        found = OPERATOR.search(between)
        if found and type(operator) in INSTEAD:
            place = begin + found.start(), begin + found.end()
            self.found[kind].append(Mutant(self.path, *place, INSTEAD[type(operator)]))

    def _compare(self, node: ast.Compare) -> None:
        operands = [node.left, *node.comparators]
        for left, right, operator in zip(operands, operands[1:], node.ops, strict=False):
            self._swap("comparison", left, right, operator)

    def _binop(self, node: ast.BinOp) -> None:
        self._swap("arithmetic", node.left, node.right, node.op)

    def _boolop(self, node: ast.BoolOp) -> None:
        self._swap("logic", node.values[0], node.values[1], node.op)

    def _unaryop(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not | ast.USub):
            begin, end = self._span(node.operand)
            self._replace("logic", node, self.text[begin:end])

    def _constant(self, node: ast.Constant) -> None:
        value = node.value
        if isinstance(value, bool):
            self._replace("constant", node, str(not value))
        elif isinstance(value, int):
            self._replace("constant", node, str(value + 1))
            self._replace("constant", node, str(value - 1))
        elif isinstance(value, float):
            self._replace("constant", node, str(value * 2 if value else 1.0))

    def _if(self, node: ast.If | ast.While | ast.IfExp) -> None:
        if not isinstance(node.test, ast.Constant):
            begin, end = self._span(node.test)
            self._replace("condition", node.test, f"not ({self.text[begin:end]})")

    _while = _ifexp = _if

    def _return(self, node: ast.Return) -> None:
        if node.value is not None and ast.unparse(node.value) != "None":
            self._replace("return", node.value, "None")

    def _call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.func.id in CALLED_INSTEAD:
            self._replace("call", node.func, CALLED_INSTEAD[node.func.id])

    def _expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self._replace("statement", node, "pass")

    def _assign(self, node: ast.Assign) -> None:
        if isinstance(node.targets[0], ast.Attribute | ast.Subscript):
            self._replace("statement", node, "pass")

    def _augassign(self, node: ast.AugAssign) -> None:
        self._replace("statement", node, "pass")

    def _raise(self, node: ast.Raise) -> None:
        self._replace("statement", node, "pass")

    def _break(self, node: ast.Break) -> None:
        self._replace("statement", node, "continue")

    def _continue(self, node: ast.Continue) -> None:
        self._replace("statement", node, "break")


@cache
def places() -> dict[str, dict[str, list[Mutant]]]:
    """All mutants there can be, by package and kind."""
    found: dict[str, dict[str, list[Mutant]]] = defaultdict(lambda: defaultdict(list))
    for path in sorted((ROOT / "phonon").rglob("*.py")):
        relative = path.relative_to(ROOT)
        for kind, mutants in Places(relative).found.items():
            found[package(relative)][kind] += mutants
    return found


def drawn(seed: int, count: int) -> list[Mutant]:
    """Mutants of every package in turn; first the kind is drawn, then the place."""
    chance = random.Random(seed)
    packages = sorted(places())
    chance.shuffle(packages)
    mutants: list[Mutant] = []
    while len(mutants) < count:
        kinds = places()[packages[len(mutants) % len(packages)]]
        mutant = chance.choice(kinds[chance.choice(sorted(kinds))])
        with suppress(SyntaxError):
            compile(mutant.text(), mutant.path, "exec")
            if mutant not in mutants:
                mutants.append(mutant)
    return mutants


def package(path: Path) -> str:
    """The package of a file; the modules beside the packages are together one."""
    return path.parts[1] if len(path.parts) > 2 else "phonon"


# -- verdicts -----------------------------------------------------------------------------------


class Workbench:
    """A copy of the tree in which one mutant after another is tested."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tree = folder / "tree"
        self.running = 0  # the process group of the tests
        self.stopped = False
        self._broken: list[str] = []  # what fails without a mutant is not asked
        shutil.copytree(ROOT, self.tree, ignore=shutil.ignore_patterns(*NOT_COPIED))

    def verdict(self, mutant: Mutant, reach: str) -> str:
        """The test that notices a mutant, or an empty text."""
        self._write(mutant.text(), mutant.path)
        try:
            for tests in self._stages(mutant.path, reach):
                if failed := self._failing(mutant, tests):
                    return failed
        finally:
            self._write((ROOT / mutant.path).read_text(encoding="utf-8"), mutant.path)
        return ""

    def _stages(self, mutated: Path, reach: str) -> Iterator[list[str]]:
        """The tests to run one after another, those that name the module itself in front."""
        name = package(mutated)
        tests = self.tree / "tests"
        near = [*(["golden"] if name in SOUNDING else []), name, *BESIDE.get(name, ())]
        first = [path for path in (tests / folder for folder in near) if path.exists()]
        below = LAYERS[: LAYERS.index(name)] if name in LAYERS else LAYERS if name in FRONTS else ()
        found = (path for path in tests.iterdir() if re.match(r"test_|[a-z]+$", path.name))
        rest = [] if name in FRONTS else [path for path in found if path.name not in below]
        rest = sorted((path for path in rest if path not in first), key=self._cost)
        own = re.compile(rf"\b{mutated.stem}\b")
        named = [path for path in (tests / name).rglob("test_*.py") if own.search(path.read_text())]
        if 0 < len(named) < 6:
            yield ["-m", "not slow", *map(str, sorted(named))]
        for path in first:
            yield ["-m", "not slow", str(path)]
        if rest and reach != "near":
            yield ["-m", "not slow", *map(str, rest)]
        if reach == "slow":
            yield ["-m", "slow", *map(str, [*first, *rest])]

    def _cost(self, path: Path) -> tuple[bool, str]:
        """Tests of processes and terminals last."""
        return path.name in ("session", "cli", "editor"), path.name

    def _failing(self, mutant: Mutant, tests: list[str]) -> str:
        """The first test that fails twice with the mutant, and not without."""
        for _ in range(5):
            code, output = self._run(tests)
            if code in (0, 5):  # passed, or there are none
                return ""
            found = re.search(r"^(?:FAILED|ERROR) (.*?)(?: - .*)?$", output, re.MULTILINE)
            if found is None or code < 0:
                return f"the end of the tests with {code}"
            if self._run([*tests, "--last-failed"])[0] in (0, 5):
                continue
            self._write((ROOT / mutant.path).read_text(encoding="utf-8"), mutant.path)
            clean = self._run([*tests, "--last-failed"])[0] in (0, 5)
            self._write(mutant.text(), mutant.path)
            if clean:
                return found[1].removeprefix("tests/")
            print(f"fails without a mutant: {found[1]}", flush=True)
            self._broken += [f"--deselect={found[1]}", f"--ignore={found[1]}"]
        return ""

    def _write(self, text: str, path: Path) -> None:
        (self.tree / path).write_text(text, encoding="utf-8")
        for old in (self.tree / "phonon").rglob("__pycache__"):
            shutil.rmtree(old)

    def _run(self, tests: list[str]) -> tuple[int, str]:
        if self.stopped:
            raise InterruptedError
        cache = self.folder / "cache"  # a mutant may leave wrong kernels in it
        shutil.rmtree(cache, ignore_errors=True)
        shutil.copytree(cache_folder(), cache, dirs_exist_ok=True)
        patience = ["-o", f"faulthandler_timeout={SLOWEST_TEST}"]
        patience += ["-o", "faulthandler_exit_on_timeout=true"]
        command = [*contained(), sys.executable, "-m", "pytest", "-q", "-x", *patience]
        command += [*self._broken, *tests]
        home = {"HOME": str(self.folder), "PHONON_CACHE": str(cache), "PYTHONPATH": str(self.tree)}
        with subprocess.Popen(
            command,
            cwd=self.tree,
            env={**os.environ, **home},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        ) as process:
            self.running = process.pid
            try:
                output, _ = process.communicate(timeout=LONGEST_RUN)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                return -signal.SIGKILL, "it never ended"
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # what it has left behind
        return process.returncode, output


def contained() -> list[str]:
    """What keeps a mutant's processes to themselves, where this is allowed."""
    command = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"]
    command += ["sh", "-c", '"$@"; exit $?', "sh"]  # takes leave of processes without a parent
    if shutil.which("unshare") is None:
        return []
    works = subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0
    return command if works else []


def main() -> None:
    """Draw the mutants, test them, and print the score."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--only", default="", help="numbers of single mutants, as printed")
    parser.add_argument("--jobs", type=int, default=1)
    reach = parser.add_mutually_exclusive_group()
    reach.add_argument("--near", dest="reach", action="store_const", const="near", default="all")
    reach.add_argument("--slow", dest="reach", action="store_const", const="slow")
    parser.add_argument("--list", action="store_true", help="print the mutants, test nothing")
    chosen = parser.parse_args()
    numbers = [int(number) for number in chosen.only.split(",") if number]
    numbers = numbers or list(range(chosen.first, chosen.first + chosen.count))
    mutants = drawn(chosen.seed, max(numbers) + 1)
    if chosen.list:
        for number in numbers:
            print(f"[{number}] {mutants[number].diff()}")
        return
    with tempfile.TemporaryDirectory(prefix="mutation-") as folder:
        every = [Workbench(Path(folder, str(job))) for job in range(chosen.jobs)]
        benches: SimpleQueue[Workbench] = SimpleQueue()
        for bench in every:
            benches.put(bench)

        def stop(*_: object) -> None:
            for bench in every:
                bench.stopped = True
                with suppress(ProcessLookupError):
                    if bench.running:
                        os.killpg(bench.running, signal.SIGKILL)
            shutil.rmtree(folder, ignore_errors=True)
            os._exit(1)

        for ending in (signal.SIGINT, signal.SIGTERM):
            signal.signal(ending, stop)

        def tested(number: int) -> bool:
            bench = benches.get()
            begun = time.monotonic()
            failed = bench.verdict(mutants[number], chosen.reach)
            benches.put(bench)
            said = f"caught by {failed}" if failed else "SURVIVED"
            seconds = time.monotonic() - begun
            print(f"[{number}] {said} ({seconds:.0f} s)\n{mutants[number].diff()}", flush=True)
            return bool(failed)

        with ThreadPoolExecutor(chosen.jobs) as pool:
            caught = sum(pool.map(tested, numbers))
    print(f"seed {chosen.seed}: {caught} of {len(numbers)} caught")


if __name__ == "__main__":
    main()
