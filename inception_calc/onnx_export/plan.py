"""Analysis -> what the ONNX graph will be: every node, value and array with its name and shape. Needs no onnx.

Nodes and values bear the layer's name (`3a/5x5 reduce`); what a layer needs beside its one value is named below
it (`3a/5x5 reduce/weight`). So whatever a viewer or a runtime shows can be traced to a line of the spec.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from inception_calc.analysis import Analysis
from inception_calc.dims import Dim, Shape, formula_text, product
from inception_calc.graph import IMAGE, Layer
from inception_calc.ops.nodes import NOTHING, Array, Attribute, Constant, Form, Node, must_be_known
from inception_calc.problems import Fault, InputError, Problem

BYTES_PER_ELEMENT = 4
"""Exported graphs compute in float32."""


@dataclass(frozen=True, slots=True)
class PlannedNode:
    """A node with global names. `layer` is the index of the layer that it belongs to."""

    name: str
    op_type: str
    inputs: tuple[str, ...]
    attributes: Mapping[str, Attribute]
    layer: int
    is_result: bool
    """Its value is the layer's."""


@dataclass(frozen=True, slots=True)
class PlannedArray:
    """An array with its global name."""

    name: str
    array: Array
    layer: int

    @property
    def bytes(self) -> int:
        """Its size as float32."""
        size = BYTES_PER_ELEMENT
        for side in self.array.shape:
            size *= side
        return size


@dataclass(frozen=True, slots=True)
class Plan:
    """The graph. Values are called like the nodes that make them; `shapes` are those of values, batch first."""

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    shapes: Mapping[str, tuple[Dim, ...]]
    nodes: tuple[PlannedNode, ...]
    arrays: tuple[PlannedArray, ...]
    constants: tuple[Constant, ...]
    facts: Mapping[str, str] = field(default_factory=dict)
    """What the model says of itself: the spec, the convention of counting, the totals."""
    layer_facts: tuple[Mapping[str, str], ...] = ()
    """For each layer its operator, row, params and multiply-adds."""

    @property
    def array_bytes(self) -> int:
        """The size of all arrays."""
        return sum(planned.bytes for planned in self.arrays)


def plan(analysis: Analysis) -> Plan:
    """The ONNX graph of an analysis; raises `InputError` with every layer that cannot be exported."""
    planner = _Planner(analysis)
    for index, layer in enumerate(analysis.graph.layers):
        planner.add(index, layer)
    if planner.problems:
        raise InputError(*planner.problems)
    return planner.finished()


