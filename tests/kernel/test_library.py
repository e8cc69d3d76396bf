"""Kept code: loaded without numba, compiled when missing, never trusted when damaged."""

import os
import signal
import struct
import subprocess
import sys
import textwrap

import pytest

from phonon.dsp.registry import find, units
from phonon.errors import PhononError
from phonon.kernel import compiler, digest, library
from phonon.kernel.form import audio, helper, read, state
from phonon.kernel.library import KernelKey, item_key, load
from phonon.kernel.object_cache import SUFFIX, ObjectCache

LPF = KernelKey(find("lpf"), 16, "aak")


@pytest.fixture
def fresh(tmp_path):
    """An empty store of our own."""
    before = library.object_cache()
    library.use_object_cache(ObjectCache(tmp_path / "kernels"))
    yield library.object_cache()
    library.use_object_cache(before)


def python(code, **env):
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | env,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


LOAD = """
    import sys, time
    from phonon.dsp.registry import find
    from phonon.kernel.library import KernelKey, load
    steps = []
    load([KernelKey(find("lpf"), 16, "aak")], lambda done, total: steps.append((done, total)))
    print(steps, "numba" in sys.modules)
"""


def test_a_first_start_compiles_elsewhere_and_a_second_only_loads(tmp_path):
    first = python(LOAD, PHONON_CACHE=str(tmp_path))
    assert first.stdout == "[(0, 1), (1, 1)] False\n", first.stderr
    second = python(LOAD, PHONON_CACHE=str(tmp_path))
    assert second.stdout == "[] False\n"


def test_what_is_loaded_is_not_loaded_again(fresh):
    steps = []
    address = load([LPF])[LPF]
    assert load([LPF], lambda *step: steps.append(step))[LPF] == address
    assert steps == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[: len(content) // 2],
        lambda content: content[:-1] + bytes([content[-1] ^ 1]),
        lambda content: b"",
        lambda content: b"something else entirely",
    ],
)
def test_damaged_code_is_compiled_anew(fresh, damage):
    load([LPF])
    path = fresh.folder / f"{item_key(LPF)}{SUFFIX}"
    path.write_bytes(damage(path.read_bytes()))
    library.use_object_cache(fresh)
    steps = []
    load([LPF], lambda *step: steps.append(step))
    assert steps == [(0, 1), (1, 1)]
    assert fresh.get(item_key(LPF))


def test_an_object_cache_that_cannot_be_written_notes_it_and_works(fresh, tmp_path):
    (tmp_path / "file").write_text("in the way")
    library.use_object_cache(ObjectCache(tmp_path / "file" / "kernels"))
    assert load([LPF])[LPF]
    assert "cannot be kept" in library.object_cache().note


def test_the_object_cache_keeps_no_unfinished_files(fresh):
    load([LPF])
    assert [path.suffix for path in fresh.folder.iterdir()] == [SUFFIX]


def test_a_compiler_process_that_dies_raises_an_error_with_its_last_words(fresh, monkeypatch):
    class Doomed(compiler.Worker):
        def send(self, jobs):
            os.kill(self.process.pid, signal.SIGKILL)
            super().send(jobs)

    compiler.stop_workers()
    monkeypatch.setattr(compiler, "Worker", Doomed)
    with pytest.raises(PhononError, match="compiler died"):
        load([LPF])
    monkeypatch.undo()
    assert load([LPF])[LPF]


@pytest.mark.skipif(os.name != "posix", reason="signals of its own")
def test_an_interrupt_ends_the_compiler_processes(tmp_path, popen):
    code = """
        import signal
        signal.signal(signal.SIGINT, signal.default_int_handler)
        from phonon.dsp.registry import units
        from phonon.kernel import compiler
        from phonon.kernel.library import KernelKey, load
        def tell(done, total):
            print(*[worker.process.pid for worker in compiler._workers], flush=True)
        load([KernelKey(u, 1, "k" * len(u.slots)) for u in units().values()], tell)
    """
    process = popen(
        [sys.executable, "-c", textwrap.dedent(code)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PHONON_CACHE": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stdout.readline()  # before the first: no workers yet
    workers = [int(pid) for pid in process.stdout.readline().split()]
    assert workers
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=120)
    assert len(said.splitlines()) < len(units())  # it has not gone on to the end
    for pid in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


@helper
def halved(x):
    return x * 0.5


def smooth(x: audio, *, s: state):
    s = s + halved(x - s)
    return s  # noqa: RET504 — a state


def test_the_key_changes_with_the_code_and_with_what_it_calls():
    def again(source):
        names = {"halved": halved, "audio": audio, "state": state}
        exec(source, names)
        return digest.function_digest(names["smooth"])

    plain = "def smooth(x: audio, *, s: state):\n    s = s + halved(x - s)\n    return s\n"
    commented = plain.replace("    return", "    # a comment\n\n    return")
    assert again(plain) == again(commented) == digest.function_digest(smooth)
    assert again(plain.replace("x - s", "s - x")) != again(plain)
    names = {"helper": helper}
    exec("@helper\ndef halved(x):\n    return x * 0.25\n", names)
    other = {"halved": names["halved"], "audio": audio, "state": state}
    exec(plain, other)
    assert digest.function_digest(other["smooth"]) != digest.function_digest(smooth)


def test_keys_differ_by_width_and_rates():
    form = read(smooth)
    keys = {item_key(KernelKey(form, width, rate)) for width in (1, 16) for rate in "ak"}
    assert len(keys) == 4


def undefined(code):
    """The undefined symbols of a 64-bit little-endian ELF object."""
    headers, count, names = (
        struct.unpack_from("<Q", code, 40)[0],
        *struct.unpack_from("<HH", code, 60),
    )
    sections = [struct.unpack_from("<IIQQQQIIQQ", code, headers + 64 * i) for i in range(count)]
    assert names < count
    found = set()
    for section in sections:
        if section[1] != 2:  # symbol table
            continue
        strings = sections[section[6]][4]
        for place in range(section[4], section[4] + section[5], 24):
            name, info, _, home = struct.unpack_from("<IBBH", code, place)
            if home == 0 and info:
                end = code.index(b"\0", strings + name)
                found.add(code[strings + name : end].decode())
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="reads ELF objects")
def test_kernels_link_to_the_c_library_only():
    keys = [
        KernelKey(unit, 16 if unit.scope == "voice" else 1, "k" * len(unit.slots))
        for unit in units().values()
    ]
    load(keys)
    outside = set()
    for key in keys:
        outside |= undefined(library.object_cache().get(item_key(key)) or b"")
    assert outside <= {"memcpy", "memset", "memmove", "fmodf", "rintf", "floorf"}
