"""Counting conventions by name: what other tools print for the same network, and why it is not what we print.

One module for each tool, imported when it is asked for: the names alone cost a start nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from inception_calc.analysis import Analysis
    from inception_calc.conventions.model import Converted

TOOLS = ("fvcore", "thop", "ptflops", "torchinfo", "torchprofile")


def counted_by(tool: str, analysis: "Analysis") -> "Converted":
    """The analysis in the convention of a tool of `TOOLS`."""
    from inception_calc.conventions.model import convert

    return convert(analysis, import_module(f"inception_calc.conventions.{tool}").CONVENTION)
