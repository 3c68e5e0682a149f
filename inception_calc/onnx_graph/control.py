"""The operators that hold graphs, and who walks them."""

from __future__ import annotations

from inception_calc.onnx_graph.body import Walk
from inception_calc.onnx_graph.branches import walk_if
from inception_calc.onnx_graph.loops import walk_loop
from inception_calc.onnx_graph.slices import walk_scan, walk_sequence_map

WALKS: dict[str, Walk] = {"If": walk_if, "Loop": walk_loop, "Scan": walk_scan, "SequenceMap": walk_sequence_map}
