"""What tests of several rooms share."""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PATIENCE = 60.0  # seconds until a condition is given up; a busy machine is slow, not wrong


@pytest.fixture(scope="session")
def until() -> Callable[..., None]:
    """Waits until a condition is so."""

    def wait(condition: Callable[[], object], what: str = "it", patience: float = PATIENCE) -> None:
        end = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < end, f"{what} never came true"
            time.sleep(0.01)

    return wait


@pytest.fixture(scope="session")
def cost() -> Callable[[Callable[[], object]], float]:
    """The seconds that this thread works on something.

    The least of three, without the collector of garbage: it may have all that the other tests
    have left behind to look through, and the machine may have others to serve.
    """

    def least(work: Callable[[], object]) -> float:
        times = []
        for _ in range(3):
            gc.collect()
            gc.disable()
            try:
                begun = time.thread_time()
                work()
                times.append(time.thread_time() - begun)
            finally:
                gc.enable()
        return min(times)

    return least


@pytest.fixture
def popen() -> Iterator[Callable[..., subprocess.Popen]]:
    """Starts processes, of which none is left when the test has ended, however it has."""
    started = []

    def start(*arguments, **options) -> subprocess.Popen:
        process = subprocess.Popen(*arguments, **options)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
    for process in started:
        with contextlib.suppress(BrokenPipeError), process:
            pass  # closes its pipes and waits


@pytest.fixture
def tiny_disk(tmp_path):
    """A file system of 64 KiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    try:
        mounted = subprocess.run(mounting, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("mounting a file system needs root here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


@pytest.fixture(scope="session")
def ears():
    """The module beside this one."""
    spec = importlib.util.spec_from_file_location("ears", Path(__file__).with_name("ears.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
