"""Parses programs statement by statement and collects the errors of all."""

from __future__ import annotations

import re
import threading
from functools import cache, lru_cache

from lark import Lark
from lark.exceptions import UnexpectedInput

from phonon.errors import Diagnostic, Fault, PhononError, Span
from phonon.lang import limits
from phonon.lang.brackets import check_program_brackets
from phonon.lang.grammars import make_parser
from phonon.lang.mini_parser import parse_mini
from phonon.lang.mini_syntax import Mini
from phonon.lang.splitter import Chunk, split
from phonon.lang.syntax import Expression, Statement, children
from phonon.lang.syntax_errors import (
    bare_expression,
    explain,
    explain_head,
    misspelt_head,
    position_of,
)
from phonon.lang.tree_builder import TreeBuilder, row_fault

REMEMBERED, SHORT = 512, 4096  # statements, of so many characters at most

_STRING = re.compile(r'"([^"]*)(")?|--[^\n]*')
# What no string contains: the quote before it was probably meant to be closed.
_PROGRAM_LIKE = re.compile(r"\s[#$]\s|\s\|[+*/%<>-]")
# A parser builds into one TreeBuilder at a time.
_LOCK = threading.RLock()


def parse_program(source: str) -> tuple[list[Statement], list[Diagnostic]]:
    """The statements of `source` that can be read, and every error of those that cannot."""
    if len(source) > limits.SOURCE_LENGTH:
        message = f"a program may have at most {limits.SOURCE_LENGTH} characters"
        return [], [Diagnostic(message, 1, 1, 1, 1)]
    chunks = split(source)
    statements: list[Statement] = []
    faults: list[Fault] = []
    if len(chunks) > limits.STATEMENTS:
        message = f"a program may have at most {limits.STATEMENTS} statements"
        faults.append(Fault(message, chunks[limits.STATEMENTS].span))
        chunks = chunks[: limits.STATEMENTS]
    for chunk in chunks:
        try:
            short = len(chunk.text) <= SHORT
            read = _statement if short else _statement.__wrapped__
            statements.append(read(chunk.text, chunk.span))
        except _UnreadError as error:
            faults += error.faults
    return statements, [fault.diagnostic(source) for fault in faults]


def parse_expression(source: str) -> Expression:
    """The expression that is all of `source`; raises PhononError with every error found."""
    if not source.strip():
        raise PhononError([Diagnostic("an expression is expected", 1, 1, 1, 1)])
    expression, faults = _parse(Chunk(source, Span(0, len(source))), "expression")
    if faults or expression is None:
        raise PhononError(fault.diagnostic(source) for fault in faults)
    return expression  # type: ignore[return-value]


class _UnreadError(Exception):
    """What is wrong with a statement."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__()
        self.faults = faults


@lru_cache(maxsize=REMEMBERED)
def _statement(text: str, span: Span) -> Statement:
    """The statement in a chunk, which is read once: a performer changes one among many.

    Those that fail are not remembered.
    """
    statement, faults = _parse(Chunk(text, span), "statement")
    if statement is None:
        raise _UnreadError(faults)
    return statement  # type: ignore[return-value]


def _parse(chunk: Chunk, start: str) -> tuple[Statement | Expression | None, list[Fault]]:
    """The tree of a chunk, or None and what is wrong with it."""
    if len(chunk.text) > limits.STATEMENT_LENGTH:
        message = f"a statement may have at most {limits.STATEMENT_LENGTH} characters"
        return None, [Fault(message, chunk.span)]
    with _LOCK:
        bodies, faults, closed = _strings(chunk)
        if not closed:
            return None, faults
        try:
            check_program_brackets(chunk.text, chunk.span.begin)
            tree = _tree(chunk, start, bodies)
        except Fault as fault:
            faults.append(fault)
        else:
            if not faults:
                return tree, []
    return None, sorted(faults, key=lambda fault: (fault.span or chunk.span).begin)


def _strings(chunk: Chunk) -> tuple[dict[int, Mini], list[Fault], bool]:
    """What the strings of a chunk parse to, by their places, and whether all are closed."""
    bodies: dict[int, Mini] = {}
    faults: list[Fault] = []
    suspect: int | None = None
    for found in _STRING.finditer(chunk.text):
        if found[1] is None:
            continue
        begin = chunk.span.begin + found.start()
        if suspect is None and _PROGRAM_LIKE.search(found[1]):
            suspect = begin
        if found[2] is None:
            at = begin if suspect is None else suspect
            unclosed = Fault('this string is never closed: a `"` is missing', Span(at, at + 1))
            return bodies, [*(fault for fault in faults if _before(fault, at)), unclosed], False
        try:
            bodies[begin] = parse_mini(found[1], begin + 1)
        except Fault as fault:
            faults.append(fault)
    return bodies, faults, True


def _before(fault: Fault, at: int) -> bool:
    return fault.span is not None and fault.span.begin < at


def _tree(chunk: Chunk, start: str, bodies: dict[int, Mini]) -> Statement | Expression:
    parser, builder = program_parser()
    begin = chunk.span.begin
    builder.begin(begin, bodies)
    try:
        tree: Statement | Expression = parser.parse(chunk.text, start=start)  # type: ignore[assignment]
    except UnexpectedInput as error:
        if start == "statement" and not chunk.text[: position_of(error, chunk.text)].strip():
            raise _no_statement(chunk, bodies) from None
        raise explain(error, chunk.text, begin) from None
    for row in builder.rows.values():
        raise row_fault(row)
    _check_depth(tree)
    return tree


def _no_statement(chunk: Chunk, bodies: dict[int, Mini]) -> Fault:
    fault = explain_head(chunk.text, chunk.span.begin)
    if fault is not None:
        return fault
    try:
        expression = _tree(chunk, "expression", bodies)
    except Fault as deeper:
        return misspelt_head(chunk.text, chunk.span.begin) or deeper
    return bare_expression(chunk.text, expression.span)


def _check_depth(tree: Statement | Expression) -> None:
    """Refuse a tree that those who walk it by recursion could not walk."""
    level = [tree]
    for _ in range(limits.DEPTH):
        level = [child for node in level for child in children(node)]
        if not level:
            return
    message = f"this is nested more than {limits.DEPTH} levels deep; give a part of it a `~name:`"
    raise Fault(message, level[0].span)


@cache
def program_parser() -> tuple[Lark, TreeBuilder]:
    """The parser of statements and expressions, and the builder that it calls."""
    builder = TreeBuilder()
    return make_parser("phonon", builder), builder
