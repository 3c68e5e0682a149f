"""What may be written as a value: counts, windows, paddings, flags, decimals and words, for the models.

Scalars of a spec stay text until the field that holds them reads them (language, section 2); a scalar in
quotes is a `Quoted` text and is never a count or a flag.
"""

import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any, NamedTuple

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import Count, Decimal, Dim, Extent, Pads, Scope, read_decimal
from inception_calc.problems import Fault, Path, Suggestion, kind_of, listed, nearest


class Quoted(str):
    """A scalar that stands in quotes: text, whatever it looks like."""

    __slots__ = ()


class LostText(str):
    """Stands where something could not be read and was complained about, so that the rest can be judged."""

    __slots__ = ()


def scalar(value: object, expected: str) -> str:
    """The text of an unquoted scalar; a fault naming what was expected instead."""
    if not isinstance(value, str):
        raise Fault("wrong-type", f"{expected} is expected here, not {kind_of(value)}", fix="write a single value")
    if isinstance(value, Quoted):
        raise Fault("quoted", f"{expected} is expected here, not a text in quotes", fix="leave the quotes out")
    if value == "":
        raise Fault(
            "missing-value", f"{expected} is expected here, nothing stands here", fix="write it after the colon"
        )
    return value


def read_count(value: object) -> Count:
    """A count, its expression not read yet: only its place knows the columns."""
    return Count(scalar(value, "a count (an integer, a column or an expression)"))


def read_flag(value: object) -> bool:
    """`true` or `false`."""
    text = scalar(value, "true or false")
    if text not in ("true", "false"):
        raise Fault("not-a-flag", f"'{text}' is neither true nor false", fix="write true or false")
    return text == "true"


def read_text(value: object) -> str:
    """Any text."""
    if not isinstance(value, str):
        raise Fault("wrong-type", f"a text is expected here, not {kind_of(value)}", fix="put the text in quotes")
    return str(value)


def read_nothing(value: object) -> None:
    """An empty value."""
    if value != "":
        raise Fault("no-argument", "this operator takes no argument", fix="leave the value empty")


def read_a_decimal(value: object) -> Decimal:
    """A decimal fraction, or the name of a column."""
    text = scalar(value, "a decimal fraction")
    if text[0].isdigit() or text[0] in ".+-":
        read_decimal(text)
    return Decimal(text)


def read_rate(value: object) -> Decimal:
    """A decimal fraction below 1, or the name of a column."""
    decimal = read_a_decimal(value)
    if decimal.text[0].isdigit() and not 0 <= read_decimal(decimal.text) < 1:
        raise Fault("bad-rate", f"a rate is at least 0 and less than 1, {decimal.text} is not", fix="write 40 % as 0.4")
    return decimal


def read_counts(value: object) -> tuple[Count, ...]:
    """A list of counts."""
    if not isinstance(value, list):
        raise Fault("wrong-type", "a list of counts is expected here", fix="write it in brackets: [6, 3, 2, 1]")
    if not value:
        raise Fault("empty-list", "the list is empty", fix="write at least one count: [6, 3, 2, 1]")
    return tuple(_each(read_count, value))


def read_connections(value: object) -> tuple[tuple[int, ...], ...]:
    """LeNet-5's Table I: for each output map the input maps that it sees, counted from 0."""
    if not isinstance(value, list) or not value:
        raise Fault(
            "wrong-type",
            "a list of lists is expected here: for each output map the input maps it sees",
            fix="write it in brackets: [[0, 1], [1, 2]]",
        )
    table = []
    for index, row in enumerate(value):
        if not isinstance(row, list) or not row:
            raise Fault("wrong-type", "a list of input maps is expected here", path=(index,), fix="write it: [0, 1]")
        texts = list(_each(lambda item: scalar(item, "the number of an input map"), row, index))
        for place, text in enumerate(texts):
            if not (text.isascii() and text.isdigit() and len(text) < 10):
                raise Fault(
                    "not-an-integer",
                    f"'{text}' is not the number of a map",
                    path=(index, place),
                    fix="maps are counted 0, 1, 2, ...",
                )
        numbers = tuple(map(int, texts))
        if len(set(numbers)) != len(numbers):
            second = next(place for place, number in enumerate(numbers) if number in numbers[:place])
            raise Fault(
                "twice",
                f"output map {index} sees input map {numbers[second]} twice",
                path=(index, second),
                fix="leave one out",
            )
        table.append(numbers)
    return tuple(table)


