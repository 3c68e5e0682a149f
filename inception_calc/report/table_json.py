"""The JSON of `table` (design, section 5): exact integers, formulas as texts, one line for each row and layer."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from inception_calc.analysis import CONVENTION, FLOPS_CONVENTION, Analysis, Group, element_ops_by_kind
from inception_calc.analysis.backward import Backward
from inception_calc.analysis.measures import Measures
from inception_calc.analysis.metrics import METRICS, PEAK, RARE
from inception_calc.analysis.receptive_field import ReceptiveField
from inception_calc.dims import AXES, Dim, Shape, same, total
from inception_calc.graph import IMAGE, Graph, Known
from inception_calc.report.json_values import decided, listed_lines, number, quantity, shape
from inception_calc.report.notes import network_notes
from inception_calc.report.view import SIGHTS, View, chosen_groups

if TYPE_CHECKING:
    from inception_calc.analysis.in_use import InUse

INPUT = "input"
"""What `inputs` calls the network's input."""
METRICS_OF_GROUPS = (
    "depth", "params", "weights", "biases", "buffers", "param_bytes", "multiply_adds", "effective_multiply_adds",
    "element_ops", "activation_elements", "activation_bytes", PEAK, "traffic_bytes",
)  # fmt: skip
"""What a row, another group of layers and the whole say of themselves."""


def table_document(analyses: list[Analysis], view: View, in_use: list[InUse | None] | None = None) -> str:
    """The document for some analyses. It is whole, whatever the view; an unusual view is said under `view`."""
    uses = in_use or [None] * len(analyses)
    tables = [_table(analysis, view, use) for analysis, use in zip(analyses, uses, strict=True)]
    return "{" + f'"tables": [{",".join(tables)}\n]' + "}\n"


