"""A walk -> the parts of a network: nodes in words of specs, each with what belongs to it alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from inception_calc.graph.model import Graph, Layer
from inception_calc.graph.onnx.layers import Made
from inception_calc.onnx_graph.model import Walked
from inception_calc.onnx_import.meanings import BIAS, COPY, PAD, Meaning, meaning
from inception_calc.onnx_import.naming import names_of
from inception_calc.onnx_import.nodes import NETWORK, SLOT, Node, Sides, Unsaid, is_constant, known
from inception_calc.onnx_import.patterns import Found, Patterns
from inception_calc.onnx_import.windows import Accepted, Value, padding
from inception_calc.onnx_ops.value import Tensor
from inception_calc.ops.activation_words import ACTIVATIONS
from inception_calc.problems import InputError, Problem, Undecided, counted, listed
from inception_calc.spec.readers import RESERVED_NAMES

MOST_TOLD = 20
"""Nodes that cannot be said, each on a line of its own."""
CONVOLUTIONS = frozenset({"convolution", "depthwise convolution", "separable convolution", "transposed convolution"})
WITH_ACTIVATION = CONVOLUTIONS | {"linear", "sum", "product"}
PADDED = frozenset({"convolution", "depthwise convolution", "max pool"})
"""What may have written into it a padding by a node of its own."""
IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")
"""Names that an input may have in a spec."""
FLAT = frozenset({"linear"})
"""They flatten what enters by themselves."""


@dataclass
class Part:
    """An operator of the spec that is written."""

    layers: list[int]
    """The layers of the file that it stands for."""
    meaning: Meaning
    inputs: list[int]
    """Earlier parts, or inputs of the network, counted down from `NETWORK`."""
    name: str
    output: Sides
    settings: dict[str, Accepted] = field(default_factory=dict)
    before: list[list[int]] = field(default_factory=list)
    """The layers of a depthwise convolution that a pointwise one makes a separable one of."""
    beside: list[list[int]] = field(default_factory=list)
    """The layers of its batch norm and activation, in this order; the spec makes them layers of their own."""

    @property
    def word(self) -> str:
        """The operator."""
        return self.meaning.word


@dataclass(frozen=True, slots=True)
class Network:
    """The parts of a file in order, and what enters."""

    inputs: dict[str, Sides]
    batch: int
    parts: list[Part]
    notes: list[str]
    unnamed: frozenset[str]
    """Layers that the file gives no name that says more than their operator."""


def read_parts(walked: Walked, made: Made, graph: Graph, source: str) -> Network:
    """All parts; raises `InputError` with each node that cannot be said, and why."""
    return _Reader(walked, made, graph, source).network()


class _Reader:
    def __init__(self, walked: Walked, made: Made, graph: Graph, source: str) -> None:
        self.source = source
        self.walked = walked
        self.graph = graph
        self.batch = 1
        self.shapes: dict[str, Sides] = {}
        self.notes: list[str] = []
        self.names = names_of(made, graph)
        told = zip(graph.layers, made.named, strict=True)
        self.unnamed = frozenset(layer.name for layer, is_named in told if not is_named)
        self.faults: list[Problem] = []
        self._inputs()
        self.nodes = self._nodes(made)
        self.parts: list[Part] = []
        self.at: dict[int, int] = {NETWORK - place: NETWORK - place for place in range(len(self.shapes))}
        """Layer or input of the network -> the part that gives its value."""

    def network(self) -> Network:
        """The parts, those that belong to another one written into it."""
        patterns = Patterns(self.nodes, {index: tuple(self._operands(node)) for index, node in self.nodes.items()})
        found = {one.last: one for one in patterns.found()}
        inside = {index for one in found.values() for index in one.others}
        for index, node in self.nodes.items():
            if index in inside:
                continue
            try:
                self._take(index, node, found.get(index))
            except Unsaid as reason:
                self._refuse(f"{node.place}: {reason}")
        if not self.parts and not self.faults:
            self._refuse("the file has no layers that compute")
        self._raise()
        parts = _folded(_folded(_folded(_padded(_without_flat(self.parts)), _biases), _separates), _belongs)
        for part in parts:
            if part.word == BIAS:
                what = "it adds a number for each channel behind nothing that has biases"
                self._refuse(f"{self.nodes[part.layers[0]].place}: {what}")
        self._raise()
        return Network(self.shapes, self.batch, parts, self.notes, self.unnamed)

    def _refuse(self, what: str) -> None:
        fix = "" if self.faults else "nothing is written; docs/onnx.md says what can be said"
        self.faults.append(Problem("unsaid-node", f"{self.source}: {what}", None, fix))

    def _raise(self) -> None:
        if len(self.faults) > MOST_TOLD:
            more = counted(len(self.faults) - MOST_TOLD, "further node")
            self.faults[MOST_TOLD:] = [Problem("unsaid-node", f"{self.source}: {more} cannot be said", None, "")]
        if self.faults:
            raise InputError(*self.faults)

    def _inputs(self) -> None:
        """The inputs by names that a spec may give them; raises `Undecided` for free sizes."""
        tensors = {name: value for name, value in self.walked.inputs.items() if isinstance(value, Tensor)}
        free = [name for name, value in tensors.items() if not all(isinstance(size, int) for size in value.shape)]
        if free:
            what = f"{self.source}: the sizes of {listed(free)} are free; a spec has numbers"
            raise Undecided(Problem("free-size", what, None, f"--input {free[0]}=1x3x224x224, with sizes of your own"))
        first = next(iter(tensors.values()), None)
        self.batch = known(first.shape[0]) if first is not None and first.shape else 1
        for name in self.walked.inputs:
            shape = tensors[name].shape if name in tensors else ()
            if len(shape) < 2 or shape[0] != self.batch:
                what = f"{self.source}: the input '{name}' is no map or vector with a batch in front"
                raise InputError(Problem("unsaid-input", what, None, "specs have such inputs alone"))
            is_free = IDENTIFIER.fullmatch(name) and name not in (*self.shapes, *RESERVED_NAMES)
            plain = name if is_free else f"input_{len(self.shapes) + 1}"
            self.shapes[plain] = tuple([known(size) for size in shape[1:]])
        if not self.shapes:
            raise InputError(Problem("unsaid-input", f"{self.source} has no input", None, "name another file"))

    def _nodes(self, made: Made) -> dict[int, Node]:
        makers: dict[tuple[tuple[str, ...], str], int] = {}
        makers |= {((), name): NETWORK - place for place, name in enumerate(self.walked.inputs)}
        nodes: dict[int, Node] = {}
        for index, (layer, step) in enumerate(zip(self.graph.layers, made.steps, strict=True)):
            if step is None:
                continue
            sources = [
                makers[step.path, name]
                for name, value in zip(step.inputs, step.arguments, strict=False)
                if name and (step.path, name) in makers and not (isinstance(value, Tensor) and is_constant(value))
            ]
            nodes[index] = Node(step, layer, self.batch, tuple(sources) or _edges(layer))
            makers |= {(step.path, name): index + slot * SLOT for slot, name in enumerate(step.outputs) if name}
        return nodes

    def _operands(self, node: Node) -> Iterator[int | float | None]:
        sources = iter(node.sources)
        for place, value in enumerate(node.step.arguments):
            if value is None:
                continue
            if isinstance(value, Tensor) and is_constant(value):
                yield node.number(place)
            else:
                yield next(sources, None)

    def _take(self, index: int, node: Node, pattern: Found | None) -> None:
        if pattern is not None:
            layers = sorted({index, *pattern.others})
            self._add(layers, pattern.meaning, [pattern.source], node)
            return
        if self._is_channels_first(index, node):
            return
        if node.layer.others and not (node.step.op_type == "Split" and node.sources):
            raise Unsaid("it has several outputs")
        if not node.sources:
            raise Unsaid("it reads nothing that a layer makes")
        if any(source not in self.at for source in node.sources):
            return  # what it reads cannot be said
        if node.step.op_type == "Split":
            self._split(index, node)
            return
        found = meaning(node)
        if found.word == COPY:
            self.at[index] = self.at[node.sources[0]]
            return
        if len(node.sources) > 1 and not found.joins:
            raise Unsaid(f"it reads {len(node.sources)} values")
        self._add([index], found, list(node.sources), node)

    def _add(self, layers: list[int], found: Meaning, sources: list[int], node: Node) -> None:
        inputs = [self.at[source] for source in sources if source in self.at]
        if len(inputs) < len(sources):
            return
        self.at[layers[-1]] = len(self.parts)
        part = Part(layers, found, inputs, self.names[layers[-1]], node.output, dict(found.settings))
        self.parts.append(part)

    def _split(self, index: int, node: Node) -> None:
        """Channels in equal parts, each of which is a step of its own where something reads it."""
        parts = [self.shape_of(value) for value in node.step.values]
        axis = node.setting("axis")
        if axis not in (1, -len(node.data[0])) or len(set(parts)) > 1 or len(parts) * parts[0][0] != node.data[0][0]:
            raise Unsaid("it does not split channels into equal parts")
        read = {source for other in self.nodes.values() for source in other.sources}
        for slot in range(len(parts)):
            if index + slot * SLOT in read:
                settings: dict[str, Accepted] = {"part": (str(slot + 1),)} if slot else {}
                self._add([index], Meaning("split", str(len(parts)), settings), list(node.sources), node)
                self.at[index + slot * SLOT] = len(self.parts) - 1

    def shape_of(self, value: object) -> Sides:
        """The shape of an output without the batch."""
        if not isinstance(value, Tensor):
            raise Unsaid("an output is no tensor")
        return tuple([known(size) for size in value.shape[1:]])

    def _is_channels_first(self, index: int, node: Node) -> bool:
        """Whether a node only brings the channels of an input to the front; then the spec's input has them there."""
        order = node.numbers("perm", ())
        source = node.sources[0] if node.sources else 0
        if node.step.op_type != "Transpose" or source > NETWORK or order[:2] != (0, len(order) - 1):
            return False
        readers = [other for other in self.nodes.values() if source in other.sources]
        if len(readers) > 1 or list(order[2:]) != list(range(1, len(order) - 1)):
            return False
        name = list(self.shapes)[NETWORK - source]
        self.shapes[name] = node.output
        self.notes.append(f"{node.place}: the input has its channels last in the file, first in the spec")
        self.at[index] = source
        return True


