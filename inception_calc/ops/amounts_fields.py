"""What is taken off or put around a map: `2`, `[2, 0]`, `[[1, 0], [0, 1]]`; and sizes that another row decides."""

from typing import Annotated

from pydantic import Field, PlainValidator, WithJsonSchema

from inception_calc.dims import Dim, Pads, Scope, Shape, Sides
from inception_calc.ops.fields import COUNT_SCHEMA, TextField
from inception_calc.ops.operator import Operator
from inception_calc.ops.padding_fields import PaddingText, read_padding
from inception_calc.ops.per_axis_fields import MOST_AXES
from inception_calc.ops.window_fields import WindowField, WindowText, must_have_room
from inception_calc.problems import Fault


def read_amounts(value: object) -> PaddingText | None:
    """A number for every side, one for each axis, or one for each side of each axis; nothing where a size is said."""
    if value == "":
        return None
    amounts = read_padding(value)
    if amounts.word:
        what = f"'{amounts.word}' is no number of elements"
        raise Fault("bad-padding", what, fix="write a number, or [down, across]")
    return amounts


_PAIR = {"type": "array", "items": COUNT_SCHEMA, "minItems": 2, "maxItems": 2}
AmountsField = Annotated[
    PaddingText | None,
    PlainValidator(read_amounts),
    WithJsonSchema(
        {
            "type": ["integer", "string", "array", "null"],
            "items": {"anyOf": [COUNT_SCHEMA, _PAIR]},
            "minItems": 1,
            "maxItems": MOST_AXES,
        }
    ),
]


def amounts_of(written: PaddingText, path: str, scope: Scope, x: Shape) -> Pads:
    """Before and after, along each axis; faults stand under the key `path`."""
    must_have_room(x, path)
    pads = written.at(path, scope, x, (1,) * len(x.sides))
    assert pads is not None
    return pads


class SizedSettings(Operator):
    """The settings of operators that give a map a size: written, or that of an earlier row."""

    size: WindowField | None = None
    like_row: TextField | None = Field(default=None, alias="as")

    def sides_of(self, written: WindowText | None, path: str, scope: Scope, x: Shape) -> Sides:
        """The size that is asked for, along the axes of x."""
        must_have_room(x, self.key)
        if self.like_row is not None:
            try:
                other: Sides = scope.map_of(self.like_row).sides
            except Fault as fault:
                raise fault.under("as") from None
            return other
        if written is None:
            what, fix = f"{self.key} does not say to which size", "write size: HxW, or as: ROW"
            raise Fault("no-size", what, path=(self.key,), at_key=True, fix=fix)
        if written.stride is not None:
            fix = f"write {written.text.partition('/')[0]}"
            raise Fault("no-setting", "a size has no stride", path=(path,), fix=fix)
        sides, _ = written.at(path, scope, x, None, "size")
        return sides


def one_way(operator: Operator, ways: dict[str, object]) -> None:
    """A fault where a size is said in two ways."""
    said = [way for way, value in ways.items() if value is not None]
    if len(said) > 1:
        what = f"the size of a {operator.key} is said twice"
        raise Fault("two-sizes", what, path=(said[1],), at_key=True, fix="leave one of the two out")


def halves(extent: Dim, wanted: Dim) -> tuple[Dim, Dim]:
    """What is taken off before and after, the odd one behind."""
    before = (extent - wanted) // 2
    return before, extent - wanted - before
