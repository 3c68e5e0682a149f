"""How padding is written: `same`, `half`, `1`, `[1, 0]`, `[[0, 1], [0, 1]]`."""

from collections.abc import Iterator
from typing import Annotated, NamedTuple

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import Count, Dim, Pads, Scope, Shape, Sides, sides_text
from inception_calc.ops.fields import COUNT_SCHEMA, each_read, read_count, scalar
from inception_calc.ops.per_axis_fields import (
    MOST_AXES,
    PerAxisText,
    listed_per_axis,
    one_or_each,
    replaced,
    wrong_rank,
)
from inception_calc.problems import Fault, Path, counted, meant

PADDING_WORDS = ("same", "valid", "half", "causal")


class PaddingText(NamedTuple):
    """A word, or counts for each axis, before and after the map where they differ."""

    word: str = ""
    amounts: PerAxisText | None = None
    """As much before as after."""
    around: tuple[tuple[Count, Count], ...] = ()
    """Before and after, for each axis."""

    def at(self, path: str, scope: Scope, x: Shape, kernel: Sides, dilation: Sides | None = None) -> Pads | None:
        """The padding before and after along each axis; None for "same", which depends on the map.

        Faults are placed under the key `path`.
        """
        try:
            return self._pads(scope, x, kernel, dilation or (1,) * len(kernel))
        except Fault as fault:
            raise fault.under(path) from None

    def _pads(self, scope: Scope, x: Shape, kernel: Sides, dilation: Sides) -> Pads | None:
        if self.word == "same":
            return None
        if self.word == "valid":
            return ((0, 0),) * len(kernel)
        if self.amounts is not None:
            return tuple([(amount, amount) for amount in self.amounts.values(scope, x, "padding", 0)])
        if self.around:
            return self._around(scope, x)
        if self.word == "causal":
            if len(x.sides) != 1:
                raise wrong_rank("causal padding is that of a signal, of one axis", x, one_or_each(x))
            return tuple([(d * (k - 1), 0) for k, d in zip(kernel, dilation, strict=True)])
        if any(isinstance(side, int) and side % 2 == 0 for side in kernel):
            halves = [f"{side // 2}" for side in kernel]
            amount = halves[0] if len(set(halves)) == 1 else f"[{', '.join(halves)}]"
            what = f"padding 'half' needs an odd window, not {sides_text(kernel)}"
            raise Fault("half-of-even", what, fix=f"write padding: {amount} or padding: same")
        return tuple([(d * (k - 1) // 2,) * 2 for k, d in zip(kernel, dilation, strict=True)])

    def _around(self, scope: Scope, x: Shape) -> Pads:
        if len(self.around) != len(x.sides):
            pairs = ", ".join(["[before, after]"] * len(x.sides))
            raise wrong_rank(f"padding has {counted(len(self.around), 'pair')}", x, f"write one number, or [{pairs}]")

        def amount(number: Count) -> Dim:
            return scope.count(number, "padding", 0)

        return tuple(each_read(lambda pair: tuple(each_read(amount, pair)), self.around))

    def with_number(self, number: Count, place: Path) -> "PaddingText":
        """The same with another number at a place below `padding`."""
        if self.amounts is not None:
            return self._replace(amounts=self.amounts.with_number(number, place))
        axis, side = map(int, place)
        return self._replace(around=replaced(self.around, axis, replaced(self.around[axis], side, number)))

    def counts(self) -> Iterator[tuple[Path, Count, int]]:
        """Each count with its place below `padding`."""
        if self.amounts is not None:
            yield from self.amounts.counts()
        for axis, pair in enumerate(self.around):
            for index, number in enumerate(pair):
                yield (axis, index), number, 0


VALID = PaddingText("valid")


def read_padding(value: object) -> PaddingText:
    """A word, a count, `[down, across]`, or `[[top, bottom], [left, right]]`."""
    if isinstance(value, list):
        if any(isinstance(item, list) for item in value):
            return PaddingText(around=tuple(each_read(_read_sides, value)))
        if len(value) == 4:
            raise Fault(
                "bad-padding",
                "which of the four numbers stands for which side is not said",
                fix="write [[top, bottom], [left, right]], or [down, across] where both sides have the same",
            )
        return PaddingText(amounts=listed_per_axis(value, "bad-padding"))
    text = scalar(value, "same, valid, half, a number or [height, width]")
    if text in PADDING_WORDS:
        return PaddingText(text)
    if hint := meant(text, PADDING_WORDS):
        raise Fault("bad-padding", f"'{text}' is no padding", fix=hint)
    return PaddingText(amounts=PerAxisText((Count(text),)))


def _read_sides(value: object) -> tuple[Count, Count]:
    """The padding before and after along one axis."""
    if not isinstance(value, list) or len(value) != 2:
        fix = "write [before, after] for each axis: [[1, 0], [1, 1]]"
        raise Fault("bad-padding", "an axis has padding before and after the map", fix=fix)
    before, after = each_read(read_count, value)
    return before, after


_BOTH = {"type": "array", "items": COUNT_SCHEMA, "minItems": 2, "maxItems": 2}
PaddingField = Annotated[
    PaddingText,
    PlainValidator(read_padding),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(PADDING_WORDS)},
                {"type": "integer", "minimum": 0},
                {"type": "string", "pattern": "[-+*/(]|^[A-Za-z_]$"},
                {"type": "array", "items": {"anyOf": [COUNT_SCHEMA, _BOTH]}, "minItems": 1, "maxItems": MOST_AXES},
            ]
        }
    ),
]