def _each(read: Callable[[object], Any], values: list[object], *path: int) -> Iterator[Any]:
    for index, value in enumerate(values):
        try:
            yield read(value)
        except Fault as fault:
            raise fault.under(*path, index) from None


ACTIVATIONS = ("relu", "relu6", "tanh", "sigmoid", "none")
ROUNDINGS = ("floor", "ceil")


def one_of(words: tuple[str, ...], what: str) -> Callable[[object], str]:
    """A reader of one of some words."""

    def read(value: object) -> str:
        text = scalar(value, f"one of {listed(words, 'or')}")
        if text not in words:
            known = listed(words, "or")
            near = nearest(text, words)
            fix = Suggestion(near.word, f"{near} ({known})") if isinstance(near, Suggestion) else f"write {known}"
            raise Fault("unknown-word", f"'{text}' is no {what}", fix=fix)
        return text

    return read


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
        height, width = _each(read_count, value)
        return PaddingText(amounts=(height, width))
    text = scalar(value, "same, valid, half, a number or [height, width]")
    if text in PADDING_WORDS:
        return PaddingText(text)
    if hint := nearest(text, PADDING_WORDS):
        raise Fault("bad-padding", f"'{text}' is no padding", fix=hint)
    amount = Count(text)
    return PaddingText(amounts=(amount, amount))


class Affine(NamedTuple):
    """Which trainable parts a batch norm has."""

    scale: bool = True
    shift: bool = True


def read_affine(value: object) -> Affine:
    """Nothing, or which of scale and shift are trained."""
    if value == "":
        return Affine()
    if not isinstance(value, dict):
        raise Fault(
            "wrong-type", "batch norm takes nothing, or a mapping of flags", fix="write {scale: true, shift: true}"
        )
    parts: dict[str, bool] = {}
    for key, item in value.items():
        if key not in ("scale", "shift"):
            raise Fault(
                "unknown-key",
                f"'{key}' is no setting of a batch norm",
                path=(key,),
                at_key=True,
                fix=nearest(key, ("scale", "shift")) or "the settings are scale and shift",
            )
        try:
            parts[key] = read_flag(item)
        except Fault as fault:
            raise fault.under(key) from None
    return Affine(**parts)


_COUNT = {"type": ["integer", "string"]}
_WINDOW = {"type": ["string", "integer"], "description": "HxW, HxW/S, HxW/SHxSW, or an expression (square)"}
_DECIMAL = {"type": ["number", "string"]}

CountField = Annotated[Count, PlainValidator(read_count), WithJsonSchema(_COUNT)]
CountsField = Annotated[
    tuple[Count, ...], PlainValidator(read_counts), WithJsonSchema({"type": "array", "items": _COUNT, "minItems": 1})
]
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
                {"type": "array", "items": _COUNT, "minItems": 2, "maxItems": 2},
            ]
        }
    ),
]
FlagField = Annotated[bool, PlainValidator(read_flag), WithJsonSchema({"type": "boolean"})]
TextField = Annotated[str, PlainValidator(read_text), WithJsonSchema({"type": ["string", "number"]})]
DecimalField = Annotated[Decimal, PlainValidator(read_a_decimal), WithJsonSchema(_DECIMAL)]
RateField = Annotated[Decimal, PlainValidator(read_rate), WithJsonSchema(_DECIMAL)]
NothingField = Annotated[None, PlainValidator(read_nothing), WithJsonSchema({"type": "null"})]
AffineField = Annotated[
    Affine,
    PlainValidator(read_affine),
    WithJsonSchema(
        {
            "type": ["object", "null"],
            "properties": {"scale": {"type": "boolean"}, "shift": {"type": "boolean"}},
            "additionalProperties": False,
        }
    ),
]
ConnectionsField = Annotated[
    tuple[tuple[int, ...], ...],
    PlainValidator(read_connections),
    WithJsonSchema({"type": "array", "items": {"type": "array", "items": {"type": "integer", "minimum": 0}}}),
]
ActivationField = Annotated[
    str, PlainValidator(one_of(ACTIVATIONS, "activation")), WithJsonSchema({"enum": list(ACTIVATIONS)})
]
RoundingField = Annotated[str, PlainValidator(one_of(ROUNDINGS, "rounding")), WithJsonSchema({"enum": list(ROUNDINGS)})]
SizeField = Annotated[
    Dim, PlainValidator(lambda value: 5 if value == "" else read_count(value)), WithJsonSchema(_COUNT)
]
