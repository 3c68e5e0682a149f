"""How long closed forms may get. Hostile specs must not make them expensive; no paper's network comes near."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import inf

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

MOST_WORK = 2_000_000
"""Steps of arithmetic with terms in one question, whatever each result is like: a second or so."""
PRODUCT, SORTED = 8, 2
"""Steps that a product of two terms takes, and a term that is put in order; a term that is added takes one."""


class _Meter:
    """How many steps the present question has left; without a question there is no end."""

    left: float = inf


_meter = _Meter()


@contextmanager
def question() -> Iterator[None]:
    """Bounds the work inside: a network, or what is made of it. A question inside another has its own steps."""
    outer, _meter.left = _meter.left, MOST_WORK
    try:
        yield
    finally:
        _meter.left = outer


def spend(steps: int) -> None:
    """Takes steps from the present question; raises `Undecided` where they are used up."""
    _meter.left -= steps
    if _meter.left < 0:
        raise too_complex(f"more than {MOST_WORK:,} steps of arithmetic behind it")


def too_complex(what: str) -> Undecided:
    """No closed form: exit code 3, for with numbers the network may well be counted."""
    return Undecided(
        Problem("too-complex", f"the closed form is too long: it has {what}", None, "leave fewer symbols free")
    )