def _edges(layer: Layer) -> tuple[int, ...]:
    """What a layer reads, as the graph says it."""
    slots = layer.slots or (0,) * len(layer.inputs)
    return tuple([source + slot * SLOT for source, slot in zip(layer.inputs, slots, strict=True)])


def _users(parts: list[Part]) -> Counter[int]:
    return Counter(source for part in parts for source in set(part.inputs))


def _renumbered(parts: list[Part], gone: dict[int, int]) -> list[Part]:
    """The parts without those that are gone, whose readers read what stands for them."""
    kept = [index for index in range(len(parts)) if index not in gone]
    places = {index: place for place, index in enumerate(kept)}

    def place(source: int) -> int:
        while source in gone:
            source = gone[source]
        return source if source < 0 else places[source]

    for index in kept:
        parts[index].inputs = [place(source) for source in parts[index].inputs]
    return [parts[index] for index in kept]


def _without_flat(parts: list[Part]) -> list[Part]:
    """Without the flattens in front of linear layers, which flatten by themselves."""
    readers: dict[int, set[str]] = {}
    for part in parts:
        for source in part.inputs:
            readers.setdefault(source, set()).add(part.word)
    gone = {
        index: part.inputs[0]
        for index, part in enumerate(parts)
        if part.word == "flatten" and readers.get(index, FLAT) <= FLAT and index in readers
    }
    return _renumbered(parts, gone)


