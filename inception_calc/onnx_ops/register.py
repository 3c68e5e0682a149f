"""All operators, by domain, name and opset.

Families that few networks need are imported when an operator is asked for that the others do not have: most files
do without, and a start is short.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import cache
from importlib import import_module
from types import ModuleType

from inception_calc.onnx_ops import elementwise, matmul, move, normalize, reduce, reshape, slices, sources, window
from inception_calc.onnx_ops.kind import Kind

FAMILIES = (elementwise, matmul, move, normalize, reduce, reshape, slices, sources, window)
RARE = ("attention", "microsoft", "ml", "quantize", "recurrent", "resize", "scatter", "sequences", "signal", "text")
"""Modules of this room. No operator has declarations both here and in `FAMILIES`."""
OWN_DOMAIN = ("", "ai.onnx")
"""ONNX's own domain has two spellings."""

Register = dict[tuple[str, str], list[Kind]]


def _registered(families: Iterable[ModuleType]) -> Register:
    found: Register = {}
    for family in families:
        for kind in family.KINDS:
            found.setdefault((kind.domain, kind.name), []).append(kind)
    for kinds in found.values():
        kinds.sort(key=lambda kind: kind.since)
    return found


@cache
def _common() -> Register:
    return _registered(FAMILIES)


@cache
def _rare() -> Register:
    return _registered(import_module(f"{__package__}.{name}") for name in RARE)


def find(domain: str, name: str, version: int) -> Kind | None:
    """The declaration that holds in an opset; None for an unknown operator."""
    key = ("" if domain in OWN_DOMAIN else domain, name)
    kinds = _common().get(key) or _rare().get(key, [])
    index = bisect_right(kinds, version, key=lambda kind: kind.since)
    return kinds[index - 1] if index else None


def declared() -> tuple[Kind, ...]:
    """Every declaration."""
    return tuple(kind for register in (_common(), _rare()) for kinds in register.values() for kind in kinds)
