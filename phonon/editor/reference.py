"""Reference entries of the language's words, as the editor shows them."""

from __future__ import annotations

import re

from phonon.errors import PhononError
from phonon.lang import lookup

_WORD = re.compile(r"[^\W\d][\w']*")


def word_at(line: str, column: int) -> str:
    """The word under the cursor or after it."""
    for found in _WORD.finditer(line):
        if found.end() > column:
            return found[0]
    return ""


def entry_text(word: str) -> str:
    """All entries of a word. Raises PhononError where there is none."""
    entries = lookup.find(word)
    if not entries:
        near = lookup.near(word)
        offer = f"; did you mean {' or '.join(near)}?" if near else ""
        raise PhononError(f"the language has no word {word}{offer}")
    told = []
    for entry in entries:
        parts = [entry.usage, "", entry.doc, ""]
        parts += [f"  {argument}" for argument in entry.arguments]
        if entry.example:
            parts += ["", f"  {entry.example}"]
        if entry.aliases:
            parts += ["", f"also called {', '.join(entry.aliases)}"]
        told.append("\n".join([f"{entry.sort} ({entry.family})", *parts]).rstrip())
    return "\n\n".join(told)


def signature(line: str, column: int) -> tuple[str, int] | None:
    """The usage of the call that the cursor is in, and the index of the argument at the cursor."""
    before = line[:column]
    if "--" in re.sub(r'"[^"]*"?', "", before):
        return None
    words = re.findall(r'"[^"]*"?|\([^()]*\)|[^\s"#$()]+|[#$(]', before)
    arguments = -1 if before[-1:].strip() else 0
    for word in reversed(words):
        if word in {"#", "$", "("} or word.endswith(":"):
            return None
        if _WORD.fullmatch(word):
            entries = [one for one in lookup.find(word) if one.arguments or one.sort == "control"]
            if entries:
                return _usage(entries[0], max(arguments, 0)), max(arguments, 0)
        arguments += 1
    return None


def _usage(entry: lookup.WordEntry, at: int) -> str:
    argument = entry.arguments[at] if at < len(entry.arguments) else ""
    return f"{entry.usage}   {argument}" if argument else f"{entry.usage}   {entry.summary}"
