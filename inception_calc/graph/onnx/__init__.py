"""ONNX file -> graph of primitive layers, by a walk over its nodes."""

from inception_calc.graph.onnx.source import OnnxSource, open_onnx

__all__ = ["OnnxSource", "open_onnx"]
