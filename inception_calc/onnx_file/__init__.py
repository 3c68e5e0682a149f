"""ONNX files: bytes to frozen messages. Weights are skipped, no operator is known here, nothing is imported for it."""

from inception_calc.onnx_file.reader import read_bytes, read_file, read_open

__all__ = ["read_bytes", "read_file", "read_open"]
