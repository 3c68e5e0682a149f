"""Rows that are built alike, but for their counts, call one block with columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import replace
from itertools import zip_longest
from typing import NamedTuple

from inception_calc.onnx_import.defaults import Defaults, written
from inception_calc.onnx_import.items import Item
from inception_calc.onnx_import.table import TableRow
from inception_calc.ops.register import BODIES, COMMON, REGISTER, SETTINGS

RESERVED = frozenset({*REGISTER, *SETTINGS, *COMMON, *BODIES, "name", "label", "patch", "columns", "like", "defaults"})
TAIL = re.compile(r"[\s._-]*\d+[a-z]?$|[\s._-]+[a-z]$")
"""What tells rows of one kind apart: `inception_3a`, `fire2`, `layer1.0`."""


class Block(NamedTuple):
    """A module: its body, and the columns that its calls fill in."""

    name: str
    columns: tuple[str, ...]
    body: Item


class Called(NamedTuple):
    """A row that calls a block."""

    row: TableRow
    block: str
    cells: tuple[str, ...]


def with_blocks(rows: list[TableRow], defaults: Defaults) -> tuple[list[Block], list[TableRow | Called]]:
    """The blocks, in the order in which rows call them first, and the rows."""
    alike: dict[Hashable, list[int]] = {}
    for index, row in enumerate(rows):
        if row.step.word in BODIES and len(list(row.step.parts())) > 1:
            alike.setdefault(_skeleton(replace(row.step, repeat="1"), defaults), []).append(index)
    blocks: list[Block] = []
    made: list[TableRow | Called] = list(rows)
    for indices in alike.values():
        if len(indices) < 2 or not _is_of_its_own(rows[indices[0]].step):
            continue
        steps = [replace(rows[index].step, repeat="1") for index in indices]
        name = _block_name([rows[index].name for index in indices], {block.name for block in blocks})
        block, cells = _block(name, steps)
        blocks.append(block)
        for index, called in zip(indices, cells, strict=True):
            made[index] = Called(rows[index], name, called)
    return blocks, made


def _is_of_its_own(item: Item) -> bool:
    """Whether a step takes no other row's output, which a block cannot name."""
    inner = [one for _, branch in item.branches for one in branch]
    return item.word not in ("output of", "input") and all(map(_is_of_its_own, (*inner, *item.steps)))


def _skeleton(item: Item, defaults: Defaults) -> Hashable:
    """What is alike in all calls of a block."""
    settings = tuple((name, str(value)) for name, value in written(item, defaults) if name != "filters")
    strides = "" if item.stride.isdigit() else item.stride
    argument = "" if item.word == "linear" else str(item.argument)
    return (
        item.word, argument, settings, strides,
        tuple((name, tuple(_skeleton(one, defaults) for one in branch)) for name, branch in item.branches),
        tuple(_skeleton(one, defaults) for one in item.steps),
    )  # fmt: skip


class _Leaf(NamedTuple):
    """A count in a step: what kind of count it is, its value, what the file calls its layer, what papers would."""

    kind: str
    value: str
    name: str
    plain: str


def _leaves(item: Item, name: str = "") -> Iterator[_Leaf]:
    """All counts of a step, in a fixed order."""
    yield _Leaf("repeat", item.repeat, "n", "n")
    if item.word == "linear":
        yield _Leaf("linear", str(item.argument), item.name, name or "units")
    if (filters := dict(item.settings).get("filters")) is not None:
        yield _Leaf("filters", str(filters[0]), item.name, name or str(item.argument))
    if item.stride.isdigit():
        yield _Leaf("stride", item.stride, "stride", "stride")
    for _, chain in item.branches:
        yield from _in_chain(chain)
    yield from _in_chain(item.steps)


def _in_chain(chain: tuple[Item, ...]) -> Iterator[_Leaf]:
    """A 1x1 in front of a larger window is called a reduction, as papers do."""
    for item, behind in zip_longest(chain, chain[1:]):
        own = ""
        if behind is not None and item.argument == "1x1" and behind.word.endswith("convolution"):
            own = f"{behind.argument} reduce" if behind.argument != "1x1" else ""
        elif any(one.word.endswith(" pool") for one in chain) and item.word == "convolution":
            own = "pool proj"
        yield from _leaves(item, own)


def _block(called: str, steps: list[Item]) -> tuple[Block, list[tuple[str, ...]]]:
    """The block that these steps call, and the cells of each call."""
    table = [list(_leaves(step)) for step in steps]
    columns: dict[tuple[str, tuple[str, ...]], str] = {}
    texts: list[str] = []
    for leaves in zip(*table, strict=True):
        values = tuple(leaf.value for leaf in leaves)
        first = leaves[0]
        if len(set(values)) == 1:
            texts.append(values[0])
            continue
        kind = "filters" if first.kind == "linear" else first.kind
        if (key := (kind, values)) not in columns:
            told = {leaf.name for leaf in leaves}
            name = first.name if len(told) == 1 and first.name else first.plain
            columns[key] = _column(name, set(columns.values()))
        texts.append(columns[key])
    cells = [tuple(key[1][place] for key in columns) for place in range(len(steps))]
    return Block(called, tuple(columns.values()), _filled(steps[0], iter(texts))), cells


def _filled(item: Item, texts: Iterator[str]) -> Item:
    """The step with its counts replaced."""
    repeat = next(texts)
    argument = next(texts) if item.word == "linear" else item.argument
    settings = dict(item.settings)
    if "filters" in settings:
        settings["filters"] = (next(texts),)
    if item.stride.isdigit():
        settings["stride"] = (next(texts),)
    return replace(
        item,
        repeat=repeat,
        argument=argument,
        settings=tuple(settings.items()),
        branches=tuple((name, tuple(_filled(one, texts) for one in chain)) for name, chain in item.branches),
        steps=tuple(_filled(one, texts) for one in item.steps),
    )


def _without_tail(name: str) -> str:
    while (shorter := TAIL.sub("", name).strip(" ._-")) != name:
        name = shorter
    return name


def _column(name: str, taken: set[str]) -> str:
    base = "units" if name.isdigit() or "," in name else name
    chosen, number = base, 1
    while chosen in taken:
        number += 1
        chosen = f"{base} {number}"
    return chosen


def _block_name(rows: list[str], taken: set[str]) -> str:
    """What the rows have in common: `inception` of inception_3a and inception_3b."""
    found = Counter(_without_tail(row.partition(" to ")[0].rpartition("/")[2]) for row in rows)
    base = found.most_common(1)[0][0]
    base = base if base and not base.isdigit() and base not in RESERVED else "block"
    chosen, number = base, 1
    while chosen in taken or chosen in RESERVED:
        number += 1
        chosen = f"{base} {number}"
    return chosen
