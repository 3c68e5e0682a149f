"""An earlier row's output: `{output of: encoder1}`. No layer: the flow goes on from there.

U-Net's decoder joins what its encoder left: `concat: {skip: {output of: encoder1}, up: {...}}`. The row must stand
earlier in the table. Source: Ronneberger, Fischer and Brox, "U-Net" (2015), Figure 1.
"""

from typing import Any, ClassVar

from inception_calc.ops.fields import TextField
from inception_calc.ops.operator import Operator


class OutputOf(Operator):
    """A reference to a row as a spec writes it; the graph follows it."""

    key: ClassVar[str] = "output of"
    smallest: ClassVar[dict[str, Any]] = {"output of": "row"}

    argument: TextField
