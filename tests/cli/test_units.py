"""`phonon units`: the words of the language."""

from __future__ import annotations

import pytest

from phonon.cli.run import run
from phonon.lang import lookup

pytestmark = pytest.mark.usefixtures("elsewhere")


def test_all_words_are_listed_by_family(capsys):
    assert run(["units"]) == 0
    shown = capsys.readouterr().out
    for entry in lookup.entries():
        assert f"\n  {entry.name} " in shown


def test_one_word_has_its_arguments_ranges_and_an_example(capsys):
    assert run(["units", "lp"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("… # lpf [cutoff] [q]  (unit)\nalso lp")
    assert "  cutoff: 20 to 20000 Hz, 1000 if not given\n" in shown
    assert "\n  saw 110 # lpf 800 2\n" in shown
    assert run(["units", "rev"]) == 0
    assert "(transform)" in capsys.readouterr().out


def test_an_unknown_word_offers_the_nearest(capsys):
    assert run(["units", "revreb"]) == 1
    assert "reverb" in capsys.readouterr().err


def test_the_markdown_page_has_every_word(capsys):
    assert run(["units", "--markdown"]) == 0
    page = capsys.readouterr().out
    for entry in lookup.entries():
        assert f"**`{entry.usage}`**" in page
