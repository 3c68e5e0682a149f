"""Gated recurrent unit: `{gru: 128}`; three gates. What it costs: `recurrent.py`."""

from typing import ClassVar

from inception_calc.dims import Count
from inception_calc.ops.fields import CountField
from inception_calc.ops.recurrent import RecurrentOperator


class Gru(RecurrentOperator):
    """A GRU as a spec writes it."""

    key: ClassVar[str] = "gru"
    gates: ClassVar[int] = 3
    smallest: ClassVar[dict[str, str]] = {"gru": "1"}

    argument: CountField

    def filter_count(self) -> Count | None:
        return self.argument
