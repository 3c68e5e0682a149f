"""Inputs made to fit a model: its types, the sizes that were chosen, integers that inside the tables they index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import Any

from inception_calc.dims import free_symbols, is_number
from inception_calc.onnx_graph.model import Walked
from inception_calc.onnx_ops.value import Tensor
from inception_calc.problems import Problem, Undecided, listed

TYPES = {
    1: "float32",
    2: "uint8",
    3: "int8",
    4: "uint16",
    5: "int16",
    6: "int32",
    7: "int64",
    8: "text",
    9: "bool",
    10: "float16",
    11: "float64",
    12: "uint32",
    13: "uint64",
}
"""Number of a type in files -> numpy's word for it, where an array of it can be made."""
FLOATS = frozenset({"float16", "float32", "float64"})
MOVES = frozenset({"Cast", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Identity", "Transpose", "Slice", "Expand"})
"""Operators behind which an index still is the same index."""
TABLES = {"Gather": (0, (1,)), "GatherElements": (0, (1,)), "GatherBlockQuantized": (0, (1,))}
"""Operator -> slot of the table, and slots of indices into it."""
EMBEDDINGS = ((0, 2), (1, 4), (8, 3))
"""Of EmbedLayerNormalization: slot of indices, slot of the table."""
PERIOD = 2**20 + 7
"""Random numbers of an input: beyond them they repeat."""


@dataclass(frozen=True, slots=True)
class MadeInput:
    """What an input is given. `value` is what all its elements are, where they are alike."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    value: int | None = None
    rows: int | None = None
    """Of the smallest table that it indexes: its elements are chance numbers below."""
    chosen: bool = False
    """A user said what its elements are."""

    @property
    def says(self) -> str:
        """`ids: int64 1x64, by chance below 30,522`."""
        size = "x".join(map(str, self.shape)) or "one number"
        if self.dtype in FLOATS:
            how = "normal numbers by chance"
        elif self.dtype == "text":
            how = "all 'a'"
        elif self.value is None:
            how = f"by chance below {self.rows:,}, the rows of what it indexes"
        else:
            how = f"all {bool(self.value) if self.dtype == 'bool' else self.value}"
        return f"{self.name}: {self.dtype} {size}, {how}"

    def array(self, seed: int) -> Any:
        """The array, the same for the same seed."""
        import numpy as np

        if self.dtype == "text":
            return np.full(self.shape, "a", object)
        if self.value is not None:
            return np.full(self.shape, self.value, np.dtype(self.dtype))
        generator = np.random.default_rng(seed)
        count = min(prod(self.shape), PERIOD)
        if self.dtype in FLOATS:
            values = generator.standard_normal(count, np.float32)
        else:
            values = generator.integers(0, self.rows or 1, count)
        return np.resize(values.astype(self.dtype), self.shape)

    def all_alike(self, value: int) -> MadeInput:
        """The same with one integer everywhere, unless it holds no integers or a user chose them."""
        if self.chosen or self.dtype in FLOATS or self.dtype in ("text", "bool"):
            return self
        return replace(self, value=value)


def made_inputs(walked: Walked, values: Mapping[str, int]) -> tuple[MadeInput, ...]:
    """An input for each of the model's; `values` are integers that a user gave.

    Raises:
        Undecided: a size is free, or an input is of a type of which none can be made.

    """
    shapes = [value.shape for value in walked.inputs.values() if isinstance(value, Tensor)]
    free = sorted({name for shape in shapes for size in shape for name in free_symbols(size)})
    if free:
        what = f"{listed(free)} {'is' if len(free) == 1 else 'are'} free, and only numbers can run"
        fix = " ".join(f"--set {name}=..." for name in free)
        raise Undecided(Problem("free-symbol", what, None, f"give sizes: {fix}"))
    rows = _rows_indexed(walked)
    return tuple(_made(name, value, values.get(name), rows.get(name)) for name, value in walked.inputs.items())


def _made(name: str, value: Any, given: int | None, rows: int | None) -> MadeInput:
    dtype = TYPES.get(value.data_type, "") if isinstance(value, Tensor) else ""
    if not dtype:
        what = f"the input '{name}' is no tensor of numbers or texts: none can be made"
        raise Undecided(Problem("no-input", what, None, "inception-calc table shows what is counted"))
    shape = tuple(map(int, value.shape))
    if dtype in FLOATS or dtype == "text":
        return MadeInput(name, dtype, shape)
    if given is not None:
        return MadeInput(name, dtype, shape, given, chosen=True)
    return MadeInput(name, dtype, shape, None if rows else 1, rows)


def _rows_indexed(walked: Walked) -> dict[str, int]:
    """Input -> the rows of the smallest table that it indexes, through operators that only move it."""
    source = {id(value): name for name, value in walked.inputs.items()}
    rows: dict[str, int] = {}
    for step in walked.steps:
        arguments = step.arguments
        if step.op_type in MOVES and arguments and id(arguments[0]) in source and step.values:
            source.setdefault(id(step.values[0]), source[id(arguments[0])])
        for slot, table, axis in _looked_up(step.op_type, step.settings):
            if slot < len(arguments) and table < len(arguments) and id(arguments[slot]) in source:
                looked_in = arguments[table]
                if isinstance(looked_in, Tensor) and looked_in.shape and is_number(looked_in.shape[axis]):
                    name, size = source[id(arguments[slot])], int(looked_in.shape[axis])
                    rows[name] = min(size, rows.get(name, size))
    return rows


def _looked_up(op_type: str, settings: Mapping[str, Any]) -> list[tuple[int, int, int]]:
    """(slot of indices, slot of the table, axis of the table) of an operator."""
    if op_type == "EmbedLayerNormalization":
        return [(slot, table, 0) for slot, table in EMBEDDINGS]
    if op_type not in TABLES:
        return []
    table, slots = TABLES[op_type]
    return [(slot, table, settings.get("axis", settings.get("gather_axis", 0))) for slot in slots]
