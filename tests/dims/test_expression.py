"""The expression grammar (language, section 2, "Count"): what it means, and that nothing else gets through."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from inception_calc.dims import Count, Scope, parse
from inception_calc.problems import Fault
from tests.dims.trees import NAMES, evaluate, expressions
from tests.helpers import meant, row_problem, rows

LEAST = -(10**15)


def value(text: str, **symbols: int) -> int:
    return Scope(symbols).count(Count(text), "count", LEAST)


def fault(text: str) -> Fault:
    with pytest.raises(Fault) as caught:
        parse(text)
    return caught.value


@given(expressions(), st.lists(st.integers(1, 500), min_size=len(NAMES), max_size=len(NAMES)))
def test_an_expression_means_what_python_means_by_it(text: str, numbers: list[int]):
    symbols = dict(zip(NAMES, numbers, strict=True))
    expected = evaluate(text.strip(), **symbols)
    assume(abs(expected) < 10**12)  # no count is larger
    try:
        assert value(text, **symbols) == expected
    except Fault as too_large:
        assert too_large.code == "too-large"  # a product on the way, not the result  # noqa: PT017


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2 + 3 * 4", 14), ("(2 + 3) * 4", 20), ("10 - 4 - 3", 3), ("100 // 7 // 2", 7), ("7 - -3", 10),
        ("17 % 5 * 2", 4), ("-7 // 2", -4), ("- -5", 5), ("ceil_div(7, 2)", 4), ("ceil_div(8, 2)", 4),
        ("min(3, 2, 5)", 2), ("max(3, 2, 5)", 5), ("round_to(30, 8)", 32), ("010", 10), ("9 // 2 * 2", 8),
    ],
)  # fmt: skip
def test_arithmetic_by_hand(text: str, number: int):
    assert value(text) == number


def test_a_columns_name_is_the_column_and_stands_in_quotes_inside_a_formula():
    """Language, section 2: `3x3 reduce`, `1x1` as whole texts, `2 * '3x3 reduce'` inside a formula."""
    net = rows("""
        blocks:
          b:
            columns: [1x1, 3x3 reduce]
            sequence: [{convolution: 1x1, filters: 1x1}, {convolution: 3x3, filters: 2 * '3x3 reduce' + '1x1'}]
        rows: {r: {b: [5, 7]}}
    """)
    assert [cost.layer.output.channels for cost in net.layers] == [5, 2 * 7 + 5]
    assert [cost.layer.op.window.kernel_size for cost in net.layers] == [(1, 1), (3, 3)]  # in a window, a window


@pytest.mark.parametrize(
    "text", ["1_000", "+64", "64.0", "True", "0x10", "1e6", "4e", "12:30", "no", "\u0663", "\u00b2", "\uff16\uff14"]
)
def test_a_count_is_ascii_digits_or_an_expression(text: str):
    """Rule 1: what Python's int() or YAML would take for a number is none here."""
    problem = row_problem(f"rows: {{c: {{convolution: 1x1, filters: {text}}}}}")
    assert meant(problem) in text


def test_a_quoted_scalar_is_never_a_count():
    """Language, section 2."""
    assert row_problem('rows: {c: {convolution: 1x1, filters: "64"}}').code == "quoted"


HOSTILE = [
    "__import__('os')", "__import__('os').system('id')", "9**9**9", "9 ** 9", "a.b", "a[0]", "lambda: 1", "f(1)",
    "ceil_div", "ceil_div(", "ceil_div()", "ceil_div(1)", "ceil_div(1, 2, 3)", "round_to(1)", "min(1)", "max()",
    "1 if 2 else 3", "1 == 1", "1 < 2", "a = 1", "a := 1", "[1]", "{1}", "'", "'a", "''", '"a"', "`id`", "$(id)",
    "1 /2", "1.5", ".5", "5.", "1..2", "((1)", "(1))", ")", "(", "", " ", "\t", "\n", "1\n+\n", "+1", "*1",
    "1 *", "1 2",
    "a b", "1,2", "min(1,,2)", "min(1,2,)", "\x00", "1\x00", "\u202e1", "1;2", "# 1", "1 # 2", "é(1)", "ª", "²", "1²",
    "~1", "not 1", "a@b", "a!b", "1//0//", "%1", "//", "--", "(" * 500, "(" * 10**5, "-" * 999, "9" * 400,
    "9" * 10**5, "(" * 10**5 + "1" + ")" * 10**5, "min(" * 100 + "1" + ", 1)" * 100, "1+" * 10**5 + "1",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=[ascii(text[:24]) for text in HOSTILE])
