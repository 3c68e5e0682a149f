"""Windows, and what is one number or one for each axis: `7x7/2`, `kx1/s`, `global`, `same`, `[1, 0]`."""

import re
from collections.abc import Collection, Iterator
from typing import Annotated, Any, NamedTuple

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import AXES, Count, Dim, FeatureMap, Pads, Scope, Sides, sides_text
from inception_calc.ops.fields import COUNT_SCHEMA, Quoted, each_read, read_count, scalar
from inception_calc.problems import Fault, Path, are, counted, listed, meant

LOOKS_LIKE_WINDOW = re.compile(r"\d+x\d+(/.*)?", re.ASCII)
MISWRITTEN_WINDOW = re.compile(r"(\d+)\s*(?:[xX,\u00d7]|by)\s*(\d+)(?:\s*/\s*(\w+))?", re.ASCII)
"""`3X3`, `3 x 3`, `3by3`: meant as a window, though no window."""
FACTOR = re.compile(r"(?:[xX\u00d7]\s*)(\d+)|(\d+)\s*[xX\u00d7]", re.ASCII)
"""`2x` or `x2`, which says how often and names one side alone; `x2` may be a symbol too."""
PLAIN_SIDE = re.compile(r"\d{1,9}|[A-Za-z](?![A-Za-wyz0-9_])|'[^']*'", re.ASCII)
"""A number, a name of one letter, or a column in quotes; everything else stands in parentheses."""
SIDE_FIRST = re.compile(r"\d+x", re.ASCII)
ONE_SLASH = re.compile(r"(?<!/)/(?!/)")
MOST_AXES = len(AXES) - 1


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


def replaced(numbers: tuple[Any, ...], index: int, number: Any) -> tuple[Any, ...]:
    """The numbers with another one at an index."""
    return (*numbers[:index], number, *numbers[index + 1 :])


class PerAxisText(NamedTuple):
    """One count for every axis, or a list with one for each."""

    numbers: tuple[Count, ...]
    listed: bool = False

    def values(self, scope: Scope, x: FeatureMap, what: str, least: int = 1) -> Sides:
        """The numbers along the axes of x; a fault points at its item of the list."""
        if not self.listed:
            return (scope.count(self.numbers[0], what, least),) * len(x.sides)
        alone = self.numbers[0].text if len(self.numbers) == 1 else ""
        must_have_axes(x, len(self.numbers), f"{what} has {counted(len(self.numbers), 'number')}", alone)
        return tuple([self._along(index, scope, what, least) for index in range(len(self.numbers))])

    def _along(self, index: int, scope: Scope, what: str, least: int) -> Dim:
        try:
            return scope.count(self.numbers[index], what, least)
        except Fault as fault:
            raise fault.under(index) from None

    def with_number(self, number: Count, place: Path) -> "PerAxisText":
        """The same with another number at a place below the setting."""
        return self._replace(numbers=replaced(self.numbers, int(place[0]), number))

    def counts(self) -> Iterator[tuple[Path, Count, int]]:
        """Each count with its place below the setting."""
        for index, number in enumerate(self.numbers):
            yield ((index,) if self.listed else ()), number, 0


def must_have_axes(x: FeatureMap, number: int, what: str, alone: str = "", *, pairs: bool = False) -> None:
    """A fault unless the map has so many axes."""
    if len(x.sides) != number:
        each = ", ".join(["[before, after]"] * len(x.sides)) if pairs else along(x)
        raise Fault(
            "wrong-rank",
            f"{what}, but the map has {_axes_named(x)}",
            fix=f"write {alone} without brackets" if alone else f"write one number, or [{each}]",
        )


def must_have_room(x: FeatureMap, key: str) -> None:
    """A fault where a vector arrives at the operator `key`, whose window needs an axis to move along."""
    if not x.sides:
        what = f"a window moves along axes, and the vector of {x.channels} that arrives has none"
        raise Fault("wrong-rank", what, path=(key,), at_key=True, fix="use linear, or give the input a size")


