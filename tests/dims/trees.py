"""Random expressions as text, in the grammar of section 2 of the language, and what their operators mean.

The text is judged by Python itself: precedence, associativity and floor division are Python's, the functions are
written out here from their definitions.
"""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

NAMES = ("n", "growth", "N", "E", "gamma", "S", "pi", "I")
"""sympy's own parser would take most of them for its own (language, section 4 of the design)."""


def ceil_div(a: int, b: int) -> int:
    """The least q with q b >= a (for b > 0)."""
    return -(Fraction(-a, b).__floor__())


def make_divisible(v: int | Fraction, divisor: int) -> int:
    """tensorflow/models, research/slim/nets/mobilenet/mobilenet.py, as MobileNetV2 rounds its channel counts.

    `_make_divisible` with its min_value of None, line by line, its floats made exact.
    """
    new_v = max(divisor, int(v + Fraction(divisor, 2)) // divisor * divisor)
    if new_v < Fraction(9, 10) * v:  # make sure that round down does not go down by more than 10%
        new_v += divisor
    return new_v


FUNCTIONS = {"ceil_div": ceil_div, "round_to": make_divisible, "min": min, "max": max}


def evaluate(text: str, **names: int) -> int:
    """What Python makes of the text. It was generated here, so it can do nothing but arithmetic."""
    return eval(text, {"__builtins__": {}, **FUNCTIONS}, names)  # noqa: S307


@st.composite
def expressions(draw: st.DrawFn, names: tuple[str, ...] = NAMES, depth: int = 3) -> str:
    """A text of the grammar, spaces anywhere, parentheses where needed and sometimes where not.

    Divisors are positive numbers.
    """
    space = st.sampled_from(["", "", " ", "  "])

    def written(*parts: str) -> str:
        return "".join(part + draw(space) for part in parts)

    def atom(left: int) -> str:
        kind = draw(st.integers(0, 4 if left else 1))
        if kind == 0:
            return str(draw(st.integers(0, 300)))
        if kind == 1 and names:
            return draw(st.sampled_from(names))
        if kind == 2:
            return written("(", tree(left - 1), ")")
        if kind == 3:
            several = [tree(left - 1) for _ in range(draw(st.integers(2, 3)))]
            return written(draw(st.sampled_from(["min", "max"])), "(", ", ".join(several), ")")
        function = draw(st.sampled_from(["ceil_div", "round_to"]))
        return written(function, "(", tree(left - 1), ",", str(draw(st.integers(1, 9))), ")")

    def signed(left: int) -> str:
        return written("-", signed(left - 1)) if left and draw(st.integers(0, 5)) == 0 else atom(left)

    def product(left: int) -> str:
        text = signed(left)
        for _ in range(draw(st.integers(0, 2)) if left else 0):
            mark = draw(st.sampled_from(["*", "//", "%"]))
            text = written(text, mark, signed(left - 1) if mark == "*" else str(draw(st.integers(1, 9))))
        return text

    def tree(left: int) -> str:
        text = product(left)
        for _ in range(draw(st.integers(0, 2)) if left else 0):
            text = written(text, draw(st.sampled_from(["+", "-"])), product(left - 1))
        return text

    return draw(space) + tree(draw(st.integers(0, depth)))
