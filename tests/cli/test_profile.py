"""`phonon profile`: the time that each unit takes."""

from __future__ import annotations

import pytest

from phonon.cli.run import run

pytestmark = pytest.mark.usefixtures("no_samples")


def test_a_profile_adds_up_to_the_render_loop(program, capsys):
    apart = []
    while not apart or abs(apart[-1]) > 0.1:  # of the work of two renders, in turns
        assert len(apart) < 10, apart
        assert run(["profile", str(program), "--cycles", "16", "--top", "3"]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines[0].split() == ["unit", "ms", "share", "ns/frame"]
        unit, definition = (
            {line[:24].strip(): float(line[24:34]) for line in table.splitlines()[1:]}
            for table in "\n".join(lines).split("\n\n")[:2]
        )
        assert {"o1", "o2", "(engine)"} <= set(definition)
        assert len(unit) == 4  # the rest is one line
        found = {line[:24].strip(): float(line[24:34]) for line in lines[-2:]}
        for table in (unit, definition):
            assert sum(table.values()) == pytest.approx(found["sum"], abs=0.05)
        apart.append(found["sum"] / found["render loop"] - 1)
        assert f"(the sum: {apart[-1]:+.0%}"[:11] in lines[-1]
