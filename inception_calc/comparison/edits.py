"""Two specs -> what was edited, and the new spec with any of these edits taken back.

What says nothing about the network (labels, patches, printed numbers, prose) is no edit. Blocks and symbols that
stand on one side only are kept on both: what calls or reads them is the edit.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from collections.abc import Mapping as Map
from typing import NamedTuple

from inception_calc.comparison.choices import Choice, Kept, Keys, Values
from inception_calc.comparison.edit_log import At, EditLog, Side, key_of, sides_of
from inception_calc.comparison.model import Edit
from inception_calc.comparison.network_nodes import is_same, network_of, section
from inception_calc.comparison.renames import Renames, renames, with_names
from inception_calc.comparison.step_edits import BLOCK_HEAD, StepDiffer, by_name
from inception_calc.spec_file.nodes import Mapping, Node


class Edited(NamedTuple):
    """The edits between two specs, and the tree that has each of them as a choice."""

    edits: tuple[Edit, ...]
    tree: Choice

    def root(self, undone: Container[int]) -> Mapping:
        """The new spec without these edits, which are meant by their index. Renames are never undone."""
        found = self.tree.built(undone)
        assert isinstance(found, Mapping)
        return found


def edits_between(before: Mapping, after: Mapping, rows: Map[str, str], with_heads: bool) -> Edited:
    """What was edited on the way from one spec to another; `rows` says which old row each new one is taken for."""
    old, new = network_of(before), network_of(after)
    names = renames(old, new, rows)
    differ = _Differ(with_names(old, names), new)
    tree = differ.tree(with_heads)
    differ.renamed(names, old)
    return Edited(tuple(differ.log.edits), tree)


class _Differ:
    """Goes through the sections of two specs."""

    def __init__(self, before: Mapping, after: Mapping) -> None:
        self.log = EditLog()
        self.before, self.after = before, after
        self.steps = StepDiffer(self.log, section(before, "blocks").values, section(after, "blocks").values)

    def tree(self, with_heads: bool) -> Choice:
        """The whole spec."""
        top = At((), "", self.before, self.after)
        values: Values = {"name": (self.after.keys["name"], Kept(self.after.values["name"]))}
        sections: dict[str, Callable[[str, At], Choice]] = {
            "input": lambda key, at: self.log.value("input", at, key, sides_of(self.before, self.after, key)),
            "symbols": self._symbols,
            "defaults": self._defaults,
            "blocks": self._blocks,
            "rows": self._rows,
            "heads": self._rows,
        }
        for key, compared in sections.items():
            if key in self.before.values or key in self.after.values:
                at = top.inside(self.before, self.after, *([key] if key == "input" else []))
                if key != "heads" or with_heads:
                    values[key] = (key_of(self.before, self.after, key), compared(key, at))
        return Keys(self.after, values)

    def renamed(self, names: Renames, before: Mapping) -> None:
        """Notes what only goes by another name. `before` is the old spec under its old names."""
        for sections, found in ((("rows", "heads"), names.rows), (("blocks",), names.blocks)):
            what = sections[0][:-1]
            for old, new in found.items():
                for key in sections:
                    was, now = section(before, key).keys.get(old), section(self.after, key).keys.get(new)
                    if was is not None and now is not None:
                        words, row = (new, new) if what == "row" else (f"block {new}", "")
                        self.log.edit("renamed", what, At((words,), row, was, now), "name", (Side(was), Side(now)))

    def _symbols(self, key: str, top: At) -> Choice:
        old, new = section(self.before, key), section(self.after, key)
        values: Values = {}
        for name in dict.fromkeys([*new.values, *old.values]):
            sides = sides_of(old, new, name)
            only = sides[1] or sides[0]
            assert only is not None
            at = top.inside(old, new, f"symbol {name}")
            choice = self.log.value("symbol", at, name, sides) if all(sides) else Kept(only.node)
            values[name] = (key_of(old, new, name), choice)
        return Keys(new, values)

    def _defaults(self, key: str, top: At) -> Choice:
        assert isinstance(top.before, Mapping)
        assert isinstance(top.after, Mapping)
        old, new = section(top.before, key), section(top.after, key)
        values: Values = {}
        for operator in dict.fromkeys([*new.values, *old.values]):
            settings = section(old, operator), section(new, operator)
            at = top.inside(*settings, f"defaults of {operator}")
            values[operator] = (key_of(old, new, operator), Keys(new, self.log.values("default", at, *settings)))
        return Keys(new, values)

    def _blocks(self, key: str, top: At) -> Choice:
        old, new = section(self.before, key), section(self.after, key)
        values: Values = {}
        for name in dict.fromkeys([*old.values, *new.values]):
            before, after = old.values.get(name), new.values.get(name)
            if isinstance(before, Mapping) and isinstance(after, Mapping):
                choice = self._block(before, after, top.inside(before, after, f"block {name}"))
            else:
                node = after or before
                assert node is not None
                choice = Kept(node)
            values[name] = (key_of(old, new, name), choice)
        return Keys(new, values)

    def _block(self, old: Mapping, new: Mapping, at: At) -> Choice:
        if is_same(old, new):
            return Kept(new)
        values: Values = {}
        if "columns" in old.values or "columns" in new.values:
            choice = self.log.value("columns", at, "columns", sides_of(old, new, "columns"))
            values["columns"] = (key_of(old, new, "columns"), choice)
        if "defaults" in old.values or "defaults" in new.values:
            values["defaults"] = (key_of(old, new, "defaults"), self._defaults("defaults", at))
        return Keys(new, {**values, **self.steps.operator(old, new, at, BLOCK_HEAD)})

    def _rows(self, key: str, top: At) -> Choice:
        old, new = section(self.before, key), section(self.after, key)
        what = "row" if key == "rows" else "head"

        def place(before: Node, after: Node, name: str) -> At:
            return At((name,), name, before, after)

        return self.steps.named(what, top.inside(old, new), (old, new), by_name(old, new), place)
