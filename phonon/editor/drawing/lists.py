"""Lists of events and of evaluations, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from phonon.editor.drawing.cells import (
    BAD,
    BAR,
    DIM,
    PANEL,
    SELECTED,
    WARN,
    StyledLine,
    cut,
    header,
    narrow,
    spread,
    stacked,
    window,
)
from phonon.editor.glyphs import FANCY, Glyphs
from phonon.session.protocol import UpcomingEvent

SLOW = 50.0  # milliseconds of an evaluation


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """An event as a row: the cycle at which it began, its controls, its output or bus if known."""

    cycle: float
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """An evaluation as a row: the time of day, what was evaluated, whether it played."""

    clock: str
    what: str
    ok: bool
    milliseconds: float = 0.0
    note: str = ""


def listed_events(events: Iterable[UpcomingEvent]) -> list[ListedEvent]:
    """Events as rows."""
    return [ListedEvent(event.begin, describe(event.controls), event.output) for event in events]


def describe(controls: Mapping[str, object]) -> str:
    """An event's controls in the language's words: `s bd:3 gain 0.8`; `~` for a signal."""
    numbered = "s" in controls and "n" in controls
    words = []
    for control, own in controls.items():
        if control == "n" and numbered:
            continue
        word = _word(own)
        if control == "s" and numbered:
            word += f":{_word(controls['n'])}"
        words.append(f"{control} {word}")
    return " ".join(words)


def draw_events(
    found: Sequence[ListedEvent], cycle: float, width: int, height: int, glyphs: Glyphs = FANCY
) -> list[StyledLine]:
    """The events that have begun by `cycle`, the newest first."""
    played = [entry for entry in found if entry.cycle <= cycle]
    played.sort(key=lambda entry: -entry.cycle)
    lines = [header("events", [], width)]
    for entry in played[: max(height - 1, 0)]:
        name = cut(narrow(entry.name, glyphs), 7) + " " if entry.name else ""
        text = name + narrow(entry.text, glyphs)
        clock = f"{entry.cycle:.3f} "
        lines.append([(DIM, clock), (PANEL, cut(text, max(width - len(clock), 0)))])
    return stacked(lines, width, height)


def draw_history(
    versions: Sequence[ListedVersion],
    width: int,
    height: int,
    glyphs: Glyphs = FANCY,
    *,
    chosen: int | None = None,
) -> list[StyledLine]:
    """Evaluations, given oldest first and shown newest first; `chosen` is an index into them."""
    rows = max(height - 1, 0)
    lines = [header("history", ["g- g+ walk"], width)]
    last = len(versions) - 1
    for at in window(len(versions), 0 if chosen is None else last - chosen, rows):
        version, mine = versions[last - at], last - at == chosen
        mark = glyphs.chosen if mine else " "
        head = f"{mark}{version.clock} {narrow(version.what, glyphs)} "
        told = f"ok {version.milliseconds:.1f} ms"
        if not version.ok:
            told = f"{glyphs.error} {narrow(version.note, glyphs)}".rstrip()
        room = max(width - min(len(head), 18), 1)
        style = BAD if not version.ok else WARN if version.milliseconds > SLOW else BAR
        style = f"{style}{' class:selected' if mine else ''}"
        result = cut(told, min(len(told), room))
        lines.append(spread([(SELECTED if mine else PANEL, head)], [(style, result)], width))
    return stacked(lines, width, height)


def _word(value: object) -> str:
    if isinstance(value, bool | str):
        return str(value)
    if isinstance(value, int | float):
        return f"{value:.4g}"
    return "~"  # a signal, which has no figure
