"""How windows are written: `7x7/2`, `kx1/s`, `(k + 2)x3`, `global`."""

import re
from collections.abc import Collection, Iterator
from typing import Annotated, NamedTuple

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import Count, Dim, Scope, Shape, Sides
from inception_calc.ops.fields import Quoted, scalar
from inception_calc.ops.per_axis_fields import MOST_AXES, PerAxisText, wrong_rank
from inception_calc.problems import Fault, Path, counted

LOOKS_LIKE_WINDOW = re.compile(r"\d+x\d+(/.*)?", re.ASCII)
CELL_WINDOW = re.compile(r"\d+(?:x\d+)+(?:/\d+(?:x\d+)*)?|\d+/\d+", re.ASCII)
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


class WindowText(NamedTuple):
    """`HxW`, `HxW/S`, `HxW/SHxSW` for an image, `L/S` for a signal, or one expression for every side."""

    text: str
    sides: tuple[Placed, ...]
    stride: tuple[Placed, ...] | None = None
    is_plain: bool = False
    """One expression without a stride: every side of a map of any rank."""

    def at(
        self, path: str, scope: Scope, x: Shape, beside: PerAxisText | None, what: str = "kernel_size"
    ) -> tuple[Sides, Sides | None]:
        """Sides along the axes of x, and the stride where one is written; faults stand under the key `path`."""
        must_have_room(x, path)
        try:
            return self.kernel_size(scope, x, what), self._strides(scope, x, beside)
        except Fault as fault:
            raise (fault if fault.path else fault.under(path)) from None

    def kernel_size(self, scope: Scope, x: Shape, what: str = "kernel_size") -> Sides:
        """The sides along the axes of x; `what` they are called in faults."""
        if self.is_plain:
            return (self.sides[0].value(scope, what),) * len(x.sides)
        if len(self.sides) != len(x.sides):
            what = f"the window '{self.text}' has {counted(len(self.sides), 'side')}"
            raise wrong_rank(what, x, f"write {self._with_axes(x)}")
        return tuple([side.value(scope, what) for side in self.sides])

    def _strides(self, scope: Scope, x: Shape, beside: PerAxisText | None) -> Sides | None:
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
        return None if beside is None else beside.at("stride", scope, x)

    def with_number(self, number: Count, offset: int) -> "WindowText":
        """The same with another number where the part stands that holds an offset in the text."""

        def changed(parts: tuple[Placed, ...]) -> tuple[Placed, ...]:
            return tuple([Placed(number, part.offset) if part.offset == begin else part for part in parts])

        begin = max(part.offset for part in (*self.sides, *(self.stride or ())) if part.offset <= offset)
        return self._replace(sides=changed(self.sides), stride=self.stride and changed(self.stride))

    def with_stride(self, stride: int, x: Shape) -> str:
        """The window as it is written with this stride."""
        return f"{even_sided(self.text, len(x.sides)) if self.is_plain else self.text}/{stride}"

    def counts(self) -> Iterator[tuple[Path, Count, int]]:
        """Each expression in the window with its offset in the text."""
        for part in (*self.sides, *(self.stride or ())):
            if not part.number.text.isdigit():
                yield (), part.number, part.offset

    def _with_axes(self, x: Shape) -> str:
        """The window with a side for each axis of x."""
        sides = [side.number.text for side in self.sides]
        more = "x".join((sides * len(x.sides))[: len(x.sides)])
        steps = [step.number.text for step in self.stride or ()]
        return more + (f"/{steps[0]}" if steps else "")


def must_have_room(x: Shape, key: str) -> None:
    """A fault where a vector arrives at the operator `key`, whose window needs an axis to move along."""
    if not x.sides:
        what = f"a window moves along axes, and the vector of {x.channels} that arrives has none"
        raise Fault("wrong-rank", what, path=(key,), at_key=True, fix="use linear, or give the input a size")


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
        what = f"the window '{text}' has {counted(len(sides), 'side')} and {len(steps)} strides"
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


def is_window(text: str) -> bool:
    """Whether a cell holds a window with its sides or its stride, `5x5` or `3/2`, and no count."""
    return bool(CELL_WINDOW.fullmatch(text))


def read_pool_window(value: object) -> WindowText | None:
    """A window, or None for `global`: the whole map."""
    return None if value == "global" and not isinstance(value, Quoted) else read_window(value)


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
