"""What an explanation says, before any text is made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from inception_calc.dims import Dim, Shape
from inception_calc.graph import Known


@dataclass(frozen=True, slots=True)
class Line:
    """One quantity: a formula in the grammar of specs, what its names stand for, and its value.

    `formula` is empty where no formula says it. `why` says in words where the value comes from.
    """

    quantity: str
    formula: str
    values: Mapping[str, Dim]
    value: Dim
    why: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A summand: the layer or row that it comes from, and for a layer the line that explains it."""

    name: str
    value: Dim
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """One quantity of a row or of the whole, as the sum of its parts that are not zero."""

    quantity: str
    terms: tuple[Term, ...]
    value: Dim


@dataclass(frozen=True, slots=True)
class Explanation:
    """A layer explained by lines, a row or the whole by sums."""

    network: str
    name: str
    kind: str
    """`layer`, `row` or `network`."""
    what: str
    """The operator's word, the row's label, or nothing."""
    inputs: tuple[tuple[str, Shape], ...]
    """The names and sizes of what enters."""
    output: Shape | None
    row: str = ""
    branch: str = ""
    lines: tuple[Line, ...] = ()
    sums: tuple[Sum, ...] = ()
    notes: tuple[str, ...] = field(default=())
    known: Known | None = None
    """Of a file that others wrote: what was assumed, and what is not known."""
