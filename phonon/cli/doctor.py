"""Show what Phonon finds on this machine: versions, folders, samples, devices."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

from phonon import __version__

HELP = "say what Phonon finds on this machine"

PACKAGES = (
    *("numba", "llvmlite", "numpy", "lark", "sounddevice", "soundfile", "prompt_toolkit"),
    *("platformdirs", "msgspec"),
)

Line = tuple[str, str, str]  # "ok", "note" or "problem"; what; what was found


def arguments(_parser: argparse.ArgumentParser) -> None:
    """The command has none."""


def run(_options: argparse.Namespace) -> int:
    """Print what is found; exit 1 if something that rendering needs is missing."""
    broken = False
    for state, what, found in examine():
        mark = {"ok": " ", "note": "·", "problem": "!"}[state]
        print(f"{mark} {what:<14} {found}")
        broken |= state == "problem"
    return 1 if broken else 0


def examine() -> Iterator[Line]:
    """All findings, in order."""
    yield "ok", "phonon", __version__
    yield "ok", "python", f"{platform.python_version()} ({sys.executable})"
    yield "ok", "system", f"{platform.system()} {platform.release()} {platform.machine()}"
    yield "ok", "processors", str(os.cpu_count())
    for package in PACKAGES:
        found = _version(package)
        yield ("ok", package, found) if found else ("problem", package, "missing")
    yield _cache()
    yield from _samples()
    yield _sound_files()
    yield from _devices()
    yield _priority()


def _version(package: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _cache() -> Line:
    from phonon.kernel.object_cache import cache_folder

    path = cache_folder()
    files = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else []
    size = sum(file.stat().st_size for file in files) / 2**20
    found = f"{path} ({len(files)} files, {size:.1f} MiB)"
    if not _writable(path):
        return "note", "cache", f"{found}; cannot be written: kernels are compiled at every start"
    return "ok", "cache", found


def _writable(path: Path) -> bool:
    """Whether `path`, or the folder in which it would be made, may be written."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return path.is_dir() and os.access(path, os.W_OK)


def _samples() -> Iterator[Line]:
    from phonon.audio.sample_folders import config_file, sample_folders
    from phonon.audio.samples import SampleLibrary
    from phonon.errors import PhononError

    path = config_file()
    yield "ok", "configuration", f"{path}{'' if path.exists() else ' (none)'}"
    try:
        folders = sample_folders()
    except PhononError as error:
        yield "problem", "samples", error.diagnostics[0].message
        return
    if not folders:
        yield "ok", "samples", "no folders; the built-in kit and instruments sound without"
    for folder in folders:
        library = SampleLibrary([folder], 48_000)
        banks = library.banks()
        sounds = sum(len(library.files(bank)) for bank in banks)
        state = "ok" if banks else "note"
        yield state, "samples", f"{folder} ({len(banks)} banks, {sounds} sounds)"


def _sound_files() -> Line:
    from phonon.audio.samples import sound_file_library
    from phonon.errors import PhononError

    try:
        return "ok", "sound files", sound_file_library()
    except PhononError as error:
        return "note", "sound files", error.diagnostics[0].message


def _devices() -> Iterator[Line]:
    from phonon.audio.device import devices

    found, trouble = devices()
    if trouble:
        yield "note", "devices", f"{trouble}; rendering to files needs none"
    for name in found:
        yield "ok", "device", name
    if found:
        yield _audio_thread()


def _audio_thread() -> Line:
    from phonon.audio.device_probe import probe
    from phonon.errors import PhononError

    try:
        info = probe()
    except PhononError as error:
        return "note", "audio thread", error.diagnostics[0].message
    found = f"{info.priority}, {info.callback} callback, {info.latency_ms:.1f} ms at {info.block}"
    state = "ok" if info.priority.startswith("SCHED") or "system" in info.priority else "note"
    return state, "audio thread", f"{found} frames"


def _priority() -> Line:
    from phonon.audio.thread_priority import allowed_priority, may_lock_memory

    allowed, sentence = allowed_priority()
    if may_lock_memory():
        sentence += ", and memory may be locked"
    return "ok" if allowed else "note", "priority", sentence
