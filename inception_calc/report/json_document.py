"""The JSON of `table` (design, section 5): exact integers, formulas as texts, one line for each row and layer."""

from __future__ import annotations

import json
from typing import Any

from inception_calc.analysis import CONVENTION, Analysis, Group, LayerCost, Totals, element_ops_by_kind
from inception_calc.dims import Dim, FeatureMap, formula_text
from inception_calc.graph import IMAGE
from inception_calc.report.view import View, chosen_groups, size_notes

INPUT = "input"
"""What `inputs` calls the network's input."""


def number(value: Dim) -> int | str:
    """An int, or a formula's text."""
    return value if isinstance(value, int) else formula_text(value)


def shape(x: FeatureMap) -> list[int | str]:
    """Channels, height, width."""
    return [number(side) for side in x]


def table_document(analyses: list[Analysis], view: View) -> str:
    """The document for some analyses. It is whole, whatever the view; an unusual view is said under `view`."""
    tables = [_table(analysis, view) for analysis in analyses]
    return "{" + f'"tables": [{",".join(tables)}\n]' + "}\n"


def _table(analysis: Analysis, view: View) -> str:
    setting = analysis.setting
    rows = [_row(group) for group in analysis.rows]
    layers = [_layer(analysis, cost) for cost in analysis.layers]
    head: dict[str, Any] = {
        "name": analysis.name,
        "source": analysis.source,
        "variant": analysis.variant,
        "training": setting.training,
        "convention": {"multiply_adds": CONVENTION},
        "input": {
            "batch": number(setting.batch),
            "channels": number(setting.input.channels),
            "height": number(setting.input.height),
            "width": number(setting.input.width),
        },
    }
    lines = [f"\n  {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    lines.append(_lines("rows", rows))
    lines.append(_lines("layers", layers))
    if view != View() and (view.by != "row" or view.sort or view.top is not None):
        groups = [_row(group) for group in chosen_groups(analysis, view)]
        chosen = {"by": view.by, "sort": view.sort or None, "top": view.top}
        lines.append(
            f'\n  "view": {json.dumps(chosen)[:-1]}, "groups": ['
            + ",".join(f"\n    {json.dumps(g)}" for g in groups)
            + "\n  ]}"
        )
    totals = _counts(analysis.totals) | {
        "depth_with_pools": analysis.totals.depth_with_pools,
        "element_ops_by_kind": {kind: number(value) for kind, value in element_ops_by_kind(analysis.layers).items()},
    }
    lines.append(f'\n  "totals": {json.dumps(totals)}')
    if analysis.free:
        lines.append(f'\n  "free": {json.dumps(list(analysis.free))}')
    if notes := size_notes(analysis):
        lines.append(f'\n  "notes": {json.dumps(notes)}')
    return "\n {" + ",".join(lines) + "\n }"


def _lines(key: str, entries: list[dict[str, Any]]) -> str:
    encoded = ",".join(f"\n    {json.dumps(entry)}" for entry in entries)
    return f'\n  "{key}": [{encoded}\n  ]'


def _counts(totals: Totals) -> dict[str, Any]:
    return {
        "depth": totals.depth,
        "params": number(totals.params),
        "weights": number(totals.weights),
        "buffers": number(totals.buffers),
        "multiply_adds": number(totals.multiply_adds),
        "element_ops": number(totals.element_ops),
        "activation_elements": number(totals.activation_elements),
        "activation_bytes": number(totals.activation_bytes),
        "param_bytes": number(totals.param_bytes),
    }


def _row(group: Group) -> dict[str, Any]:
    row = group.row
    entry: dict[str, Any] = {"name": group.name, "label": group.label, "type": group.type, "patch": group.patch}
    if group.output is not None:
        entry["output"] = shape(group.output)
    entry |= _counts(group.totals)
    if row is not None:
        if row.is_head:
            entry["head"] = True
        if row.cells:
            entry["cells"] = {
                name: value if isinstance(value, str) else number(value) for name, value in row.cells.items()
            }
        if row.printed:
            entry["printed"] = list(row.printed)
    return entry


def _layer(analysis: Analysis, cost: LayerCost) -> dict[str, Any]:
    layer, graph = cost.layer, analysis.graph
    return {
        "name": layer.name,
        "op": layer.op.op,
        "row": layer.row,
        "block": layer.block,
        "branch": layer.branch,
        "inputs": [INPUT if index == IMAGE else graph.layers[index].name for index in layer.inputs],
        "output": shape(layer.output),
        "params": number(cost.params),
        "weights": number(cost.weights),
        "buffers": number(cost.buffers),
        "multiply_adds": number(cost.multiply_adds),
        "element_ops": number(cost.element_ops),
        "activation_elements": number(cost.activation_elements),
    }