class _Planner:
    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        graph = analysis.graph
        self.taken = {layer.name for layer in graph.layers}
        self.inputs = [self.free_name(name) for name in graph.inputs or ("input",)]
        entering = dict(zip(self.inputs, graph.entering, strict=True))
        self.shapes: dict[str, tuple[Dim, ...]] = {name: (graph.batch, *x) for name, x in entering.items()}
        self.forms: dict[str, Form] = {name: _form(x) for name, x in entering.items()}
        self.nodes: list[PlannedNode] = []
        self.arrays: list[PlannedArray] = []
        self.held: dict[tuple[int, str], PlannedArray] = {}
        self.constants: dict[Constant, str] = {}
        self.problems: list[Problem] = []

    def free_name(self, wanted: str) -> str:
        """`wanted`, or with a number after it where a layer is called so."""
        name, number = wanted, 2
        while name in self.taken:
            name, number = f"{wanted} {number}", number + 1
        self.taken.add(name)
        return name

    def value_of(self, index: int) -> str:
        return self.inputs[IMAGE - index] if index < 0 else self.analysis.graph.layers[index].name

    # -- layers --------------------------------------------------------------------------------------------------------

    def add(self, index: int, layer: Layer) -> None:
        """Plans one layer; what is wrong with it goes to `problems`."""
        graph = self.analysis.graph
        try:
            parts = layer.op.onnx_nodes(graph.inputs_of(layer), layer.output)
            for array in parts.arrays:
                must_be_known(array.shape, f"the shape of its {array.name}")
            for node in parts.nodes:
                for key, value in node.attributes.items():
                    if not isinstance(value, str | float):
                        must_be_known(value if isinstance(value, tuple) else (value,), key)
        except Fault as fault:
            self.problems.append(Problem(fault.code, f"{layer.name}: {fault.what}", None, fault.fix))
            parts = None
        if parts is None:
            self._give(layer.name, layer.output, "map")
            return
        values, form = self._inputs(index, layer, parts.takes)
        local = {f"x{number}": value for number, value in enumerate(values)}
        local["x"] = values[0]
        local[NOTHING] = NOTHING
        for array in parts.arrays:
            local[array.name] = self._array(index, layer, array)
        for constant in parts.constants:
            local[constant.name] = self._constant(constant)
        for node in parts.nodes:
            name = self.free_name(f"{layer.name}/{node.name}") if node.name else layer.name
            self._node(name, replace_inputs(node, local.__getitem__), index, not node.name)
            if node.name:
                local[node.name] = name
        self._give(layer.name, layer.output, form if parts.gives == "any" else parts.gives)

    def finished(self) -> Plan:
        analysis = self.analysis
        rows = analysis.graph.rows
        body_end = next((row.result for row in reversed(rows) if not row.is_head), IMAGE)
        ends = [self.value_of(body_end), *(self.value_of(row.result) for row in rows if row.is_head)]
        outputs = list(dict.fromkeys(ends))
        for given in self.inputs:
            if given in outputs:  # a network of nothing but identities
                name = self.free_name("output")
                self._node(name, Node("Identity", (given,)), IMAGE, True)
                self.shapes[name] = self.shapes[given]
                outputs[outputs.index(given)] = name
        return Plan(
            analysis.name,
            tuple(self.inputs),
            tuple(outputs),
            self.shapes,
            tuple(self.nodes),
            tuple(self.arrays),
            tuple(constant._replace(name=name) for constant, name in self.constants.items()),
            _facts(analysis),
            tuple(_layer_facts(analysis, index) for index in range(len(analysis.layers))),
        )

    # -- parts of a layer ----------------------------------------------------------------------------------------------

    def _inputs(self, index: int, layer: Layer, takes: Form) -> tuple[list[str], Form]:
        """The values that enter, all in one form; nodes that change the form are put before the layer."""
        maps = self.analysis.graph.inputs_of(layer)
        axes = max(maps, key=len).axes
        values = [self.value_of(source) for source in layer.inputs]
        for place, x in enumerate(maps):
            if len(x.axes) != len(axes) and takes == "any":  # joined, it has one place: it comes as a vector
                values[place] = self._in_form(values[place], "vector", x.axes, index, layer)
        forms = {self.forms[value] for value in values}
        wanted: Form = takes if takes != "any" else "map" if len(forms) > 1 else forms.pop()
        return [self._in_form(value, wanted, axes, index, layer) for value in values], wanted

    def _in_form(self, value: str, wanted: Form, sides: tuple[str, ...], index: int, layer: Layer) -> str:
        """The value as a vector, or as a map of these axes."""
        if self.forms[value] == wanted or not sides:  # without an axis a map is a vector
            return value
        if wanted == "vector":
            name = self.free_name(f"{layer.name}/flatten")
            self._node(name, Node("Flatten", (value,), attributes={"axis": 1}), index, False)
            batch, *sizes = self.shapes[value]
            self.shapes[name] = (batch, product(sizes))
        else:
            axes = self._constant(Constant(" and ".join(sides), tuple(range(2, 2 + len(sides)))))
            name = self.free_name(f"{layer.name}/unflatten")
            self._node(name, Node("Unsqueeze", (value, axes)), index, False)
            self.shapes[name] = (*self.shapes[value], *(1 for _ in sides))
        self.forms[name] = wanted
        return name

    def _array(self, index: int, layer: Layer, array: Array) -> str:
        """The array's name: one initializer, however many layers use it; a matrix may be used turned round."""
        holder = layer.holders.get(array.name)
        if holder is None:
            planned = PlannedArray(self.free_name(f"{layer.name}/{array.name}"), array, index)
            self.arrays.append(planned)
            self.held[index, array.name] = planned
            return planned.name
        planned = self.held[holder, array.name]
        if planned.array.shape == array.shape:
            return planned.name
        name = self.free_name(f"{layer.name}/{array.name} turned")
        self._node(name, Node("Transpose", (planned.name,), attributes={"perm": (1, 0)}), index, False)
        self.shapes[name] = array.shape
        return name

    def _constant(self, constant: Constant) -> str:
        """Equal constants of all layers are one initializer."""
        if constant not in self.constants:
            self.constants[constant] = self.free_name(f"constant/{constant.name}")
        return self.constants[constant]

    def _node(self, name: str, node: Node, index: int, is_result: bool) -> None:
        self.nodes.append(PlannedNode(name, node.op_type, node.inputs, node.attributes, index, is_result))

    def _give(self, name: str, y: Shape, form: Form) -> None:
        batch = self.analysis.graph.batch
        self.forms[name] = form = form if y.axes else "vector"
        self.shapes[name] = (batch, *y) if form == "map" else (batch, y.elements)


