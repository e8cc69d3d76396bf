"""Syntax trees of programs."""

from __future__ import annotations

from fractions import Fraction

import pytest

from phonon.errors import Span
from phonon.lang import syntax as ast
from phonon.lang.parser import parse_expression, parse_program
from phonon.lang.statement_syntax import (
    BusDefinition,
    CommandStatement,
    FnDefinition,
    OutputDefinition,
    Rng,
    SynthDefinition,
    Tempo,
)


def shape(node: object) -> str:  # noqa: C901 (one case for each kind of node)
    """A tree as text: operators first, fully bracketed."""
    match node:
        case ast.Number() | ast.String():
            return node.text
        case ast.Name():
            return node.name
        case ast.BusName():
            return f"~{node.name}"
        case ast.Apply():
            words = [shape(node.function), *map(shape, node.arguments)]
            words += [f":{item.name} {shape(item.value)}" for item in node.keywords]
            return f"({' '.join(words)})"
        case ast.Chain() | ast.Binary() | ast.Shift():
            return f"({shape(node.left)} {node.operator} {shape(node.right)})"
        case ast.Dollar():
            return f"({' $ '.join(map(shape, node.parts))})"
        case ast.Compose():
            return f"({' . '.join(map(shape, node.parts))})"
        case ast.Negate():
            return f"(neg {shape(node.operand)})"
        case ast.Section():
            sides = [shape(side) if side else "_" for side in (node.left, node.right)]
            return f"({sides[0]} {node.operator} {sides[1]})"
        case ast.ListExpr():
            return f"[{', '.join(map(shape, node.items))}]"
        case ast.Tuple():
            return f"<{', '.join(map(shape, node.items))}>"
        case ast.Row():
            return f"row({' '.join(map(shape, node.items))})"
    raise AssertionError(node)


def parsed(text: str) -> str:
    return shape(parse_expression(text))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a $ b $ c", "(a $ b $ c)"),
        ("a # b # c", "((a # b) # c)"),
        ("a # b + c", "(a # (b + c))"),
        ("a |+ b # c", "((a |+ b) # c)"),
        ("a $ b # c", "(a $ (b # c))"),
        ("a # b <~ c", "(a # (b <~ c))"),
        ("1 <~ 2 ~> x", "(1 <~ (2 ~> x))"),
        ("a <~ b + c", "(a <~ (b + c))"),
        ("a + b - c", "((a + b) - c)"),
        ("a + b * c", "(a + (b * c))"),
        ("a / b * c % d", "(((a / b) * c) % d)"),
        ("-a * b", "((neg a) * b)"),
        ("-a . b", "(neg (a . b))"),
        ("f x . g y", "((f x) . (g y))"),
        ("f x (g y) z", "(f x (g y) z)"),
        ("f $ (x $ g)", "(f $ (x $ g))"),
        ("~a + ~b # lpf 500 * 0.3", "((~a + ~b) # ((lpf 500) * 0.3))"),
        ('0.25 <~ s "bd sn"', "(0.25 <~ (s bd sn))"),
        ("rev.brak", "(rev . brak)"),
    ],
)
def test_operators_bind_from_dollar_down_to_application(text: str, tree: str) -> None:
    assert parsed(text) == tree


