"""Runs the exported graph with ONNX Runtime: the exact proof of the counts, and measurement."""
