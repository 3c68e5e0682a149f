"""An input of the network, by its name: `{input: text}`. No layer: the flow goes on from there.

Where `input` names several, the first one enters the first row, and a step takes another one as `output of` takes an
earlier row: `concat: {picture: identity, words: [{input: text}, {linear: 512}]}`.
"""

from typing import Any, ClassVar

from inception_calc.ops.fields import TextField
from inception_calc.ops.operator import Operator


class NetworkInput(Operator):
    """A reference to an input as a spec writes it; the graph follows it."""

    key: ClassVar[str] = "input"
    smallest: ClassVar[dict[str, Any]] = {"input": "image"}

    argument: TextField
