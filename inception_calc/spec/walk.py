"""Every step of a spec, with the path of keys that leads to it, and the numbers and columns in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from inception_calc.dims import parse
from inception_calc.dims.expression import names
from inception_calc.ops.operator import Operator
from inception_calc.ops.register import BODIES
from inception_calc.ops.step import BlockCall, NamedStep, Step
from inception_calc.problems import Fault, Path
from inception_calc.spec.models import Block


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


def numbers_in(step: Step) -> Iterator[tuple[Path, str, int]]:
    """Path below the step, text and offset of every count, decimal and column value in it."""
    body = step.operator
    if isinstance(body, BlockCall):
        pairs = body.arguments.items() if isinstance(body.arguments, dict) else enumerate(body.arguments)
        for key, text in pairs:
            yield (body.block, key), text, 0
    else:
        for path, value, offset in body.numbers():
            yield path, value.text, offset
    if step.repeat is not None:
        yield ("repeat",), step.repeat.text, 0
    if step.when is not None:
        for count, offset in step.when.counts():
            yield ("when",), count.text, offset


def names_in(text: str, columns: Collection[str]) -> Iterator[str]:
    """The names in a count, which may be a column's alone; none where it cannot be read."""
    if text in columns:
        yield text
        return
    try:
        found = names(parse(text))
    except Fault:
        return
    yield from (name.text for name in found)


def columns_read(block: Block) -> frozenset[str]:
    """The columns of a block that some step in it reads."""
    columns = frozenset(block.columns)
    steps = [step for _, step, _ in walk_body(block.body, ())]
    operators = [step.operator for step in steps if not isinstance(step.operator, BlockCall)]
    words = [column for operator in operators for column in operator.in_columns().values()]
    texts = (text for step in steps for _, text, _ in numbers_in(step))
    return columns.intersection([*words, *(name for text in texts for name in names_in(text, columns))])
