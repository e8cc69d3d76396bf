"""Compiles missing kernels in worker processes, so that this process never imports numba."""

from __future__ import annotations

import atexit
import base64
import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, Any, cast

from phonon.errors import PhononError

MANY = 8
"""Jobs from which on a second worker pays for its start (see benchmarks/bench_kernels.py)."""
BATCH = 4
"""Kernels compiled together, and at most lost together."""


@dataclass(frozen=True, slots=True)
class Job:
    """A unit's function at a width and rates, or an engine function with its signature."""

    key: str
    function: Callable[..., Any]
    width: int = 0
    rates: str = ""
    signature: str = ""

    @property
    def importable(self) -> bool:
        """Whether another process finds the function by its name."""
        module = self.function.__module__
        return module.startswith("phonon.") and "<" not in self.function.__qualname__

    def message(self) -> dict[str, object]:
        return {
            "key": self.key,
            "module": self.function.__module__,
            "name": self.function.__qualname__,
            "width": self.width,
            "rates": self.rates,
            "signature": self.signature,
        }


def symbol(key: str) -> str:
    """The name of the function in the object kept under a key."""
    return f"ph_{key}"


def compile_jobs(jobs: Sequence[Job]) -> Iterator[tuple[str, bytes]]:
    """Yield (key, object code) of each job as it is finished."""
    here = [job for job in jobs if not job.importable]
    away = [job for job in jobs if job.importable]
    if away:
        yield from _in_workers(away)
    if here:
        from phonon.kernel.worker import compiled

        for start in range(0, len(here), BATCH):
            for key, code, error in compiled(here[start : start + BATCH]):
                if error:
                    raise PhononError(error)
                yield key, code


class Worker:
    """A process that compiles; it ends when its input does."""

    def __init__(self) -> None:
        self.errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 — closed by kill()
        paths = os.pathsep.join(path or os.getcwd() for path in sys.path)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "phonon.kernel.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            env={**os.environ, "PYTHONPATH": paths},
            start_new_session=os.name == "posix",  # Ctrl-C is ours to deal with
        )
        self.input = cast(IO[bytes], self.process.stdin)
        self.output = cast(IO[bytes], self.process.stdout)

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def send(self, jobs: Sequence[Job]) -> None:
        """Ask for a batch."""
        text = json.dumps([job.message() for job in jobs]) + "\n"
        self.input.write(text.encode())
        self.input.flush()

    def answer(self) -> dict[str, str] | None:
        """The next answer; None when the process has died."""
        line = self.output.readline()
        return json.loads(line) if line.endswith(b"\n") else None

    def last_words(self) -> str:
        """The last line that the process wrote to its error output."""
        self.errors.seek(0)
        lines = self.errors.read().decode(errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "")

    def kill(self) -> None:
        """End the process now."""
        self.process.kill()
        self.process.wait()
        for stream in (self.input, self.output, self.errors):
            with contextlib.suppress(BrokenPipeError):
                stream.close()


_workers: list[Worker] = []


def stop_workers() -> None:
    """End all workers; the next compilation starts new ones."""
    while _workers:
        _workers.pop().kill()


atexit.register(stop_workers)


def _in_workers(jobs: list[Job]) -> Iterator[tuple[str, bytes]]:
    count = 2 if len(jobs) >= MANY and (os.cpu_count() or 1) > 1 else 1
    for worker in [worker for worker in _workers if not worker.alive]:
        _workers.remove(worker)
        worker.kill()  # it has died already; its pipes are still ours
    while len(_workers) < count:
        _workers.append(Worker())
    batches: queue.SimpleQueue[list[Job]] = queue.SimpleQueue()
    for batch in _batches(jobs):
        batches.put(batch)
    answers: queue.SimpleQueue[dict[str, str]] = queue.SimpleQueue()
    for worker in _workers[:count]:
        threading.Thread(target=_feed, args=(worker, batches, answers), daemon=True).start()
    try:
        for _ in jobs:
            answer = answers.get()
            if answer.get("error"):
                raise PhononError(answer["error"])
            yield answer["key"], base64.b64decode(answer["code"])
    except BaseException:
        stop_workers()
        raise


def _batches(jobs: list[Job]) -> list[list[Job]]:
    """Engine functions alone and first (they take longest), kernels a few at a time."""
    natives = [[job] for job in jobs if job.signature]
    kernels = [job for job in jobs if not job.signature]
    return natives + [kernels[start : start + BATCH] for start in range(0, len(kernels), BATCH)]


def _feed(
    worker: Worker,
    batches: queue.SimpleQueue[list[Job]],
    answers: queue.SimpleQueue[dict[str, str]],
) -> None:
    """Give a worker batch after batch; runs in a thread of its own."""
    try:
        while True:
            batch = batches.get_nowait()
            worker.send(batch)
            for _ in batch:
                answer = worker.answer()
                if answer is None:
                    raise EOFError
                answers.put(answer)
    except queue.Empty:
        return
    except (OSError, EOFError, ValueError):
        try:
            words = worker.last_words()
        except ValueError:
            return  # killed by ourselves
        answers.put({"error": f"the kernel compiler died unexpectedly: {words or 'no message'}"})
