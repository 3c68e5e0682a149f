"""The shape of what flows between layers: channels, and any number of spatial axes.

`128x1000` is a signal (channels x length), `3x224x224` an image, `3x16x112x112` a volume, `1000` a vector. Channels
come first here, in JSON and in ONNX, last in papers' tables: that is decided at the edge. Roles are asked for by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

from inception_calc.dims.quantity import Dim, product, same

AXES: tuple[tuple[str, ...], ...] = ((), ("length",), ("height", "width"), ("depth", "height", "width"))
"""The names of the spatial axes, by their number."""
AXIS_SYMBOLS = {"length": "length", "height": "height", "width": "width", "depth": "depth_size"}
"""Axis -> the symbol that stands for the input's extent along it; `depth` alone is the network's."""


def axis_names(count: int) -> tuple[str, ...]:
    """What so many spatial axes are called; beyond those of volumes by number."""
    return AXES[count] if count < len(AXES) else tuple(f"axis_{number}" for number in range(1, count + 1))


SIZE = "size"
"""The symbol for height and width together."""
SIDE_SYMBOLS = (SIZE, *AXIS_SYMBOLS.values())
"""The symbols that say how large the input is."""


class Shape(tuple[Any, ...]):
    """The shape of one sample's activations: channels, then the extent of each spatial axis."""

    __slots__ = ()

    def __new__(cls, channels: Dim, *sides: Dim) -> Shape:
        """A shape of so many channels and these extents."""
        return tuple.__new__(cls, (channels, *sides))

    def __getnewargs__(self) -> tuple[Dim, ...]:
        return tuple(self)

    def __repr__(self) -> str:
        named = zip(self.names, self, strict=True)
        return f"Shape({', '.join(f'{name}={extent}' for name, extent in named)})"

    channels = property(itemgetter(0), doc="The number of channels.")
    sides = property(itemgetter(slice(1, None)), doc="The extent of each spatial axis.")

    @property
    def axes(self) -> tuple[str, ...]:
        """The names of the spatial axes."""
        return AXES[len(self) - 1]

    @property
    def names(self) -> tuple[str, ...]:
        """What each of the numbers is called."""
        return "channels", *self.axes

    @property
    def printed_order(self) -> str:
        """The order of sizes in papers' tables: `height x width x channels`."""
        return " x ".join((*self.axes, "channels"))

    @property
    def in_print(self) -> tuple[Dim, ...]:
        """The sizes in the order of papers' tables."""
        return *self.sides, self.channels

    @property
    def built_in_symbols(self) -> tuple[str, ...]:
        """The symbols that every network with an input of these axes has."""
        return "batch", *self.size_symbols, "width_multiplier"

    @property
    def size_symbols(self) -> tuple[str, ...]:
        """The symbols that say how far an input of these axes reaches."""
        square = (SIZE,) if "height" in self.axes else ()
        return *(AXIS_SYMBOLS[axis] for axis in self.axes), *square

    @property
    def symbols(self) -> dict[str, Dim]:
        """What the symbols for an input's size stand for; `size` only where height and width are the same."""
        extents = {AXIS_SYMBOLS[axis]: side for axis, side in zip(self.axes, self.sides, strict=True)}
        if "height" in extents and same(extents["height"], extents["width"]):
            extents[SIZE] = extents["height"]
        return extents

    @property
    def elements(self) -> Dim:
        """The number of values."""
        return product(self)

    @property
    def positions(self) -> Dim:
        """The number of places: elements of one channel."""
        return product(self.sides)

    @property
    def height(self) -> Dim:
        """The extent of an image or volume from top to bottom."""
        return self[self.names.index("height")]

    @property
    def width(self) -> Dim:
        """The extent of an image or volume from left to right."""
        return self[self.names.index("width")]

    def placed(self, axes: int) -> Shape | None:
        """The same as a map of so many spatial axes, which one place may have; None where it cannot be one."""
        if len(self) == axes + 1:
            return self
        return None if any(side != 1 for side in self.sides) else Shape(self.channels, *(1,) * axes)

    def deep(self, channels: Dim) -> Shape:
        """The same places with so many channels."""
        return Shape(channels, *self.sides)

    def over(self, sides: Iterable[Dim]) -> Shape:
        """The same channels over these extents."""
        return Shape(self.channels, *sides)

    def point(self, channels: Dim) -> Shape:
        """One place of so many channels, on as many axes."""
        return Shape(channels, *(1 for _ in self.sides))


def prefixes(inputs: Iterable[str]) -> dict[str, str]:
    """Input -> what its size's symbols begin with: nothing for the first one, `audio_` for another (`audio_length`)."""
    return {name: f"{name}_" if place else "" for place, name in enumerate(inputs)}


def symbols_of(inputs: Mapping[str, Shape]) -> dict[str, Dim]:
    """What the symbols of all inputs' sizes stand for."""
    before = prefixes(inputs)
    return {f"{before[name]}{word}": extent for name, x in inputs.items() for word, extent in x.symbols.items()}


class TensorShape(Shape):
    """The shape of a tensor whose axes have no roles, batch included: it is written as it stands, `1x64x112x112`.

    Who asks for roles all the same sees a vector of all its elements.
    """

    __slots__ = ()

    def __new__(cls, *sizes: Dim) -> TensorShape:
        """A shape of these sizes; none for a scalar."""
        return tuple.__new__(cls, sizes)

    def __repr__(self) -> str:
        return f"TensorShape({', '.join(map(str, self))})"

    channels = property(product, doc="All elements.")
    sides = property(itemgetter(slice(0)), doc="No axis has a place in space.")

    @property
    def axes(self) -> tuple[str, ...]:
        """No axis has a name."""
        return ()

    @property
    def names(self) -> tuple[str, ...]:
        """What each of the numbers is called: its place."""
        return tuple(map(str, range(len(self))))

    @property
    def in_print(self) -> tuple[Dim, ...]:
        """The sizes in the tensor's own order."""
        return tuple(self)

    def placed(self, axes: int) -> Shape | None:
        """N x C x places; N x C is one place. Who asks knows that the axes stand so."""
        if len(self) == 2:
            return Shape(self[1], *(1,) * axes)
        return Shape(*self[1:]) if len(self) == axes + 2 else None

    @property
    def symbols(self) -> dict[str, Dim]:
        """No symbol stands for an axis."""
        return {}


class UnknownShape(TensorShape):
    """What is no tensor, or a tensor of which nothing is known."""

    __slots__ = ()

    @property
    def elements(self) -> Dim:
        """None that could be counted."""
        return 0


UNKNOWN_SHAPE = UnknownShape()
