"""How long closed forms may get. Hostile specs must not make them expensive; no paper's network comes near."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from inception_calc.problems import Problem, Undecided

MOST_PRODUCTS = 50_000
"""Terms of one polynomial times terms of another."""
LONGEST_KEY = 100_000
"""Characters of a polynomial that stands inside a quotient or an extreme."""
MOST_PARTS = 1_000
"""Parts of an expression of sympy, counted as often as they stand in it."""
DEEPEST = 100
"""Levels of an expression of sympy, which walks them by recursion."""


def too_complex(what: str) -> Undecided:
    """No closed form: exit code 3, for with numbers the network may well be counted."""
    return Undecided(
        Problem("too-complex", f"the closed form is too long: it has {what}", None, "leave fewer symbols free")
    )


def bounded(value: Any) -> Any:
    """An expression of sympy; raises `Undecided` where it has too many parts."""
    parts, levels = _extent(value)
    if parts > MOST_PARTS or levels > DEEPEST:
        raise too_complex("rounded and compared sizes inside each other")
    return value


@lru_cache(maxsize=65536)
def _extent(value: Any) -> tuple[int, int]:
    """How many parts there are, and levels of them; remembered, for what is shared must not be walked twice."""
    inner = [_extent(part) for part in value.args]
    return 1 + sum(parts for parts, _ in inner), 1 + max((levels for _, levels in inner), default=0)
