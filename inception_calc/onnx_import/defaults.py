"""Settings that most layers share are said once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from inception_calc.onnx_import.items import Item
from inception_calc.onnx_import.windows import Accepted, Value
from inception_calc.ops.register import operator

BUILT_IN: dict[str, Value] = {
    "activation": "none",
    "batch norm": "false",
    "bias": "true",
    "padding": "valid",
    "rounding": "floor",
}
"""What holds where nothing is written."""
SHARED = {
    "convolution": ("padding", "batch norm", "bias", "activation"),
    "transposed convolution": ("padding", "batch norm", "bias", "activation"),
    "linear": ("bias", "activation"),
    "max pool": ("padding", "rounding"),
    "average pool": ("padding", "rounding"),
    "sum": ("activation",),
}
"""Families of operators, and the settings that may be said once for all."""

Defaults = dict[str, dict[str, Value]]


def family_of(word: str) -> str:
    """The entry of `defaults` that holds for an operator."""
    return operator(word).family or word


def defaults_of(items: Iterable[Item]) -> Defaults:
    """For each family the values that make the spec shorter."""
    seen: dict[str, dict[str, list[Accepted]]] = {}
    only_valid: set[str] = set()
    for item in _leaves(items):
        family = family_of(item.word)
        given = dict(item.settings)
        if item.argument == "global":  # which has no padding, not even by default
            given = {"padding": ("valid",), "rounding": ("floor", "ceil")}
            only_valid.add(family)
        for name in SHARED.get(family, ()):
            accepted = given.get(name, (BUILT_IN[name],))
            seen.setdefault(family, {}).setdefault(name, []).append(accepted)
    found: Defaults = {}
    for family, settings in seen.items():
        for name, values in settings.items():
            if name == "padding" and family in only_valid:
                continue
            built_in = BUILT_IN[name]
            counts = [(sum(value in accepted for accepted in values), value) for value in _each(values)]
            best, chosen = max(counts, key=lambda count: count[0])
            if best > sum(built_in in accepted for accepted in values) and best > 1 and isinstance(chosen, str):
                found.setdefault(family, {})[name] = chosen
    return found


def written(item: Item, defaults: Defaults) -> list[tuple[str, Value]]:
    """The settings that a step must write, less those of its window."""
    own = defaults.get(family_of(item.word), {})
    given = dict(item.settings)
    names = [*given, *(name for name in own if name not in given)]
    found: list[tuple[str, Value]] = []
    for name in names:
        if name == "stride" or item.argument == "global":
            continue
        accepted = given.get(name, (BUILT_IN.get(name, ""),))
        if own.get(name, BUILT_IN.get(name)) not in accepted:
            found.append((name, accepted[0]))
    return found


def _each(values: list[Accepted]) -> list[Value]:
    found: list[Value] = []
    for accepted in values:
        found += [value for value in accepted if value not in found]
    return found


def _leaves(items: Iterable[Item]) -> Iterator[Item]:
    for item in items:
        yield from _leaves(item.steps)
        for _, branch in item.branches:
            yield from _leaves(branch)
        if item.word != "sequence":
            yield item
