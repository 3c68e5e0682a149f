"""Analysis -> ONNX model: planned without onnx, then built, checked and written with it."""