def test_hostile_text_is_a_fault_with_a_place_and_nothing_else(text: str):
    with pytest.raises(Fault) as caught:
        value(text)
    assert_points_into(caught.value, text)


@pytest.mark.parametrize("text", ["1 / 2", "1.5", "this.3a.ops", "googlenet@naive.params", "this.'output'.params"])
def test_exact_division_decimals_and_references_are_for_formulas_alone(text: str):
    """Language, section 2, "Formulas of reasons and claims"."""
    assert parse(text, formula=True)
    assert_points_into(fault(text), text)


def assert_points_into(found: Fault, text: str) -> None:
    """The span lies inside the text, or just behind it where something is missing."""
    assert found.span is not None
    start, width = found.span
    assert 0 <= start <= len(text)
    assert 1 <= width <= max(1, len(text) - start)


@given(st.text(max_size=60), st.booleans())
@example("a@b.", True)
@example("a.'", True)
@example("this@", True)
@example("a.b(c", True)
def test_any_text_is_an_expression_or_a_fault_with_a_place(text: str, formula: bool):
    try:
        parse(text, formula)
    except Fault as found:
        assert_points_into(found, text)


@given(st.text(alphabet="0123456789 ab'()*/%+-,._@", max_size=40), st.booleans())
def test_text_made_of_the_grammars_own_marks_is_an_expression_or_a_fault(text: str, formula: bool):
    try:
        parse(text, formula)
    except Fault as found:
        assert_points_into(found, text)


@given(st.text(alphabet="123456789 n()*/%+-,", min_size=1, max_size=40))
def test_every_expression_that_parses_has_a_value_or_a_fault(text: str):
    try:
        parse(text)
    except Fault:
        return
    try:
        assert value(text, n=3) == evaluate(text.strip(), n=3)
    except Fault as found:
        assert found.code in ("too-large", "too-small", "division-by-zero", "unknown-symbol")  # noqa: PT017


@pytest.mark.parametrize("text", ["1 // 0", "1 % 0", "1 // (2 - 2)", "ceil_div(1, 0)", "round_to(1, 0)", "8 % (n - n)"])
def test_division_by_zero_is_a_fault(text: str):
    with pytest.raises(Fault) as caught:
        value(text, n=2)
    assert caught.value.code == "division-by-zero"


@pytest.mark.parametrize("text", ["9" * 18 + " * " + "9" * 18, " * ".join(["99999999"] * 9), "10000000000000"])
def test_numbers_beyond_any_network_are_a_fault(text: str):
    """Dims: hostile specs must not make integers of a million digits."""
    with pytest.raises(Fault) as caught:
        value(text)
    assert caught.value.code == "too-large"


@pytest.mark.parametrize("mark", ["+", "-", "*", "//", "%"])
def test_the_longest_chain_has_a_value(mark: str):
    """1000 characters of `1+1+1...` lean as deep to the left as they are long."""
    text = mark.join("1" * (1000 // (1 + len(mark))))
    assert value(text) == evaluate(text)


def test_columns_that_each_add_a_long_chain_never_exhaust_the_stack():
    """Every block adds a chain to the column that it was given; the program answers, whatever the answer is."""
    chain = "c" + "+1" * 400
    blocks = "\n".join(f"  b{i}: {{columns: [c], sequence: [{{b{i + 1}: {chain}}}]}}" for i in range(20))
    net = rows(f"blocks:\n{blocks}\n  b20: {{columns: [c], sequence: [{{linear: c}}]}}\nrows: {{r: {{b0: 1}}}}")
    assert net.layers[0].layer.output.channels == 1 + 20 * 400


def test_unknown_names_get_the_nearest_known_one():
    problem = row_problem("symbols: {growth: 32}\nrows: {c: {convolution: 1x1, filters: 4 * grwth}}")
    assert (problem.code, meant(problem)) == ("unknown-symbol", "grwth")
    assert "growth" in problem.fix


def test_a_fault_inside_an_expression_stands_at_its_column():
    """Language, section 5: inside an expression at the very column of the text."""
    problem = row_problem("rows: {c: {convolution: 1x1, filters: 4 * (2 + ) }}")
    assert (problem.code, meant(problem)) == ("bad-expression", ")")
    stride = row_problem("rows: {c: {convolution: 3x3/strid, filters: 4}}")
    assert meant(stride) == "strid"


def test_an_unknown_column_in_quotes_is_marked_with_its_quotes():
    body = "blocks: {b: {columns: [in], sequence: [{linear: in + 2 * 'wide in'}]}}\nrows: {r: {b: 1}}"
    problem = row_problem(body)
    assert (problem.code, meant(problem)) == ("unknown-symbol", "'wide in'")
