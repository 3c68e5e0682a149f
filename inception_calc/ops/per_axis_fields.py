"""What is one number for every axis of a map, or a list with one for each: `dilation: 2`, `stride: [2, 1]`."""

from collections.abc import Iterator
from typing import Annotated, Any, NamedTuple

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import AXES, Count, Scope, Shape, Sides
from inception_calc.ops.fields import COUNT_SCHEMA, each_read, read_count
from inception_calc.problems import Fault, Path, are, counted, listed

MOST_AXES = len(AXES) - 1
_IN_WORDS = {"length": "along", "height": "down", "width": "across", "depth": "through"}
"""Axis -> how its number in a list is called."""


class PerAxisText(NamedTuple):
    """One count for every axis, or a list with one for each."""

    numbers: tuple[Count, ...]
    listed: bool = False

    def values(self, scope: Scope, x: Shape, what: str, least: int = 1) -> Sides:
        """The numbers along the axes of x; a fault points at its item of the list."""
        if not self.listed:
            return (scope.count(self.numbers[0], what, least),) * len(x.sides)
        if len(self.numbers) != len(x.sides):
            alone = len(self.numbers) == 1
            fix = f"write {self.numbers[0].text} without brackets" if alone else one_or_each(x)
            raise wrong_rank(f"{what} has {counted(len(self.numbers), 'number')}", x, fix)
        return tuple(each_read(lambda number: scope.count(number, what, least), self.numbers))

    def at(self, path: str, scope: Scope, x: Shape, least: int = 1) -> Sides:
        """The numbers along the axes of x, their faults placed under the key `path`, which is what they are called."""
        try:
            return self.values(scope, x, path, least)
        except Fault as fault:
            raise fault.under(path) from None

    def with_number(self, number: Count, place: Path) -> "PerAxisText":
        """The same with another number at a place below the setting."""
        return self._replace(numbers=replaced(self.numbers, int(place[0]), number))

    def counts(self) -> Iterator[tuple[Path, Count, int]]:
        """Each count with its place below the setting."""
        for index, number in enumerate(self.numbers):
            yield ((index,) if self.listed else ()), number, 0


def replaced(numbers: tuple[Any, ...], index: int, number: Any) -> tuple[Any, ...]:
    """The numbers with another one at an index."""
    return (*numbers[:index], number, *numbers[index + 1 :])


def wrong_rank(what: str, x: Shape, fix: str) -> Fault:
    """The fault of something that is written for a map of other axes than x."""
    axes = "1 axis" if len(x.axes) == 1 else f"{len(x.axes)} axes"
    named = f"{axes} ({listed(x.axes)})" if x.axes else "no axis"
    return Fault("wrong-rank", f"{what}, but the map has {named}", fix=fix)


def one_or_each(x: Shape) -> str:
    """How a number for every axis of x is written: `write one number, or [down, across]`."""
    return f"write one number, or [{', '.join(_IN_WORDS[axis] for axis in x.axes)}]"


def read_per_axis(value: object) -> PerAxisText:
    """A count, or a list with one for each axis."""
    return listed_per_axis(value, "bad-pair") if isinstance(value, list) else PerAxisText((read_count(value),))


def listed_per_axis(value: list[object], code: str) -> PerAxisText:
    """A list with a count for each axis; `code` is that of the fault where no map has so many."""
    if not 1 <= len(value) <= MOST_AXES:
        what = f"no map has as many axes as here {are(len(value), 'number')}"
        raise Fault(code, what, fix="write one number, or one for each axis: [down, across]")
    return PerAxisText(tuple(each_read(read_count, value)), listed=True)


PerAxisField = Annotated[
    PerAxisText,
    PlainValidator(read_per_axis),
    WithJsonSchema(
        {
            "type": ["integer", "string", "array"],
            "items": COUNT_SCHEMA,
            "minItems": 1,
            "maxItems": MOST_AXES,
            "description": "one number, or one for each axis",
        }
    ),
]
