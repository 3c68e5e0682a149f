"""Every step of a spec, with the path of keys that leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from inception_calc.ops.operator import Operator
from inception_calc.ops.register import BODIES
from inception_calc.ops.step import BlockCall, NamedStep, Step
from inception_calc.problems import Path


class Visited(NamedTuple):
    """A step on the walk."""

    path: Path
    step: Step
    repeated: bool
    """It, or something around it, has a `repeat`."""


def walk_steps(step: Step, path: Path = (), repeated: bool = False) -> Iterator[Visited]:
    """The step and every step inside it."""
    repeated = repeated or step.repeat is not None
    yield Visited(path, step, repeated)
    if not isinstance(step.operator, BlockCall) and step.operator.key in BODIES:
        yield from walk_body(step.operator, path, repeated)
    for index, follower in enumerate(step.then):
        yield from walk_steps(follower, (*path, "then", index) if len(step.then) > 1 else (*path, "then"), repeated)


def walk_body(body: Operator, path: Path, repeated: bool = False) -> Iterator[Visited]:
    """Every step inside a sequence or join."""
    items: tuple[NamedStep, ...] = body.argument  # type: ignore[attr-defined]
    for item in items:
        below = (*path, body.key, item.key)
        for index, inner in enumerate(item.steps):
            yield from walk_steps(inner, (*below, index) if item.listed else below, repeated)
