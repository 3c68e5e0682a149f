"""Through the whole space, stretch by stretch, here or on other machines; the answer is the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

from inception_calc.problems import Problem, Undecided
from inception_calc.sweep.answer import Answer
from inception_calc.sweep.checkpoint import Checkpoint
from inception_calc.sweep.findings import Found
from inception_calc.sweep.setup import Setup
from inception_calc.sweep.space import MOST_POINTS, Box
from inception_calc.sweep.walk import Walk

TASK = 2**24
"""Points of one task: less than a second's work."""
LISTED_TASK = 2**21
"""The same where every network that fits is listed, which is 8 bytes each."""
MOST_FAMILIES = 64
"""Families of one task, as each is a network to analyze."""
MOST_SORTED = 5_000_000
"""Networks that are put in order as a whole."""


class Executor(Protocol):
    """Something that goes through stretches of a space and gives back what they hold, in order."""

    def __call__(self, setup: Setup, tasks: Iterator[Box], counting: bool) -> Iterator[tuple[Box, Found]]:
        """Each stretch and what it holds."""
        ...


def here(setup: Setup, tasks: Iterator[Box], counting: bool) -> Iterator[tuple[Box, Found]]:
    """One stretch after the other, in this process."""
    families = setup.families()
    for task in tasks:
        yield task, Walk(setup.space, families, setup.asked, counting=counting).through(task)


def sweep(
    setup: Setup,
    *,
    counting: bool = False,
    executor: Executor = here,
    checkpoint: Checkpoint | None = None,
    told: Callable[[int, Found], None] | None = None,
) -> Answer:
    """The answer to a question; `told` hears, after each stretch, how far it is and what was found.

    A `checkpoint` is gone on from and kept up to date.
    """
    space = setup.space
    if space.size > MOST_POINTS:
        what = f"{space.size:,} points are too many to go through"
        raise Undecided(Problem("too-many", what, None, "--count says how many fit, --sample 500 takes some"))
    state = checkpoint or Checkpoint(setup, None, counting=counting)
    found, asked = state.found, setup.asked
    is_whole = not counting and not asked.pareto and asked.top is None
    is_listed = is_whole and not asked.keys
    for task, part in executor(setup, tasks(setup, state.position, listed=is_whole), counting):
        found.join(part)
        if is_listed:
            for array in found.indices:
                state.spool.add(array)
            found.indices = []
        elif not counting:
            found.reduced(asked)
            _check_order(setup, found)
        state.advance(space.start(task) + space.volume(task), found)
        if told is not None:
            told(state.position, found)
    if state.path is not None:
        state.save(state.path)
    return Answer(setup, found, counting, state.spool)


def tasks(setup: Setup, done: int = 0, *, listed: bool = False) -> Iterator[Box]:
    """The space in stretches, in order, those left out that are done."""
    space = setup.space
    most = min(
        LISTED_TASK if listed else TASK, MOST_FAMILIES * space.strides[setup.leading - 1] if setup.leading else TASK
    )
    for box in space.pieces(space.whole, most):
        if space.start(box) >= done:
            yield box


def _check_order(setup: Setup, found: Found) -> None:
    asked = setup.asked
    if asked.sort and asked.top is None and not asked.pareto and sum(map(len, found.indices)) > MOST_SORTED:
        what = f"more than {MOST_SORTED:,} networks are too many to put in order"
        raise Undecided(Problem("too-many", what, None, "say how many are wanted: --top 1000"))
