"""onnxsim on GoogLeNet of the onnx package (the argument): simplified, and what each operator costs."""

import sys

import onnx
import onnxsim
from onnxsim import model_info

model = onnx.load(sys.argv[1])
simplified, _ = onnxsim.simplify(model, test_input_shapes={"data_0": [1, 3, 224, 224]})
model_info.print_simplifying_info(model, simplified)
