"""The compiling process: reads jobs as JSON lines, writes object code, until its input ends."""

from __future__ import annotations

import base64
import importlib
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from phonon.kernel import build
from phonon.kernel.compiler import Job, symbol
from phonon.kernel.form import read


def compiled(jobs: Sequence[Job]) -> Iterator[tuple[str, bytes, str]]:
    """Yield (key, code, error) of each job; where a kernel fails, the others are compiled alone."""
    kernels = [job for job in jobs if not job.signature]
    if kernels:
        yield from _kernels(kernels)
    for job in jobs:
        if job.signature:
            compilation = partial(build.compile_native, symbol(job.key), job.function)
            yield _attempt(job, compilation)


def _kernels(jobs: Sequence[Job]) -> list[tuple[str, bytes, str]]:
    wanted = [(symbol(job.key), read(job.function), job.width, job.rates) for job in jobs]
    if len(jobs) == 1:
        return [_attempt(jobs[0], lambda: dict(build.compile_kernels(wanted))[wanted[0][0]])]
    try:
        found = dict(build.compile_kernels(wanted))
    except Exception:  # noqa: BLE001 — which of them it was shows when each is alone
        return [answer for job in jobs for answer in _kernels([job])]
    return [(job.key, found[symbol(job.key)], "") for job in jobs]


def _attempt(job: Job, compilation: Callable[[], bytes]) -> tuple[str, bytes, str]:
    try:
        return job.key, compilation(), ""
    except Exception as error:  # noqa: BLE001 — whatever it is, the other process must be told
        return job.key, b"", _complaint(job, error)


def _complaint(job: Job, error: Exception) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    cause = " ".join(line.strip() for line in lines[:6]) or type(error).__name__
    return f"{job.function.__qualname__} cannot be compiled: {cause}"


def job_of(message: dict[str, Any]) -> Job:
    """Import the function that a message names, and make its job."""
    target: Any = importlib.import_module(message["module"])
    for part in str(message["name"]).split("."):
        target = getattr(target, part)
    return Job(message["key"], target, message["width"], message["rates"], message["signature"])


def main() -> None:
    """Serve until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not disturb the answers
    for line in sys.stdin:
        for key, code, error in compiled([job_of(message) for message in json.loads(line)]):
            answer = {"key": key, "code": base64.b64encode(code).decode(), "error": error}
            answers.write(json.dumps(answer).encode() + b"\n")
            answers.flush()


if __name__ == "__main__":
    main()
