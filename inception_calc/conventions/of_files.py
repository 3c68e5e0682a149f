"""What tools that read ONNX files count: node by node, from the shapes of a walk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from inception_calc.analysis import Analysis
from inception_calc.conventions.model import Convention, Converted
from inception_calc.dims import Dim, total
from inception_calc.graph.onnx import OnnxSource
from inception_calc.graph.onnx.layers import ARITHMETIC, layered_steps
from inception_calc.onnx_graph.model import Step
from inception_calc.onnx_ops.arithmetic import Sizes
from inception_calc.onnx_ops.value import Tensor
from inception_calc.problems import listed

Parts = Mapping[str, Dim]
"""Cause -> what a tool counts for a node beside its multiply-adds, or, below zero, less."""


@dataclass(frozen=True, slots=True)
class FileConvention:
    """A tool at a version. `parts` says of a node that runs `times` what it adds; `stops` why the tool gives up."""

    tool: str
    version: str
    parts: Callable[[Step], Parts]
    stops: Callable[[tuple[Step, ...]], str] = lambda _: ""
    says: tuple[str, ...] = ()


def convert_file(analysis: Analysis, convention: FileConvention) -> Converted:
    """What the tool counts for each layer of a file; shape arithmetic counts in its layer."""
    source = analysis.origin
    assert isinstance(source, OnnxSource)
    walked = source.walked(analysis.setting)
    places = {id(step): index for index, step in enumerate(layered_steps(walked))}
    aside = next((i for i, cost in enumerate(analysis.layers) if cost.layer.op.op == ARITHMETIC), 0)
    found: list[dict[str, list[Dim]]] = [{} for _ in analysis.layers]
    for step in walked.steps:
        for cause, count in convention.parts(step).items():
            found[places.get(id(step), aside)].setdefault(cause, []).append(count)
    extras = tuple({cause: total(counts) for cause, counts in of_layer.items()} for of_layer in found)
    head = Convention(convention.tool, convention.version, {}, convention.says)
    return Converted(analysis, head, extras, convention.stops(walked.steps))


# what rules are made of


def sizes_in(step: Step, slot: int) -> Sizes | None:
    """The sizes of an input; None where it is left out, or where nothing is known of them."""
    value = step.arguments[slot] if slot < len(step.arguments) else None
    return value.shape if isinstance(value, Tensor) else None


def has(step: Step, slot: int) -> bool:
    """Whether an input is there."""
    return slot < len(step.inputs) and bool(step.inputs[slot])


def elements_in(step: Step, slot: int = 0) -> Dim:
    """The elements of an input; 0 where they are not known."""
    value = step.arguments[slot] if slot < len(step.arguments) else None
    return value.elements if isinstance(value, Tensor) else 0


def each_run(step: Step) -> Dim:
    """Our multiply-adds in one run of a node."""
    return total(primitive.multiply_adds for primitive in step.primitives)


def inside(steps: tuple[Step, ...]) -> Iterator[str]:
    """The functions and graphs in nodes that some steps stand in, each once."""
    yield from dict.fromkeys(step.path[0] for step in steps if step.path)


def named(words: list[str]) -> str:
    """A few operators in words."""
    return listed(words[:5]) + (f" and {len(words) - 5} more" if len(words) > 5 else "")