class WindowText(NamedTuple):
    """`HxW`, `HxW/S`, `HxW/SHxSW` for an image, `L/S` for a signal, or one expression for every side."""

    text: str
    sides: tuple[Placed, ...]
    stride: tuple[Placed, ...] | None = None
    is_plain: bool = False
    """One expression without a stride: every side of a map of any rank."""

    def kernel_size(self, scope: Scope, x: FeatureMap, what: str = "kernel_size") -> Sides:
        """The sides along the axes of x; `what` they are called in faults."""
        if self.is_plain:
            return (self.sides[0].value(scope, what),) * len(x.sides)
        if len(self.sides) != len(x.sides):
            raise Fault(
                "wrong-rank",
                f"the window '{self.text}' has {_sides_named(len(self.sides))}, but the map has {_axes_named(x)}",
                fix=f"write {self._with_axes(x)}",
            )
        return tuple([side.value(scope, what) for side in self.sides])

    def strides(self, scope: Scope, x: FeatureMap, beside: PerAxisText | None) -> Sides | None:
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
            steps = [step.value(scope, "stride") for step in self.stride]
            return tuple(steps if len(steps) == len(x.sides) else steps * len(x.sides))
        if beside is None:
            return None
        try:
            return beside.values(scope, x, "stride")
        except Fault as fault:
            raise fault.under("stride") from None

    def with_number(self, number: Count, offset: int) -> "WindowText":
        """The same with another number where the part stands that holds an offset in the text."""

        def changed(parts: tuple[Placed, ...]) -> tuple[Placed, ...]:
            return tuple([Placed(number, part.offset) if part.offset == begin else part for part in parts])

        begin = max(part.offset for part in (*self.sides, *(self.stride or ())) if part.offset <= offset)
        return self._replace(sides=changed(self.sides), stride=self.stride and changed(self.stride))

    def with_stride(self, stride: int, x: FeatureMap) -> str:
        """The window as it is written with this stride."""
        return f"{even_sided(self.text, len(x.sides)) if self.is_plain else self.text}/{stride}"

    def counts(self) -> Iterator[tuple[Path, Count, int]]:
        """Each expression in the window with its offset in the text."""
        for part in (*self.sides, *(self.stride or ())):
            if not part.number.text.isdigit():
                yield (), part.number, part.offset

    def _with_axes(self, x: FeatureMap) -> str:
        """The window with a side for each axis of x."""
        sides = [side.number.text for side in self.sides]
        more = "x".join((sides * len(x.sides))[: len(x.sides)])
        steps = [step.number.text for step in self.stride or ()]
        return more + (f"/{steps[0]}" if steps else "")


def along(x: FeatureMap) -> str:
    """`down, across`: what the numbers of a list are, one for each axis."""
    return ", ".join(
        {"length": "along", "height": "down", "width": "across", "depth": "through"}[axis] for axis in x.axes
    )


def _sides_named(number: int) -> str:
    return f"{number} side{'' if number == 1 else 's'}"


def _axes_named(x: FeatureMap) -> str:
    axes = "1 axis" if len(x.axes) == 1 else f"{len(x.axes)} axes"
    return f"{axes} ({listed(x.axes)})" if x.axes else "no axis"


def even_sided(text: str, axes: int = 2) -> str:
    """A window of this side along each axis, HxW for two."""
    side = text if _side_end(text, 0) == len(text) else f"({text})"
    return "x".join([side] * axes)


def other_window(text: str, known: Collection[str]) -> str:
    """How a window is written that names sides in another way; `known` are the names there."""
    if text in known:
        return f"write ({text}) for a square window of that side"
    if factor := FACTOR.fullmatch(text):
        return f"write {even_sided(factor[1] or factor[2])}"
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


def _sides(text: str, start: int) -> tuple[tuple[Placed, ...], int]:
    """Sides with an `x` between them, and where they end; none where the text begins otherwise."""
    sides: list[Placed] = []
    place = start
    while True:
        end = _side_end(text, place)
        if end == place:
            return tuple(sides), (place - 1 if sides else start)
        sides.append(Placed(Count(text[place:end]), place))
        if text[end : end + 1] != "x":
            return tuple(sides), end
        place = end + 1


def read_window(value: object) -> WindowText:
    """`HxW`, `HxW/S`, `HxW/SHxSW`, as many sides as the map has axes, or an expression for all of them."""
    text = scalar(value, "a window such as 3x3/2")
    sides, end = _sides(text, 0)
    if len(sides) > MOST_AXES:
        fix = "a window has a side for each axis of the map: 3, 3x3 or 3x3x3"
        raise Fault("bad-window", f"the window '{text}' has {len(sides)} sides, no map has so many axes", fix=fix)
    if not sides or not (end == len(text) or ONE_SLASH.match(text, end)):
        return _every_side(text)
    if end == len(text):
        return WindowText(text, sides) if len(sides) > 1 else _every_side(text)
    start = end + 1
    steps, stop = _sides(text, start)
    if len(steps) == len(sides) and stop == len(text):
        return WindowText(text, sides, steps)
    if len(steps) > 1 and stop == len(text):
        what = f"the window '{text}' has {_sides_named(len(sides))} and {len(steps)} strides"
        raise Fault("bad-window", what, fix="write one stride, or one for each side")
    if not text[start:].strip():
        raise Fault("bad-window", f"'{text}' ends without a stride", fix=f"write {text}1 or {text[:end]}")
    return WindowText(text, sides, (Placed(Count(text[start:]), start),))


