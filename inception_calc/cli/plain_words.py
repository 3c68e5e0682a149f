"""Values of the command line that need no reading, or hardly any.

typer has pydantic read every value that a command gets, defaults too, and importing pydantic takes longer than
counting an ONNX file. Here texts are taken as they are, and digits as numbers; the rest and all complaints are typer's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

LONGEST_NUMBER = 15


def read_plainly(params: Iterable[Any]) -> None:
    """Has the parameters of a command read what is plain by themselves."""
    for param in params:
        if hasattr(param, "type_descriptor"):  # a typer that has none reads as it always does
            param.get_runtime_param = _Reader(param)


class _Reader:
    """What typer asks for how a parameter is read, and, being asked, how it is."""

    def __init__(self, param: Any) -> None:
        self._param = param

    def __call__(self) -> _Reader:
        return self

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value as the command takes it; raises what typer does."""
        plain = self._plain(value)
        if plain is None and value is not None:
            return type(self._param).get_runtime_param(self._param).coerce(value, param=param, ctx=ctx)
        return plain

    def _plain(self, value: Any) -> Any:
        """The value where it is plain; else None."""
        kind = self._param.type_descriptor.annotation
        if value is None:
            return () if self._param.multiple or self._param.nargs == -1 else None
        if kind == list[str] and isinstance(value, list | tuple):
            return list(value) if all(isinstance(item, str) for item in value) else None
        if kind is str and isinstance(value, str):
            return value
        if kind is int and isinstance(value, str) and len(value) <= LONGEST_NUMBER and value.isascii():
            return self._within(int(value)) if value.isdigit() else None
        return self._within(value) if kind in {int, float} and type(value) is kind else None

    def _within(self, number: float) -> float | None:
        """The number, where it is one that the parameter takes."""
        rule = self._param.type_descriptor.parameter_info
        is_out = (rule.min is not None and number < rule.min) or (rule.max is not None and number > rule.max)
        return None if is_out else number
