"""The picture of the editor in the README is what a terminal of 80 columns shows."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
SESSION = Path(__file__).with_name("picture_session.py")


def blocks(language: str) -> list[str]:
    readme = (ROOT / "README.md").read_text()
    return re.findall(rf"^```{language}\n(.*?)^```$", readme, re.DOTALL | re.MULTILINE)


def rows(text: str) -> list[str]:
    return [row.rstrip() for row in text.strip("\n").split("\n")]


def test_the_picture_in_the_readme_is_what_the_editor_shows(terminal, tmp_path):
    """After a change: copy what the failing test has seen into the README."""
    (piece,), (picture,) = blocks("phonon"), blocks("text")
    file = tmp_path / "mine.ph"
    file.write_text(piece)
    screen = terminal(80, 16).run(str(SESSION), str(file))
    screen.type("F5")
    screen.wait(
        lambda: any(row.startswith("●") and " o2:" in row for row in rows(screen.text())), "o2"
    )
    screen.type("M-2")
    screen.see("o2 muted")
    screen.write("/cutoff")
    screen.type("Enter", "n", "e", "x", "M-Enter")
    *wanted, message = rows(picture)
    screen.see(message.strip())  # which goes after some seconds
    screen.wait(lambda: rows(screen.text())[: len(wanted)] == wanted, f"the picture:\n{picture}")