def _padded(parts: list[Part]) -> list[Part]:
    """Without the paddings of their own in front of convolutions that have none."""
    users = _users(parts)
    gone: dict[int, int] = {}
    for part in parts:
        source = part.inputs[0]
        if source < 0 or parts[source].word != PAD or users[source] > 1 or part.word not in PADDED:
            continue
        if part.settings.get("padding", ("",))[0] == "valid":
            part.settings["padding"] = _around(parts[source], part)
            gone[source] = parts[source].inputs[0]
    return _renumbered(parts, gone)


def _around(pad: Part, part: Part) -> Accepted:
    """The padding of a window, which another node has written."""
    amounts = tuple([(int(str(pair[0])), int(str(pair[1]))) for pair in pad.meaning.argument if isinstance(pair, list)])
    kernel = tuple(map(int, str(part.meaning.argument).split("x")))
    stride, dilation = (_each_axis(part.settings.get(name, ("1",))[0], len(kernel)) for name in ("stride", "dilation"))
    extents = tuple([size - sum(pair) for size, pair in zip(pad.output[1:], amounts, strict=True)])
    return padding(amounts, kernel, stride, dilation, extents)


def _each_axis(value: Value, rank: int) -> Sides:
    sides = value if isinstance(value, list) else str(value).split("x")
    numbers = tuple([int(str(side)) for side in sides])
    return numbers * rank if len(numbers) == 1 else numbers