def _every_side(text: str) -> WindowText:
    """A window that is one expression; a fault where something else is meant."""
    if miswritten := MISWRITTEN_WINDOW.fullmatch(text):
        height, width, stride = miswritten.groups()
        fix = f"write {height}x{width}" + (f"/{stride}" if stride else "")
    elif not text.startswith("x") and (fix := other_window(text, ())):
        pass
    elif SIDE_FIRST.match(text):
        fix = "write HxW or HxW/stride, such as 3x3/2; sides that are formulas stand in parentheses"
    elif slash := ONE_SLASH.search(text):
        fix = f"write {even_sided(text[: slash.start()].strip())}/{text[slash.end() :].strip()}"
    else:
        return WindowText(text, (Placed(Count(text)),), is_plain=True)
    raise Fault("bad-window", f"'{text}' is no window", fix=fix)


def read_pool_window(value: object) -> WindowText | None:
    """A window, or None for `global`: the whole map."""
    return None if value == "global" and not isinstance(value, Quoted) else read_window(value)


def read_per_axis(value: object) -> PerAxisText:
    """A count, or a list with one for each axis."""
    if isinstance(value, list):
        return PerAxisText(_several(value, "bad-pair"), listed=True)
    return PerAxisText((read_count(value),))


def _several(value: list[object], code: str) -> tuple[Count, ...]:
    """The counts of a list, one for each axis."""
    if not 1 <= len(value) <= MOST_AXES:
        raise Fault(code, f"no map has as many axes as here {are(len(value), 'number')}", fix=ONE_OR_EACH)
    return tuple(each_read(read_count, value))


ONE_OR_EACH = "write one number, or one for each axis: [down, across]"
PADDING_WORDS = ("same", "valid", "half", "causal")


class PaddingText(NamedTuple):
    """A word, or counts for each axis, before and after the map where they differ."""

    word: str = ""
    amounts: PerAxisText | None = None
    """As much before as after."""
    around: tuple[tuple[Count, Count], ...] = ()
    """Before and after, for each axis."""

    def pads(self, scope: Scope, x: FeatureMap, kernel: Sides, dilation: Sides) -> Pads | None:
        """The padding before and after along each axis; None for "same", which depends on the map."""
        if self.word == "same":
            return None
        if self.word == "valid":
            return ((0, 0),) * len(kernel)
        if self.amounts is not None:
            return tuple([(amount, amount) for amount in self.amounts.values(scope, x, "padding", 0)])
        if self.around:
            return self._around(scope, x)
        if self.word == "causal":
            must_have_axes(x, 1, "causal padding is that of a signal, of one axis")
            return tuple([(d * (k - 1), 0) for k, d in zip(kernel, dilation, strict=True)])
        if any(isinstance(side, int) and side % 2 == 0 for side in kernel):
            halves = [f"{side // 2}" for side in kernel]
            amount = halves[0] if len(set(halves)) == 1 else f"[{', '.join(halves)}]"
            what = f"padding 'half' needs an odd window, not {sides_text(kernel)}"
            raise Fault("half-of-even", what, fix=f"write padding: {amount} or padding: same")
        return tuple([(d * (k - 1) // 2,) * 2 for k, d in zip(kernel, dilation, strict=True)])

    def _around(self, scope: Scope, x: FeatureMap) -> Pads:
        must_have_axes(x, len(self.around), f"padding has {counted(len(self.around), 'pair')}", pairs=True)
        return tuple([self._both(axis, scope) for axis in range(len(self.around))])

    def _both(self, axis: int, scope: Scope) -> tuple[Dim, Dim]:
        sides = PerAxisText(self.around[axis], listed=True)
        try:
            return sides._along(0, scope, "padding", 0), sides._along(1, scope, "padding", 0)
        except Fault as fault:
            raise fault.under(axis) from None

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
        return PaddingText(amounts=PerAxisText(_several(value, "bad-padding"), listed=True))
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


_EACH = {"type": "array", "items": COUNT_SCHEMA, "minItems": 1, "maxItems": MOST_AXES}
_BOTH = {"type": "array", "items": COUNT_SCHEMA, "minItems": 2, "maxItems": 2}
PerAxisField = Annotated[
    PerAxisText,
    PlainValidator(read_per_axis),
    WithJsonSchema(
        {**_EACH, "type": ["integer", "string", "array"], "description": "one number, or one for each axis"}
    ),
]
_WINDOW = {
    "type": ["string", "integer"],
    "description": "HxW, HxW/S, HxW/SHxSW (L/S, DxHxW/S), or an expression for all sides; "
    "sides are numbers, names of one letter, or in ()",
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
                {"type": "array", "items": {"anyOf": [COUNT_SCHEMA, _BOTH]}, "minItems": 1, "maxItems": MOST_AXES},
            ]
        }
    ),
]
