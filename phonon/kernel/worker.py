"""The compiling process: JSON lines in, object code out, until its input ends."""

from __future__ import annotations

import base64
import importlib
import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from phonon.kernel.compiler import Job, symbol
from phonon.kernel.form import read


def compiled(jobs: Sequence[Job]) -> Iterator[tuple[str, bytes, str]]:
    """(key, code, error) of every job; where one fails, the others are compiled alone."""
    from phonon.kernel import build

    kernels = [job for job in jobs if not job.signature]
    wanted = [(symbol(job.key), read(job.function), job.width, job.rates) for job in kernels]
    try:
        if wanted:
            found = dict(build.compile_kernels(wanted))
            for job in kernels:
                yield job.key, found[symbol(job.key)], ""
    except Exception as error:
        if len(kernels) == 1:
            yield kernels[0].key, b"", _complaint(kernels[0], error)
        else:
            for job in kernels:
                yield from compiled([job])
    for job in jobs:
        if job.signature:
            try:
                code = build.compile_native(symbol(job.key), job.function, job.signature)
            except Exception as error:
                yield job.key, b"", _complaint(job, error)
            else:
                yield job.key, code, ""


def _complaint(job: Job, error: Exception) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    cause = " ".join(line.strip() for line in lines[:6]) or type(error).__name__
    return f"{job.function.__qualname__} cannot be compiled: {cause}"


def job_of(message: dict[str, Any]) -> Job:
    """The job that a message names, its function imported."""
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
