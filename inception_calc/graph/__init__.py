"""Source -> graph of primitive layers.

What every source shares stands here. How a spec becomes a graph is in `build`, `cells` and `chosen`, how an ONNX file
does in `onnx`: who asks for one of them imports it from there, and nobody pays for the other.
"""

from inception_calc.graph.model import IMAGE, Graph, GraphRow, Known, Layer
from inception_calc.graph.setting import Setting, Sizes, Symbols
from inception_calc.graph.source import Choice, Source

__all__ = [
    "IMAGE",
    "Choice",
    "Graph",
    "GraphRow",
    "Known",
    "Layer",
    "Setting",
    "Sizes",
    "Source",
    "Symbols",
]