@pytest.mark.parametrize("align", ["|{}", "{}|", "|{}|", "||{}"])
@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "%", "**", "<", ">", "++"])
def test_every_alignment_of_every_operator_is_one_operator(align: str, operator: str) -> None:
    sign = align.format(operator)
    assert parsed(f"a {sign} b") == f"(a {sign} b)"
    assert parsed(f"({sign} b)") == f"(_ {sign} b)"
    assert parsed(f"(a {sign})") == f"(a {sign} _)"
    assert parsed(f"({sign})") == f"(_ {sign} _)"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("(# speed 2)", "(_ # (speed 2))"),
        ("(0.25 ~>)", "(0.25 ~> _)"),
        ("(~> x)", "(_ ~> x)"),
        ("(+ n 1)", "(_ + (n 1))"),
        ("(1 -)", "(1 - _)"),
        ("($ x)", "(_ $ x)"),
        ("(f $)", "(f $ _)"),
        ("(f $ g $)", "((f $ g) $ _)"),
        ("(. f)", "(_ . f)"),
        ("(f . g .)", "((f . g) . _)"),
        ("(-)", "(_ - _)"),
        ("(# lpf 800 * 0.3)", "(_ # ((lpf 800) * 0.3))"),
    ],
)
def test_sections_lack_one_operand(text: str, tree: str) -> None:
    assert parsed(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("(* 2 + 1)", "((_ + 1) . (_ * 2))"),
        ("(+ 1 * 2)", "(_ + (1 * 2))"),
        ("(|+ n 7 |* n 2)", "((_ |* (n 2)) . (_ |+ (n 7)))"),
        ("(# a # b # c)", "((_ # c) . (_ # b) . (_ # a))"),
        ("(# lpf 800 $ fast 2)", "((fast 2) . (_ # (lpf 800)))"),
        ("(# (a # b))", "(_ # (a # b))"),
    ],
)
def test_a_section_with_more_operations_is_their_composition(text: str, tree: str) -> None:
    assert parsed(text) == tree


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2", 2), ("0.1", Fraction(1, 10)), (".5", Fraction(1, 2)), ("1e3", 1000),
        ("2.5e-1", Fraction(1, 4)), ("1%8", Fraction(1, 8)), ("1 % 8", Fraction(1, 8)),
        ("-3", -3), ("(- 1)", -1), ("(-1)", -1),
    ],
)  # fmt: skip
def test_numbers_are_exact(text: str, value: int | Fraction) -> None:
    number = parse_expression(text)
    assert isinstance(number, ast.Number)
    assert number.value == value


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("f -1", "(f -1)"), ("f - 1", "(f - 1)"), ("a -b", "(a - b)"), ("a-1", "(a - 1)"),
        ("2 * -3", "(2 * -3)"), ("[1, -2]", "[1, -2]"), ("f :a -1", "(f :a -1)"),
        ("2 - 1", "(2 - 1)"),
    ],
)  # fmt: skip
def test_a_minus_before_a_digit_and_after_a_space_is_a_sign(text: str, tree: str) -> None:
    assert parsed(text) == tree


def test_named_arguments_stand_anywhere() -> None:
    assert parsed("reverb :room 0.8 2 :damp (a + 1)") == "(reverb 2 :room 0.8 :damp (a + 1))"


def test_lists_pairs_and_keyframes() -> None:
    assert parsed("[]") == "[]"
    assert parsed("[a, b c]") == "[a, (b c)]"
    assert parsed("(0, 0.5)") == "<0, 0.5>"
    assert parsed("Arc 0.25 0.75") == "<0.25, 0.75>"
    assert parsed("timeCat [(1, a), (2, b)]") == "(timeCat [<1, a>, <2, b>])"
    assert (
        parsed("track [0 200, 4 2000 exp, (1/3) 400 2.5] :loop 8")
        == "(track [row(0 200), row(4 2000 exp), row((1 / 3) 400 2.5)] :loop 8)"
    )


def test_type_annotations_are_ignored() -> None:
    assert parsed('("0 1" :: Pattern Double) |+ 3') == "(0 1 |+ 3)"
    assert parsed("f (4 :: Int) $ x :: Pattern Double") == "((f 4) $ x)"


def test_only_arithmetic_nodes_record_their_parentheses() -> None:
    chain = parse_expression("a # (b * 2)")
    assert isinstance(chain, ast.Chain)
    assert isinstance(chain.right, ast.Binary)
    assert chain.right.grouped
    chain = parse_expression("a # b * 2")
    assert isinstance(chain, ast.Chain)
    assert isinstance(chain.right, ast.Binary)
    assert not chain.right.grouped


