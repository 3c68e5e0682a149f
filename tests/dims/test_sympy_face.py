"""sympy as a second opinion: what our polynomials say of random expressions is what its own arithmetic says.

The judge builds the same tree out of sympy's symbols, floors and extremes, without our code, and puts numbers in.
`python -m tests.dims.test_sympy_face 100000` asks it about as many expressions as one likes; the suite about few.
"""

from __future__ import annotations

import random
import sys
from fractions import Fraction
from typing import Any

import pytest
import sympy

from inception_calc import analyze
from inception_calc.dims import at_most, exact_quotient, floor_div, maximum, minimum, same, substitute, symbol

NAMES = ("a", "b", "n")
SYMBOLS = {name: sympy.Symbol(name, integer=True, positive=True) for name in NAMES}
Tree = tuple[Any, ...] | int | str


def tree(source: random.Random, depth: int) -> Tree:
    """A random expression: numbers, symbols, + - *, floors by numbers and symbols, extremes."""
    kind = source.choice("nssss" if depth == 0 else "ns+-**//mM%")
    if kind == "n":
        return source.randint(-9, 40)
    if kind == "s":
        return source.choice(NAMES)
    if kind in "/%":
        divisor: Tree = source.randint(1, 6) if source.random() < 0.8 else source.choice(NAMES)
        return kind, tree(source, depth - 1), divisor
    return kind, tree(source, depth - 1), tree(source, depth - 1)


def ours(tree: Tree) -> Any:
    """The tree in our own quantities."""
    if isinstance(tree, int):
        return tree
    if isinstance(tree, str):
        return symbol(tree)
    mark, left, right = tree[0], ours(tree[1]), ours(tree[2])
    operations = {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: floor_div(left, right),
        "%": lambda: left % right,
        "m": lambda: minimum(left, right),
        "M": lambda: maximum(left, right),
    }
    return operations[mark]()


def theirs(tree: Tree, numbers: dict[str, int]) -> Any:
    """The tree in sympy's, its symbols replaced as they are built: with numbers sympy simplifies nothing wrongly."""
    if isinstance(tree, int):
        return sympy.Integer(tree)
    if isinstance(tree, str):
        return SYMBOLS[tree].subs(SYMBOLS[tree], numbers[tree])
    mark, left, right = tree[0], theirs(tree[1], numbers), theirs(tree[2], numbers)
    operations = {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: sympy.floor(left / right),
        "%": lambda: sympy.Mod(left, right),
        "m": lambda: sympy.Min(left, right),
        "M": lambda: sympy.Max(left, right),
    }
    return operations[mark]()


def judged(source: random.Random) -> None:
    """One random expression at three random settings: value, face, comparison with zero and with another number."""
    expression = tree(source, source.randint(1, 4))
    quantity = ours(expression)
    face = sympy.sympify(quantity)
    nonnegative, bounded = at_most(0, quantity), same(quantity, 7)
    for _ in range(3):
        numbers = {name: source.randint(1, 30) for name in NAMES}
        expected = theirs(expression, numbers)
        found = substitute(quantity, numbers)
        assert found == expected, (expression, numbers, quantity)
        filled = face.subs({SYMBOLS[name]: number for name, number in numbers.items()})
        assert filled.doit() == expected, (expression, face)  # sympy 1.14 leaves Max(19, 20) as it is
        assert nonnegative is None or nonnegative == (expected >= 0), (expression, numbers)
        assert bounded is None or bounded == (expected == 7), (expression, numbers)


@pytest.mark.parametrize("count", [150, pytest.param(3_000, marks=pytest.mark.thorough)])
def test_sympy_agrees_on_random_expressions(count: int):
    source = random.Random(2015)  # noqa: S311
    for _ in range(count):
        judged(source)


def test_factors_divide_out_as_sympy_cancels_them():
    source = random.Random(1409)  # noqa: S311
    for _ in range(100):
        left, right = ours(tree(source, 2)), ours(tree(source, 2))
        if right == 0:
            continue
        product = left * right
        assert exact_quotient(product, right) == left, (left, right)


def test_a_count_is_an_expression_of_sympy():
    free = analyze("googlenet", symbols={"width_multiplier": None}).totals.multiply_adds
    k = sympy.Symbol("width_multiplier", positive=True)
    assert sympy.sympify(free) == free.to_sympy() == 1463633920 * k**2 + 119037952 * k
    assert sympy.solve(sympy.sympify(free) - 1582671872, k) == [1]
    assert sympy.diff(free, k).subs(k, sympy.Rational(1, 2)) == 1463633920 + 119037952
    assert free + k == k + sympy.sympify(free)


def test_a_floor_of_an_extreme_is_kept_whatever_sympy_thinks_is_whole():
    """sympy 1.14 takes (Min(6, 2 n) / 6).is_integer for true, and drops the floor."""
    n = symbol("n")
    face = sympy.sympify(floor_div(minimum(6, 2 * n), 6))
    assert [face.subs(SYMBOLS["n"], number) for number in range(1, 5)] == [0, 0, 1, 1]


def test_a_quantity_survives_pickling_and_is_the_same_afterwards():
    import pickle

    source = random.Random(7)  # noqa: S311
    for _ in range(50):
        quantity = ours(tree(source, 3)) * Fraction(1, 3)
        assert pickle.loads(pickle.dumps(quantity)) == quantity  # noqa: S301 - made here


if __name__ == "__main__":
    source = random.Random(1)  # noqa: S311
    for _ in range(int(sys.argv[1])):
        judged(source)
    print(f"{int(sys.argv[1]):,} expressions, no difference")
