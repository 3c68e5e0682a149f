"""What may be chosen about a network, and how the value of a symbol is read."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from inception_calc.dims import BUILT_IN_SYMBOLS, Dim, Shape, symbol, symbols_of

if TYPE_CHECKING:
    from inception_calc.graph.cells import Cell

Symbols: TypeAlias = Mapping[str, Dim | Fraction | str | None]
"""Symbol or cell -> the value that a user gives it; None leaves it free."""

Size: TypeAlias = tuple[int, ...]
"""Of an input: channels and the extent of each spatial axis; of a tensor all sizes."""
Sizes: TypeAlias = Size | Mapping[str, Size]
"""Of the first input, or of inputs by name."""


class Setting(NamedTuple):
    """What may be chosen about a network: the input's size, the batch, symbols, and whether heads are counted."""

    input: Shape
    batch: Dim = 1
    symbols: Mapping[str, Dim | Fraction] = MappingProxyType({})
    training: bool = False
    round_to: int | None = None
    made_for: Mapping[str, Shape] | None = None
    """For a fully convolutional reading: layer -> the map that enters it at the spec's own input size."""
    cells: frozenset[Cell] = frozenset()
    """Cells of the table that `symbols` gives a value, by the name `row.column`."""
    inputs: Mapping[str, Shape] = MappingProxyType({})
    """Name -> size, where the network's inputs have names: the first is `input`."""
    values: Mapping[str, int] = MappingProxyType({})
    """Input -> the integer that all its elements are."""
    assumptions: tuple[str, ...] = ()
    """What is taken for granted where nobody chose, in words."""

    @property
    def entering(self) -> Mapping[str, Shape]:
        """Name -> size of each input; the name is empty where there is one without."""
        return self.inputs or {"": self.input}

    @property
    def size_symbols(self) -> dict[str, Dim]:
        """What the symbols of the inputs' sizes stand for."""
        return symbols_of(self.entering)

    def with_inputs(self, sizes: Mapping[str, Shape]) -> Setting:
        """The setting with other sizes of some inputs."""
        entering = {**self.entering, **sizes}
        return self._replace(input=next(iter(entering.values())), inputs=entering if self.inputs else {})


def read_value(name: str, value: int | Fraction | str | None) -> Dim | Fraction:
    """A symbol's value: an integer, a free symbol for None, a fraction for the width multiplier alone.

    Symbols of the spec may be 0 (an empty cache); those that are built in are positive.
    """
    if value is None or value == "":
        return symbol(name)
    if not isinstance(value, (int, Fraction, str)):
        return value  # a quantity made of other symbols, 32 m
    if isinstance(value, str):
        try:
            if len(value) > 20 or not value.isascii():
                raise ValueError
            value = Fraction(value)
        except (ValueError, ZeroDivisionError):
            raise ValueError(f"'{value}' is no value for {name}") from None
    if value < 0 or (value == 0 and name in BUILT_IN_SYMBOLS):
        raise ValueError(f"{name} must be positive, not {value}")
    if isinstance(value, Fraction) and value.denominator == 1:
        value = int(value)
    if isinstance(value, Fraction) and name != "width_multiplier":
        raise ValueError(f"{name} must be an integer, not {value}")
    if value > 10**9:
        raise ValueError(f"{name} is larger than a billion")
    return value
