"""In which module a layer stands: what metadata, the node's name, or the names of its weights say."""

from __future__ import annotations

import re
from collections.abc import Sequence

from inception_calc.graph.model import Layer
from inception_calc.graph.modules import Key
from inception_calc.onnx_graph.model import Step
from inception_calc.ops.nodes import Array

SCOPES = "pkg.torch.onnx.name_scopes"
NAMESPACE = "namespace"
QUOTED = re.compile(r"'([^'\\]*)'|\"([^\"\\]*)\"")
NOTHING: Key = ()


def by_metadata(step: Step) -> Key:
    """What PyTorch's exporter notes: `['', 'encoder', 'encoder.layers.0', 'linear']` is encoder, layers.0."""
    noted = dict(step.metadata)
    if SCOPES in noted:
        scopes = [first or second for first, second in QUOTED.findall(noted[SCOPES])]
        return dotted(scopes[-2]) if len(scopes) > 1 else NOTHING
    if NAMESPACE in noted:
        names = [part.partition(":")[0].strip() for part in noted[NAMESPACE].split("/")]
        return dotted(names[-2]) if len(names) > 1 else NOTHING
    return NOTHING


def has_own_name(step: Step) -> bool:
    """Whether a node is called other than `Relu_5`, `node_Relu_5`, `n77`, or as its output, `Identity:0`."""
    own = step.name.rpartition("/")[2]
    stem = own.removeprefix("node_").rstrip("0123456789_.@")
    return len(stem) > 1 and stem.rpartition(".")[2] != step.op_type and ":" not in own


def by_weights(held: Sequence[Array]) -> Key:
    """What the names of a layer's weights have in common: `layer1.0.conv1.weight` is layer1.0, conv1.

    Names of other constants say something where they have dots.
    """
    names = [array.name for array in held if array.role != "constants"]
    names = names or [array.name for array in held if "." in array.name and "/" not in array.name]
    paths = [name.replace("/", ".").split(".")[:-1] for name in names]
    if not paths:
        return NOTHING
    shared = 0
    while all(len(path) > shared and path[shared] == paths[0][shared] for path in paths):
        shared += 1
    return dotted(".".join(paths[0][:shared]))


def by_name(way: Key) -> Key:
    """The parts of a node's name, the graphs around it first: `/layer1/layer1.0/conv1/Conv`.

    Of names that are joined by `;`, as converters from TensorFlow Lite do, the first; `F0::` in front says nothing.
    """
    parts = (part for one in way for part in one.partition(";")[0].split("/"))
    return tuple(plain for part in parts if (plain := part.rpartition("::")[2]))


def dotted(path: str) -> Key:
    """`encoder.layers.0.fc1` as encoder, layers.0, fc1: a number belongs to the word before it."""
    parts: list[str] = []
    for part in path.split("."):
        if part.isdigit() and parts:
            parts[-1] += f".{part}"
        elif part:
            parts.append(part)
    return tuple(parts)


def without_repeats(scope: Key) -> Key:
    """Without the parts that their inner parts repeat: `/layer1/layer1.0/` is layer1.0."""
    following = [*scope[1:], ""]
    return tuple([part for part, inner in zip(scope, following, strict=False) if not inner.startswith(f"{part}.")])


def joined(scopes: Sequence[Key], known: Sequence[bool], inputs: Sequence[Sequence[int]]) -> list[Key]:
    """The scopes; layers of unknown ones have that of the layer that they read, else of the first that reads them.

    At a fork it is the other way round: a pool in front of one branch stands in the module of that branch. What
    reads the network's input alone, and is read by none, stands with the layer in front of it.
    """
    found: list[Key | None] = [scope if is_known else None for scope, is_known in zip(scopes, known, strict=True)]
    readers = _readers(inputs)
    for index, sources in enumerate(inputs):
        if found[index] is None:
            read = next((source for source in sorted(sources, reverse=True) if source >= 0 and found[source]), None)
            if read is not None:
                behind = (found[reader] for reader in readers[index]) if len(readers[read]) > 1 else iter(())
                found[index] = next((scope for scope in behind if scope is not None), found[read])
    open_ends = {index for index, scope in enumerate(found) if scope is None}
    for index in range(len(found) - 1, -1, -1):
        if (scope := found[index]) is not None:
            for source in open_ends.intersection(inputs[index]):
                found[source] = scope
    nearest = next((scope for scope in found if scope is not None), NOTHING)
    whole: list[Key] = []
    for scope, own in zip(found, scopes, strict=True):
        nearest = nearest if scope is None else scope
        whole.append(nearest or own)
    return whole


def _readers(inputs: Sequence[Sequence[int]]) -> list[list[int]]:
    """For each layer those that read it."""
    readers: list[list[int]] = [[] for _ in inputs]
    for index, sources in enumerate(inputs):
        for source in dict.fromkeys(sources):
            if source >= 0:
                readers[source].append(index)
    return readers


def pools_on_the_way(layers: Sequence[Layer]) -> list[bool]:
    """For each layer whether it is a pool that alone reads its input: papers print such ones as rows."""
    readers = _readers([layer.inputs for layer in layers])
    return [
        layer.op.is_pool and all(len(readers[source]) == 1 for source in layer.inputs if source >= 0)
        for layer in layers
    ]