@pytest.mark.parametrize(
    "text",
    [
        'every 4 (# speed 2) $ off 0.125 (|+ n 7) $ s "bd [sn cp]" # n "0 .. 3" + n "1"',
        "lpf (sine 0.2 * 800 + 1000) 0.7 :q -0.5",
        "track [0 200, 4 2000 exp] :loop 8",
        "(1 + 2) * -x <~ f . g ~> (0, [a, b]) # (* 2 + 1)",
    ],
)
def test_every_span_cuts_its_expression_out_of_the_source(text: str) -> None:
    shift = "-- moved\nout: "
    statements, _ = parse_program(shift + text)
    source = shift + text
    todo = list(ast.children(statements[0]))
    while todo:
        node = todo.pop()
        todo += ast.children(node)
        cut = source[node.span.begin : node.span.end]
        if not isinstance(node, ast.Section | ast.Row | ast.Compose):
            assert parsed(cut) == shape(node)


def one(source: str) -> ast.Statement:
    statements, diagnostics = parse_program(source)
    assert not diagnostics
    assert len(statements) == 1
    return statements[0]


def test_tempo_is_cps_or_bpm() -> None:
    for source in ("cps: 0.6", "tempo: 0.6", "setcps 0.6"):
        tempo = one(source)
        assert isinstance(tempo, Tempo)
        assert (tempo.unit, shape(tempo.value), tempo.beats) == ("cps", "0.6", None)
    tempo = one("bpm: 90 3")
    assert isinstance(tempo, Tempo)
    assert tempo.beats is not None
    assert (tempo.unit, shape(tempo.value), shape(tempo.beats)) == ("bpm", "90", "3")
    tempo = one('bpm: "<120 140>"')
    assert isinstance(tempo, Tempo)
    assert tempo.beats is None


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("out:", "out"), ("out $", "out"), ("o1:", "o1"), ("o16 $", "o16"), ("out3:", "o3"),
        ("d1 $", "o1"), ("d2:", "o2"), ("out:saw 1 #", "out"),
    ],
)  # fmt: skip
def test_outputs_have_one_name_however_they_are_written(head: str, name: str) -> None:
    output = one(f"{head} saw 55")
    assert isinstance(output, OutputDefinition)
    assert output.name == name


@pytest.mark.parametrize("operator", [":", "$", "#"])
def test_a_bus_is_defined_with_three_operators(operator: str) -> None:
    bus = one(f"~köln_2 {operator} lpf 800 # reverb 0.3")
    assert isinstance(bus, BusDefinition)
    assert (bus.name, bus.operator) == ("köln_2", operator)
    assert shape(bus.value) == "((lpf 800) # (reverb 0.3))"
    assert bus.head == Span(0, 7)


def test_functions_and_instruments_have_parameters() -> None:
    function = one("fn duo f o1 = saw (f - o1)")
    assert isinstance(function, FnDefinition)
    assert [item.name for item in function.parameters] == ["f", "o1"]
    synth = one("synth pad freq cutoff=900 res=(1/2) = saw freq # lpf cutoff")
    assert isinstance(synth, SynthDefinition)
    defaults = [item.default and shape(item.default) for item in synth.parameters]
    assert (synth.name, defaults) == ("pad", [None, "900", "(1 / 2)"])


def test_commands_name_outputs() -> None:
    command = one("unhush out2 d1 3 out")
    assert isinstance(command, CommandStatement)
    assert (command.name, command.outputs) == ("unhush", ("o2", "o1", "o3", "out"))
    assert isinstance(one("panic"), CommandStatement)


def test_the_random_formula_is_a_statement() -> None:
    choice = one("rng: tidal")
    assert isinstance(choice, Rng)
    assert choice.choice == "tidal"


def test_a_statement_is_parsed_once_per_place_and_an_error_is_reported_each_time() -> None:
    source = "o1: saw 55\no2: saw )\no3: saw 66"
    (first, third), found = parse_program(source)
    again, found_again = parse_program(source)
    assert again[0] is first
    assert again[1] is third
    assert len(found) == 1
    assert found_again == found
    (moved, *_), _ = parse_program("-- below\n" + source)
    assert moved is not first
    assert moved.span.begin == first.span.begin + len("-- below\n")
