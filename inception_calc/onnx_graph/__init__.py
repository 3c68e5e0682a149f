"""ONNX models, walked without being run: shapes, known values, costs and where params come from."""

from inception_calc.onnx_graph.walk import walk

__all__ = ["walk"]
