"""Sizes of a file's inputs: what the file says, what a user chooses, and a lone free batch, which is taken as 1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from inception_calc.dims import Dim, Shape, TensorShape, formula_text, free_symbols, is_number, substitute, symbol
from inception_calc.graph.setting import Size
from inception_calc.onnx_file.messages import Model
from inception_calc.onnx_graph.convert import typed
from inception_calc.onnx_graph.names import Names
from inception_calc.onnx_ops.value import INTEGERS, Tensor
from inception_calc.problems import InputError, Problem, listed, nearest


class Chosen(NamedTuple):
    """Sizes of inputs, numbers for free sizes, and what nobody chose."""

    inputs: dict[str, Shape]
    bound: dict[str, Dim]
    assumptions: tuple[str, ...]


class Sizes:
    """The inputs of a model that are tensors, by name."""

    def __init__(self, model: Model, source: str) -> None:
        self.source = source
        self.shapes: dict[str, TensorShape] = {}
        self.data_types: dict[str, int] = {}
        names = Names({})
        constants = {tensor.name for tensor in model.graph.initializers}
        for info in model.graph.inputs:
            if info.name in constants:
                continue
            value = typed(info.type, lambda axis, size, name=info.name: names.size(name, axis, size))  # type: ignore[misc]
            if isinstance(value, Tensor):
                self.shapes[info.name] = TensorShape(*value.shape)
                self.data_types[info.name] = value.data_type
        self.plain = {original: plain for plain, original in names.originals.items() if original}
        """What the file calls a size -> what stands for it in formulas, where that differs."""

    @property
    def lone_batch(self) -> str:
        """The free size that stands first in inputs and nowhere else, where it is the only one; else empty."""
        free: set[str] = set()
        behind: set[str] = set()
        for shape in self.shapes.values():
            for axis, size in enumerate(shape):
                found = free_symbols(size)
                free |= found
                behind |= found if axis else frozenset()
        return next(iter(free)) if len(free) == 1 and not behind else ""

    @property
    def free(self) -> tuple[str, ...]:
        """The free sizes, in the order of the inputs and their axes."""
        sizes = [size for shape in self.shapes.values() for size in shape]
        return tuple(dict.fromkeys(name for size in sizes for name in sorted(free_symbols(size))))

    def chosen(
        self, given: Size | Mapping[str, Size] | None, batch: int | None, named: Mapping[str, Dim | None]
    ) -> Chosen:
        """What is chosen, judged; `named` are the free sizes that a user named, with a value or without."""
        bound: dict[str, Dim] = {}
        for name, value in named.items():
            own = self.plain.get(name, name)
            bound[own] = symbol(own) if value is None else value
        shapes: dict[str, Shape] = dict(self.shapes)
        for name, size in self._by_name(given).items():
            shapes[name] = self._bind(name, size, bound)
        lone = self.lone_batch
        assumptions: tuple[str, ...] = ()
        if batch is not None:
            self._bind_batch(lone, batch, bound)
        elif lone and lone not in bound:
            bound[lone] = 1
            assumptions = (
                f"the batch '{lone}' is taken as 1: --set {lone}=8 takes another, --set {lone}= leaves it free",
            )
        return Chosen(
            {name: TensorShape(*[substitute(size, bound) for size in shape]) for name, shape in shapes.items()},
            bound,
            assumptions,
        )

    def is_value(self, name: str) -> bool:
        """Whether a name that is set means the value of an integer input, and no free size."""
        free: set[str] = set()
        for shape in self.shapes.values():
            free = free.union(*map(free_symbols, shape))
        return self.data_types.get(name) in INTEGERS and self.plain.get(name, name) not in free

    def _by_name(self, given: Size | Mapping[str, Size] | None) -> Mapping[str, Size]:
        """The sizes that are given, by the name of the input."""
        if given is None:
            return {}
        known = list(self.shapes)
        if not isinstance(given, Mapping):
            if len(known) != 1:
                what = f"{self.source} has {len(known)} inputs: {listed(known)}"
                raise InputError(Problem("bad-input", what, None, "name one: --input NAME=1x3x224x224", about="input"))
            return {known[0]: given}
        for name in given:
            if name not in known:
                what = f"{self.source} has no input called '{name}'"
                fix = nearest(name, known) or f"it has {listed(known)}"
                raise InputError(Problem("unknown-input", what, None, fix, about="input"))
        return given

    def _bind(self, name: str, size: Size, bound: dict[str, Dim]) -> Shape:
        """The input at a size; free sizes of the file are bound by it, wherever else they stand."""
        own = self.shapes[name]
        if len(size) != len(own):
            shown = "x".join(map(formula_text, own)) or "a scalar"
            what = f"the input '{name}' has {len(own)} axes ({shown}), not {len(size)}"
            raise InputError(Problem("bad-input", what, None, "write all of them, the batch too", about="input"))
        for declared, wanted in zip(own, size, strict=True):
            if is_number(declared):
                continue
            (free,) = free_symbols(declared)
            if bound.setdefault(free, wanted) != wanted:
                what = f"'{free}' is given twice: {bound[free]} and {wanted}"
                raise InputError(Problem("two-sizes", what, None, "leave one of the two out", about="input"))
        return TensorShape(*size)

    def _bind_batch(self, lone: str, batch: int, bound: dict[str, Dim]) -> None:
        if not lone:
            what = f"{self.source} has no free batch"
            raise InputError(Problem("bad-value", what, None, "write --input NAME=8x3x224x224", about="batch"))
        if bound.setdefault(lone, batch) != batch:
            what = f"the batch is given twice: {bound[lone]} and {batch}"
            raise InputError(Problem("two-sizes", what, None, "leave one of the two out", about="batch"))
