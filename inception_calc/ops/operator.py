"""How an operator is written in a spec: a frozen model that turns into layers where it is used."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, ClassVar, NamedTuple

from inception_calc.dims import Count, Decimal, Dim, Scope, Shape
from inception_calc.ops.fields import CellText, InColumn
from inception_calc.ops.layer import LayerOp
from inception_calc.ops.model import Model, fields_of, spaced
from inception_calc.ops.padding_fields import PaddingText
from inception_calc.ops.per_axis_fields import PerAxisText
from inception_calc.ops.window_fields import WindowText, is_window
from inception_calc.problems import Fault, Path


class Part(NamedTuple):
    """One layer that an operator turns into. `name` is empty for the layer that bears the step's own name."""

    name: str
    op: LayerOp
    depth: int = 0
    """What the layer adds to the network's depth."""
    inputs: tuple[int, ...] | None = None
    """What enters: earlier parts by index, or the maps that enter the step, counted down from -1. None: what the part
    before gives."""


class Operator(Model):
    """Base of all operators. The field `argument` holds the main argument, which is written under the key itself."""

    key: ClassVar[str]
    family: ClassVar[str] = ""
    """The operator whose defaults hold for this one too."""
    smallest: ClassVar[dict[str, Any]]
    """The smallest valid step, main argument and required settings, for judging defaults and for the docs; unless it
    is said, the key alone."""
    join: ClassVar[type[LayerOp] | None] = None
    """For operators with branches: the layer that joins them."""
    keeps_map: ClassVar[bool] = False
    """What leaves has the size of what enters, whatever its numbers are."""
    changes_axes: ClassVar[bool] = False
    """What leaves has other spatial axes than what enters."""
    not_defaultable: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        super().__pydantic_init_subclass__(**options)
        if "key" in vars(cls) and (field := cls.model_fields.get("argument")) is not None:
            field.alias = field.validation_alias = field.serialization_alias = cls.key
            if "smallest" not in vars(cls):
                cls.smallest = {cls.key: ""}

    def own_name(self, scope: Scope, x: Shape) -> str:
        """The last component of a layer's name where no branch or step names it."""
        return self.key

    def other_row(self) -> tuple[str, str] | None:
        """The setting that names an earlier row whose output enters too, and the row; None for most."""
        return None

    def lower(self, scope: Scope, x: Shape) -> list[Part]:
        """The layers that the step stands for, in order; empty for the identity."""
        raise TypeError(f"{self.key} is put together by the graph")

    def lower_beside(self, scope: Scope, x: Shape, other: Shape) -> list[Part]:
        """The same where the output of `other_row` enters too."""
        raise TypeError(f"{self.key} takes no other row")

    def filter_count(self) -> Count | None:
        """The count that may give the layer its name in a block with columns (rule 22)."""
        return None

    def numbers(self) -> Iterator[tuple[Path, Count | Decimal, int]]:
        """Every count or decimal written here: path below the step, value, offset in the text there."""
        for field in type(self).model_fields:
            value = getattr(self, field)
            if value is None or isinstance(value, (bool, str)):
                continue
            path = (spaced(field) if field != "argument" else self.key,)
            if isinstance(value, (Count, Decimal)):
                yield path, value, 0
            elif isinstance(value, (WindowText, PaddingText, PerAxisText)):
                for below, count, offset in value.counts():
                    yield path + below, count, offset
            elif isinstance(value, tuple) and value and isinstance(value[0], Count):
                for index, count in enumerate(value):
                    yield (*path, index), count, 0

    def in_columns(self) -> dict[str, str]:
        """Field -> column, of every word, flag or window that stands in a column of the block."""
        found = {}
        for field in type(self).model_fields:
            value = getattr(self, field)
            if isinstance(value, InColumn):
                found[field] = value.column
            elif isinstance(value, WindowText) and value.is_plain:
                found[field] = value.text
        return found

    def from_cells(self, scope: Scope, in_columns: dict[str, str]) -> "Operator":
        """The operator with these fields read from the cells of the block's call."""
        read: dict[str, Any] = {}
        fields = {field.name: field.read for field in fields_of(type(self)).values()}
        for name, column in in_columns.items():
            text = scope.word(column)
            if isinstance(getattr(self, name), InColumn):
                read[name] = fields[name](CellText(text))
            elif is_window(text):
                read[name] = fields[name](text)
        return self.model_copy(update=read) if read else self

    def with_defaults(self, defaults: dict[str, Any]) -> "Operator":
        """The operator with the settings that it does not write itself taken from `defaults`, by field name."""
        missing = {name: value for name, value in defaults.items() if name not in self.model_fields_set}
        return self.model_copy(update=missing) if missing else self


def at(path: str, scope: Scope, count: Count, what: str, least: int = 1) -> Dim:
    """The value of a count, its faults placed under the key `path`."""
    try:
        return scope.count(count, what, least)
    except Fault as fault:
        raise fault.under(path) from None


def decimal_at(path: str, scope: Scope, decimal: Decimal) -> Fraction:
    """The value of a decimal fraction, its faults placed under the key `path`."""
    try:
        return scope.decimal(decimal)
    except Fault as fault:
        raise fault.under(path) from None


def scaled_at(path: str, scope: Scope, count: Count, what: str) -> Dim:
    """The value of a filter count under the width multiplier, its faults placed under the key `path`."""
    try:
        return scope.scaled(count, what)
    except Fault as fault:
        raise fault.under(path) from None


def must_divide(path: str, x: Shape, parts: Dim, why: str) -> None:
    """A fault under the key `path` where the channels of `x` are no multiple of `parts`."""
    if isinstance(parts, int) and isinstance(x.channels, int) and x.channels % parts:
        lower, higher = x.channels - x.channels % parts, x.channels - x.channels % parts + parts
        near = f"{lower} or {higher}" if lower else f"{higher}"
        what = f"{why}: {x.channels} channels are no multiple of {parts}"
        raise Fault("no-multiple", what, path=(path,), fix=f"let {near} channels enter, or another divisor of them")
