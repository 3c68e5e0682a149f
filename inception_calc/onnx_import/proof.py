"""Whether the spec that was written counts as its file does: the totals, and every layer."""

from __future__ import annotations

from collections.abc import Sequence

from inception_calc.analysis import Analysis, LayerCost
from inception_calc.dims import Dim, formula_text
from inception_calc.onnx_import.nodes import same_but_ones
from inception_calc.onnx_import.parts import Network
from inception_calc.problems import counted

MOST_TOLD = 10
PROVED = ("params", "buffers", "multiply_adds")


def differences(file: Analysis, spec: Analysis, network: Network, order: Sequence[int]) -> list[str]:
    """What differs: totals and layers, in words; nothing where all is equal."""
    found = []
    for name in PROVED:
        ours, theirs = getattr(spec.totals, name), getattr(file.totals, name)
        if ours != theirs:
            found.append(f"{name}: {_text(ours)} in the spec, {_text(theirs)} in the file")
    expected = [layers for part in order for layers in _layers(network, part)]
    if len(expected) != len(spec.layers):
        found.append(f"layers: {len(spec.layers)} in the spec, {len(expected)} in the file")
        return found
    wrong = []
    for layers, cost in zip(expected, spec.layers, strict=True):
        if words := _difference([file.layers[index] for index in layers], cost):
            wrong.append(f"layer '{cost.layer.name}': {words}")
    if len(wrong) > MOST_TOLD:
        wrong[MOST_TOLD:] = [f"{counted(len(wrong) - MOST_TOLD, 'further layer')} differ"]
    return [*found, *wrong]


def other_element_ops(file: Analysis, spec: Analysis) -> str:
    """Where the file says in several nodes what the spec says in one word, element ops may differ: how."""
    ours, theirs = spec.totals.element_ops, file.totals.element_ops
    return "" if ours == theirs else f"element ops: {_text(ours)} in the spec, {_text(theirs)} in the file"


def _layers(network: Network, part: int) -> list[list[int]]:
    one = network.parts[part]
    return [*one.before, one.layers, *one.beside]


def _difference(file: Sequence[LayerCost], spec: LayerCost) -> str:
    sizes = tuple(size for size in file[-1].layer.output)
    shape = tuple(size for size in spec.layer.output)
    if not same_but_ones(sizes[1:], shape):
        return f"its output is {_sizes(shape)} in the spec, {_sizes(sizes[1:])} in the file"
    for name in PROVED:
        theirs = sum(getattr(cost, name) for cost in file)
        if getattr(spec, name) != theirs:
            return f"{name} are {_text(getattr(spec, name))} in the spec, {_text(theirs)} in the file"
    return ""


def _sizes(sizes: Sequence[Dim]) -> str:
    return "x".join(map(_text, sizes))


def _text(number: Dim) -> str:
    return f"{number:,}" if isinstance(number, int) else formula_text(number)
