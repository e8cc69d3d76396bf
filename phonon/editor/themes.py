"""The themes: the style of each class of cells, for terminals of 16 million to 2 colours."""

from __future__ import annotations

import os

from prompt_toolkit.output import ColorDepth
from prompt_toolkit.styles import Style

# No meaning by colour alone: what sounds is also bold or reversed, an error has its mark and caret.
_SHARED = {
    "lit": "bold",
    "flash": "reverse",
    "selected": "reverse",
    "search.current": "reverse",
    "error.text": "bold",
    "chip": "bold reverse",
    "gutter.current": "bold",
    "matching-bracket.cursor": "bold underline",
    "matching-bracket.other": "bold underline",
    "completion-menu": "reverse",
    "completion-menu.completion.current": "bold noreverse",
    "popup": "",
    "popup.title": "bold",
    "popup.chosen": "reverse",
    "popup.key": "bold",
}

_DARK = {
    "lit": "bold bg:#ffd75f #000000",
    "flash": "bg:#3a5f8a",
    "flash.failed": "bg:#8a3a3a",
    "ph.comment": "#7f8b99 italic",
    "ph.string": "#a8d08d",
    "ph.number": "#f0c674",
    "ph.head": "#82aaff bold",
    "ph.unit": "#c3a6ff",
    "ph.transform": "#7fdbca",
    "ph.control": "#f5a97f",
    "ph.operator": "#9aa5b1",
    "gutter": "#5c6773",
    "gutter.current": "#c8d0d8 bold",
    "gutter.sounding": "#7ee787",
    "gutter.error": "#ff6b6b bold",
    "gutter.muted": "#e5c07b bold",
    "gutter.solo": "#79c0ff bold",
    "gutter.edited": "#e5c07b",
    "gutter.flash": "#79c0ff",
    "error": "#ff6b6b",
    "error.warning": "#e5c07b",
    "status": "bg:#2b3440 #c8d0d8",
    "status.good": "bg:#2b3440 #7ee787",
    "status.warn": "bg:#2b3440 #e5c07b bold",
    "status.bad": "bg:#2b3440 #ff6b6b bold",
    "chip.normal": "bg:#82aaff #000000 bold",
    "chip.insert": "bg:#7ee787 #000000 bold",
    "chip.visual": "bg:#e5c07b #000000 bold",
    "chip.perform": "bg:#ff6b6b #000000 bold",
    "message.error": "#ff6b6b bold",
    "message.warning": "#e5c07b",
    "panel": "#9aa5b1",
    "panel.title": "#82aaff bold",
    "panel.trace": "#7fdbca",
    "panel.bar": "#7ee787",
    "panel.peak": "#c8d0d8",
    "panel.dim": "#5c6773",
    "panel.now": "#ffd75f bold",
    "panel.warn": "#e5c07b bold",
    "panel.bad": "#ff6b6b bold",
    "selected": "bg:#3e4c5e noreverse",
    "search": "bg:#4b4b20",
    "search.current": "bg:#8a7a20 noreverse",
    "completion-menu": "bg:#2b3440 #c8d0d8 noreverse",
    "completion-menu.completion.current": "bg:#82aaff #000000",
    "completion-menu.meta.completion": "bg:#222932 #9aa5b1",
    "completion-menu.meta.completion.current": "bg:#3a5f8a #ffffff",
    "popup": "bg:#1d232b #c8d0d8",
    "popup.title": "#82aaff bold",
    "popup.chosen": "bg:#3a5f8a #ffffff noreverse",
    "popup.key": "#f0c674 bold",
    "matching-bracket.cursor": "bg:#3e4c5e bold",
    "matching-bracket.other": "bg:#3e4c5e bold",
}

_LIGHT = {
    **_DARK,
    "lit": "bold bg:#ffb000 #000000",
    "flash": "bg:#bcd6f5",
    "flash.failed": "bg:#f5bcbc",
    "ph.comment": "#6a737d italic",
    "ph.string": "#1a7f37",
    "ph.number": "#9a6700",
    "ph.head": "#0550ae bold",
    "ph.unit": "#8250df",
    "ph.transform": "#0b7285",
    "ph.control": "#bc4c00",
    "ph.operator": "#57606a",
    "gutter": "#8c959f",
    "gutter.current": "#24292f bold",
    "gutter.sounding": "#1a7f37",
    "gutter.error": "#cf222e bold",
    "gutter.muted": "#9a6700 bold",
    "gutter.solo": "#0550ae bold",
    "gutter.edited": "#9a6700",
    "gutter.flash": "#0550ae",
    "error": "#cf222e",
    "error.warning": "#9a6700",
    "message.error": "#cf222e bold",
    "message.warning": "#9a6700",
    "status": "bg:#d0d7de #24292f",
    "status.good": "bg:#d0d7de #1a7f37",
    "status.warn": "bg:#d0d7de #9a6700 bold",
    "status.bad": "bg:#d0d7de #cf222e bold",
    "panel": "#57606a",
    "panel.title": "#0550ae bold",
    "panel.trace": "#0b7285",
    "panel.bar": "#1a7f37",
    "panel.peak": "#24292f",
    "panel.dim": "#8c959f",
    "panel.now": "#bc4c00 bold",
    "panel.warn": "#9a6700 bold",
    "panel.bad": "#cf222e bold",
    "popup": "bg:#f6f8fa #24292f",
    "popup.title": "#0550ae bold",
    "popup.key": "#9a6700 bold",
    "completion-menu": "bg:#d0d7de #24292f noreverse",
    "completion-menu.meta.completion": "bg:#eaeef2 #57606a",
    "selected": "bg:#c8d8ea noreverse",
    "search": "bg:#fff2b0",
    "search.current": "bg:#ffd33d noreverse",
    "matching-bracket.cursor": "bg:#c8d8ea bold",
    "matching-bracket.other": "bg:#c8d8ea bold",
}

