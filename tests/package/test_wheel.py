"""What is published: the wheel has all it needs, and works where there is no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]


def build(source: Path, kind: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (built,) = folder.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The folder of programs of an environment with this wheel, beside what it depends on."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    python = programs / "python"
    (site,) = folder.glob("lib/python*/site-packages")
    # The libraries of this run; a line of a .pth file brings no .pth files with it, so the
    # checkout stays out of sight.
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    (site / "libraries.pth").write_text("\n".join(libraries))
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps"]
    subprocess.run([*command, "--quiet", str(wheel)], check=True, capture_output=True)
    return programs


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def tracked(folder: str, suffix: str) -> set[str]:
    return {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob(f"*{suffix}")}


def test_the_wheel_holds_the_package_its_grammar_and_its_examples_only(wheel):
    held = names(wheel)
    assert tracked("phonon", ".py") <= held
    assert {f"phonon/{name}" for name in tracked("grammar", ".lark")} <= held
    assert {f"phonon/{name}" for name in tracked("examples", ".ph")} <= held
    assert "phonon/py.typed" in held
    assert all(name.startswith("phonon/") for name in held)


def test_the_source_archive_builds_the_same_wheel(wheel, tmp_path):
    source = build(ROOT, "sdist", tmp_path)
    with tarfile.open(source) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert (unpacked / "tests" / "package" / "test_wheel.py").is_file()
    (tmp_path / "wheel").mkdir()
    assert names(build(unpacked, "wheel", tmp_path / "wheel")) == names(wheel)


def environment():
    """Ours without the way to this checkout."""
    return {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}


def phonon(installed, *arguments, folder):
    return subprocess.run(
        [installed / "phonon", *arguments], cwd=folder, capture_output=True, text=True, check=False,
        env=environment(),
    )  # fmt: skip


def test_an_installed_phonon_reads_and_renders(installed, tmp_path):
    where = "import phonon; print(phonon.__file__)"
    home = subprocess.run([installed / "python", "-c", where], capture_output=True, text=True,
                          cwd=tmp_path, check=True, env=environment()).stdout  # fmt: skip
    assert str(ROOT) not in home
    examples = Path(home.strip()).parent / "examples"
    first = min(examples.glob("*.ph"))
    assert phonon(installed, "check", str(first), folder=tmp_path).returncode == 0
    events = phonon(installed, "events", "--expr", 's "bd sn"', "--json", folder=tmp_path)
    assert len(events.stdout.splitlines()) == 2, events.stderr
    done = phonon(installed, "render", str(first), "a.wav", "--cycles", "1", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "a.wav").stat().st_size > 100_000
