"""The one rule of change: `use`, `combine`, variants and `like` are all the same merge (language, rules 27 to 31).

Mappings merge key by key, everything else is replaced, the word `remove` removes. Nodes are shared and never
changed, so every value still knows the file and line where it was written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from inception_calc.ops.model import fields_of
from inception_calc.ops.register import BODIES, REGISTER, operator
from inception_calc.ops.step import operator_key
from inception_calc.problems import Fault, Problem, listed, nearest
from inception_calc.spec_file.nodes import Lost, Mapping, Node, Scalar, Sequence
from inception_calc.spec_file.whole_steps import is_removal
from inception_calc.spec_file.yaml_reader import DEEPEST

PATCH_KEYS = ("combine", "input", "symbols", "defaults", "blocks", "rows", "heads", "printed", "reasons", "claims")
NOT_IN_PATCHES = ("name", "source", "use", "variants")
KEPT = ("printed", "label", "patch", "then", "repeat", "shared", "frozen", "dtype", "when", "after", "loss weight")
"""What stays when a step's operator is replaced (rule 28)."""
MOST_COPIED = 100_000
"""Values that all `like` together copy."""
MOST_PATCHES = 200
"""Variants that one variant may combine, all in all."""
BLOCK_HEAD = ("label", "patch", "columns", "defaults", "shared", "frozen", "like")