def _table(analysis: Analysis, view: View, in_use: InUse | None) -> str:
    setting, measures = analysis.setting, Measures(analysis)
    rows = [_group(measures, group, view) for group in analysis.rows]
    layers = [_layer(measures, index) for index in range(len(analysis.layers))]
    for name in _on_demand(view):
        for entry, group in zip(layers, analysis.single_layers, strict=True):
            entry[name] = decided(partial(METRICS[name].of_group, measures, group))
    head: dict[str, Any] = {
        "name": analysis.name,
        "source": analysis.source,
        "variant": analysis.variant,
        "training": setting.training,
        "convention": {"multiply_adds": CONVENTION} | ({"flops": FLOPS_CONVENTION} if _on_demand(view) else {}),
        **_inputs(analysis),
    }
    lines = [f"\n  {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    lines.append(f'\n  "rows": {listed_lines(rows, 2)}')
    lines.append(f'\n  "layers": {listed_lines(layers, 2)}')
    if view != View() and (view.by != "row" or view.sort or view.top is not None):
        groups = [_group(measures, group, view) for group in chosen_groups(measures, view)]
        chosen: dict[str, Any] = {"by": view.by, "sort": view.sort or None, "top": view.top}
        if view.by == "module":
            chosen |= {"depth": view.depth, "unfold": view.unfold}
        lines.append(f'\n  "view": {json.dumps(chosen)[:-1]}, "groups": {listed_lines(groups, 2)}}}')
    lines.append(f'\n  "totals": {json.dumps(_totals(measures, view, in_use))}')
    if view.as_tool:
        from inception_calc.conventions import counted_by
        from inception_calc.report.convention import convention_entry

        lines.append(f'\n  "as": {json.dumps(convention_entry(counted_by(view.as_tool, analysis)))}')
    if analysis.prints or analysis.printed:
        whole = [{"name": name, "text": text} for name, text in analysis.printed.items()]
        printed = {"rows": list(analysis.prints), "whole": whole}
        lines.append(f'\n  "printed": {json.dumps(printed)}')
    if analysis.graph.known is not None:
        lines += [
            f"\n  {json.dumps(key)}: {json.dumps(value)}" for key, value in known_entry(analysis.graph.known).items()
        ]
    if analysis.free:
        lines.append(f'\n  "free": {json.dumps(list(analysis.free))}')
    if notes := network_notes(analysis):
        lines.append(f'\n  "notes": {json.dumps(notes)}')
    return "\n {" + ",".join(lines) + "\n }"


def _inputs(analysis: Analysis) -> dict[str, Any]:
    """The first input; by name where there are names. Null for a file that is no spec and does not see one image."""
    graph = analysis.graph
    named = graph.inputs
    inputs = {"inputs": {name: shape(size) for name, size in named.items()}} if named else {}
    batch, image = _image(graph) if graph.known is not None else (graph.batch, graph.input)
    if image is None:
        return {"input": None, **inputs}
    sides = {name: number(extent) for name, extent in zip(image.names, image, strict=True)}
    return {"input": {"batch": number(batch), **sides}, **inputs}


def _image(graph: Graph) -> tuple[Dim, Shape | None]:
    """The batch and the image of a file: its only input, where a convolution reads it, which says what each axis is."""
    readers = [layer.op.op for layer in graph.layers if IMAGE in layer.inputs]
    if (
        len(graph.inputs) != 1
        or not any(op.endswith("convolution") for op in readers)
        or len(graph.input) > len(AXES) + 1
    ):
        return 1, None
    batch, *image = graph.input
    return batch, Shape(*image)


def known_entry(known: Known) -> dict[str, Any]:
    """What was assumed, and the nodes that are not known; null where all are."""
    gaps = [{"node": place, "what": what} for place, what in known.gaps]
    unknown, tensors = known.tensors
    incomplete = {"of": known.nodes, "nodes": gaps, "tensors": unknown, "of_tensors": tensors} if gaps else None
    return {"assumptions": list(known.assumptions), "incomplete": incomplete}


def _on_demand(view: View) -> tuple[str, ...]:
    """The keys that stand only where the column was asked for."""
    if "arithmetic_intensity" in view.columns:
        return "flops", "arithmetic_intensity"
    return ("flops",) if "flops" in view.columns else ()


def _costs(measures: Measures, group: Group, view: View) -> dict[str, Any]:
    """What a row, another group or the whole costs, one key for each metric."""
    whole = measures.analysis.totals
    rare = [name for name in RARE if same(getattr(whole, name), 0) is not True]
    if any(layer.frozen for layer in measures.analysis.graph.layers):
        rare.append("trainable_params")
    names = (*METRICS_OF_GROUPS, *rare, *_on_demand(view))
    entry: dict[str, Any] = {name: decided(partial(METRICS[name].of_group, measures, group)) for name in names}
    if measures.analysis.setting.training:
        entry["backward"] = _backward(measures.gradients(group))
    return entry


def _backward(gradients: Backward) -> dict[str, int | str]:
    return {"inputs": number(gradients.inputs), "weights": number(gradients.weights)}


def _totals(measures: Measures, view: View, in_use: InUse | None) -> dict[str, Any]:
    """The whole network, with what only the whole has: the peak's place, kinds of element ops, its cost in use."""
    analysis = measures.analysis
    entry = _costs(measures, analysis.whole, view)
    entry["depth_with_pools"] = analysis.totals.depth_with_pools
    kinds = element_ops_by_kind(analysis.layers)
    if analysis.graph.known is not None:
        counts = [cost.param_counts for cost in analysis.layers]
        for role in ("affine", "embeddings", "constants"):
            entry[role] = number(total(getattr(each, role) for each in counts))
    entry["element_ops_by_kind"] = {kind: number(value) for kind, value in kinds.items()}
    if entry[PEAK] is not None:
        peak = measures.peak
        entry["peak_activation"] = {"layer": peak.layer, "alive": {name: number(size) for name, size in peak.alive}}
    if in_use and in_use.test_time:
        time = in_use.test_time
        entry["test_time"] = {
            "models": time.models,
            "crops": time.crops,
            "passes": time.passes,
            "multiply_adds": number(time.multiply_adds),
        }
    if in_use and in_use.dense:
        dense = in_use.dense
        entry["fully_convolutional"] = {
            "positions": [number(side) for side in dense.positions],
            "crops": None if dense.crops is None else number(dense.crops),
            "multiply_adds": number(dense.multiply_adds),
            "sliding_multiply_adds": None if dense.crops is None else number(dense.sliding_multiply_adds),
        }
    return entry


def _group(measures: Measures, group: Group, view: View) -> dict[str, Any]:
    row = group.row
    entry: dict[str, Any] = {"name": group.name, "label": group.label, "type": group.type, "patch": group.patch}
    if group.output is not None:
        entry["output"] = shape(group.output)
    entry |= _costs(measures, group, view)
    if row is not None or view.by == "layer":
        entry |= _sight(measures.receptive_field(group))
    if row is not None:
        if row.is_head:
            entry["head"] = True
        if row.repeat > 1:
            entry["repeat"] = row.repeat
        if cells := row.cells_read:
            entry["cells"] = {name: value if isinstance(value, str) else number(value) for name, value in cells.items()}
        if row.printed:
            entry["printed"] = list(row.printed)
    return entry


def _sight(field: ReceptiveField | None) -> dict[str, Any]:
    sides = (None, None, None) if field is None else (field.size, field.stride, field.offset)
    return {key: pair and [quantity(side) for side in pair] for key, pair in zip(SIGHTS, sides, strict=True)}


def _layer(measures: Measures, index: int) -> dict[str, Any]:
    analysis = measures.analysis
    cost, graph = analysis.layers[index], analysis.graph
    layer = cost.layer

    def in_bytes(value: Dim) -> int | str | None:
        return number(value) if analysis.has_bytes else None

    entry = {
        "name": layer.name,
        "op": layer.op.op,
        "row": layer.row,
        "block": layer.block,
        "branch": layer.branch,
        "inputs": [graph.name_of(source, INPUT) for source in layer.inputs],
        "output": [shape(one) for one in (layer.output, *layer.others)] if layer.others else shape(layer.output),
        "params": number(cost.params),
        "weights": number(cost.weights),
        "biases": number(cost.biases),
        "buffers": number(cost.buffers),
        "param_bytes": in_bytes(cost.param_bytes),
        "multiply_adds": number(cost.multiply_adds),
        "effective_multiply_adds": decided(partial(measures.effective, index)),
        "element_ops": number(cost.element_ops),
        "activation_elements": number(cost.activation_elements),
        "activation_bytes": in_bytes(cost.activation_bytes),
        PEAK: decided(partial(measures.live_bytes, index)) if analysis.has_bytes else None,
        "traffic_bytes": in_bytes(cost.traffic_bytes),
        **_sight(measures.receptive_fields[index]),
    }
    if layer.frozen:
        entry["frozen"] = True
    if layer.dtype:
        entry["dtype"] = layer.dtype
    if holders := layer.holders:
        entry["weights_of"] = {array: graph.layers[holder].name for array, holder in holders.items()}
    if analysis.setting.training:
        entry["backward"] = _backward(measures.backward[index])
    return entry
