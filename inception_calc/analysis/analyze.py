"""Graph -> analysis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from inception_calc.analysis.memory import needs_memory
from inception_calc.analysis.model import DTYPES, Analysis, LayerBytes, LayerCost, longest_path, summed
from inception_calc.analysis.own_types import layer_bytes, tensor_bytes
from inception_calc.dims import Shape, total
from inception_calc.dims.bounds import question
from inception_calc.files.references import is_at_revision, is_onnx
from inception_calc.graph import Choice, Graph, Layer, Setting, Sizes, Source, Symbols
from inception_calc.graph.model import Bytes
from inception_calc.ops.layer import params_of
from inception_calc.ops.nodes import Array
from inception_calc.problems import InputError, Problem, listed, meant

if TYPE_CHECKING:
    from inception_calc.spec_file import LoadedSpec


@question()
def analyze(
    spec: Source | LoadedSpec | str,
    *,
    input: Sizes | None = None,  # noqa: A002 - the word of the spec
    batch: int | None = None,
    symbols: Symbols | None = None,
    training: bool = False,
    round_to: int | None = None,
    dtype: str = "fp32",
    fully_convolutional: bool = False,
) -> Analysis:
    """Shapes, params and multiply-adds of a network.

    `spec` is what `load` returned, anything that `load` takes, or another source. `input` is (channels, height,
    width) of an image, (channels, length) of a signal, (channels, depth, height, width) of a volume, of the first input
    where there are several; or sizes by name, `{"text": (128,)}`, of a file's tensors all of them. `symbols` sets
    symbols of the spec or `batch`, `height`, `width`, `size`, `length`, `depth_size`, `width_multiplier`; None leaves
    one free, and what depends on it becomes an exact expression. With `training`, heads are counted. `round_to` rounds
    filter counts under a width multiplier to a multiple, as mobile networks do. `dtype` (fp32, fp16, bf16, int8, int4)
    decides bytes, nothing else.
    `fully_convolutional` reads linear layers and global pools as windows of the size that the spec's own input gives
    them, so that a larger input leaves a larger output map.

    Raises `InputError` where the network cannot be built, with every problem found, and `Undecided` where that
    depends on a symbol left free.
    """
    if dtype not in DTYPES:
        hint = meant(dtype, DTYPES) or f"there are {listed(DTYPES)}"
        raise InputError(Problem("bad-value", f"there is no data type '{dtype}'", None, hint))

    choice = Choice(input, batch, symbols, training, round_to)
    source = source_of(spec, choice)
    setting = source.setting(choice)
    if fully_convolutional:
        source.must_be_spec()
        setting = setting._replace(made_for=_maps_at_own_size(source, setting))
    graph = source.graph(setting)
    if graph.known is not None:
        if dtype != "fp32":
            what = f"--dtype is about specs; the numbers in '{source.source}' have types of their own"
            raise InputError(Problem("needs-spec", what, None, "leave it out"))
        dtype = graph.known.data_type
    elif DTYPES[dtype] == 0 or any(layer.dtype for layer in graph.layers):
        graph = graph._replace(typed=tensor_bytes(graph, dtype))
    sized = graph.known.element_size if graph.known is not None else 0 if graph.typed is not None else DTYPES[dtype]
    layers = costs_of(graph, sized, dtype)
    totals = summed(layers, *longest_path(graph, range(graph.stop), (end for end, _ in graph.ends)))
    return Analysis(source, setting, graph, layers, totals, dtype)


def source_of(spec: Source | LoadedSpec | str, choice: Choice | None = None) -> Source:
    """What `spec` stands for; where its text has problems, those of the sizes that are chosen are raised with them."""
    if isinstance(spec, Source):
        return spec
    if isinstance(spec, str) and is_onnx(spec):
        if is_at_revision(spec):
            from inception_calc.analysis.revision_source import open_revision

            return open_revision(spec)
        from inception_calc.graph.onnx import open_onnx  # specs do without

        return open_onnx(spec)
    from inception_calc.analysis.spec_source import SpecSource, read_spec  # nor need other files what reads specs

    return read_spec(spec, choice) if isinstance(spec, str) else SpecSource(spec)


def with_operators(spec: Source | LoadedSpec | str, operators: Mapping[str, str]) -> Source | LoadedSpec | str:
    """`spec` for `analyze`; of an ONNX file with custom operators counted as told: `{"com.acme::Foo": "elementwise"}`.

    Raises `InputError` for what is no way to count one (docs/onnx.md).
    """
    return source_of(spec).told(operators) if operators and isinstance(spec, str) and is_onnx(spec) else spec


def _maps_at_own_size(source: Source, setting: Setting) -> dict[str, Shape]:
    """Layer -> the map that enters it at the own sizes of the spec's inputs."""
    own = source.setting(Choice()).entering
    sizes = {name: own[name].deep(x.channels) for name, x in setting.entering.items()}
    own_size = setting.with_inputs(sizes)._replace(made_for={})
    graph = source.graph(own_size)
    return {layer.name: graph.map_of(layer.inputs[0]) for layer in graph.layers}


def held_by_itself(layer: Layer, inputs: tuple[Shape, ...]) -> Iterator[Array]:
    """The arrays of a layer that no other layer holds."""
    return (array for array in layer.op.arrays(inputs) if array.name not in layer.holders)


def costs_of(graph: Graph, element_size: int, dtype: str) -> tuple[LayerCost, ...]:
    """Every layer's cost for the whole batch; a number takes `element_size` bytes, where that is 0 as its type says."""
    batch = graph.batch
    sizes = graph.bytes
    costs = []
    for index, (layer, stored) in enumerate(zip(graph.layers, needs_memory(graph), strict=True)):
        inputs = graph.inputs_of(layer)
        cost = layer.op.cost(inputs, layer.output)
        elements = layer.elements * batch if stored else 0
        own = params_of(held_by_itself(layer, inputs)) if layer.holders else cost.params
        typed = None
        if sizes is not None and graph.known is not None:
            typed = _bytes_of(layer, index, stored, sizes)
        elif sizes is not None:
            typed = layer_bytes(graph, index, stored, own, cost.params, dtype)
        costs.append(
            LayerCost(
                layer,
                own,
                cost.params,
                cost.multiply_adds * batch,
                cost.element_ops * batch,
                elements,
                inputs,
                batch,
                element_size,
                typed,
            )
        )
    return tuple(costs)


def _bytes_of(layer: Layer, index: int, stored: bool, sizes: Bytes) -> LayerBytes:
    """Bytes of a layer of a file, each tensor in its own type; what is read and written is that of a spec's layer."""
    arrays = layer.op.arrays(())
    trained = [array for array in arrays if array.role not in ("constants", "fixed")]
    own = (array for array in trained if array.role != "buffers" and array.name not in layer.holders)
    written = sizes.of_layer(index)
    moved = sizes.entering(layer) + written + total(sizes.arrays[array.name] for array in trained)
    return LayerBytes(
        total(sizes.arrays[array.name] for array in own),
        written if stored else 0,
        0 if layer.op.moves_nothing else moved,
    )
