"""Windows and paddings as they are written: `7x7/2`, `3x3/2x1`, `global`, `same`, `[1, 0]`."""

import re
from collections.abc import Iterator
from typing import Annotated, NamedTuple

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import Count, Extent, Pads, Scope
from inception_calc.ops.fields import COUNT_SCHEMA, Quoted, each_read, read_count, scalar
from inception_calc.problems import Fault, Path, meant

WINDOW = re.compile(r"(\d{1,9})x(\d{1,9})(?:/(.+))?", re.ASCII)
PAIR = re.compile(r"(\d{1,9})x(\d{1,9})", re.ASCII)
LOOKS_LIKE_WINDOW = re.compile(r"\d+x\d+(/.*)?", re.ASCII)
MISWRITTEN_WINDOW = re.compile(r"\d+\s*(?:[xX,\u00d7]|by)\s*\d+", re.ASCII)
"""`3X3`, `3 x 3`, `3by3`: meant as a window, though no window."""


class WindowText(NamedTuple):
    """`HxW`, `HxW/S`, `HxW/SHxSW`, or one expression for a square window."""

    text: str
    height: Count
    width: Count
    stride: tuple[Count, Count] | None = None

    def kernel_size(self, scope: Scope) -> Extent:
        height = scope.count(self.height, "kernel_size")
        return Extent(height, height if self.width is self.height else scope.count(self.width, "kernel_size"))

    def strides(self, scope: Scope, beside: Count | None) -> Extent | None:
        """The stride from the window or from the `stride:` beside it; None where neither is written."""
        if self.stride is not None:
            if beside is not None:
                raise Fault(
                    "two-strides",
                    f"the window '{self.text}' has a stride already",
                    path=("stride",),
                    at_key=True,
                    fix="write the stride in one place",
                )
            try:
                return Extent(*(scope.count(count, "stride") for count in self.stride))
            except Fault as fault:
                start, width = fault.span or (0, 1)
                fault.span = (start + self._stride_offset(), width)
                raise
        if beside is None:
            return None
        try:
            stride = scope.count(beside, "stride")
        except Fault as fault:
            raise fault.under("stride") from None
        return Extent(stride, stride)

    def _stride_offset(self) -> int:
        """Where the stride begins in the text."""
        return self.text.index("/") + 1

    def counts(self) -> Iterator[tuple[Path, Count, int]]:
        """Each expression in the window with its offset in the text."""
        if self.height is self.width:
            yield (), self.height, 0
        if self.stride is not None and self.stride[0] is self.stride[1]:
            yield (), self.stride[0], self._stride_offset()


def read_window(value: object) -> WindowText:
    """`HxW`, `HxW/S`, `HxW/SHxSW` or an expression."""
    text = scalar(value, "a window such as 3x3/2")
    match = WINDOW.fullmatch(text)
    if match is None:
        if "/" in text.replace("//", "") or LOOKS_LIKE_WINDOW.match(text) or MISWRITTEN_WINDOW.match(text):
            raise Fault("bad-window", f"'{text}' is no window", fix="write HxW or HxW/stride, such as 3x3/2")
        count = Count(text)
        return WindowText(text, count, count)
    height, width, stride = match.groups()
    for side, start in ((height, match.start(1)), (width, match.start(2))):
        if int(side) == 0:
            raise Fault(
                "too-small", f"the window '{text}' has a side of 0", fix="write 1 or more", span=(start, len(side))
            )
    if stride is None:
        return WindowText(text, Count(height), Count(width))
    pair = PAIR.fullmatch(stride)
    if pair:
        return WindowText(text, Count(height), Count(width), (Count(pair[1]), Count(pair[2])))
    both = Count(stride)
    return WindowText(text, Count(height), Count(width), (both, both))


def read_pool_window(value: object) -> WindowText | None:
    """A window, or None for `global`: the whole map."""
    return None if value == "global" and not isinstance(value, Quoted) else read_window(value)


NO_DILATION = Extent(1, 1)

PADDING_WORDS = ("same", "valid", "half")


class PaddingText(NamedTuple):
    """A word, or counts for rows above and below and for columns left and right."""

    word: str = ""
    amounts: tuple[Count, Count] | None = None

    def pads(self, scope: Scope, kernel: Extent, dilation: Extent = NO_DILATION) -> Pads | None:
        """The rows and columns of padding; None for "same", which depends on the map."""
        if self.word == "same":
            return None
        if self.word == "valid":
            return Pads(0, 0, 0, 0)
        if self.amounts is not None:
            rows, columns = (scope.count(count, "padding", 0) for count in self.amounts)
            return Pads(rows, rows, columns, columns)
        for side in kernel:
            if isinstance(side, int) and side % 2 == 0:
                raise Fault(
                    "half-of-even",
                    f"padding 'half' needs an odd window, not {kernel.height}x{kernel.width}",
                    fix=f"write padding: {side // 2} or padding: same",
                )
        rows, columns = (d * (k - 1) // 2 for k, d in zip(kernel, dilation, strict=True))
        return Pads(rows, rows, columns, columns)

    def counts(self) -> Iterator[tuple[Path, Count, int]]:
        if self.amounts is not None:
            if self.amounts[0] is self.amounts[1]:
                yield (), self.amounts[0], 0
            else:
                yield (0,), self.amounts[0], 0
                yield (1,), self.amounts[1], 0


VALID = PaddingText("valid")


def read_padding(value: object) -> PaddingText:
    """A word, a count, or `[height, width]`."""
    if isinstance(value, list):
        if len(value) != 2:
            raise Fault(
                "bad-padding", f"padding has two numbers, height and width, not {len(value)}", fix="write [1, 1]"
            )
        height, width = each_read(read_count, value)
        return PaddingText(amounts=(height, width))
    text = scalar(value, "same, valid, half, a number or [height, width]")
    if text in PADDING_WORDS:
        return PaddingText(text)
    if hint := meant(text, PADDING_WORDS):
        raise Fault("bad-padding", f"'{text}' is no padding", fix=hint)
    amount = Count(text)
    return PaddingText(amounts=(amount, amount))


_WINDOW = {"type": ["string", "integer"], "description": "HxW, HxW/S, HxW/SHxSW, or an expression (square)"}
WindowField = Annotated[WindowText, PlainValidator(read_window), WithJsonSchema(_WINDOW)]
PoolWindowField = Annotated[
    WindowText | None,
    PlainValidator(read_pool_window),
    WithJsonSchema({**_WINDOW, "description": "HxW/S with its stride, or global"}),
]
PaddingField = Annotated[
    PaddingText,
    PlainValidator(read_padding),
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": list(PADDING_WORDS)},
                {"type": "integer", "minimum": 0},
                {"type": "string", "pattern": "[-+*/(]|^[A-Za-z_]$"},
                {"type": "array", "items": COUNT_SCHEMA, "minItems": 2, "maxItems": 2},
            ]
        }
    ),
]
