"""One network of a space as a spec of its own, which every command reads.

It is the merged spec (variant, `use` and `like` worked in) with the chosen numbers in its cells; what the source prints
about another network is left out. What no spec can say (the batch, the width multiplier) stands in the first line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from inception_calc.analysis.spec_source import spec_behind, spec_of
from inception_calc.dims import AXIS_SYMBOLS
from inception_calc.graph.cells import cells_of, columns_of
from inception_calc.ops.step import BlockCall
from inception_calc.problems import InputError, Problem
from inception_calc.spec import Spec
from inception_calc.spec.walk import columns_read
from inception_calc.spec_file import LoadedSpec
from inception_calc.spec_file.nodes import Mapping as Node
from inception_calc.spec_file.nodes import Node as AnyNode
from inception_calc.spec_file.nodes import Scalar
from inception_calc.spec_file.nodes import Sequence as Items
from inception_calc.spec_file.written import yaml_text
from inception_calc.sweep.answer import Answer
from inception_calc.sweep.axes import REPEAT, REPEATS
from inception_calc.sweep.points import Point

MOST_FILES = 10_000
ABOUT_OTHERS = ("variants", "printed", "claims", "reasons", "use")
"""Parts of a spec that speak of other networks, or are worked in."""
UNITS = "units"


def spec_files(answer: Answer, folder: Path) -> Iterable[tuple[Path, bytes]]:
    """A file for each network of an answer; raises `InputError` where there are too many, or the network is no spec."""
    if answer.kept > MOST_FILES and answer.setup.asked.top is None:
        what = f"{answer.kept:,} networks are too many for a file each"
        raise InputError(Problem("too-many", what, None, "take some: --sample 500, or --top 100"))
    stem = Path(spec_of(answer.setup.networks.first).source.rpartition(":")[2]).stem.strip("<>-") or "network"
    digits = len(str(answer.setup.space.size - 1))
    for point in answer.networks():
        yield folder / f"{stem}-{point.number:0{digits}}.yaml", spec_text(answer, point).encode()


def spec_text(answer: Answer, point: Point) -> str:
    """The spec of one network."""
    networks = answer.setup.networks
    digits = answer.setup.space.digits(point.number)
    source = networks.source(digits)
    loaded = spec_behind(source)
    assert loaded is not None
    chosen = {name: str(value) for name, value in networks.settings(digits).items()}
    values = ", ".join(f"{axis.name} = {value}" for axis, value in zip(answer.axes, answer.values(point), strict=True))
    root = _without_unread(loaded)
    made = _Writer(root, loaded.spec)
    outside = made.put_all(chosen, networks.input if isinstance(networks.input, tuple) else None)
    for axis, digit in zip(networks.axes, digits, strict=True):
        if axis.kind == REPEATS:
            for row in axis.targets:
                made.put_in_row(row, REPEAT, str(axis.value(digit)))
    made.root.put(made.scalar("name"), made.scalar(f"{loaded.spec.name}: {values}", quoted=True))
    counts = zip(answer.setup.asked.metrics, point.metrics, strict=True)
    costs = ", ".join(f"{count:,} {name}" for name, count in counts)
    options = [f"--set {name}={value}" for name, value in outside.items()]
    options += [f"--round {networks.round_to}"] if networks.round_to else []
    options += ["--training"] if networks.training else []
    read_with = f"; read it with {' '.join(options)}" if options else ""
    return f"# {_one_line(f'network {point.number} of {answer.setup.space.size:,}: {costs}{read_with}')}\n" + yaml_text(
        made.root
    )


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


class _Writer:
    """Puts values into the nodes of a spec, of which it changes copies alone."""

    def __init__(self, root: Node, spec: Spec) -> None:
        self.spec = spec
        self.root = root.copy()
        for part in ABOUT_OTHERS:
            self.root.values.pop(part, None)
        for kind in ("rows", "heads"):
            rows = self.root.values.get(kind)
            if isinstance(rows, Node):
                copied = rows.copy()
                copied.values = {name: _without_printed(row) for name, row in rows.values.items()}
                self.root.values[kind] = copied
        symbols = self.root.values.get("symbols")
        if isinstance(symbols, Node):
            self.root.values["symbols"] = symbols.copy()

    def scalar(self, text: str, quoted: bool = False) -> Scalar:
        """A new word."""
        return Scalar(self.root.document, self.root.line, self.root.column, text, quoted)

    def put_all(self, chosen: Mapping[str, str], given: tuple[int, ...] | None) -> dict[str, str]:
        """Puts symbols and cells at their places; what has none is given back."""
        spec, cells = self.spec, cells_of(self.spec)
        sides = {AXIS_SYMBOLS[axis]: side for axis, side in zip(spec.input.axes, spec.input.sides, strict=True)}
        channels = spec.input.channels
        if given is not None:
            channels, sides = given[0], dict(zip(sides, given[1:], strict=True))
        outside: dict[str, str] = {}
        for name, value in chosen.items():
            if name == "size":
                sides |= {"height": int(value), "width": int(value)}
            elif name in sides:
                sides[name] = int(value)
            elif name in spec.symbols:
                symbols = self.root.values["symbols"]
                assert isinstance(symbols, Node)
                symbols.put(self.scalar(name), self.scalar(value))
            elif name in cells:
                self._put_cell(*cells[name], value)
            elif value != "1":
                outside[name] = value
        self.root.put(self.scalar("input"), self.scalar("x".join(map(str, (channels, *sides.values())))))
        return outside

    def _row(self, row: str) -> Node:
        kind = "rows" if row in self.spec.rows else "heads"
        rows = self.root.values[kind]
        assert isinstance(rows, Node)
        found = rows.values[row]
        assert isinstance(found, Node)
        return found

    def put_in_row(self, row: str, key: str, value: str) -> None:
        """Sets a key of a row."""
        self._row(row).put(self.scalar(key), self.scalar(value))

    def _put_cell(self, row: str, column: str, value: str) -> None:
        body = (self.spec.rows[row] if row in self.spec.rows else self.spec.heads[row]).step.operator
        node = self._row(row)
        if not isinstance(body, BlockCall):
            node.put(self.scalar(body.key if column == UNITS else column), self.scalar(value))
            return
        read = columns_read(self.spec.blocks[body.block])
        if column not in read:
            return
        columns = {name: self.scalar(text) for name, text in columns_of(self.spec, body).items() if name in read}
        old = node.values[body.block]
        if isinstance(old, Items):
            columns = dict(zip(columns, old.items, strict=True))  # type: ignore[arg-type]
        elif isinstance(old, Node):
            columns = dict(old.values)  # type: ignore[arg-type]
        columns[column] = self.scalar(value)
        made = Node(node.document, node.line, node.column)
        for name, item in columns.items():
            made.put(self.scalar(name), item)
        node.values[body.block] = made


def _without_printed(row: AnyNode) -> AnyNode:
    if not isinstance(row, Node):
        return row
    copied = row.copy()
    copied.values.pop("printed", None)
    return copied


def _without_unread(loaded: LoadedSpec) -> Node:
    """The nodes of a spec without columns that nothing reads, which only a variant's block may have."""
    unread = {
        name: dropped
        for name, block in loaded.spec.blocks.items()
        if (dropped := [place for place, column in enumerate(block.columns) if column not in columns_read(block)])
    }
    if not unread:
        return loaded.root
    columns = {name: list(loaded.spec.blocks[name].columns) for name in unread}

    def cleared(node: AnyNode, name: str) -> AnyNode:
        """The columns, or a call, of a block."""
        if isinstance(node, Items) and len(node.items) == len(columns[name]):
            kept = [item for place, item in enumerate(node.items) if place not in unread[name]]
            return Items(node.document, node.line, node.column, kept)
        if isinstance(node, Node):
            gone = {columns[name][place] for place in unread[name]}
            copied = node.copy()
            copied.values = {key: value for key, value in node.values.items() if key not in gone}
            return copied
        return node

    def walked(node: AnyNode, path: Sequence[str]) -> AnyNode:
        if isinstance(node, Items):
            return Items(node.document, node.line, node.column, [walked(item, path) for item in node.items])
        if not isinstance(node, Node):
            return node
        copied = node.copy()
        for key, value in node.values.items():
            is_declared = len(path) == 2 and path[0] == "blocks" and path[1] in unread and key == "columns"
            is_call = key in unread and tuple(path) != ("blocks",)
            inner = value if is_call or is_declared else walked(value, (*path, key))
            copied.values[key] = cleared(inner, path[1] if is_declared else key) if is_call or is_declared else inner
        return copied

    found = walked(loaded.root, ())
    assert isinstance(found, Node)
    return found
