"""Plain recurrent layer: `{rnn: 128}`; a tanh of the products of input and state. What it costs: `recurrent.py`."""

from typing import ClassVar

from inception_calc.dims import Count
from inception_calc.ops.fields import CountField
from inception_calc.ops.recurrent import RecurrentOperator


class Rnn(RecurrentOperator):
    """A RNN as a spec writes it."""

    key: ClassVar[str] = "rnn"
    gates: ClassVar[int] = 1
    smallest: ClassVar[dict[str, str]] = {"rnn": "1"}

    argument: CountField

    def filter_count(self) -> Count | None:
        return self.argument
