"""The layers of a prototxt file and the blobs between them -> the nodes of a spec, each where the file says it.

A layer that writes the blob that it reads works in place. A batch norm with the `Scale` behind it is one batch norm,
and it and an activation belong to the convolution in front of them where nothing else reads what is between. The batch
of the file is left to `--batch`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from inception_calc.problems import InputError, Problem
from inception_calc.spec_file.arrange import NETWORK, Chain, InputOf, Join, Leaf, OutputOf, Piece, arranged
from inception_calc.spec_file.caffe.layers import COPIES, INPUTS, JUDGES, V1, Layer, Meaning, Value, meaning
from inception_calc.spec_file.caffe.text_format import Message, read_message
from inception_calc.spec_file.nodes import Mapping, Node, Scalar, Sequence

SCALE, NORM = "Scale", "batch norm"
ACTIVATIONS = frozenset({"relu", "leaky relu", "prelu", "elu", "sigmoid", "tanh", "softplus", "exponential"})
WITH_BATCH_NORM = frozenset({"convolution", "transposed convolution"})
WITH_ACTIVATION = WITH_BATCH_NORM | {"linear", "sum", "product"}
POOLS = ("max pool", "average pool")


@dataclass
class Part:
    """A layer that does something, and what was written into it."""

    layer: Layer
    meaning: Meaning
    inputs: list[int]
    """Earlier parts by index, or inputs of the network, counted down from `NETWORK`."""
    beside: dict[str, Node] = field(default_factory=dict)
    """Its batch norm and activation."""

    @property
    def place(self) -> Node:
        """Where the file says what it is."""
        return self.layer.message.scalar("type") or self.layer.message


def read_prototxt(text: str, file: str) -> tuple[Mapping, list[Problem]]:
    """The spec that a prototxt file says, and no problems; raises `InputError` with those that there are."""
    return _Network(read_message(text, file), file).spec(), []


class _Network:
    """The parts of one file."""

    def __init__(self, root: Message, file: str) -> None:
        self.root = root
        self.file = file
        self.parts: list[Part] = []
        self.inputs: dict[str, Node] = {}
        self.blobs: dict[str, int] = {}

    def spec(self) -> Mapping:
        """The nodes of the whole spec."""
        self._old_inputs()
        self._all_layers()
        parts = self._joined()
        if not parts:
            place = self.root.location()
            raise InputError(Problem("no-rows", "the file has no layers that compute", place, "name a deploy.prototxt"))
        rows = arranged([Piece(part.layer.name, tuple(part.inputs), part.meaning.joins) for part in parts])
        table = _mapping(self.root, ((row.name, self._chain(row.chain, parts, self.root)) for row in rows))
        name = self.root.scalar("name") or _said(Path(self.file).stem, self.root)
        pools = {part.meaning.word for part in parts if part.meaning.settings.get("rounding") == "ceil"}
        up = {word: _mapping(self.root, [("rounding", _said("ceil", self.root))]) for word in POOLS if word in pools}
        defaults = [("defaults", _mapping(self.root, up.items()))] if up else []
        return _mapping(self.root, [("name", name), ("input", self._input()), *defaults, ("rows", table)])

    def _old_inputs(self) -> None:
        """`input:` with `input_shape` or four `input_dim` for each."""
        names = self.root.scalars("input")
        shapes = [shape.scalars("dim") for shape in self.root.messages("input_shape")]
        dims = self.root.scalars("input_dim")
        shapes = shapes or [dims[at : at + 4] for at in range(0, len(dims), 4)]
        for index, name in enumerate(names):
            self._takes_input(name.text, shapes[index] if index < len(shapes) else [], name)

    def _takes_input(self, name: str, dims: list[Scalar], at: Node) -> None:
        if len(dims) < 2:
            what = f"the file does not say how large the input '{name}' is"
            fix = "write input_shape { dim: 1 dim: 3 dim: 224 dim: 224 }, or name the deploy.prototxt"
            raise InputError(Problem("missing-key", what, at.location(), fix))
        self.blobs[name] = NETWORK - len(self.inputs)
        self.inputs[name] = _said("x".join(dim.text for dim in dims[1:]), dims[1])

    def _input(self) -> Node:
        if not self.inputs:
            place = self.root.location()
            fix = 'write input: "data" and input_shape { dim: 1 dim: 3 dim: 224 dim: 224 }'
            raise InputError(Problem("missing-key", "the file has no input", place, fix))
        if len(self.inputs) == 1:
            return next(iter(self.inputs.values()))
        return _mapping(self.root, self.inputs.items())

    def _all_layers(self) -> None:
        problems: list[Problem] = []
        for message in [*self.root.messages("layer"), *self.root.messages("layers")]:
            kind = message.text("type")
            name = " ".join(message.text("name").split()) or kind  # a row is called so, and its name is one line
            layer = Layer(message, name, V1.get(kind, kind))
            try:
                if _is_there(message):
                    self._layer(layer)
            except InputError as error:
                problems += error.problems
                for top in message.scalars("top"):
                    self.blobs.setdefault(top.text, NETWORK)
        if problems:
            raise InputError(*problems)

    def _layer(self, layer: Layer) -> None:
        tops = [top.text for top in layer.message.scalars("top")]
        if layer.type in INPUTS:
            param = layer.message.message("input_param" if layer.type == "Input" else "dummy_data_param")
            for top, shape in zip(tops, param.messages("shape") or [layer.message] * len(tops), strict=False):
                self._takes_input(top, shape.scalars("dim"), layer.message.scalar("type") or layer.message)
            return
        if layer.type in JUDGES:
            return
        bottoms = layer.message.scalars("bottom")
        sources = [self._source(layer, bottom) for bottom in bottoms]
        if layer.type in COPIES:
            self.blobs.update(dict.fromkeys(tops, sources[0]))
            return
        for param in layer.message.messages("param"):
            if shared := param.scalar("name"):
                what = f"weights that are shared by name ('{shared.text}') are not read"
                raise layer.problem("unknown-key", what, "write the network as a spec, with `weights of`", shared)
        found = self._meaning(layer, len(sources))
        if not sources or (len(sources) > 1 and not found.joins):
            what = f"it reads {len(sources)} blobs, not one"
            raise layer.problem("wrong-value", what, "write one bottom", bottoms[-1] if bottoms else None)
        self.parts.append(Part(layer, found, sources))
        self.blobs.update(dict.fromkeys(tops or [layer.name], len(self.parts) - 1))

    def _meaning(self, layer: Layer, sources: int) -> Meaning:
        """What a layer is, a batch norm without its scale, and a scale until its batch norm is found."""
        if layer.type == SCALE:
            return Meaning("product", joins=True) if sources > 1 else Meaning(SCALE)
        found = meaning(layer)
        if found.word != NORM:
            return found
        at = layer.message
        return Meaning(NORM, _mapping(at, [("scale", _said("false", at)), ("shift", _said("false", at))]))

    def _source(self, layer: Layer, bottom: Scalar) -> int:
        if bottom.text in self.blobs:
            return self.blobs[bottom.text]
        what = f"no layer before it writes the blob '{bottom.text}'"
        raise layer.problem("unknown-name", what, "layers stand in the order in which they run", bottom)

    def _joined(self) -> list[Part]:
        """The parts, those that belong to the one in front of them written into it."""
        parts = _written_in(_written_in(self.parts, _scales), _belongs)
        for part in parts:
            if part.meaning.word == SCALE:  # behind no batch norm
                param = part.layer.message.message("scale_param")
                if (param.text("axis", "1"), param.text("num_axes", "1")) != ("1", "1"):
                    what = "only a Scale of channels, axis 1, is read"
                    raise part.layer.problem("unknown-operator", what, "write the network as a spec")
                shift = {"shift": "true"} if _is_shifted(part) else {}
                part.meaning = Meaning("layer scale", "", shift)
        return parts

    def _chain(self, chain: Chain, parts: list[Part], at: Node) -> Node:
        """One step, or a sequence of steps that have names."""
        if not chain:
            return _said("identity", at)
        steps: list[tuple[str, Node]] = []
        for item in chain:
            if isinstance(item, OutputOf):
                steps.append((f"output of {item.row}", _mapping(at, [("output of", _said(item.row, at))])))
            elif isinstance(item, InputOf):
                name = list(self.inputs)[item.number]
                steps.append((f"input {name}", _mapping(at, [("input", _said(name, at))])))
            else:
                name = item.name if isinstance(item, Leaf) else parts[item.piece].layer.name
                steps.append((name, self._step(item, parts)))
        if len(steps) == 1:
            return steps[0][1]
        return _mapping(at, [("sequence", _mapping(at, steps))])

    def _step(self, item: Leaf | Join, parts: list[Part]) -> Node:
        part = parts[item.piece]
        place = part.place
        argument = _node(part.meaning.argument, place)
        if isinstance(item, Join):
            argument = _mapping(place, [(name, self._chain(chain, parts, place)) for name, chain in item.branches])
        settings = {**part.meaning.settings, **part.beside}
        if part.meaning.word in POOLS and settings.get("rounding") == "ceil":
            del settings["rounding"]  # the default of the whole spec
        pairs = [(name, _node(value, place)) for name, value in settings.items()]
        return _mapping(place, [(part.meaning.word, argument), *pairs])


def _is_there(message: Message) -> bool:
    """Whether a layer takes part in the test phase."""
    included = [rule.text("phase") for rule in message.messages("include") if rule.text("phase")]
    excluded = [rule.text("phase") for rule in message.messages("exclude")]
    return "TEST" not in excluded and (not included or "TEST" in included)


def _written_in(parts: list[Part], belongs: Callable[[Part, Part], bool]) -> list[Part]:
    """The parts less those that were written into the only one that they read, where nothing else reads it."""
    users = [0] * len(parts)
    for part in parts:
        for source in set(part.inputs):
            if source >= 0:
                users[source] += 1
    at: list[int] = []
    kept: list[Part] = []
    for part in parts:
        alone = len(part.inputs) == 1 and part.inputs[0] >= 0 and users[part.inputs[0]] == 1
        part.inputs = [source if source < 0 else at[source] for source in part.inputs]
        if alone and belongs(part, kept[part.inputs[0]]):
            at.append(part.inputs[0])
        else:
            at.append(len(kept))
            kept.append(part)
    return kept


def _scales(part: Part, before: Part) -> bool:
    """Whether a part is the scale of the batch norm in front of it."""
    bare = isinstance(before.meaning.argument, Mapping)
    if part.meaning.word != SCALE or before.meaning.word != NORM or not bare:
        return False
    place = part.place
    argument = _said("", place) if _is_shifted(part) else _mapping(place, [("shift", _said("false", place))])
    before.meaning = Meaning(NORM, argument)
    return True


def _is_shifted(part: Part) -> bool:
    """Whether a scale adds a number to each channel, too."""
    return part.layer.message.message("scale_param").text("bias_term") == "true"


def _belongs(part: Part, before: Part) -> bool:
    """Whether a part is a batch norm or an activation that may stand beside the operator in front of it."""
    word, host, place = part.meaning.word, before.meaning.word, part.place
    argument = _node(part.meaning.argument, place)
    if word == NORM and host in WITH_BATCH_NORM and not before.beside and isinstance(argument, Scalar):
        before.beside[NORM] = _said("true", place)
        return True
    if word in ACTIVATIONS and host in WITH_ACTIVATION and "activation" not in before.beside:
        bare = isinstance(argument, Scalar) and not argument.text
        before.beside["activation"] = _said(word, place) if bare else _mapping(place, [(word, argument)])
        return True
    return False


def _said(text: str, at: Node) -> Scalar:
    """A text of ours that stands where `at` does."""
    return Scalar(at.document, at.line, at.column, text, quoted=False)


def _node(value: Value, at: Node) -> Node:
    if isinstance(value, str):
        return _said(value, at)
    if isinstance(value, list):
        return Sequence(at.document, at.line, at.column, [_said(text, at) for text in value])
    return value


def _mapping(at: Node, pairs: Iterable[tuple[str, Node]]) -> Mapping:
    """A mapping whose keys stand where their values do."""
    result = Mapping(at.document, at.line, at.column)
    for name, value in pairs:
        result.put(_said(name, value), value)
    return result
