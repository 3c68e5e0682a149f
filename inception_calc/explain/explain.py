"""Analysis -> explanation of one layer, one row, or the whole."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from inception_calc.analysis import Analysis, LayerCost, Totals
from inception_calc.analysis.receptive_field import (
    ReceptiveField,
    fields_of_inputs,
    receptive_fields,
    sees_first_input,
)
from inception_calc.dims import Dim, Shape, axis_names, evaluated, factor_text, formula_text, same, total
from inception_calc.dims.polynomial import FRACTIONAL
from inception_calc.explain.model import Explanation, Line, Sum, Term
from inception_calc.explain.nodes import held_lines, size_lines
from inception_calc.files.references import DEFAULT
from inception_calc.graph import IMAGE, Graph
from inception_calc.ops.nodes import Array
from inception_calc.primitives.derivation import Derivation
from inception_calc.problems import LONGEST_LIST, InputError, Problem, listed, nearest

PARAMS = ("weights", "biases", "affine")
PER_IMAGE = ("multiply_adds", "effective_multiply_adds", "element_ops")
ROW = "row "
"""What tells the row of a file from the node that it is called after."""
WHOLE = "total"
"""What tables call the whole."""
SIZELESS = frozenset({"batch", FRACTIONAL})
"""Symbols that decide no size along an axis, and so nothing that an element sees."""
TAPS_WHY = {
    "taps_down": "for each row of the kernel, the positions at which it falls on the map",
    "taps_across": "the same for each column",
    "taps_along": "for each element of the kernel, the positions at which it falls on the map",
    "taps_through": "for each layer of the kernel, the positions at which it falls on the map",
}
SUMMED: dict[str, Callable[[LayerCost], Dim]] = {
    "multiply_adds": lambda cost: cost.multiply_adds,
    "effective_multiply_adds": lambda cost: cost.effective_multiply_adds,
    "params": lambda cost: cost.params,
}
"""What is added up for rows and for the whole."""


def explain(analysis: Analysis, name: str = "") -> Explanation:
    """How the numbers of a layer or row arise, or of the whole where `name` is empty or what tables call the whole.

    A row of one layer that bears the row's own name is explained as that layer; so is a node of a file, where its row
    is called `row NAME`. Raises `InputError`, also
    for what is no spec.
    """
    if not name:
        return _whole(analysis)
    layers = {cost.layer.name: index for index, cost in enumerate(analysis.layers)}
    rows = {row.name: row for row in analysis.graph.rows}
    if name in rows and (name not in layers or (analysis.graph.known is None and len(rows[name].layers) > 2)):
        return _row(analysis, name)
    plain = name.removeprefix(ROW)
    if plain != name and name not in layers and plain in rows:
        return _row(analysis, plain)
    if name in layers:
        return _layer(analysis, layers[name])
    if name == WHOLE:
        return _whole(analysis)
    raise InputError(_unknown(analysis, name, list(rows), list(layers)))


def _unknown(analysis: Analysis, name: str, rows: list[str], layers: list[str]) -> Problem:
    labels = {row.label: row.name for row in analysis.graph.rows}
    endings = [layer for layer in layers if layer.endswith(f"/{name}")]
    if name in labels:
        hint = f"did you mean '{labels[name]}'?"
    elif endings:
        hint = f"there are {listed(endings, 'or')}" + _all_shown(analysis, endings, "layer")
    else:
        hint = nearest(name, [*rows, *layers]) or f"rows: {listed(rows)}" + _all_shown(analysis, rows, "row")
    return Problem("unknown-layer", f"there is no row or layer '{name}'", None, hint)


def _all_shown(analysis: Analysis, names: list[str], by: str) -> str:
    """Where all of a list stand that a message shortens; nothing where it shows all."""
    if len(names) <= LONGEST_LIST:
        return ""
    spec = analysis.source if analysis.variant == DEFAULT else f"{analysis.source}@{analysis.variant}"
    return f"; all: inception-calc table {spec} --by {by}"


# -- a layer -----------------------------------------------------------------------------------------------------------


def _layer(analysis: Analysis, index: int) -> Explanation:
    cost = analysis.layers[index]
    layer, graph = cost.layer, analysis.graph
    derived = {one.quantity: one for one in layer.op.derivations(cost.inputs, layer.output)}
    own, others = _shared(analysis, cost)
    if graph.known is None:
        lines = [_line(derived[side], 1) for side in (*layer.output.axes, "channels") if side in derived]
        lines += _param_lines(cost, derived, own)
    else:
        lines = [*size_lines(cost, derived), *held_lines(cost, derived)]
    for part in PER_IMAGE:
        if part in derived and (part in _summed(analysis) or part == "element_ops"):
            if part == "effective_multiply_adds":
                lines += [
                    replace(_line(derived[taps], 1), why=why) for taps, why in TAPS_WHY.items() if taps in derived
                ]
            lines.append(_line(derived[part], cost.batch))
    fields = receptive_fields(graph)
    lines += _field_lines(graph, index, fields)
    names = [_giver(graph, source) for source in layer.inputs]
    return Explanation(
        analysis.name,
        layer.name,
        "layer",
        layer.op.op,
        tuple(zip(names, cost.inputs, strict=True)),
        layer.output,
        layer.row,
        layer.branch,
        tuple(lines),
        notes=(*_notes(analysis, index), *others, *(_no_field(analysis, index) if fields[index] is None else ())),
        known=graph.known,
    )


def _param_lines(cost: LayerCost, derived: Mapping[str, Derivation], own: frozenset[str]) -> list[Line]:
    """Params by what they are, their sum, and buffers."""
    lines = [_line(derived[part], 1) for part in PARAMS if part in derived and part in own]
    if len(lines) > 1:
        summands = {part.quantity: part.value for part in lines}
        lines.append(Line("params", " + ".join(summands), summands, cost.params))
    if "buffers" in derived and "buffers" in own:
        lines.append(_line(derived["buffers"], 1))
    return lines


def _shared(analysis: Analysis, cost: LayerCost) -> tuple[frozenset[str], list[str]]:
    """The roles of the arrays that a layer holds itself, and words about those that others hold."""
    arrays, holders = cost.layer.op.arrays(cost.inputs), cost.layer.holders
    own = frozenset(array.role for array in arrays if array.name not in holders)
    lent: dict[int, list[Array]] = {}
    for array in arrays:
        if array.name in holders:
            lent.setdefault(holders[array.name], []).append(array)
    words = []
    for holder, theirs in lent.items():
        named = listed([f"{array.name} ({'x'.join(map(factor_text, array.shape))})" for array in theirs], "and")
        words.append(f"it uses the {named} of {analysis.graph.layers[holder].name}, whose params count there")
    return own, words


def _line(derivation: Derivation, batch: Dim) -> Line:
    """The line of a derivation, for the whole batch."""
    formula, values = derivation.formula, dict(derivation.values)
    if batch != 1:
        formula = f"batch*{f'({formula})' if ' ' in formula else formula}"
        values = {"batch": batch, **values}
    return Line(derivation.quantity, formula, values, evaluated(formula, values))


def _field_lines(graph: Graph, index: int, fields: Sequence[ReceptiveField | None]) -> list[Line]:
    """The receptive field of a layer along each axis.

    A join sees all that its branches see, and after a layer that enlarges the map neighbours see differently much:
    no formula says either.
    """
    layer, found = graph.layers[index], fields[index]
    if found is None:
        return []
    source, rank = layer.inputs[0], len(found.axes)
    before = fields_of_inputs(graph)[IMAGE - source] if source < 0 else fields[source]
    x = graph.inputs_of(layer)[0].placed(rank)
    sights = None if x is None else layer.op.sight(x, layer.output)
    lines = []
    for axis, side in enumerate(axis_names(rank)):
        quantity, size = f"receptive field, {side}", found.size[axis]
        seen = sights[axis].seen if sights is not None else ()
        if (
            before is not None
            and before.stride is not None
            and before.is_even
            and len(seen) == 1
            and seen[0] is not None
        ):
            kernel = seen[0][1] - seen[0][0] + 1
            values = {"field_before": before.size[axis], "kernel": kernel, "stride_before": before.stride[axis]}
            line = Line(quantity, "field_before + (kernel - 1)*stride_before", values, size)
            if len(layer.inputs) == 1 and same(evaluated(line.formula, values), size):
                lines.append(line)
                continue
        why = "all that the branches see" if len(layer.inputs) > 1 else "what the elements that see most see"
        lines.append(Line(quantity, "", {}, size, why))
    return lines


def _no_field(analysis: Analysis, index: int) -> list[str]:
    """Why there is no receptive field: a free symbol, or nothing is seen. Axes of files have no roles: none has one."""
    if analysis.graph.known is not None:
        return []
    if not sees_first_input(analysis.graph)[index]:
        return [f"it sees nothing of {_giver(analysis.graph, IMAGE)}, the first input"]
    names = [name for name in analysis.free if name not in SIZELESS]
    return [f"how much of {_input_named(analysis.graph)} an element sees depends on {listed(names)}"] if names else []


def _input_named(graph: Graph) -> str:
    """What enters the network: by its name; else an image, where it has height and width alone."""
    unnamed = "the image" if graph.input.axes == ("height", "width") else "the input"
    return f"the input {graph.name_of(IMAGE, '')}" if graph.inputs else unnamed


def _giver(graph: Graph, source: int) -> str:
    """Which layer gives a map, or what enters the network."""
    return graph.name_of(source, _input_named(graph))


def _notes(analysis: Analysis, index: int) -> tuple[str, ...]:
    notes = []
    known, cost = analysis.graph.known, analysis.layers[index]
    name = cost.layer.name
    if known is not None and any(row.name == name and len(row.layers) > 1 for row in analysis.graph.rows):
        notes.append(f"its row bears its name: inception-calc explain {analysis.source} '{ROW}{name}'")
    if known is not None and cost.layer.name in known.uncounted:
        notes.append("what it costs is not known")
    elif cost.multiply_adds == 0 and not cost.layer.op.derivations(cost.inputs, cost.layer.output):
        notes.append("it costs nothing at inference")
    if cost.activation_elements == 0:
        notes.append("its output needs no memory of its own")
    return tuple(notes)


# -- sums --------------------------------------------------------------------------------------------------------------


def _row(analysis: Analysis, name: str) -> Explanation:
    row = next(row for row in analysis.graph.rows if row.name == name)
    costs = analysis.costs_at(row.layers)
    source = _giver(analysis.graph, row.source)
    sums = []
    for quantity, count in _summed(analysis).items():
        terms = (Term(cost.layer.name, count(cost), _count_line(cost, quantity)) for cost in costs)
        sums.append(_sum(quantity, terms))
    entering: tuple[tuple[str, Shape], ...] = ((source, analysis.graph.map_of(row.source)),)
    notes: list[str] = []
    field = receptive_fields(analysis.graph)[row.result] if row.layers else None
    if field is not None:
        seen = " x ".join(map(formula_text, field.size)) or "all"
        notes.append(f"one output element sees {seen} elements of {_input_named(analysis.graph)}")
    elif row.layers:
        notes += _no_field(analysis, row.result)
    return Explanation(
        analysis.name,
        name,
        "row",
        row.label,
        entering,
        row.output,
        sums=tuple(sums),
        notes=tuple(notes),
        known=analysis.graph.known,
    )


def _summed(analysis: Analysis) -> dict[str, Callable[[LayerCost], Dim]]:
    """What is added up. Taps on a map of free size have a closed form with a floor for each tap: not for reading."""
    return {name: count for name, count in SUMMED.items() if not analysis.free or name != "effective_multiply_adds"}


def _count_line(cost: LayerCost, quantity: str) -> Line | None:
    """One line that explains a layer's count."""
    derived = {one.quantity: one for one in cost.layer.op.derivations(cost.inputs, cost.layer.output)}
    if quantity != "params" or cost.layer.holders:
        return _line(derived[quantity], cost.batch) if quantity in derived else None
    parts = [derived[part] for part in PARAMS if part in derived]
    if not parts or (cost.layer.op.facts() is not None and not same(total(part.value for part in parts), cost.params)):
        return None
    values = {name: value for part in parts for name, value in part.values.items()}
    formula = " + ".join(part.formula for part in parts)
    return Line("params", formula, values, evaluated(formula, values))


def _whole(analysis: Analysis) -> Explanation:
    sums = (
        _sum(quantity, (Term(row.name, total(map(count, row.layers))) for row in analysis.rows))
        for quantity, count in _summed(analysis).items()
    )
    totals: Totals = analysis.totals
    notes = (f"depth {totals.depth}: the most convolution and linear layers on any path",)
    graph = analysis.graph
    entering = tuple((_giver(graph, IMAGE - place), x) for place, x in enumerate(graph.entering))
    return Explanation(
        analysis.name, "", "network", "", entering, None, sums=tuple(sums), notes=notes, known=graph.known
    )


def _sum(quantity: str, terms: Iterable[Term]) -> Sum:
    kept = tuple(term for term in terms if term.value != 0)
    return Sum(quantity, kept, total(term.value for term in kept))
