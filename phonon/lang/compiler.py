"""Entry points: `compile_program` (text to score), `compile_pattern` (expression to pattern).

`program.Program` does the work on a program.
"""

from __future__ import annotations

from phonon.errors import Diagnostic, Fault, PhononError, Span
from phonon.lang import syntax as ast
from phonon.lang.conversions import build_pattern
from phonon.lang.evaluator import Evaluator
from phonon.lang.name_resolver import NameResolver
from phonon.lang.parser import parse_expression, parse_program
from phonon.lang.program import Program
from phonon.lang.values import Value, is_signal
from phonon.patterns import Pattern, with_rng
from phonon.score import Score


def compile_program(
    source: str, *, rng: str | None = None, require_output: bool = True
) -> tuple[Score, list[Diagnostic]]:
    """Compile a program to its score; returns the diagnostics of all its mistakes too.

    The score holds what could be understood; with any diagnostic of severity "error" it is not
    what was written. `rng` overrides the program's own `rng:` statement. With `require_output`, as
    for a whole file, a program without an output is wrong; a block that is evaluated needs none.
    """
    statements, diagnostics = parse_program(source)
    score = Program(source, statements, diagnostics, rng).compiled(require_output=require_output)
    diagnostics.sort(key=lambda diagnostic: (diagnostic.line, diagnostic.column))
    return score, diagnostics


def compile_pattern(source: str, *, rng: str = "precise") -> Pattern:
    """Compile an expression, or mini-notation without quotes, to a pattern.

    Raises PhononError.
    """
    with with_rng(rng):
        if '"' in source:
            return _meaning(source, parse_expression(source))
        try:
            node = parse_expression(source)
        except PhononError:
            return _unquoted_pattern(source)
        try:
            if any(letter.isalpha() for letter in source):
                return _meaning(source, node)
        except PhononError as error:
            try:
                return _unquoted_pattern(source)
            except PhononError:
                raise error from None
        return _unquoted_pattern(source)


def _unquoted_pattern(source: str) -> Pattern:
    quoted = f'"{source}"'
    try:
        return _meaning(quoted, parse_expression(quoted))
    except PhononError as error:
        raise PhononError([_unquoted(d) for d in error.diagnostics]) from None


def _meaning(source: str, node: ast.Expression) -> Pattern:
    try:
        value = Evaluator(NameResolver(_NoBuses())).value(node)
        if is_signal(value):
            raise Fault("a signal has no events", node.span)
        return build_pattern(value, "auto")
    except Fault as fault:
        raise PhononError([fault.placed(node.span).diagnostic(source)]) from None


def _unquoted(diagnostic: Diagnostic) -> Diagnostic:
    """The diagnostic moved back by the quote that was put before the text."""
    shift = 1 if diagnostic.line == 1 else 0
    end_shift = 1 if diagnostic.end_line == 1 else 0
    return Diagnostic(
        diagnostic.message,
        diagnostic.line,
        max(diagnostic.column - shift, 1),
        diagnostic.end_line,
        max(diagnostic.end_column - end_shift, 1),
        diagnostic.suggestions,
        diagnostic.severity,
    )


class _NoBuses:
    """An empty set of buses, for an expression outside any program."""

    def value(self, name: str, span: Span) -> Value:
        raise Fault(f"there is no bus ~{name} here", span)

    def definition(self, name: str) -> Value:
        raise Fault(f"there is no bus ~{name} here")

    def names(self) -> list[str]:
        return []
