"""What tests of several rooms share."""

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


class Graveyard:
    """Programs' memory that nobody has any more: filled with a pattern that has to stay.

    Whoever still writes there is found by `disturbed`; whoever reads an address there is found by
    the process's end, and whoever reads a signal hears it.
    """

    PATTERN = 0xA5
    MOST = 64 << 20  # bytes

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from phonon.engine.arena import Arena

        self.buried = 0
        self._graves: collections.deque = collections.deque()
        self._bytes = 0
        taken = Arena.take
        known: weakref.WeakSet = weakref.WeakSet()

        def take(arena: Arena, size: int, what: str) -> int:
            if arena not in known:
                known.add(arena)
                weakref.finalize(arena, self._bury, arena._chunks).atexit = False
            return taken(arena, size, what)

        monkeypatch.setattr(Arena, "take", take)

    def _bury(self, chunks: list) -> None:
        for chunk in chunks:
            chunk.fill(self.PATTERN)
            self._graves.append(chunk)
            self._bytes += len(chunk)
            self.buried += 1
        while self._bytes > self.MOST:
            self._bytes -= len(self._graves.popleft())

    @property
    def disturbed(self) -> int:
        """How many pieces of memory somebody has written to after they were given back."""
        words = (chunk[: len(chunk) // 8 * 8].view("u8") for chunk in list(self._graves))
        return sum(bool((found != 0x0101010101010101 * self.PATTERN).any()) for found in words)


@pytest.fixture
def graveyard(monkeypatch: pytest.MonkeyPatch) -> Graveyard:
    """Memory of programs is watched once it is given back."""
    return Graveyard(monkeypatch)
