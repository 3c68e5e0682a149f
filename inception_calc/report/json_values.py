"""Values in JSON: exact integers, formulas and fractions as texts, one line for each entry of a long list."""

import json
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from inception_calc.dims import Dim, Shape, UnknownShape, formula_text
from inception_calc.problems import Undecided


def number(value: Dim) -> int | str:
    """An int, or a formula's text."""
    return value if isinstance(value, int) else formula_text(value)


def quantity(value: Dim | Fraction) -> int | str:
    """An int, a fraction as `1/2` (JSON has no exact fractions), or a formula's text."""
    return number(value) if not isinstance(value, Fraction) else int(value) if value.denominator == 1 else str(value)


def decided(value: Callable[[], Dim | Fraction]) -> int | str | None:
    """A quantity that may depend on a free symbol in a way that no formula says; null then."""
    try:
        return quantity(value())
    except Undecided:
        return None


def numbers(values: Mapping[str, Any]) -> dict[str, int | str]:
    """The values that are known."""
    return {name: number(value) for name, value in values.items() if value is not None}


def shape(x: Shape) -> list[int | str] | None:
    """Channels, then the extent of each spatial axis; of a tensor all sizes; null where nothing is known."""
    return None if isinstance(x, UnknownShape) else [number(side) for side in x]


def listed_lines(entries: Iterable[object], indent: int) -> str:
    """A list inside `indent` spaces, one line for each entry: long documents can be compared line by line."""
    outer = "\n" + " " * indent
    inner = outer + " " * indent
    lines = ",".join(f"{inner}{json.dumps(entry)}" for entry in entries)
    return f"[{lines}{outer}]" if lines else "[]"


def indented(document: Any) -> str:
    """A short document, one line for each value."""
    return json.dumps(document, indent=1) + "\n"
