"""Through the whole space, stretch by stretch."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from inception_calc.problems import Problem, Undecided
from inception_calc.sweep.answer import Answer
from inception_calc.sweep.findings import Found
from inception_calc.sweep.setup import Setup
from inception_calc.sweep.space import Box
from inception_calc.sweep.walk import Walk

TASK = 2**24
"""Points of one task: less than a second's work, and a few kB of answer."""
MOST_POINTS = 10**14
"""Nobody waits for more; they can be counted and sampled."""
MOST_SORTED = 5_000_000
"""Networks that are put in order as a whole."""


def sweep(setup: Setup, *, counting: bool = False, told: Callable[[int, Found], None] | None = None) -> Answer:
    """The answer to a question; `told` hears, after each task, how far it is and what was found."""
    space, families = setup.space, setup.families()
    if space.size > MOST_POINTS and not counting:
        what = f"{space.size:,} points are too many to go through"
        raise Undecided(Problem("too-many", what, None, "--count says how many fit, --sample 500 takes some"))
    found = Found()
    for task in tasks(setup):
        found.join(Walk(space, families, setup.asked, counting=counting).through(task))
        if not counting:
            found.reduced(setup.asked)
            _check_order(setup, found)
        if told is not None:
            told(space.start(task) + space.volume(task), found)
    return Answer(setup, found, counting)


def tasks(setup: Setup) -> Iterator[Box]:
    """The space in stretches, in order."""
    space = setup.space
    yield from space.pieces(space.whole, TASK)


def _check_order(setup: Setup, found: Found) -> None:
    asked = setup.asked
    if asked.sort and asked.top is None and not asked.pareto and sum(map(len, found.indices)) > MOST_SORTED:
        what = f"more than {MOST_SORTED:,} networks are too many to put in order"
        raise Undecided(Problem("too-many", what, None, "say how many are wanted: --top 1000"))
