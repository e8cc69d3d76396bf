"""Builds operator sections with several operations, `(+ 1 * 2)`, as a composition of single ones.

What is missing on the left belongs to the first operator as it would in the whole expression:
`(* 2 + 1)` doubles, then adds one. So such a section is a composition of single ones.
"""

from __future__ import annotations

from phonon.errors import Span
from phonon.lang import syntax as ast

# How tightly operators bind; all other operators are one-sided ones, like `#`.
_LEVELS = {"$": 0, "<~": 2, "~>": 2, "+": 3, "-": 3, "*": 4, "/": 4, "%": 4, ".": 5}
_CHAIN = 1


def right_section(
    operator: str, right: ast.Expression, operator_span: Span, span: Span
) -> ast.Section | ast.Compose:
    """The section `(operator right)`, as a composition where the operator takes only the first."""
    tightness = _LEVELS.get(operator, _CHAIN)
    later: list[ast.Expression] = []
    while not grouped(right):
        match right:
            case ast.Dollar() if tightness > 0:
                later += reversed(right.parts[1:])
                right = right.parts[0]
            case ast.Chain() | ast.Binary() if tightness >= _level(right):
                later.append(_single(right))
                right = right.left
            case ast.Shift() if tightness > _level(right):
                later.append(_single(right))
                right = right.left
            case _:
                break
    if not later:
        return ast.Section(None, operator, right, operator_span, span)
    inner = operator_span.joined(right.span)
    first = ast.Section(None, operator, right, operator_span, inner)
    return ast.Compose((*later, first), span)


def grouped(node: ast.Expression) -> bool:
    """Whether a node with operands stood in parentheses: then its span is wider than they are."""
    inside = ast.children(node)
    return bool(inside) and node.span.begin < inside[0].span.begin


def _level(node: ast.Chain | ast.Binary | ast.Shift) -> int:
    return _LEVELS.get(node.operator, _CHAIN)


def _single(node: ast.Chain | ast.Binary | ast.Shift) -> ast.Section:
    span = node.operator_span.joined(node.right.span)
    return ast.Section(None, node.operator, node.right, node.operator_span, span)
