"""Long short-term memory: `{lstm: 128}`; four gates. What it costs: `recurrent.py`."""

from typing import Annotated, ClassVar

from pydantic import PlainValidator, WithJsonSchema

from inception_calc.dims import Count, Dim, Scope
from inception_calc.ops.fields import COUNT_SCHEMA, CountField, read_count
from inception_calc.ops.operator import at
from inception_calc.ops.recurrent import RecurrentOperator


class Lstm(RecurrentOperator):
    """A LSTM as a spec writes it."""

    key: ClassVar[str] = "lstm"
    gates: ClassVar[int] = 4
    smallest: ClassVar[dict[str, str]] = {"lstm": "1"}

    argument: CountField

    projection: Annotated[Count | None, PlainValidator(read_count), WithJsonSchema(COUNT_SCHEMA)] = None

    def projected(self, scope: Scope) -> Dim | None:
        return None if self.projection is None else at("projection", scope, self.projection, "projection")

    def filter_count(self) -> Count | None:
        return self.argument
