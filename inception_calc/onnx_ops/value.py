"""What flows along the edges of an ONNX graph, as far as it can be known without running it.

A tensor has a shape of numbers and symbols, and, where it is a small constant or made of shapes, its elements in
row-major order; elements that are not known are None. `origins` are the constants of the file that it consists of:
what is counted as params is counted there.
"""

from __future__ import annotations

from typing import Any, NamedTuple, TypeAlias

from inception_calc.dims import Dim, product
from inception_calc.onnx_ops.arithmetic import Scalar, Sizes

FLOAT, UINT8, INT8, INT32, INT64, STRING, BOOL, FLOAT16, DOUBLE, COMPLEX64 = 1, 2, 3, 6, 7, 8, 9, 10, 11, 14
BFLOAT16 = 16
INTEGERS = frozenset({2, 3, 4, 5, 6, 7, 9, 12, 13, 21, 22, 25, 26})
"""Element types whose division drops the remainder, by their numbers in the file."""

MOST_VALUES = 4096
"""Larger tensors are no shape arithmetic: their elements are not followed."""


class Tensor(NamedTuple):
    """A dense tensor; a sparse one is taken as if it were written out."""

    shape: Sizes
    data_type: int = FLOAT
    values: tuple[Scalar, ...] | None = None
    origins: tuple[str, ...] = ()

    @property
    def elements(self) -> Dim:
        """The number of elements."""
        return product(self.shape)

    @property
    def rank(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def with_values(self, values: tuple[Scalar, ...] | None) -> Tensor:
        """The same tensor with these elements, unless none of them is known."""
        if values is not None and all(value is None for value in values) and values:
            values = None
        return self._replace(values=values)


class Sequence(NamedTuple):
    """A list of values; `elements` None: how many is not known, each is like `like`."""

    elements: tuple[Value, ...] | None
    like: Value = None
    length: Dim = None


class Optional(NamedTuple):
    """A value that may be absent: None is absence."""

    value: Value


class Map(NamedTuple):
    """A dictionary, or whatever else has no shape."""


class Unknown(NamedTuple):
    """A value of which nothing is known, not even how many axes it has."""


Value: TypeAlias = Tensor | Sequence | Optional | Map | Unknown | None
"""None: it is left out."""

Outputs: TypeAlias = tuple[Value, ...]
Settings: TypeAlias = dict[str, Any]