def _form(x: Shape) -> Form:
    """How an input enters: without an axis it is a vector."""
    return "map" if x.axes else "vector"


def replace_inputs(node: Node, name_of: Callable[[str], str]) -> Node:
    """The node with its inputs' local names replaced."""
    return node._replace(inputs=tuple(map(name_of, node.inputs)))


def part(planned: Plan, layers: frozenset[int]) -> Plan:
    """The plan of some layers alone: what the layers before them give becomes input, what others read, output."""
    nodes = tuple(node for node in planned.nodes if node.layer in layers)
    read = {value for node in nodes for value in node.inputs}
    arrays = tuple(array for array in planned.arrays if array.name in read)
    made = {node.name for node in nodes}
    given = {*(array.name for array in arrays), *(constant.name for constant in planned.constants)}
    read_elsewhere = {value for node in planned.nodes if node.layer not in layers for value in node.inputs}
    inputs = dict.fromkeys(value for node in nodes for value in node.inputs if value not in made | given | {NOTHING})
    outputs = [node.name for node in nodes if node.name in read_elsewhere or node.name in planned.outputs]
    return replace(planned, inputs=tuple(inputs), outputs=tuple(outputs), nodes=nodes, arrays=arrays)


def side_by_side(planned: Plan, copies: int) -> Plan:
    """The plan with so many copies of every node and array, all on the same inputs: they share one start."""
    made = {*(node.name for node in planned.nodes), *(array.name for array in planned.arrays)}
    shapes = dict(planned.shapes)
    nodes, arrays, outputs = [], [], []
    for number in range(copies):
        names = {name: f"{name} (copy {number})" for name in made}
        shapes |= {names[name]: shape for name, shape in planned.shapes.items() if name in names}
        nodes += [
            replace(node, name=names[node.name], inputs=tuple(names.get(name, name) for name in node.inputs))
            for node in planned.nodes
        ]
        arrays += [replace(array, name=names[array.name]) for array in planned.arrays]
        outputs += [names[name] for name in planned.outputs]
    return replace(planned, shapes=shapes, nodes=tuple(nodes), arrays=tuple(arrays), outputs=tuple(outputs))


def _facts(analysis: Analysis) -> dict[str, str]:
    from inception_calc.analysis import CONVENTION

    totals = analysis.totals
    return {
        "spec": analysis.source,
        "variant": analysis.variant,
        "training heads": "yes" if analysis.setting.training else "no",
        "multiply_adds": formula_text(totals.multiply_adds),
        "params": formula_text(totals.params),
        "convention": CONVENTION,
    }


def _layer_facts(analysis: Analysis, index: int) -> dict[str, str]:
    cost = analysis.layers[index]
    return {
        "layer": cost.layer.op.op,
        "row": cost.layer.row,
        "params": formula_text(cost.params),
        "multiply_adds": formula_text(cost.multiply_adds),
        "element_ops": formula_text(cost.element_ops),
    }