_CONTRAST = {
    **_DARK,
    "lit": "bold bg:#ffff00 #000000",
    "ph.comment": "#bbbbbb",
    "ph.string": "#00ff00 bold",
    "ph.number": "#ffff00 bold",
    "ph.head": "#ffffff bold underline",
    "ph.unit": "#ff8cff bold",
    "ph.transform": "#00ffff bold",
    "ph.control": "#ffaf5f bold",
    "ph.operator": "#ffffff",
    "gutter": "#bbbbbb",
    "status": "bg:#ffffff #000000 bold",
    "status.good": "bg:#ffffff #006000 bold",
    "status.warn": "bg:#ffffff #805000 bold",
    "status.bad": "bg:#ffffff #c00000 bold",
    "panel": "#ffffff",
    "panel.peak": "#ffffff bold",
    "panel.dim": "#bbbbbb",
    "panel.now": "#ffff00 bold",
}

# The sixteen colours of the oldest terminals, by their names.
_SIXTEEN = {
    "lit": "bold reverse",
    "flash": "reverse",
    "ph.comment": "ansibrightblack",
    "ph.string": "ansigreen",
    "ph.number": "ansiyellow",
    "ph.head": "ansiblue bold",
    "ph.unit": "ansimagenta",
    "ph.transform": "ansicyan",
    "ph.control": "ansired",
    "gutter": "ansibrightblack",
    "gutter.sounding": "ansigreen",
    "gutter.error": "ansired bold",
    "gutter.muted": "ansiyellow bold",
    "gutter.solo": "ansicyan bold",
    "gutter.edited": "ansiyellow",
    "error": "ansired",
    "error.warning": "ansiyellow",
    "status": "reverse",
    "status.good": "reverse",
    "status.warn": "reverse bold",
    "status.bad": "reverse bold underline",
    "message.error": "ansired bold",
    "message.warning": "ansiyellow",
    "panel.title": "ansiblue bold",
    "panel.trace": "ansicyan",
    "panel.bar": "ansigreen",
    "panel.peak": "bold",
    "panel.dim": "ansibrightblack",
    "panel.now": "ansiyellow bold",
    "panel.warn": "ansiyellow bold",
    "panel.bad": "ansired bold",
    "popup.key": "ansiyellow bold",
}

_MONOCHROME = {
    "lit": "reverse bold",
    "ph.head": "bold",
    "ph.comment": "italic",
    "gutter.error": "bold",
    "gutter.muted": "bold",
    "gutter.solo": "bold",
    "status": "reverse",
    "status.warn": "reverse bold",
    "status.bad": "reverse bold underline",
    "search": "underline",
    "message.error": "bold",
    "panel.title": "bold",
    "panel.peak": "bold",
    "panel.dim": "",
    "panel.now": "bold",
    "panel.warn": "bold",
    "panel.bad": "reverse bold",
}

THEMES = {"dark": _DARK, "light": _LIGHT, "contrast": _CONTRAST}


def depth() -> ColorDepth:
    """The number of colours of this terminal, as its environment tells; NO_COLOR means none."""
    term = os.environ.get("TERM", "")
    if os.environ.get("NO_COLOR") or term in {"dumb", "vt100", "vt220"}:
        return ColorDepth.DEPTH_1_BIT
    if os.environ.get("COLORTERM") in {"truecolor", "24bit"}:
        return ColorDepth.DEPTH_24_BIT
    if term == "linux" or term in {"xterm", "screen", "ansi", "rxvt"}:
        return ColorDepth.DEPTH_4_BIT
    return ColorDepth.DEPTH_8_BIT


def style(theme: str, colours: ColorDepth) -> Style:
    """The style of a theme at a depth of colours."""
    if colours is ColorDepth.DEPTH_1_BIT:
        chosen = _MONOCHROME
    elif colours is ColorDepth.DEPTH_4_BIT:
        chosen = _SIXTEEN
    else:
        chosen = THEMES[theme]
    return Style.from_dict({**_SHARED, **chosen})
