"""Windows, and what is one number or one for each axis: `7x7/2`, `kx1/s`, `global`, `same`, `[1, 0]`."""

import re
from collections.abc import Collection, Iterator
from typing import Annotated, NamedTuple

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import Count, Dim, Extent, Pads, Scope
from inception_calc.ops.fields import COUNT_SCHEMA, Quoted, each_read, read_count, scalar
from inception_calc.problems import Fault, Path, are, meant

LOOKS_LIKE_WINDOW = re.compile(r"\d+x\d+(/.*)?", re.ASCII)
MISWRITTEN_WINDOW = re.compile(r"(\d+)\s*(?:[xX,\u00d7]|by)\s*(\d+)(?:\s*/\s*(\w+))?", re.ASCII)
"""`3X3`, `3 x 3`, `3by3`: meant as a window, though no window."""
FACTOR = re.compile(r"(?:[xX\u00d7]\s*)(\d+)|(\d+)\s*[xX\u00d7]", re.ASCII)
"""`2x` or `x2`, which says how often and names one side alone; `x2` may be a symbol too."""
PLAIN_SIDE = re.compile(r"\d{1,9}|[A-Za-z](?![A-Za-wyz0-9_])|'[^']*'", re.ASCII)
"""A number, a name of one letter, or a column in quotes; everything else stands in parentheses."""
SIDE_FIRST = re.compile(r"\d+x", re.ASCII)
ONE_SLASH = re.compile(r"(?<!/)/(?!/)")


class Placed(NamedTuple):
    """A count, and where it begins in the text that it is a part of."""

    number: Count
    offset: int = 0

    def value(self, scope: Scope, what: str, least: int = 1) -> Dim:
        """The value; a fault points at this part of the text."""
        try:
            return scope.count(self.number, what, least)
        except Fault as fault:
            start, width = fault.span or (0, len(self.number.text))
            fault.span = (start + self.offset, width)
            raise


class PairText(NamedTuple):
    """One count for both axes, or `[down, across]`."""

    height: Count
    width: Count

    def extent(self, scope: Scope, what: str, least: int = 1) -> Extent:
        """The numbers; a fault points at its item of the list."""
        height = self._along(0, scope, what, least)
        return Extent(height, height if self.width is self.height else self._along(1, scope, what, least))

    def _along(self, axis: int, scope: Scope, what: str, least: int) -> Dim:
        try:
            return scope.count(self[axis], what, least)
        except Fault as fault:
            raise (fault if self.width is self.height else fault.under(axis)) from None

    def counts(self) -> Iterator[tuple[Path, Count, int]]:
        """Each count with its place below the setting."""
        if self.height is self.width:
            yield (), self.height, 0
        else:
            yield (0,), self.height, 0
            yield (1,), self.width, 0


class WindowText(NamedTuple):
    """`HxW`, `HxW/S`, `HxW/SHxSW`, or one expression for a square window; equal sides are one object."""

    text: str
    height: Placed
    width: Placed
    stride: tuple[Placed, Placed] | None = None

    def kernel_size(self, scope: Scope) -> Extent:
        return _extent((self.height, self.width), scope, "kernel_size")

    def strides(self, scope: Scope, beside: PairText | None) -> Extent | None:
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
            return _extent(self.stride, scope, "stride")
        if beside is None:
            return None
        try:
            return beside.extent(scope, "stride")
        except Fault as fault:
            raise fault.under("stride") from None

    def with_stride(self, stride: int) -> str:
        """The window as it is written with this stride."""
        return f"{self.text if self.height is not self.width else squared(self.text)}/{stride}"

    def counts(self) -> Iterator[tuple[Path, Count, int]]:
        """Each expression in the window with its offset in the text."""
        for sides in ((self.height, self.width), self.stride or ()):
            for part in dict.fromkeys(sides):
                if not part.number.text.isdigit():
                    yield (), part.number, part.offset


def _extent(sides: tuple[Placed, Placed], scope: Scope, what: str) -> Extent:
    height = sides[0].value(scope, what)
    return Extent(height, height if sides[1] is sides[0] else sides[1].value(scope, what))


def squared(text: str) -> str:
    """A square window of this side, as HxW."""
    side = text if _side_end(text, 0) == len(text) else f"({text})"
    return f"{side}x{side}"


def other_window(text: str, known: Collection[str]) -> str:
    """How a window is written that names sides in another way; `known` are the names there."""
    if text in known:
        return f"write ({text}) for a square window of that side"
    if factor := FACTOR.fullmatch(text):
        return f"write {squared(factor[1] or factor[2])}"
    sides = text.split("x")
    if len(sides) != 2 or not all(side.isdigit() or side in known for side in sides):
        return ""
    return "write " + "x".join(side if side.isdigit() else f"({side})" for side in sides)


def _side_end(text: str, start: int) -> int:
    """Where the side of a window that begins at `start` ends; `start` itself where none does."""
    if text[start : start + 1] == "(":
        depth = 0
        for place in range(start, len(text)):
            depth += {"(": 1, ")": -1}.get(text[place], 0)
            if depth == 0:
                return place + 1
        return start
    found = PLAIN_SIDE.match(text, start)
    return found.end() if found else start


