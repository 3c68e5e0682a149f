"""Steps of two specs -> their edits: operators with settings, calls of blocks cell by cell, and what is in a list."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Map

from inception_calc.comparison.align import Pairs, aligned, unmoved
from inception_calc.comparison.choices import Choice, Either, Item, Kept, Keys, Ordered, Values
from inception_calc.comparison.edit_log import At, EditLog, Side, key_of, sides_of
from inception_calc.comparison.network_nodes import (
    columns_of_block,
    is_same,
    items_of,
    operator_of,
    text_of,
    with_values,
)
from inception_calc.ops.register import BODIES, COMMON, REGISTER
from inception_calc.spec_file.nodes import Mapping, Node, Scalar, Sequence

BESIDE = (*COMMON, "after")
"""Keys of a step that do not belong to its operator."""
BLOCK_HEAD = ("columns", "defaults")
"""Keys of a block that do not belong to its body."""


class StepDiffer:
    """Compares steps; `blocks` are those of each spec, old and new."""

    def __init__(self, log: EditLog, old_blocks: Map[str, Node], new_blocks: Map[str, Node]) -> None:
        self.log = log
        self.blocks = old_blocks, new_blocks

    # -- one step ----------------------------------------------------------------------------------------------------

    def branch(self, old: Node, new: Node, at: At) -> Choice:
        """A row, a step, or a branch, which is a step or a list of them."""
        if is_same(old, new):
            return Kept(new)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            return self._step(old, new, at)
        return self.list(old, new, at)

    def _step(self, old: Mapping, new: Mapping, at: At) -> Choice:
        values = self.operator(old, new, at, BESIDE)
        for key in ("repeat", "shared", "weights of", "frozen", "dtype", "when", "after"):
            if key in old.values or key in new.values:
                values[key] = (key_of(old, new, key), self.log.value("setting", at, key, sides_of(old, new, key)))
        if "then" in old.values or "then" in new.values:
            was, now = old.values.get("then"), new.values.get("then")
            values["then"] = (key_of(old, new, "then"), self.list(was, now, at.inside(was or old, now or new, "then")))
        return Keys(new, values)

    def operator(self, old: Mapping, new: Mapping, at: At, leave_out: tuple[str, ...]) -> Values:
        """The operator of a step, or the body of a block, with its settings."""
        was, now = (operator_of(node, blocks) for node, blocks in zip((old, new), self.blocks, strict=True))
        if was is None or now is None:
            return self._replaced(old, new, at, leave_out, (was, now))
        if was not in REGISTER and now not in REGISTER:
            columns = [columns_of_block(blocks.get(key)) for blocks, key in zip(self.blocks, (was, now), strict=True)]
            if was == now or columns[0] == columns[1]:
                return self._call(old, new, at, (was, now), columns)
        if was != now:
            return self._replaced(old, new, at, leave_out, (was, now))
        if now not in BODIES:
            return self.log.values("setting", at, old, new, leave_out)
        children = self._children(now, old.values[now], new.values[now], at)
        return {now: (new.keys[now], children), **self.log.values("setting", at, old, new, (*leave_out, now))}

    def _replaced(
        self, old: Mapping, new: Mapping, at: At, leave_out: tuple[str, ...], keys: tuple[str | None, str | None]
    ) -> Values:
        """Another operator brings its own settings, so all of them are one edit."""
        left, right = (_without(node, leave_out) for node in (old, new))
        places = [Side(node, node.keys[key] if key else None) for node, key in zip((left, right), keys, strict=True)]
        edit = self.log.edit("changed", "operator", at, "operator", (places[0], places[1]))
        values: Values = {}
        for name in dict.fromkeys([*right.values, *left.values]):
            before, after = (Kept(node.values[name]) if name in node.values else None for node in (left, right))
            values[name] = (key_of(left, right, name), Either(edit, before, after))
        return values

    def _call(self, old: Mapping, new: Mapping, at: At, keys: tuple[str, str], columns: list[list[str]]) -> Values:
        """A call of a block, cell by cell, and of another block with the same columns."""
        was, now = keys
        left, right = _cells(old.values[was], columns[0]), _cells(new.values[now], columns[1])
        choice = Keys(new.values[now], self.log.values("cell", at, left, right), is_call=True)
        if was == now:
            return {now: (new.keys[now], choice)}
        sides = Side(old.keys[was]), Side(new.keys[now])
        edit = self.log.edit("changed", "operator", at, "block", sides)
        return {now: (new.keys[now], Either(edit, None, choice)), was: (old.keys[was], Either(edit, choice, None))}

    # -- lists of steps ----------------------------------------------------------------------------------------------

    def _children(self, body: str, old: Node, new: Node, at: At) -> Choice:
        """The steps of a sequence or the branches of a join."""
        what = "step" if body == "sequence" else "branch"
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            return self.named(what, at, (old, new), _renamed(old, new), at.inside)
        if isinstance(old, Sequence) and isinstance(new, Sequence):
            return self.list(old, new, at, what, is_body=True)
        return self.log.value(what, at, body, (Side(old), Side(new)))

    def named(
        self, what: str, at: At, nodes: tuple[Mapping, Mapping], pairs: Pairs, place: Callable[[Node, Node, str], At]
    ) -> Choice:
        """Rows or branches by name; `place` says where one of them is."""
        old, new = nodes
        names = list(old.values), list(new.values)
        firm, items = unmoved(pairs), []
        for index, name in enumerate(names[1]):
            now = Side(new.values[name], new.keys[name])
            if index not in pairs:
                edit = self.log.edit("added", what, place(at.before, now.node, name), what, (None, now))
                items.append(Item(None, index, Kept(now.node), now.key, edit))
                continue
            was = names[0][pairs[index]]
            here = place(old.values[was], now.node, name)
            keys = Side(old.keys[was]), Side(new.keys[name])
            choice = self.branch(old.values[was], now.node, here)
            moved = None
            if index not in firm:
                orders = _after(names[0], pairs[index]), _after(names[1], index)
                moved = self.log.edit("moved", what, here, "place", keys, orders)
            if was != name:
                self.log.edit("renamed", what, here, "name", keys)
            items.append(Item(pairs[index], index, choice, now.key, moved))
        stood = _places(new, names[0])
        for index in sorted(set(range(len(names[0]))) - set(pairs.values())):
            name = names[0][index]
            sides = Side(old.values[name], old.keys[name]), None
            here = place(sides[0].node, stood[index], name)
            edit = self.log.edit("removed", what, here, what, sides)
            items.append(Item(index, None, Kept(sides[0].node), old.keys[name], edit))
        return Ordered(new, items, is_named=True)

    def list(self, old: Node | None, new: Node | None, at: At, what: str = "step", is_body: bool = False) -> Choice:
        """Steps or branches without names: the same ones in the same order, then those of one operator."""
        sides = items_of(old), items_of(new)
        before, after = (
            [(text_of(item), operator_of(item, blocks)) for item in items]
            for items, blocks in zip(sides, self.blocks, strict=True)
        )
        pairs = aligned(before, after)
        firm, items = unmoved(pairs), []
        several = max(map(len, sides)) > 1

        def place(before: Node, after: Node, index: int) -> At:
            return at.inside(before, after, *([f"{what} {index + 1}"] if several else []))

        for index, node in enumerate(sides[1]):
            if index not in pairs:
                edit = self.log.edit("added", what, place(at.before, node, index), what, (None, Side(node)))
                items.append(Item(None, index, Kept(node), None, edit))
                continue
            was = sides[0][pairs[index]]
            here = place(was, node, index)
            moved = None
            if index not in firm:
                orders = f"{what} {pairs[index] + 1}", f"{what} {index + 1}"
                moved = self.log.edit("moved", what, here, "place", (Side(was), Side(node)), orders)
            items.append(Item(pairs[index], index, self.branch(was, node, here), None, moved))
        for index in sorted(set(range(len(sides[0]))) - set(pairs.values())):
            node = sides[0][index]
            edit = self.log.edit("removed", what, place(node, at.after, index), what, (Side(node), None))
            items.append(Item(index, None, Kept(node), None, edit))
        whole = new if new is not None else old
        assert whole is not None
        return Ordered(whole, items, is_named=False, is_body=is_body)


def by_name(old: Mapping, new: Mapping) -> Pairs:
    """What has the same name on both sides."""
    order = {name: index for index, name in enumerate(old.values)}
    return {index: order[name] for index, name in enumerate(new.values) if name in order}


def _renamed(old: Mapping, new: Mapping) -> Pairs:
    """Branches by name; of those that are left, equal ones, and one that is left on each side."""
    pairs = by_name(old, new)
    nodes = list(old.values.values()), list(new.values.values())
    gone = [index for index in range(len(nodes[0])) if index not in set(pairs.values())]
    come = [index for index in range(len(nodes[1])) if index not in pairs]
    for index in tuple(come):
        same = next((was for was in gone if is_same(nodes[0][was], nodes[1][index])), None)
        if same is not None or len(gone) == len(come) == 1:
            pairs[index] = gone.pop(0 if same is None else gone.index(same))
            come.remove(index)
    return pairs


def _without(node: Mapping, keys: tuple[str, ...]) -> Mapping:
    return with_values(node, {key: value for key, value in node.values.items() if key not in keys})


def _cells(value: Node, columns: list[str]) -> Mapping:
    """The cells of a block's call by column, however they are written."""
    if isinstance(value, Mapping):
        return value
    result = Mapping(value.document, value.line, value.column)
    items = [] if isinstance(value, Scalar) and not value.text else items_of(value)
    for column, item in zip(columns, items, strict=False):
        result.put(Scalar(item.document, item.line, item.column, column, quoted=False), item)
    return result


def _after(names: list[str], index: int) -> str:
    return f"after {names[index - 1]}" if index else "first"


def _places(new: Mapping, names: list[str]) -> list[Node]:
    """Where each old row would stand in the new spec: at what follows it, else at what it follows."""
    last = next((new.keys[name] for name in reversed(names) if name in new.keys), None)
    found: list[Node] = []
    place: Node = new if last is None else last
    for name in reversed(names):
        place = new.keys.get(name, place)
        found.append(place)
    return found[::-1]
