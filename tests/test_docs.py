"""The documentation: commands, examples and reference are checked."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

import phonon
from phonon.lang import lookup, reference

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
PAGES = [
    ROOT / name for name in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md")
]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def sounds(source: str) -> bool:
    return bool(abs(phonon.render(source, cycles=1)).max() > 1e-3)


def test_the_second_command_is_the_one_that_ci_runs():
    command = blocks(README, "sh")[1].strip()
    assert command in (ROOT / ".ci" / "run").read_text()


def test_the_first_command_renders_an_example_that_exists():
    (example,) = re.findall(r"examples/\S+", blocks(README, "sh")[0])
    assert (ROOT / example).is_file()


def test_the_first_program_is_the_first_example():
    (piece,) = blocks(README, "phonon")
    example = min((ROOT / "examples").glob("*.ph")).read_text()
    comment, _, rest = example.partition("\n")
    assert comment.startswith("-- ")
    assert rest == piece


def test_every_module_that_the_architecture_names_exists():
    layers = sorted(path.name for path in (ROOT / "phonon").iterdir() if path.is_dir())
    text = (ROOT / "ARCHITECTURE.md").read_text()
    named = re.findall(rf"\b(?:{'|'.join(layers)})/[a-z_/]+", text)
    assert len(named) > 40
    missing = [
        name
        for name in named
        if not (ROOT / "phonon" / name).is_dir() and not (ROOT / f"phonon/{name}.py").is_file()
    ]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_program_in_the_documentation_is_correct_and_sounds(page):
    for program in blocks(page.read_text(), "phonon"):
        assert phonon.check(program) == []
        assert sounds(program)


def test_the_python_of_the_readme_gives_what_it_shows():
    (code,) = blocks(README, "python")
    test = doctest.DocTestParser().get_doctest(code, {}, "README.md", "README.md", 0)
    assert doctest.DocTestRunner().run(test).failed == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_the_project_has_a_target(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_every_command_of_the_readme_is_a_command():
    from phonon.cli.run import COMMANDS

    for command in re.findall(r"^phonon (\w+)", README, re.MULTILINE):
        assert command in COMMANDS


def test_the_reference_is_made_from_the_registries():
    """After a change: phonon units --markdown > grammar/reference.md"""
    assert (ROOT / "grammar" / "reference.md").read_text() == reference.page()


def test_the_table_of_keys_is_made_from_the_key_map(capsys):
    """After a change: phonon keys --markdown, into the last section of the README"""
    from phonon.cli.run import run

    assert run(["keys", "--markdown"]) == 0
    _, _, section = README.partition("## The keys\n")
    assert section[section.index("| ") :] == capsys.readouterr().out


def lines(sort: str) -> list:
    return [
        pytest.param(line, id=entry.name)
        for entry in lookup.entries()
        if entry.sort == sort
        for line in entry.example.splitlines()[:1]
    ]


@pytest.mark.parametrize("line", lines("transform"))
def test_the_example_of_every_transform_has_events(line):
    assert phonon.pattern(line).query(0, 8)


@pytest.mark.parametrize("line", lines("unit"))
def test_the_example_of_every_unit_is_a_correct_program(line):
    found = phonon.check(f"out: {line}")
    assert [error for error in found if error.severity == "error"] == []


@pytest.mark.slow
@pytest.mark.parametrize("line", lines("unit"))
def test_the_example_of_every_unit_sounds(line):
    assert sounds(f"cps: 2\nout: {line}")


def test_every_word_has_help_and_every_unit_and_transform_an_example():
    for entry in lookup.entries():
        assert entry.doc, entry.name
        assert entry.example or entry.sort == "control", entry.name


CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_contributing_lists_every_kind_of_argument():
    from phonon.patterns.registry import KINDS

    rows = re.findall(r"^   \| `(\w+)` \| (.+?) \|", CONTRIBUTING, re.MULTILINE)
    assert dict(rows) == KINDS


@pytest.mark.parametrize(
    "row",
    re.findall(r"^\| `memory\((.+?)\)` \| (.+?) \| (.+?) \| (.+?) \|$", CONTRIBUTING, re.MULTILINE),
)
def test_contributing_states_what_a_delay_line_costs_a_voice(row):
    from phonon.engine.patch_memory import PATCH_LIMIT, SPARE_VOICES
    from phonon.kernel.form import memory
    from phonon.kernel.io_layout import WIDTH, Slot, capacity, line_bytes

    slot = Slot("line", memory(float(row[0])))
    frames = capacity(slot, 48_000)
    group = line_bytes(slot, WIDTH, frames)
    voices = PATCH_LIMIT // group * WIDTH
    shown = "all" if voices >= 256 + SPARE_VOICES else f"{voices}"
    assert row[1:] == (f"{frames:,}", f"{4 * frames:,}", shown)