def _sides(text: str, start: int) -> tuple[Placed, Placed, int] | None:
    """Two sides with an `x` between them, and where they end; None where the text goes on otherwise."""
    cross = _side_end(text, start)
    if cross == start or text[cross : cross + 1] != "x":
        return None
    end = _side_end(text, cross + 1)
    if end == cross + 1:
        return None
    return Placed(Count(text[start:cross]), start), Placed(Count(text[cross + 1 : end]), cross + 1), end


def read_window(value: object) -> WindowText:
    """`HxW`, `HxW/S`, `HxW/SHxSW` or an expression."""
    text = scalar(value, "a window such as 3x3/2")
    sides = _sides(text, 0)
    if sides is None or not (sides[2] == len(text) or ONE_SLASH.match(text, sides[2])):
        return _square(text)
    height, width, end = sides
    if end == len(text):
        return WindowText(text, height, width)
    start = end + 1
    steps = _sides(text, start)
    if steps is not None and steps[2] == len(text):
        return WindowText(text, height, width, steps[:2])
    if not text[start:].strip():
        raise Fault("bad-window", f"'{text}' ends without a stride", fix=f"write {text}1 or {text[:end]}")
    both = Placed(Count(text[start:]), start)
    return WindowText(text, height, width, (both, both))


def _square(text: str) -> WindowText:
    """A window that is one expression; a fault where something else is meant."""
    if miswritten := MISWRITTEN_WINDOW.fullmatch(text):
        height, width, stride = miswritten.groups()
        fix = f"write {height}x{width}" + (f"/{stride}" if stride else "")
    elif not text.startswith("x") and (fix := other_window(text, ())):
        pass
    elif SIDE_FIRST.match(text):
        fix = "write HxW or HxW/stride, such as 3x3/2; sides that are formulas stand in parentheses"
    elif slash := ONE_SLASH.search(text):
        fix = f"write {squared(text[: slash.start()].strip())}/{text[slash.end() :].strip()}"
    else:
        both = Placed(Count(text))
        return WindowText(text, both, both)
    raise Fault("bad-window", f"'{text}' is no window", fix=fix)


def read_pool_window(value: object) -> WindowText | None:
    """A window, or None for `global`: the whole map."""
    return None if value == "global" and not isinstance(value, Quoted) else read_window(value)


def read_pair(value: object) -> PairText:
    """A count, or `[down, across]`."""
    if isinstance(value, list):
        return PairText(*_two(value, "bad-pair"))
    both = read_count(value)
    return PairText(both, both)


def _two(value: list[object], code: str) -> list[Count]:
    """The two counts of a list, down and across."""
    if len(value) != 2:
        alone = value[0] if len(value) == 1 and isinstance(value[0], str) else ""
        fix = f"write {alone} without brackets" if alone else "write one number, or [down, across]"
        raise Fault(code, f"there are two axes, here {are(len(value), 'number')}", fix=fix)
    return list(each_read(read_count, value))


NO_DILATION = Extent(1, 1)

PADDING_WORDS = ("same", "valid", "half")


class PaddingText(NamedTuple):
    """A word, or counts for rows above and below and for columns left and right."""

    word: str = ""
    amounts: PairText | None = None

    def pads(self, scope: Scope, kernel: Extent, dilation: Extent = NO_DILATION) -> Pads | None:
        """The rows and columns of padding; None for "same", which depends on the map."""
        if self.word == "same":
            return None
        if self.word == "valid":
            return Pads(0, 0, 0, 0)
        if self.amounts is not None:
            rows, columns = self.amounts.extent(scope, "padding", 0)
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
        """Each count with its place below `padding`."""
        return iter(()) if self.amounts is None else self.amounts.counts()


VALID = PaddingText("valid")


def read_padding(value: object) -> PaddingText:
    """A word, a count, or `[height, width]`."""
    if isinstance(value, list):
        if len(value) == 4:
            raise Fault(
                "bad-padding",
                "padding of its own for each of the four sides is not supported",
                fix="write [down, across], as much before as after; same puts an odd row or column after",
            )
        return PaddingText(amounts=PairText(*_two(value, "bad-padding")))
    text = scalar(value, "same, valid, half, a number or [height, width]")
    if text in PADDING_WORDS:
        return PaddingText(text)
    if hint := meant(text, PADDING_WORDS):
        raise Fault("bad-padding", f"'{text}' is no padding", fix=hint)
    amount = Count(text)
    return PaddingText(amounts=PairText(amount, amount))


_TWO = {"type": "array", "items": COUNT_SCHEMA, "minItems": 2, "maxItems": 2}
PairField = Annotated[
    PairText,
    PlainValidator(read_pair),
    WithJsonSchema({**_TWO, "type": ["integer", "string", "array"], "description": "one number, or [down, across]"}),
]
_WINDOW = {
    "type": ["string", "integer"],
    "description": "HxW, HxW/S, HxW/SHxSW, or an expression (square); sides are numbers, names of one letter, or in ()",
}
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
                _TWO,
            ]
        }
    ),
]
