"""onnx-tool on GoogLeNet of the onnx package (the argument): its own table, node by node."""

import sys

import onnx_tool

onnx_tool.model_profile(sys.argv[1])
