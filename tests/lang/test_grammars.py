"""The grammars have no conflicts, are found in wheels, and load from a cache."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import lark
import pytest

from phonon.kernel.object_cache import default_folder
from phonon.lang import grammars
from phonon.lang.mini_parser import MiniBuilder
from phonon.lang.tree_builder import TreeBuilder


@pytest.mark.parametrize("name", ["phonon", "mini"])
def test_no_grammar_has_a_conflict(name: str, caplog: pytest.LogCaptureFixture) -> None:
    level = lark.logger.level
    lark.logger.setLevel(logging.DEBUG)
    try:
        with caplog.at_level(logging.DEBUG, logger="lark"):
            lark.Lark(
                grammars.grammar_text(name),
                parser="lalr",
                start=list(grammars.STARTS[name]),
                debug=True,
            )
    finally:
        lark.logger.setLevel(level)
    assert not [text for text in caplog.messages if "onflict" in text]


@pytest.mark.parametrize(("name", "builder"), [("phonon", TreeBuilder()), ("mini", MiniBuilder())])
def test_every_alternative_of_a_grammar_has_a_builder_method(name: str, builder: object) -> None:
    parser = lark.Lark(
        grammars.grammar_text(name), parser="lalr", start=list(grammars.STARTS[name])
    )
    named = {rule.alias for rule in parser.rules if rule.alias}
    assert named
    assert not [alias for alias in named if not hasattr(builder, alias)]


def test_the_grammar_of_expressions_contains_no_keyword() -> None:
    text = (grammars.grammar_folder() / "phonon.lark").read_text(encoding="utf-8")
    terminals = "\n".join(
        re.sub(r"\\\w", "", line.partition(":")[2])
        for line in text.splitlines()
        if re.match(r"[A-Z_]+(\.\d)?:", line)
    )
    assert not re.findall(r"[a-z]{2,}", terminals)


def test_parser_tables_are_read_from_the_cache(tmp_path: Path) -> None:
    grammars.make_parser("mini", MiniBuilder(), tmp_path)
    kept = list(tmp_path.iterdir())
    assert len(kept) == 1
    before = kept[0].stat().st_mtime_ns
    parser = grammars.make_parser("mini", MiniBuilder(), tmp_path)
    assert kept[0].stat().st_mtime_ns == before
    assert parser.parse("bd sn")


def test_the_grammar_cache_is_in_the_cache_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PHONON_CACHE", str(tmp_path))
    grammars.make_parser("mini", MiniBuilder())
    assert [path.parent.name for path in tmp_path.rglob("mini-*.tables")] == ["grammar"]
    assert default_folder().parent == tmp_path


def test_a_broken_cache_is_rebuilt(tmp_path: Path) -> None:
    grammars.make_parser("mini", MiniBuilder(), tmp_path)
    kept = next(tmp_path.iterdir())
    kept.write_bytes(b"nonsense")
    assert grammars.make_parser("mini", MiniBuilder(), tmp_path).parse("bd sn")


def test_a_cache_that_cannot_be_written_is_no_failure(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert grammars.make_parser("mini", MiniBuilder(), blocked / "grammar").parse("bd sn")


def test_the_grammars_are_found_inside_an_installed_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "phonon" / "grammar"
    inside.mkdir(parents=True)
    (inside / "phonon.lark").touch()
    monkeypatch.setattr(grammars, "__file__", str(tmp_path / "phonon" / "lang" / "grammars.py"))
    assert grammars.grammar_folder() == inside


def test_missing_grammars_are_an_error_that_says_to_reinstall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grammars, "__file__", str(tmp_path / "phonon" / "lang" / "grammars.py"))
    with pytest.raises(FileNotFoundError, match="reinstall"):
        grammars.grammar_folder()
