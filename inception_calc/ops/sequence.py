"""Sequence: `{sequence: [step, step]}` or `{sequence: {name: step}}`; one step after the other."""

from typing import Any, ClassVar

from inception_calc.ops.operator import Operator
from inception_calc.ops.step import ItemsField


class Sequence(Operator):
    """A sequence as a spec writes it; the graph puts it together."""

    key: ClassVar[str] = "sequence"
    smallest: ClassVar[dict[str, Any]] = {"sequence": [{"identity": ""}]}

    argument: ItemsField
