"""The network as JSON Graph Format, version 2 (jsongraphformat.info): nodes by name, edges between them."""

from __future__ import annotations

import json
from typing import Any

from inception_calc.analysis import CONVENTION
from inception_calc.report.json_values import number, shape
from inception_calc.report.network import Network
from inception_calc.report.table_json import known_entry
from inception_calc.report.text import json_for_logs


def draw(network: Network) -> str:
    """`{"graph": {"nodes": {...}, "edges": [...]}}`, one line for each node and edge. Ids are places in the order."""
    nodes = []
    for place, box in enumerate(network.boxes):
        facts: dict[str, Any] = {"op": box.kind, "output": shape(box.output), "params": number(box.params)}
        facts["multiply_adds"] = number(box.multiply_adds)
        if box.group:
            facts["row"] = box.group
        nodes.append(f'  "{place}": {json.dumps({"label": box.name, "metadata": facts})}')
    edges = ["  " + json.dumps({"source": str(source), "target": str(target)}) for source, target in network.arrows]
    facts = {"variant": network.variant, "convention": {"multiply_adds": CONVENTION}}
    facts |= {} if network.known is None else known_entry(network.known)
    head = f'"directed": true, "label": {json.dumps(network.name)}, "metadata": {json.dumps(facts)}'
    listed_nodes, listed_edges = ",\n".join(nodes), ",\n".join(edges)
    text = f'{{"graph": {{{head},\n "nodes": {{\n{listed_nodes}\n }},\n "edges": [\n{listed_edges}\n ]}}}}\n'
    return json_for_logs(text)
