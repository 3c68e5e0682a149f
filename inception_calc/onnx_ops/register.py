"""All operators, by domain, name and opset."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from importlib import import_module

from inception_calc.onnx_ops.kind import Kind

FAMILIES = [
    "attention",
    "elementwise",
    "matmul",
    "microsoft",
    "ml",
    "move",
    "normalize",
    "quantize",
    "recurrent",
    "reduce",
    "reshape",
    "resize",
    "scatter",
    "sequences",
    "signal",
    "slices",
    "sources",
    "text",
    "window",
]
"""The modules that declare operators."""
OWN_DOMAIN = ("", "ai.onnx")
"""ONNX's own domain has two spellings."""


@cache
def _register() -> dict[tuple[str, str], list[Kind]]:
    found: dict[tuple[str, str], list[Kind]] = {}
    for family in FAMILIES:
        for kind in import_module(f"inception_calc.onnx_ops.{family}").KINDS:
            found.setdefault((kind.domain, kind.name), []).append(kind)
    for kinds in found.values():
        kinds.sort(key=lambda kind: kind.since)
    return found


def find(domain: str, name: str, version: int) -> Kind | None:
    """The declaration that holds in an opset; None for an unknown operator."""
    kinds = _register().get(("" if domain in OWN_DOMAIN else domain, name), [])
    index = bisect_right(kinds, version, key=lambda kind: kind.since)
    return kinds[index - 1] if index else None


def declared() -> tuple[Kind, ...]:
    """Every declaration."""
    return tuple(kind for kinds in _register().values() for kind in kinds)
