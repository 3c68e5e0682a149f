"""ONNX file -> graph of primitive layers, by a walk over its nodes."""

from inception_calc.graph.onnx.source import OnnxSource, check_variant, open_onnx, without_variant

__all__ = ["OnnxSource", "check_variant", "open_onnx", "without_variant"]
