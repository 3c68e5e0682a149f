"""How long closed forms may get. Hostile specs must not make them expensive; no paper's network comes near."""

from __future__ import annotations

from inception_calc.problems import Problem, Undecided

MOST_PRODUCTS = 50_000
"""Terms of one polynomial times terms of another."""
LONGEST_KEY = 100_000
"""Characters of a polynomial that stands inside a quotient or an extreme."""
MOST_PARTS = 1_000
"""Parts of a quotient or an extreme, counted as often as they stand in it."""
DEEPEST = 100
"""Levels of quotients and extremes inside each other, which are walked by recursion."""
LARGEST_DIVISOR = 10**24
"""Divisor under a floor: no network halves its map eighty times."""


def too_complex(what: str) -> Undecided:
    """No closed form: exit code 3, for with numbers the network may well be counted."""
    return Undecided(
        Problem("too-complex", f"the closed form is too long: it has {what}", None, "leave fewer symbols free")
    )
