"""Syntax highlighting of programs; the colours of a line are cached."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.lexers import Lexer

from phonon.lang import lookup
from phonon.lang.splitter import begins_statement
from phonon.lang.statement_kinds import NAME, heads

MARK = "class:ph"  # every cell of the program's text has it, so that others' cells are left alone

# Any `name:` too, so that a statement looks like one before its head is right.
_HEADS = "|".join(
    [
        rf"~?{NAME}[ \t]*:(?!:)",
        *(
            rf"{head.word}(?={head.ending})" + (rf"[ \t]+{NAME}" if kind.named_after_head else "")
            for kind, head in heads()
        ),
    ]
)
_TOKEN = re.compile(
    r"(?P<comment>--.*)"
    r'|(?P<string>"[^"]*"?)'
    rf"|(?P<head>^(?:{_HEADS}))"
    r"|(?P<bus>~[^\W\d]\w*)"
    r"|(?P<word>[^\W\d][\w']*)"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<operator>[^\s\w\"]+)"
)
_IN_STRING = re.compile(
    r"(?P<number>-?\d+(?:\.\d+)?)|(?P<operator>[^\w\s]+)|(?P<string>[^\W\d]\S*)"
)


class ProgramLexer(Lexer):
    """Lexer of programs for prompt_toolkit."""

    def lex_document(self, document: Document) -> Callable[[int], StyleAndTextTuples]:
        lines = document.lines
        inside = _open_strings(document.text)

        def line(number: int) -> StyleAndTextTuples:
            return _line(lines[number], number in inside) if number < len(lines) else []

        return line


@lru_cache(maxsize=4)
def _open_strings(text: str) -> frozenset[int]:
    """The numbers of lines that begin inside a string."""
    found = set()
    quoted = False
    for number, line in enumerate(text.split("\n")):
        if quoted and begins_statement(line):
            quoted = False
        if quoted:
            found.add(number)
        rest = line
        if not quoted and "--" in line:
            rest = re.sub(r'"[^"]*"', "", line).partition("--")[0]
        if rest.count('"') % 2:
            quoted = not quoted
    return frozenset(found)


@lru_cache(maxsize=4096)
def _line(text: str, inside: bool) -> StyleAndTextTuples:
    found: StyleAndTextTuples = []
    at = 0
    if inside:
        closing = text.find('"')
        at = len(text) if closing < 0 else closing + 1
        found.append(("class:ph.string", text[:at]))
    while at < len(text):
        token = _TOKEN.search(text, at)
        begin = token.start() if token else len(text)
        if begin > at:
            found.append((MARK, text[at:begin]))
        if token is None:
            break
        if token.lastgroup == "string":
            found.extend(_string(token[0]))
        else:
            found.append((_class(token.lastgroup or "", token[0]), token[0]))
        at = token.end()
    return found


def _string(text: str) -> StyleAndTextTuples:
    """The tokens of a string: numbers, operators and words have their own colours."""
    found: StyleAndTextTuples = []
    at = 0
    for token in _IN_STRING.finditer(text):
        if token.start() > at:
            found.append(("class:ph.string", text[at : token.start()]))
        found.append((f"class:ph.{'operator' if token[0] == '~' else token.lastgroup}", token[0]))
        at = token.end()
    if at < len(text):
        found.append(("class:ph.string", text[at:]))
    return found


def _class(kind: str, text: str) -> str:
    if kind == "word":
        return f"class:ph.{words().get(text, 'name')}"
    return f"class:ph.{'head' if kind == 'bus' else kind}"


@cache
def words() -> dict[str, str]:
    """Each word of the language with its sort: unit, transform or control."""
    found: dict[str, str] = {}
    for entry in lookup.entries():
        for name in (entry.name, *entry.aliases):
            found.setdefault(name, entry.sort)
    return found
