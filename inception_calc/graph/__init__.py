"""Spec -> graph of primitive layers."""

from inception_calc.graph.build import build
from inception_calc.graph.cells import cell_values, cells_of
from inception_calc.graph.model import IMAGE, Graph, GraphRow, Layer
from inception_calc.graph.setting import Setting, Symbols, setting_of

__all__ = [
    "IMAGE",
    "Graph",
    "GraphRow",
    "Layer",
    "Setting",
    "Symbols",
    "build",
    "cell_values",
    "cells_of",
    "setting_of",
]
