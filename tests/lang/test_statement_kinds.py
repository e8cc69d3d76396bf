"""Every reader of statements follows the table of their kinds."""

from __future__ import annotations

import re

import pytest
from prompt_toolkit.document import Document

from phonon.editor.completion import ProgramCompleter
from phonon.editor.highlight import ProgramLexer
from phonon.editor.statements import statements
from phonon.lang.compiler import compile_program
from phonon.lang.parser import parse_program
from phonon.lang.reference import page
from phonon.lang.splitter import split
from phonon.lang.statement_kinds import KINDS, Head, StatementKind, definition, definitions, heads
from phonon.lang.statement_lowering import DECLARATIONS, LOWERINGS
from phonon.lang.statement_syntax import SYNTAX
from phonon.session.definitions import name_of

EXAMPLES = [(kind, head, example) for kind, head in heads() for example in head.examples]
WORDS = [(kind, head, word) for kind, head in heads() for word in head.words]

each_example = pytest.mark.parametrize(
    ("kind", "head", "example"), EXAMPLES, ids=[example for _, _, example in EXAMPLES]
)
each_word = pytest.mark.parametrize(
    ("kind", "head", "word"), WORDS, ids=[word for _, _, word in WORDS]
)


def misspelt(word: str) -> str:
    """A word with its last two letters changed over, or with one too many."""
    changed = word[:-2] + word[-1] + word[-2]
    return changed if len(word) > 2 and changed != word else f"{word}x"


def completed(text: str) -> dict[str, str]:
    completer = ProgramCompleter(None)  # type: ignore[arg-type]
    found = completer.found(Document(text, len(text)), True)
    return {item.text: item.display_meta_text for item in found}


def test_every_kind_has_its_row_its_class_and_its_function() -> None:
    names = [kind.name for kind in KINDS]
    assert len(set(names)) == len(names)
    assert set(SYNTAX) == set(names)
    assert set(DECLARATIONS) | set(LOWERINGS) == set(names)
    for kind, head in heads():
        assert head.examples
        assert head.help, kind.name


@each_example
def test_the_example_of_a_kind_is_read_as_that_kind(
    kind: StatementKind, head: Head, example: str
) -> None:
    found, diagnostics = parse_program(example)
    assert not diagnostics
    assert [statement.kind for statement in found] == [kind.name]
    assert type(found[0]) is SYNTAX[kind.name]


@each_example
def test_the_example_of_a_kind_compiles(kind: StatementKind, head: Head, example: str) -> None:
    _, diagnostics = compile_program(f"o1: silence\no2: silence\no3: silence\n{example}")
    assert not [found for found in diagnostics if "twice" not in found.message]


@each_example
@pytest.mark.parametrize("open_", ["(", 's "bd'])
def test_a_kind_begins_a_statement_also_behind_an_open_bracket_or_quote(
    kind: StatementKind, head: Head, example: str, open_: str
) -> None:
    assert [chunk.text for chunk in split(f"~a: {open_}\n{example}")] == [f"~a: {open_}", example]


@each_example
def test_a_kind_has_one_name_for_the_session_and_the_editor(
    kind: StatementKind, head: Head, example: str
) -> None:
    found = definition(example)
    key = found.key if found else ""
    assert bool(key) == (kind.defines != "nothing")
    assert name_of(example) == key
    assert [one.name for one in statements(example)] == [key]
    # A mistake further on takes the name from no statement.
    assert name_of(f"{example} ((") == key


@each_example
def test_the_head_of_a_kind_is_highlighted(kind: StatementKind, head: Head, example: str) -> None:
    style, text = ProgramLexer().lex_document(Document(example))(0)[0][:2]
    assert style == "class:ph.head"
    found = definition(example)
    assert (
        found is None
        or kind.defines in ("setting", "output")
        or text.rstrip(":").endswith(found.name)
    )


@each_example
def test_a_kind_is_in_the_reference(kind: StatementKind, head: Head, example: str) -> None:
    (row,) = [line for line in page().splitlines() if f"`{example}`" in line and "|" in line]
    assert head.help in row


@each_word
def test_a_head_is_completed_at_the_beginning_of_a_line_only(
    kind: StatementKind, head: Head, word: str
) -> None:
    spelling = word + head.ends[:1]
    assert completed(word)[spelling].startswith(kind.noun)
    assert spelling not in completed(f"~a: {word}") or not head.ends


@each_example
def test_what_a_kind_defines_is_completed(kind: StatementKind, head: Head, example: str) -> None:
    found = definition(example)
    assert list(definitions(f"{example}\n   # x")) == ([found] if found else [])
    if found is None or kind.defines in ("setting", "output"):
        return
    assert (
        completed(f"{example}\no1: {found.name[:3]}")[found.name] == f"{kind.noun} of this program"
    )


@each_word
def test_a_misspelt_head_is_explained_by_the_right_one(
    kind: StatementKind, head: Head, word: str
) -> None:
    written = re.match(head.word, head.examples[0])
    assert written is not None
    rest = head.examples[0][written.end() :]
    _, (found, *_) = parse_program(misspelt(word) + rest)
    assert (found.line, found.column) == (1, 1)
    near = {word + head.ends[:1], *head.spellings}
    assert near & set(found.suggestions), found


@pytest.mark.parametrize(("head", "word"), [(head, word) for _, head, word in WORDS if head.ends])
def test_a_head_without_its_ending_is_explained(head: Head, word: str) -> None:
    _, (found,) = parse_program(f"{word} 3")
    assert found.message.startswith(f"after `{word}`, `{head.ends[0]}`")
    assert found.suggestions == (word + head.ends[0],)


@each_example
def test_an_indented_statement_is_told_to_begin_at_the_left_edge(
    kind: StatementKind, head: Head, example: str
) -> None:
    if example == "~dark # lpf 400":
        return  # an expression too
    _, (found, *_) = parse_program(f"  {example}")
    assert "left edge" in found.message, found