def _folded(parts: list[Part], belongs: Callable[[Part, Part], bool]) -> list[Part]:
    """Without the parts that belong to the only one that they read, where nothing else reads it."""
    users = _users(parts)
    gone: dict[int, int] = {}
    for index, part in enumerate(parts):
        source = part.inputs[0]
        while source in gone:
            source = gone[source]
        alone = len(part.inputs) == 1 and source >= 0 and users[part.inputs[0]] == 1
        if alone and belongs(parts[source], part):
            gone[index] = source
    return _renumbered(parts, gone)


def _biases(host: Part, part: Part) -> bool:
    """A bias, or the shift behind a scale, that is added by a node of its own."""
    if part.word == BIAS and host.word == "layer scale" and "shift" not in host.settings:
        host.settings["shift"] = ("true",)
        host.layers += part.layers
        return True
    if part.word != BIAS or host.word not in WITH_ACTIVATION or host.settings.get("bias") != ("false",) or host.beside:
        return False
    host.settings["bias"] = ("true",)
    host.layers += part.layers
    return True


def _separates(host: Part, part: Part) -> bool:
    """A pointwise convolution right behind a depthwise one that has nothing of its own."""
    settings = part.settings
    is_pointwise = part.word == "convolution" and set(str(part.meaning.argument)) <= {"1", "x"}
    if host.word != "depthwise convolution" or host.beside or host.settings.get("bias") != ("false",):
        return False
    if not is_pointwise or settings["stride"] != ("1",) or settings["padding"][0] != "valid" or "groups" in settings:
        return False
    host.meaning = host.meaning._replace(word="separable convolution")
    host.settings = {"filters": settings["filters"]} | host.settings | {"bias": settings["bias"]}
    host.before, host.layers = [host.layers], part.layers
    host.name = part.name or host.name
    host.output = part.output
    return True


def _belongs(host: Part, part: Part) -> bool:
    """A batch norm or an activation that may stand beside the operator in front of it."""
    if part.word == "batch norm" and host.word in CONVOLUTIONS and not host.beside:
        host.settings["batch norm"] = ("true",)
    elif part.word in ACTIVATIONS and host.word in WITH_ACTIVATION and "activation" not in host.settings:
        argument = part.meaning.argument
        value: Value = {part.word: str(argument)} if argument else part.word
        host.settings["activation"] = (value,)
    else:
        return False
    host.beside.append(part.layers)
    return True
