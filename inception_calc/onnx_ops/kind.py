"""How an operator is declared: its settings, the rule for its outputs, its cost, and the roles of its constants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from inception_calc.dims import Dim
from inception_calc.onnx_ops.arithmetic import Scalar, Sizes, all_numbers, broadcast_shapes, unknown
from inception_calc.onnx_ops.value import Outputs, Tensor, Unknown, Value
from inception_calc.primitives.primitive import Primitives
from inception_calc.problems import Fault


class Unresolved(Exception):
    """An input is not known well enough: its shape, or a value that decides the output's rank."""


class Setting(NamedTuple):
    """An attribute: the kind that the file must give it (its number there), and what it is when left out."""

    kind: int
    default: Any = None
    required: bool = False


def integer(default: int | None = None, required: bool = False) -> Setting:
    """An attribute that is one integer."""
    return Setting(2, default, required)


def real(default: float | None = None) -> Setting:
    """An attribute that is one float."""
    return Setting(1, default)


def text(default: str = "", required: bool = False) -> Setting:
    """An attribute that is a text."""
    return Setting(3, default, required)


def tensor(required: bool = False) -> Setting:
    """An attribute that is a constant."""
    return Setting(4, None, required)


def reals() -> Setting:
    """An attribute that is a list of floats."""
    return Setting(6)


def integers(default: tuple[int, ...] | None = None, required: bool = False) -> Setting:
    """An attribute that is a list of integers."""
    return Setting(7, default, required)


def texts() -> Setting:
    """An attribute that is a list of texts."""
    return Setting(8)


class Long(NamedTuple):
    """A list in an attribute that is too long to be kept: its length is known, and the largest of its integers."""

    length: int
    largest: int | None = None


def length(values: tuple[object, ...] | Long | None) -> int:
    """How many values a list in an attribute has."""
    return values.length if isinstance(values, Long) else len(values or ())


class Call:
    """One use of an operator: its settings, the inputs as far as they are known, and which outputs are asked for."""

    __slots__ = ("assumed", "inputs", "label", "made", "outputs", "settings", "undecided", "unknown")

    def __init__(
        self,
        label: str,
        settings: Mapping[str, Any],
        inputs: Outputs,
        outputs: int,
        unknown: Callable[[str], Dim] = unknown,
    ) -> None:
        self.label = label
        """What symbols for unknown sizes are called after: `nonzero_12`."""
        self.unknown = unknown
        self.settings = settings
        self.inputs = inputs
        self.outputs = outputs
        self.made = 0
        self.assumed: list[str] = []
        """What is taken for granted, in words."""
        self.undecided: list[tuple[Dim, Dim]] = []
        """Pairs of free sizes that are broadcast: they are equal, or one is 1."""

    def has(self, slot: int) -> bool:
        """Whether the input is there (it may be unknown all the same)."""
        return slot < len(self.inputs) and self.inputs[slot] is not None

    def value(self, slot: int) -> Value:
        """The input; `Unresolved` where nothing is known of it."""
        if slot >= len(self.inputs):
            raise Fault("missing-input", f"input {slot} is missing", fix="export the model again")
        value = self.inputs[slot]
        if isinstance(value, Unknown):
            raise Unresolved
        if value is None:
            raise Fault("missing-input", f"input {slot} is missing", fix="export the model again")
        return value

    def tensor(self, slot: int) -> Tensor:
        """The input, which must be a tensor."""
        value = self.value(slot)
        if not isinstance(value, Tensor):
            raise Fault("wrong-type", f"input {slot} is no tensor", fix="export the model again")
        return value

    def shape(self, slot: int, *ranks: int) -> Sizes:
        """The shape of an input; a `Fault` unless its rank is one of `ranks`."""
        shape = self.tensor(slot).shape
        if ranks and len(shape) not in ranks:
            wanted = " or ".join(map(str, ranks))
            raise Fault("wrong-rank", f"input {slot} has {axes(len(shape))}, not {wanted}")
        return shape

    def vector(self, slot: int) -> tuple[Scalar, ...] | None:
        """The elements of an input, None where they are not known."""
        return self.tensor(slot).values

    def numbers(self, slot: int) -> tuple[int, ...]:
        """The elements of an input that decides axes: all must be numbers."""
        values = self.vector(slot)
        if values is None or not all_numbers(values):
            raise Unresolved
        return tuple(int(value) for value in values)

    def scalar(self, slot: int) -> Scalar:
        """The only element of an input; None where it is not known."""
        values = self.vector(slot)
        return values[0] if values and len(values) == 1 else None

    def fresh(self) -> Dim:
        """A size that only a run knows."""
        self.made += 1
        return self.unknown(self.label if self.made == 1 else f"{self.label}_{self.made}")

    def sizes(self, slot: int) -> Sizes:
        """A shape that an input gives; what is not known of it is new.

        Raises:
            Unresolved: the number of its axes is not known, or more than a tensor can have.

        """
        given = self.tensor(slot)
        if given.values is not None:
            return tuple(self.fresh() if size is None else size for size in given.values)
        if given.rank != 1 or not isinstance(given.shape[0], int) or given.shape[0] > MOST_AXES:
            raise Unresolved
        return tuple(self.fresh() for _ in range(given.shape[0]))

    def broadcast(self, *shapes: Sizes) -> Sizes:
        """The shape of several that are broadcast; pairs of free sizes are noted as `undecided`."""
        return broadcast_shapes(shapes, self.undecided)

    def integers(self, name: str) -> tuple[int, ...] | None:
        """A list of integers among the settings; None where it is left out."""
        values: tuple[int, ...] | None = self.settings.get(name)
        if isinstance(values, Long):
            raise Fault("too-large", f"attribute '{name}' has {values.length} integers")
        return values


MOST_AXES = 64
"""As many axes as a tensor can have where only their number is known; libraries stop at 8 to 64."""
EVERY = (-1,)
"""All slots."""

Rule = Callable[[Call], Outputs]
Cost = Callable[[Call, Outputs], Primitives]


def free(call: Call, outputs: Outputs) -> Primitives:
    """The cost of what only moves or renames elements."""
    return ()


@dataclass(frozen=True, slots=True)
class Kind:
    """An operator from opset `since` on, up to the next declaration of the same name."""

    name: str
    since: int
    rule: Rule
    cost: Cost = free
    settings: Mapping[str, Setting] = field(default_factory=dict)
    roles: Mapping[int, str] = field(default_factory=dict)
    """Input slot -> what constants there are: weights, biases, affine, buffers, embeddings."""
    stands_for: Callable[[Call], Mapping[int, Dim]] | None = None
    """Slots whose constants are packed, and how many numbers these stand for."""
    held: Mapping[str, str] = field(default_factory=dict)
    """Attribute that is a list of trained numbers -> what these are: weights, biases, affine."""
    carries: tuple[int, ...] = ()
    """Inputs whose constants the output still consists of."""
    view: bool = False
    """The output is the input's memory under another shape."""
    in_place: bool = False
    """The output may overwrite the first input."""
    domain: str = ""


def axes(count: int) -> str:
    """`1 axis`, `2 axes`."""
    return f"{count} {'axis' if count == 1 else 'axes'}"


def axis_of(axis: int, rank: int, what: str = "axis") -> int:
    """An axis counted from the front; negative ones count from behind."""
    if not -rank <= axis < max(rank, 1):
        raise Fault("axis", f"{what} {axis} is none of {axes(rank)}")
    return axis % rank if rank else 0
