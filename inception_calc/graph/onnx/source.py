"""An ONNX file as the source of a network."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path as FilePath

from inception_calc.dims import Dim, Shape, TensorShape, free_symbols, total
from inception_calc.files.references import DEFAULT, ONNX
from inception_calc.graph.model import Graph, GraphRow, Known, Layer
from inception_calc.graph.onnx.layers import Made, layers_of, shapes_of
from inception_calc.graph.onnx.rows import with_rows
from inception_calc.graph.onnx.sizes import Sizes
from inception_calc.graph.onnx.types import bytes_of, data_type_of
from inception_calc.graph.setting import Setting, read_value
from inception_calc.graph.source import Choice, Source
from inception_calc.onnx_file import read_file
from inception_calc.onnx_file.messages import Model
from inception_calc.onnx_graph import walk
from inception_calc.onnx_graph.model import Walked
from inception_calc.onnx_ops.told import Told, read_told
from inception_calc.onnx_ops.value import MOST_VALUES, Tensor, Unknown, Value
from inception_calc.problems import Fault, InputError, Location, Problem

SPECS_ONLY = {"training": "--training", "round_to": "--round"}
"""What can be chosen about specs alone."""


def open_onnx(reference: str) -> OnnxSource:
    """The ONNX file that a SPEC names; raises `InputError`."""
    name = without_variant(reference)
    return OnnxSource(read_file(FilePath(name)), name)


def without_variant(reference: str) -> str:
    """The file that a SPEC names; raises `InputError` for a variant that is not the default."""
    name, _, variant = reference.rpartition("@")
    if reference.lower().endswith(".onnx") or not name or FilePath(reference).exists():
        return reference
    check_variant(name, variant)
    return name


def check_variant(name: str, variant: str) -> None:
    """Raises `InputError` for a variant of the model called `name`: it has none but its own self."""
    if variant != DEFAULT:
        what = f"an ONNX file has no variants: '{variant}'"
        fix = f"name the file alone: {name}"
        raise InputError(Problem("unknown-variant", what, None, fix, about=variant))


class OnnxSource(Source):
    """A model in a file that others wrote."""

    kind = ONNX
    variant = "default"

    def __init__(self, model: Model, source: str, told: tuple[Told, ...] = ()) -> None:
        self.source = source
        self._model = model
        self._told = told
        self._sizes = Sizes(model, source)

    def told(self, operators: Mapping[str, str]) -> OnnxSource:
        """The same file with operators counted as a user tells; raises `InputError` for what is no way to count."""
        try:
            return OnnxSource(self._model, self.source, tuple(read_told(*pair) for pair in operators.items()))
        except Fault as fault:
            raise InputError(Problem(fault.code, fault.what, None, fault.fix, about="operators")) from None

    @property
    def symbols(self) -> tuple[str, ...]:
        """The free sizes of its inputs."""
        return self._sizes.free

    @property
    def batch(self) -> str:
        """The only free size, where it stands first in inputs and nowhere else."""
        return self._sizes.lone_batch

    @property
    def place(self) -> Location:
        """The file."""
        return Location(self.source)

    def place_of_row(self, row: GraphRow) -> Location:
        """The file: the nodes of a row need not follow each other."""
        return Location(self.source)

    def place_of_layer(self, layer: Layer) -> Location:
        """The node."""
        return Location(self.source, node=layer.name)

    @property
    def default_input(self) -> Shape:
        """The first input, as the file has it."""
        return next(iter(self._sizes.shapes.values()), TensorShape())

    def setting(self, choice: Choice) -> Setting:
        """Sizes of inputs and of free dimensions; a lone free batch is taken as 1. Raises `InputError`."""
        for name, option in SPECS_ONLY.items():
            if getattr(choice, name):
                what = f"{option} is about specs; '{self.source}' is {ONNX}"
                raise InputError(Problem("needs-spec", what, None, "leave it out"))
        symbols = dict(choice.symbols or {})
        values = {name: _whole(name, symbols.pop(name)) for name in list(symbols) if self._sizes.is_value(name)}
        bound = {name: _value(name, value) for name, value in symbols.items()}
        sizes = self._sizes.chosen(choice.input, choice.batch, bound)
        first = next(iter(sizes.inputs.values()), TensorShape())
        return Setting(
            first, symbols={**sizes.bound}, inputs=sizes.inputs, values=values, assumptions=sizes.assumptions
        )

    def walked(self, setting: Setting) -> Walked:
        """The walk over the file's nodes; raises as `graph` does."""
        given = self._given(setting.inputs, setting.values)
        return walk(self._model, self.source, given, setting.symbols, self._told)

    def graph(self, setting: Setting) -> Graph:
        """The network, walked; raises `InputError` with the node, or `Undecided`."""
        walked = self.walked(setting)
        return self.graph_of(walked, layers_of(walked), setting)

    def graph_of(self, walked: Walked, made: Made, setting: Setting) -> Graph:
        """The network of a walk whose layers are made."""
        layers, rows = with_rows(made)
        shapes = {name: shapes_of(value)[0] for name, value in walked.inputs.items()}
        ends = [made.makers.named(name, value) for name, value in walked.outputs.items()]
        end = next(iter(ends), None)
        return Graph(
            FilePath(self.source).stem,
            next(iter(shapes.values()), TensorShape()),
            1,
            layers,
            rows,
            (),
            shapes,
            len(layers) - 1 if end is None else end.layer,
            self._known(walked, made, setting),
            tuple(dict.fromkeys((edge.layer, edge.slot) for edge in ends if edge is not None)),
        )

    def _given(self, inputs: Mapping[str, Shape], values: Mapping[str, int]) -> dict[str, Value]:
        """The inputs whose size is not what the file says, and those that have a value."""
        given: dict[str, Value] = {}
        for name, shape in inputs.items():
            elements = shape.elements
            is_followed = name in values and isinstance(elements, int) and elements <= MOST_VALUES
            if is_followed or tuple(shape) != tuple(self._sizes.shapes[name]):
                filled = (values[name],) * elements if is_followed else None
                given[name] = Tensor(tuple(shape), self._sizes.data_types[name], filled)
        return given

    def _known(self, walked: Walked, made: Made, setting: Setting) -> Known:
        data_type, size = data_type_of(walked)
        gaps = tuple((gap.place, gap.what) for gap in walked.gaps if not gap.follows)
        assumptions = (*setting.assumptions, *walked.assumptions)
        unplaced = total(origin.elements for origin in walked.origins.values() if not origin.role)
        free = _free(made.layers, walked)
        sizes = None if size else bytes_of(walked, made)
        values = [value for step in walked.steps for value in step.values]
        tensors = sum(isinstance(value, Unknown) for value in values), len(values)
        nodes = len(walked.steps)
        return Known(assumptions, gaps, nodes, free, data_type, size, made.uncounted, unplaced, tensors, sizes)


def _free(layers: list[Layer], walked: Walked) -> tuple[str, ...]:
    """The symbols that sizes and costs depend on."""
    found: set[str] = set()
    for value in walked.inputs.values():
        for size in value.shape if isinstance(value, Tensor) else ():
            found |= free_symbols(size)
    for layer in layers:
        for shape in (layer.output, *layer.others):
            for size in shape:
                found |= free_symbols(size)
    return tuple(sorted(found))


def _whole(name: str, value: Dim | Fraction | str | None) -> int:
    """The value of an integer input."""
    try:
        return int(str(value))
    except ValueError:
        what = f"'{value}' is no value for the integer input '{name}'"
        raise InputError(Problem("bad-value", what, None, f"write {name}=16000", about=name)) from None


def _value(name: str, value: Dim | Fraction | str | None) -> Dim | None:
    """What a free size is: a number, or other symbols; None leaves it free."""
    if value is None or value == "":
        return None
    try:
        return read_value(name, value)
    except ValueError as error:
        raise InputError(Problem("bad-value", str(error), None, f"write {name}=4", about=name)) from None