class Merger:
    """Works patches into a spec and gathers what does not fit."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.copied = 0

    def variant(self, root: Mapping, name: str) -> Mapping:
        """The spec with the variant worked in, its combined variants first (rule 30)."""
        patches: list[Mapping] = []
        self._collect(root, name, [], patches, root)
        changed = bool([key for patch in patches for key in patch.values if key != "combine"])
        spec = _without_printed(root) if changed else root  # rule 32: printed cells judge the spec itself
        for patch in patches:
            spec = self.patched(spec, patch)
        return spec

    def _collect(self, root: Mapping, name: str, trail: list[str], patches: list[Mapping], place: Node) -> None:
        variants = root.values.get("variants")
        known = variants.values if isinstance(variants, Mapping) else {}
        if name not in known:
            hint = nearest(name, known) or "leave it out, or declare it"
            self._complain("unknown-variant", f"there is no variant '{name}'", place, hint)
            return
        if name in trail:
            circle = " -> ".join([*trail[trail.index(name) :], name])
            self._complain("cycle", f"variants combine in a circle: {circle}", place, "leave one 'combine' out")
            return
        if len(trail) >= DEEPEST or len(patches) >= MOST_PATCHES:
            self._complain("too-deep", f"'{name}' combines too many variants", place, "combine fewer")
            return
        patch = known[name]
        if isinstance(patch, Scalar) and patch.text == "":
            return
        if not isinstance(patch, Mapping):
            self._complain("wrong-type", f"the variant '{name}' must be a mapping", patch, "write {} for no change")
            return
        combined = patch.values.get("combine")
        if isinstance(combined, Sequence):
            for item in combined.items:
                if isinstance(item, Scalar):
                    self._collect(root, item.text, [*trail, name], patches, item)
                else:
                    self._complain("wrong-type", "a variant's name is expected here", item, "write it without brackets")
        elif combined is not None:
            self._complain(
                "wrong-type", "'combine' must be a list of variants", combined, "write it in brackets: [a, b]"
            )
        patches.append(patch)

    def patched(self, spec: Mapping, patch: Mapping) -> Mapping:
        """The spec with one patch worked in."""
        result = spec.copy()
        for key, node in sorted(patch.values.items(), key=lambda pair: pair[0] != "blocks"):  # columns first
            if key == "combine":
                continue
            if key not in PATCH_KEYS:
                fix = "a variant cannot change it" if key in NOT_IN_PATCHES else nearest(key, PATCH_KEYS)
                self._complain(
                    "unknown-key",
                    f"'{key}' is no key of a variant",
                    patch.keys[key],
                    fix or f"the keys are {listed(PATCH_KEYS, all_in='`inception-calc schema spec`')}",
                )
                continue
            base = spec.values.get(key)
            place = spec.keys.get(key, patch.keys[key])
            if key in ("rows", "heads", "blocks"):
                if not isinstance(node, Mapping):
                    self._complain("wrong-type", f"'{key}' must be a mapping", node, "write 'name: ...' pairs")
                    continue
                old = base if isinstance(base, Mapping) else Mapping(node.document, node.line, node.column)
                blocks = result.values.get("blocks")
                self.blocks = blocks if isinstance(blocks, Mapping) else None
                merged: Node = self._blocks(old, node) if key == "blocks" else self._steps(old, node, key)
            else:
                merged = self._plain(base, node)
            result.keys[key], result.values[key] = place, merged
        return result

    def _complain(self, code: str, what: str, node: Node, fix: str = "") -> None:
        self.problems.append(Problem(code, what, node.location(), fix))

    def _by_key(
        self,
        base: Mapping,
        patch: Mapping,
        merge: Callable[[str, Node, Node], Node],
        new: Callable[[str, Node], Node | None],
    ) -> Mapping:
        """Key by key: `remove` removes, known keys are merged, `new` says what a new key brings."""
        result = base.copy()
        for key, node in patch.values.items():
            if is_removal(node):
                if key not in result.values:
                    self._complain(
                        "nothing-to-remove",
                        f"there is no '{key}' to remove",
                        patch.keys[key],
                        nearest(key, base.values)
                        or (f"there are {listed(base.values, all_in='the spec')}" if base.values else "leave it out"),
                    )
                    continue
                del result.keys[key], result.values[key]
            elif key in result.values:
                result.values[key] = merge(key, result.values[key], node)
            elif (brought := new(key, node)) is not None:
                result.put(patch.keys[key], brought)
        return result

    def _plain(self, base: Node | None, patch: Node) -> Node:
        if isinstance(base, Mapping) and isinstance(patch, Mapping):
            return self._by_key(base, patch, lambda _, old, new: self._plain(old, new), lambda _, new: new)
        return patch

    def _steps(self, base: Mapping, patch: Mapping, kind: str) -> Mapping:
        """Rows or heads by name; a new row says its place (rule 29)."""
        places: dict[str, tuple[str, Scalar]] = {}

        def new_row(name: str, node: Node) -> Node | None:
            if kind == "heads" or not isinstance(node, Mapping):
                return node
            found = [word for word in ("after", "before") if word in node.values]
            place = node.values[found[0]] if found else None
            if len(found) != 1 or not isinstance(place, Scalar):
                self._complain(
                    "no-place",
                    f"the new row '{name}' needs either 'after' or 'before'",
                    patch.keys[name],
                    "leave one out" if found else f"{nearest(name, base.values)} Add after: ROW".lstrip(),
                )
                return None
            places[name] = (found[0], place)
            row = node.copy()
            del row.keys[found[0]], row.values[found[0]]
            return row

        result = self._by_key(base, patch, lambda _, old, new: self._step(old, new), new_row)
        for name, (word, place) in places.items():
            if place.text not in result.values or place.text == name:
                self._complain(
                    "unknown-row",
                    f"there is no row '{place.text}'",
                    place,
                    nearest(place.text, base.values) or f"the rows are {listed(base.values, all_in='its rows')}",
                )
                continue
            order = [key for key in result.values if key != name]
            order.insert(order.index(place.text) + (word == "after"), name)
            result.keys = {key: result.keys[key] for key in order}
            result.values = {key: result.values[key] for key in order}
        return result

    def _step(self, base: Node, patch: Node) -> Node:
        if not isinstance(base, Mapping) or not isinstance(patch, Mapping):
            return patch
        old = self._operator(base, None)
        new = self._operator(patch, old)
        if new is not None and new != old:
            replaced = patch.copy()
            for key in KEPT:
                if key in base.values and key not in patch.values:
                    replaced.put(base.keys[key], base.values[key])
                elif key in patch.values and is_removal(patch.values[key]):
                    del replaced.keys[key], replaced.values[key]
            return replaced

        def merge(key: str, before: Node, after: Node) -> Node:
            if key in BODIES:
                return self._children(before, after)
            if key == old and key not in REGISTER:
                return self._arguments(key, before, after)
            return self._plain(before, after)

        return self._by_key(base, patch, merge, lambda _, node: node)

    def _operator(self, step: Mapping, old: str | None) -> str | None:
        """The operator key of a step or patch; None where a patch changes settings alone."""
        keys: Iterable[str] = step.values
        blocks = self.blocks.values if self.blocks is not None else {}
        if old is not None:
            settings = set(fields_of(operator(old))) if old in REGISTER else set()
            keys = [
                key
                for key, node in step.values.items()
                if (key in REGISTER or key in blocks)
                and not (key in settings and key != old and not (isinstance(node, Scalar) and node.text == ""))
            ]
            if not keys:
                return None
        try:
            return operator_key((key for key in keys if key not in KEPT), blocks)
        except Fault:
            return None

    def _children(self, base: Node, patch: Node) -> Node:
        """Branches of a join or named steps of a sequence; new ones go last (rule 29)."""
        if isinstance(base, Mapping) and isinstance(patch, Mapping):
            return self._by_key(base, patch, lambda _, old, new: self._step(old, new), lambda _, new: new)
        return patch

    def _arguments(self, block: str, base: Node, patch: Node) -> Node:
        """A list of columns and a mapping of columns merge by column name (rule 27)."""
        if not isinstance(patch, Mapping):
            return patch
        if isinstance(base, Mapping):
            return self._plain(base, patch)
        columns = self._columns(block)
        items = base.items if isinstance(base, Sequence) else [base] if isinstance(base, Scalar) and base.text else []
        named = Mapping(base.document, base.line, base.column)
        for column, item in zip(columns, items, strict=False):
            named.put(column, item)
        return self._plain(named, patch) if len(items) <= len(columns) else patch

    def _columns(self, block: str) -> list[Scalar]:
        """The columns that a block declares or takes over by `like`."""
        seen: set[str] = set()
        while self.blocks is not None and block not in seen:
            seen.add(block)
            node = self.blocks.values.get(block)
            if not isinstance(node, Mapping):
                break
            columns = node.values.get("columns")
            if isinstance(columns, Sequence):
                return [item for item in columns.items if isinstance(item, Scalar)]
            like = node.values.get("like")
            if not isinstance(like, Scalar):
                break
            block = like.text
        return []

    def _blocks(self, base: Mapping, patch: Mapping) -> Mapping:
        self.blocks = base
        return self._by_key(base, patch, lambda _, old, new: self._block(old, new), lambda _, new: new)

    def _block(self, base: Node, patch: Node) -> Node:
        if not isinstance(base, Mapping) or not isinstance(patch, Mapping):
            return patch
        old = [key for key in base.values if key in BODIES]
        new = [key for key in patch.values if key in BODIES and not is_removal(patch.values[key])]
        if new and old and new != old:  # another body brings its own settings
            head = base.copy()
            for key in base.values:
                if key not in BLOCK_HEAD:
                    del head.keys[key], head.values[key]
            base = head
        return self._by_key(
            base,
            patch,
            lambda key, a, b: self._children(a, b) if key in BODIES else self._plain(a, b),
            lambda _, node: node,
        )

    blocks: Mapping | None = None

    def with_likes(self, spec: Mapping) -> Mapping:
        """The spec with each block that is `like` another one written out (rule 30: last)."""
        blocks = spec.values.get("blocks")
        if not isinstance(blocks, Mapping):
            return spec
        if not any(isinstance(block, Mapping) and "like" in block.values for block in blocks.values.values()):
            return spec
        done: dict[str, Node] = {}
        depth: dict[str, int] = {}
        self.blocks = blocks

        def written_out(name: str, trail: list[str]) -> Node:
            if name in done:
                return done[name]
            node = blocks.values[name]
            like = node.values.get("like") if isinstance(node, Mapping) else None
            if like is not None and isinstance(node, Mapping):
                alone = node.copy()
                del alone.keys["like"], alone.values["like"]
                if not isinstance(like, Scalar) or like.text not in blocks.values:
                    self._unknown_like(like, blocks)
                    node = Lost.at(node)
                elif len(trail) >= DEEPEST or depth.get(like.text, 0) >= DEEPEST or self.copied > MOST_COPIED:
                    self._complain(
                        "too-deep", f"more blocks are like one another than {DEEPEST}", like, "write this one out"
                    )
                    node = Lost.at(node)
                elif like.text in (*trail, name):
                    circle = " -> ".join([*trail, name, like.text])
                    self._complain(
                        "cycle", f"blocks are like each other in a circle: {circle}", like, "write one of them out"
                    )
                    node = Lost.at(node)
                else:
                    base = written_out(like.text, [*trail, name])
                    depth[name] = depth.get(like.text, 0) + 1
                    self.copied += size(base)
                    node = Lost.at(node) if isinstance(base, Lost) else self._block(base, alone)
            done[name] = node
            return node

        result = blocks.copy()
        result.values = {name: written_out(name, []) for name in blocks.values}
        whole = spec.copy()
        whole.values["blocks"] = result
        return whole

    def _unknown_like(self, like: Node, blocks: Mapping) -> None:
        if isinstance(like, Scalar):
            hint = nearest(like.text, blocks.values) or f"the blocks are {listed(blocks.values, all_in='its blocks')}"
            self._complain("unknown-block", f"there is no block '{like.text}' to be like", like, hint)
        else:
            self._complain("wrong-type", "'like' must be the name of one block", like, "write like: BLOCK")


def _without_printed(root: Mapping) -> Mapping:
    """The spec without what its source prints: another network is not judged by it."""
    result = root.copy()
    for key in ("printed", "reasons", "claims"):
        if key in result.values:
            del result.keys[key], result.values[key]
    rows = result.values.get("rows")
    if isinstance(rows, Mapping):
        bare = rows.copy()
        for name, row in rows.values.items():
            if isinstance(row, Mapping) and "printed" in row.values:
                changed = row.copy()
                del changed.keys["printed"], changed.values["printed"]
                bare.values[name] = changed
        result.values["rows"] = bare
    return result


def size(node: Node) -> int:
    """The number of values in a tree."""
    if isinstance(node, Mapping):
        return 1 + sum(map(size, node.values.values()))
    return 1 + sum(map(size, node.items)) if isinstance(node, Sequence) else 1
