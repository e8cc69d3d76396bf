"""Fixtures that several packages of tests share."""

from __future__ import annotations

import collections
import contextlib
import gc
import importlib.util
import subprocess
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Examples are the same in every run, and take the time they take: a suite that fails has found
# something. `--hypothesis-profile=default` looks for new ones.
settings.register_profile(
    "steady", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("steady")

PATIENCE = 60.0  # seconds until a condition is given up; a busy machine is slow, not wrong


@pytest.fixture(scope="session")
def until() -> Callable[..., None]:
    """Waits until a condition holds."""

    def wait(condition: Callable[[], object], what: str = "it", patience: float = PATIENCE) -> None:
        end = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < end, f"{what} never came true"
            time.sleep(0.01)

    return wait


@pytest.fixture(scope="session")
def cost() -> Callable[[Callable[[], object]], float]:
    """The CPU seconds of this thread for a call.

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
    """Starts processes, and ends them after the test, even if it fails."""
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
    """The module `ears`: measurements of sounds."""
    spec = importlib.util.spec_from_file_location("ears", Path(__file__).with_name("ears.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class FreedMemory:
    """Memory that programs have given back, kept and filled with a byte pattern.

    Later writes show in `overwritten`; a later read of an address crashes the process, and a later
    read of a signal is loud noise.
    """

    PATTERN = 0xA5
    MOST = 64 << 20  # bytes

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from phonon.engine.arena import Arena

        self.freed = 0
        self._chunks: collections.deque = collections.deque()
        self._bytes = 0
        taken = Arena.take
        known: weakref.WeakSet = weakref.WeakSet()

        def take(arena: Arena, size: int, what: str) -> int:
            if arena not in known:
                known.add(arena)
                weakref.finalize(arena, self._keep, arena._chunks).atexit = False
            return taken(arena, size, what)

        monkeypatch.setattr(Arena, "take", take)

    def _keep(self, chunks: list) -> None:
        for chunk in chunks:
            chunk.fill(self.PATTERN)
            self._chunks.append(chunk)
            self._bytes += len(chunk)
            self.freed += 1
        while self._bytes > self.MOST:
            self._bytes -= len(self._chunks.popleft())

    @property
    def overwritten(self) -> int:
        """The number of chunks that were written to after they were given back."""
        words = (chunk[: len(chunk) // 8 * 8].view("u8") for chunk in list(self._chunks))
        return sum(bool((found != 0x0101010101010101 * self.PATTERN).any()) for found in words)


@pytest.fixture
def freed_memory(monkeypatch: pytest.MonkeyPatch) -> FreedMemory:
    """Watches the memory that programs give back."""
    return FreedMemory(monkeypatch)
