"""What recurrent layers share: `{lstm: 128, bidirectional: true, layers: 2, returns: last}`, `gru` and `rnn` alike.

    input          a row of positions: channels x length
    output         width (twice where it is bidirectional) x length; one position with `returns: last`
    weights        gates x width x (input channels + width), in each direction and layer
    biases         gates x width, twice with `bias: two` (the built-in): PyTorch and cuDNN add one to the input's
                   products and one to the state's, Keras has one; `none`
    multiply-adds  weights x length
    element ops    2 for each gate, unit and position

`projection` makes the state smaller than the units (LSTM alone). Sources: Hochreiter and Schmidhuber, "Long short-term
memory" (1997); Cho et al., "Learning phrase representations" (2014), equations 5 to 8; Elman, "Finding structure in
time" (1990); Sak, Senior and Beaufays (2014), section 2, for projections.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import Count, Dim, Scope, Shape
from inception_calc.ops.fields import COUNT_SCHEMA, FlagField, one_of, read_count
from inception_calc.ops.layer import Unary
from inception_calc.ops.nodes import Array, Attribute, Constant, Node, Nodes, must_be_known
from inception_calc.ops.operator import Operator, Part, at, scaled_at
from inception_calc.primitives.derivation import Derivation, point
from inception_calc.primitives.recurrent import Recurrent
from inception_calc.problems import Fault

BIASES = {"none": 0, "one": 1, "two": 2}
RETURNS = ("sequence", "last")
BiasField = Annotated[
    str, PlainValidator(one_of(tuple(BIASES), "number of biases")), WithJsonSchema({"enum": list(BIASES)})
]
ReturnsField = Annotated[str, PlainValidator(one_of(RETURNS, "end of a row")), WithJsonSchema({"enum": list(RETURNS)})]
MOST_LAYERS = 1000
END = 2**31 - 1
"""Behind every step."""


@dataclass(frozen=True, slots=True)
class RecurrentLayer(Unary):
    """All steps of one layer, in one direction or both."""

    op: str  # type: ignore[misc]
    gates: int
    width: Dim
    directions: int = 1
    biases: int = 2
    projection: Dim | None = None
    last: bool = False

    def output(self, x: Shape) -> Shape:
        state = self.width if self.projection is None else self.projection
        depth = self.directions * state
        return x.point(depth) if self.last else x.deep(depth)

    def does(self, x: Shape, y: Shape) -> Recurrent:
        return Recurrent(
            x.sides[0], 1, self.directions, self.gates, x.channels, self.width, self.projection, self.biases
        )

    def derivations(self, inputs: tuple[Shape, ...], y: Shape) -> tuple[Derivation, ...]:
        state = "hidden" if self.projection is None else "projection"
        value = self.width if self.projection is None else self.projection
        depth = Derivation("channels", f"directions*{state}", {"directions": self.directions, state: value})
        return depth, *(point(y) if self.last else ()), *Unary.derivations(self, inputs, y)

    def arrays(self, inputs: tuple[Shape, ...]) -> tuple[Array, ...]:
        (x,) = inputs
        rows = self.gates * self.width
        weights = (
            Array("input weights", (self.directions, rows, x.channels), "weights", "he", x.channels),
            Array("state weights", (self.directions, rows, self.width), "weights", "he", self.width),
        )
        if not self.biases:
            return weights
        return (*weights, Array("biases", (self.directions, self.biases * rows), "biases"))

    def onnx_nodes(self, inputs: tuple[Shape, ...], y: Shape) -> Nodes:
        if self.projection is not None:
            what = "ONNX's LSTM has no projection"
            raise Fault("not-in-onnx", what, fix="leave 'projection' out for the export")
        must_be_known((self.width, y.channels), "its width")
        rows = self.gates * int(self.width)
        numbers = (-1, 0, 1, 2, 3, END)
        constants = [Constant(str(number), (number,)) for number in numbers]
        constants.append(Constant(f"{y.channels} deep", (0, int(y.channels), -1)))
        nodes = [Node("Transpose", name="steps", attributes={"perm": (2, 0, 1)})]
        given = ["steps", "input weights", "state weights"]
        if self.biases == 1:  # ONNX has two
            none = Constant(f"no {rows} biases", (0.0,) * (self.directions * rows), (self.directions, rows))
            constants.append(none)
            nodes.append(Node("Concat", ("biases", none.name), "both biases", {"axis": 1}))
        given += [["both biases"], ["biases"]][self.biases - 1] if self.biases else []
        nodes.append(Node(self.op.upper(), tuple(given), "run", self._attributes()))
        nodes.append(Node("Transpose", ("run",), "of all steps", {"perm": (2, 1, 3, 0)}))
        if self.last:
            nodes += _last_steps(self.directions)
        nodes.append(Node("Reshape", ("last step" if self.last else "of all steps", f"{y.channels} deep")))
        return Nodes(tuple(nodes), self.arrays(inputs), tuple(constants), takes="map", gives="map")

    def _attributes(self) -> dict[str, Attribute]:
        attributes: dict[str, Attribute] = {"hidden_size": self.width}
        if self.directions == 2:
            attributes["direction"] = "bidirectional"
        if self.op == "gru" and self.biases == 2:
            attributes["linear_before_reset"] = 1
        return attributes


def _last_steps(directions: int) -> list[Node]:
    """Where each direction ends: forwards at the last step, backwards at the first."""
    last = Node("Slice", ("of all steps", "-1", str(END), "3"), "last step")
    if directions == 1:
        return [last]
    return [
        last._replace(name="last of all"),
        Node("Slice", ("last of all", "0", "1", "1"), "forwards"),
        Node("Slice", ("of all steps", "0", "1", "3"), "first of all"),
        Node("Slice", ("first of all", "1", "2", "1"), "backwards"),
        Node("Concat", ("forwards", "backwards"), "last step", {"axis": 1}),
    ]


class RecurrentOperator(Operator):
    """A recurrent layer, or several one behind the other, as a spec writes them."""

    gates: ClassVar[int]

    bidirectional: FlagField = False
    layers: Annotated[Count | None, PlainValidator(read_count), WithJsonSchema(COUNT_SCHEMA)] = None
    bias: Annotated[
        str, PlainValidator(one_of(tuple(BIASES), "number of biases")), WithJsonSchema({"enum": list(BIASES)})
    ] = "two"
    returns: ReturnsField = "sequence"

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        if len(x.sides) != 1:
            what = f"a recurrent layer takes a row of positions, and a map of {len(x.sides)} axes enters"
            raise Fault("wrong-rank", what, path=(self.key,), at_key=True, fix="write 'tokens' before it")
        width = scaled_at(self.key, scope, self.argument, "width")  # type: ignore[attr-defined]
        layers = 1 if self.layers is None else at("layers", scope, self.layers, "layers")
        if not isinstance(layers, int) or layers > MOST_LAYERS:
            what = f"the number of layers must be known, and at most {MOST_LAYERS}"
            raise Fault("too-large", what, path=("layers",), fix="write a number, or repeat the row")
        parts = []
        for number in range(1, layers + 1):
            is_end = number == layers and self.returns == "last"
            layer = RecurrentLayer(
                self.key, self.gates, width, 1 + self.bidirectional, BIASES[self.bias], self.projected(scope), is_end
            )
            parts.append(Part(f"layer {number}" if layers > 1 else "", layer, depth=1))
        return parts

    def projected(self, scope: Scope) -> Dim | None:
        """What the state is projected to; None where it is not."""
        return None
