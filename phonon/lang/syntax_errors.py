"""Error messages for syntax errors in programs."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from typing import cast

from lark.exceptions import UnexpectedInput, UnexpectedToken

from phonon.errors import Fault, Span, nearest
from phonon.lang.statement_kinds import NAME, heads

OPERAND = "a number, a string, a name or something in brackets"

HEADS = tuple(spelling for _, head in heads() for spelling in head.spellings)
BARE_HEADS = tuple(word for _, head in heads() if not head.ends for word in head.words)

# The last word or operator before the error; at the beginning, the whole head.
_LAST = re.compile(
    r"(\A~?\w+\s*[:$#]|\|\|?[-+*/%<>]{1,2}\|?|[-+*/%<>]{1,2}\||<~|~>|[:~]?\w[\w']*|\S)\s*\Z"
)
_COMMENT = re.compile(r"--[^\n]*")
# A head behind a space. `~bus #` stands in expressions as well.
_INDENTED = "|".join(replace(head, ends=head.ends.replace("#", "")).regex for _, head in heads())
_INDENTED_HEAD = re.compile(rf"[ \t]+({_INDENTED})")
# A head without its ending; a bare `~bus` is an expression.
_UNFINISHED = tuple(
    (re.compile(rf"{head.word}\b"), head.ends)
    for kind, head in heads()
    if head.ends and not kind.may_be_expression
)

_WITH_EQUALS = " and ".join(
    f"`{word}`" for kind, head in heads() if "EQUALS" in kind.takes for word in head.words
)
EQUALS = f"`=` is for {_WITH_EQUALS}; `~name: …` names a value, `:name …` an argument"

_CHARACTERS = {
    "{": "`{` belongs inside a string",
    "}": "`}` belongs inside a string",
    ";": "no `;` is needed: a statement ends with its line",
    "=": EQUALS,
    "!": "`!` repeats a step inside a string only",
    "?": "`?` drops steps inside a string only",
    "@": "`@` makes a step longer inside a string only",
    "~": "a rest `~` stands inside a string only; a bus is written `~name`",
    ":": "a named argument is written `:name value`, with a space before it",
    "|": "`|` alone is no operator; `|+ |- |* |/ |> |<` are",
    "<": "`<` alone is no operator; alternatives `<a b>` stand inside a string",
    ">": "`>` alone is no operator; alternatives `<a b>` stand inside a string",
    "&": "there is no operator `&`",
    "^": "there is no operator `^`; `pow` raises to a power",
    ".": "a `.` between two functions needs a space on each side, and a number no trailing dot",
    "'": "a `'` stands at the end of a name only, as in `chunk'`; strings have double quotes",
    "\\": "functions have no `\\`; write `fn name x = …`",
    "`": "backquotes have no meaning here",
}
_QUOTES = "“”„‘’«»"

# What people write after a number, and how much of what is meant it is.
_UNITS = {
    "hz": Fraction(1),
    "khz": Fraction(1000),
    "k": Fraction(1000),
    "s": Fraction(1),
    "sec": Fraction(1),
    "ms": Fraction(1, 1000),
    "bpm": Fraction(1),
    "x": Fraction(1),
    "st": Fraction(1),
}
_MEASURED = re.compile(r"(\d+(?:\.\d+)?)([a-z]+|%)\Z", re.IGNORECASE)
# A call behind a dot, `.gain(`, as other languages chain them.
_METHOD = re.compile(r"\.([^\W\d]\w*)\s*\(")


def explain(error: UnexpectedInput, text: str, start: int) -> Fault:
    """The Fault for a syntax error in a statement or expression that begins at `start`."""
    at = position_of(error, text)
    indented = _indented_head(text, at)
    if indented is not None:
        return _left_edge(*indented, start)
    if isinstance(error, UnexpectedToken):
        return _unexpected_token(error, text, at, start)
    return _unexpected_character(text, at, start)


def position_of(error: UnexpectedInput, text: str) -> int:
    """Where Lark stopped in `text`."""
    if _at_end(error):
        return len(text)
    return min(cast("int | None", error.pos_in_stream) or 0, len(text) - 1)


def _at_end(error: UnexpectedInput) -> bool:
    return isinstance(error, UnexpectedToken) and error.token.type == "$END"


def _indented_head(text: str, at: int) -> tuple[str, int] | None:
    """The head that the line of the error begins with, behind spaces, and its offset."""
    line = text.rfind("\n", 0, at) + 1
    found = _INDENTED_HEAD.match(text, line)
    return (found[1], found.start(1)) if found and at < found.end() + 1 else None


def _left_edge(head: str, at: int, start: int) -> Fault:
    message = f"a statement begins at the left edge: remove the space before `{head}`"
    return Fault(message, Span(start + at, start + at + len(head)))


def _unexpected_token(error: UnexpectedToken, text: str, at: int, start: int) -> Fault:
    met, expected = str(error.token), error.expected
    before = _LAST.search(_COMMENT.sub(lambda found: " " * len(found[0]), text[:at]))
    previous = before[1] if before else ""
    place = Span(start + at, start + at + len(met))
    if _at_end(error):
        end = before.end(1) if before else at
        place = Span(start + max(0, end - 1), start + end)
    found = "nothing follows" if _at_end(error) else f"`{met}` follows"
    if "EQUALS" in expected and "TIMES" not in expected:
        return Fault(f"parameters, then ` = ` and the body are expected, but {found}", place)
    if "NUMBER" not in expected:
        if "NAME" in expected or not previous:
            return Fault(f"a name is expected after `{previous}`, but {found}", place)
        return Fault(_after_value(met), place)
    if expected & {"$END", "RPAR", "COMMA", "RSQB"} and previous not in ("[", "("):
        return Fault(_after_value(met), place)
    if previous == "/" and met == "/":
        return Fault("comments begin with `--`", place)
    if previous == "(" and met == ")":
        return Fault(f"these parentheses are empty: {OPERAND} is expected", place)
    if not previous:
        return Fault(f"{OPERAND} is expected, but {found}", place)
    return Fault(f"after `{previous}`, {OPERAND} is expected, but {found}", place)


def _after_value(met: str) -> str:
    if met == ",":
        return "a comma stands between the parts of a list `[ , ]` or a pair `( , )` only"
    if met == "=":
        return EQUALS
    if met.startswith("::"):
        return "a type stands at the end of an expression or in parentheses only"
    return f"an operator such as `#` or `$` is expected before `{met}`"


def _unexpected_character(text: str, at: int, start: int) -> Fault:
    character = text[at]
    place = Span(start + at, start + at + 1)
    if character == ":" and text[:at].endswith("$"):
        return _no_name(start + at - 1)
    if character in _QUOTES:
        return Fault(f'`{character}` is a typographic quote; strings have plain ones: "', place)
    if text.startswith("..", at):
        return Fault('a range stands inside a string: "0 .. 3"', Span(start + at, start + at + 2))
    if character.isdigit() or character == ".":
        written = re.compile(r"[\w.]+").match(text, at)
        if written and written[0] != "." and any(map(str.isdigit, written[0])):
            return _not_a_number(written[0], start + at)
    method = _METHOD.match(text, at)
    if method and at and text[at - 1] in ")\"'":
        return _chained(method[1], Span(start + at, start + method.end(1)))
    return Fault(_CHARACTERS.get(character, f"`{character}` has no meaning here"), place)


def _chained(name: str, place: Span) -> Fault:
    from phonon.lang.lookup import find

    if any(entry.sort == "transform" for entry in find(name)):
        message = (
            f"calls are not chained with `.`; {name} stands before what it changes: {name} … $"
        )
        return Fault(message, place)
    return Fault(f"calls are not chained with `.`; write `# {name}`", place, (f"# {name}",))


def _no_name(at: int) -> Fault:
    """The Fault for `$:`, an output in Strudel."""
    return Fault("an output is written `o1:` to `o16:`, or `out:`", Span(at, at + 2), ("o1:",))


def _not_a_number(word: str, start: int) -> Fault:
    place = Span(start, start + len(word))
    measured = _MEASURED.match(word)
    unit = measured[2].lower() if measured else ""
    if measured and unit in _UNITS:
        meant = f"{float(Fraction(measured[1]) * _UNITS[unit]):g}"
        return Fault(f"`{word}`: numbers are written without their unit", place, (meant,))
    if measured and unit == "db":
        loud = f"{10 ** (-float(measured[1]) / 20):.2g}"
        message = f"`{word}`: numbers are written without their unit; a gain of {loud} is -{word}"
        return Fault(message, place, (measured[1],))
    message = f"`{word}` is neither a number nor a name (names begin with a letter)"
    return Fault(message, place)


def explain_head(text: str, start: int) -> Fault | None:
    """The Fault for a statement without a right head, or None for a bare expression."""
    named = re.match(rf"({NAME})[ \t]*:(?!:)", text)
    if named:
        name = named[1]
        found = [word for word in nearest(f"{name}:", HEADS) if word.endswith(":")]
        place = Span(start, start + named.end())
        return Fault(
            f"there is no statement `{name}:`; a bus is written `~{name}:`",
            place,
            found or (f"~{name}:",),
        )
    for unfinished, ends in _UNFINISHED:
        head = unfinished.match(text)
        if head:
            place = Span(start, start + head.end())
            expected = " or ".join(f"`{end}`" for end in ends)
            message = f"after `{head[0]}`, {expected} is expected"
            return Fault(message, place, (f"{head[0]}{ends[0]}",))
    if text.startswith("$:"):
        return _no_name(start)
    if text.startswith("//"):
        return Fault("comments begin with `--`", Span(start, start + 2), ("--",))
    if re.match(r"let\s", text):
        return Fault("there is no `let`: a value is named with `~name: …`", Span(start, start + 3))
    indented = _indented_head(text, 0)
    if indented is not None:
        return _left_edge(*indented, start)
    operator = re.match(r"<~|~>|\|\S+|[-+*/%]?\||[#$+*/%.,:=)\]}]", text)
    if operator:
        return Fault(
            f"nothing stands to the left of this `{operator[0]}`; comments begin with `--`",
            Span(start, start + operator.end()),
        )
    bus = re.match(r"(~[^\W\d]\w*)\s*=", text)
    if bus:
        place = Span(start, start + bus.end())
        return Fault(f"a bus is defined with `:` or `$`: `{bus[1]}: …`", place, (f"{bus[1]}:",))
    return None


def misspelt_head(text: str, start: int) -> Fault | None:
    """The Fault for a text that begins with what is nearly a head, such as `synht`."""
    from phonon.lang.lookup import find

    word = re.match(NAME, text)
    near = nearest(word[0], BARE_HEADS, 1) if word and not find(word[0]) else ()
    if word is None or not near:
        return None
    place = Span(start, start + word.end())
    return Fault(f"`{word[0]}` begins no statement", place, near)


def bare_expression(text: str, span: Span) -> Fault:
    """The Fault for an expression that stands in a file by itself."""
    from phonon.lang.lookup import find

    word = re.match(r"[^\W\d]\w*", text)
    heads = nearest(word[0], BARE_HEADS, 1) if word else ()
    message = "an expression by itself plays nothing; `out:` before it makes it heard"
    if word and not find(word[0]):
        message = f"`{word[0]}` begins no statement, and an expression needs `out:` to be heard"
        return Fault(message, Span(span.begin, span.begin + len(word[0])), (*heads, "out:"))
    return Fault(message, span, ("out:", *heads))
