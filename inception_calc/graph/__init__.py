"""Source -> graph of primitive layers."""

from inception_calc.graph.build import build
from inception_calc.graph.cells import cell_values, cells_of
from inception_calc.graph.model import IMAGE, Graph, GraphRow, Known, Layer
from inception_calc.graph.setting import Setting, Symbols, setting_of
from inception_calc.graph.source import Choice, Source

__all__ = [
    "IMAGE",
    "Choice",
    "Graph",
    "GraphRow",
    "Known",
    "Layer",
    "Setting",
    "Source",
    "Symbols",
    "build",
    "cell_values",
    "cells_of",
    "setting_of",
]
