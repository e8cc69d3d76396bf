"""The mixer: the meters of all outputs and of the master."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from phonon.editor.drawing import Mixer, channels

if TYPE_CHECKING:
    from prompt_toolkit.formatted_text import StyleAndTextTuples

    from phonon.editor.editor import Editor

_MIXERS: WeakKeyDictionary[Editor, Mixer] = WeakKeyDictionary()


def mixer(editor: Editor, width: int, height: int) -> list[StyleAndTextTuples]:
    """Rows of the panel."""
    meters = _MIXERS.setdefault(editor, Mixer())
    meters.hear(channels(editor.telemetry), editor.telemetry.frame / editor.telemetry.sample_rate)
    return [[*line] for line in meters.draw(width, height, editor.glyphs)]
