"""Counting conventions by name: what other tools print for the same network, and why it is not what we print.

One module for each tool, imported when it is asked for: the names alone cost a start nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inception_calc.analysis import Analysis
    from inception_calc.conventions.model import Converted

TORCH_TOOLS = ("fvcore", "thop", "ptflops", "torchinfo", "torchprofile")
"""They count networks of torch: specs are what is compared."""
FILE_TOOLS = ("onnx-tool", "onnxsim")
"""They read ONNX files."""
TOOLS = (*TORCH_TOOLS, *FILE_TOOLS)


def check_tool(tool: str, analysis: "Analysis") -> None:
    """Raises `InputError` where a tool cannot be asked about such a network."""
    from inception_calc.problems import InputError, Problem

    is_file = analysis.graph.known is not None
    if is_file and tool not in FILE_TOOLS:
        what = f"{tool} counts networks of torch; '{analysis.source}' is {analysis.origin.kind}"
        raise InputError(Problem("needs-spec", what, None, "--as onnx-tool or --as onnxsim"))
    if not is_file and tool in FILE_TOOLS:
        what = f"{tool} counts ONNX files; '{analysis.source}' is {analysis.origin.kind}"
        fix = f"inception-calc export {analysis.source} -o model.onnx, and ask about that"
        raise InputError(Problem("needs-file", what, None, fix))


def counted_by(tool: str, analysis: "Analysis") -> "Converted":
    """The analysis in the convention of a tool of `TOOLS`."""
    convention = import_module(f"inception_calc.conventions.{tool.replace('-', '_')}").CONVENTION
    if tool in FILE_TOOLS:
        from inception_calc.conventions.of_files import convert_file

        return convert_file(analysis, convention)
    from inception_calc.conventions.model import convert

    return convert(analysis, convention)
