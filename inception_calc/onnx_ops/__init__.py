"""The operators of ONNX: outputs, known values, costs and roles of constants, one small declaration each."""
