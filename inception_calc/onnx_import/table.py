"""The parts of a network -> the rows of a layer table, by module where the file says modules."""

from __future__ import annotations

from typing import NamedTuple

from inception_calc.graph.by_module import rows_by_module
from inception_calc.graph.model import Graph
from inception_calc.graph.modules import MOST_ROWS
from inception_calc.onnx_import.items import Item, folded, in_a_row, repeats_nothing
from inception_calc.onnx_import.naming import VALID, Names
from inception_calc.onnx_import.parts import Network, Part
from inception_calc.spec_file.arrange import Chain, InputOf, Leaf, OutputOf, Piece, Row, arranged

LATER = frozenset({"local response norm", "dropout"})
"""What stands under `then` in a row: papers print no row of their own for it."""


class TableRow(NamedTuple):
    """A row: its name, its step, and what follows in the same row."""

    name: str
    step: Item
    then: tuple[Item, ...] = ()


def rows_of(network: Network, graph: Graph) -> tuple[list[TableRow], list[int]]:
    """The rows, and the parts in the order in which the spec makes layers of them."""
    return _Table(network, graph).rows()


class _Table:
    def __init__(self, network: Network, graph: Graph) -> None:
        self.network = network
        self.graph = graph
        self.by_module = any(layer.module for layer in graph.layers)
        self.module_of = _modules(graph) if self.by_module else [layer.row for layer in graph.layers]
        self.folds = {row.name for row in graph.rows if row.repeat > 1}
        modules = [self.module_of[part.layers[0]] if self.by_module else "" for part in network.parts]
        pieces = [
            Piece(part.name or "?", tuple(part.inputs), part.meaning.joins, module)
            for part, module in zip(network.parts, modules, strict=True)
        ]
        self.arranged = arranged(pieces)
        self.unnamed = {"", *network.unnamed}
        self.new_names: dict[str, str] = {}
        """What `arranged` calls a row -> its name in the table."""

    def rows(self) -> tuple[list[TableRow], list[int]]:
        """All rows."""
        names = Names()
        found: list[TableRow] = []
        order: list[int] = []
        for group in self._groups():
            name = names.unlike(self._name(group), self._word(group))
            self.new_names[group[-1].name] = name
            items = tuple(item for row in group for item in self._items(row.chain, name))
            order += [part for item in items for part in item.parts()]
            found.append(self._row(name, items))
        return found, order

    def _row(self, name: str, items: tuple[Item, ...]) -> TableRow:
        last = len(items)
        while last > 1 and items[last - 1].word in LATER:
            last -= 1
        then = items[last:]
        main = items[:last]
        if all(map(repeats_nothing, main)):
            main = folded(main)
        return TableRow(name, in_a_row(main), then)

    def _groups(self) -> list[list[Row]]:
        """Rows that follow each other and stand in one module, or are copies of one block."""
        read = {item.row for row in self.arranged for item in _all(row.chain) if isinstance(item, OutputOf)}
        groups: list[list[Row]] = []
        for row in self.arranged:
            before = groups[-1][-1] if groups else None
            joins = before is not None and before.name not in read and not _takes_another(row)
            if joins and before is not None and self._belong(before, row):
                groups[-1].append(row)
            else:
                groups.append([row])
        return groups

    def _belong(self, before: Row, row: Row) -> bool:
        one, other = self._module(before), self._module(row)
        if self.by_module:
            return one == other and bool(one)
        return self._part(row).word in LATER or (one == other and one in self.folds)

    def _members(self, row: Row) -> list[int]:
        return [item.piece for item in _all(row.chain) if not isinstance(item, OutputOf | InputOf)]

    def _part(self, row: Row) -> Part:
        return self.network.parts[self._members(row)[-1]]

    def _module(self, row: Row) -> str:
        """The row of the file's own table that all of its parts stand in; empty where these differ."""
        rows = {self.module_of[self.network.parts[piece].layers[0]] for piece in self._members(row)}
        return rows.pop() if len(rows) == 1 else ""

    def _name(self, group: list[Row]) -> str:
        """What the row is called: the module, or what its only part or all of its parts are called."""
        module = self._module(group[0])
        if self.by_module and module not in self.unnamed and self._is_whole(group, module) and _is_valid(module):
            return module
        name = group[0].name
        if len(group) > 1 or name.startswith("?") or not _is_valid(name):
            named = [self.network.parts[piece].name for row in group for piece in self._members(row)]
            name = next((one.rpartition("/")[2] for one in named if one), "") if len(named) == 1 else ""
        return name

    def _is_whole(self, group: list[Row], module: str) -> bool:
        """Whether no other row has parts of the module."""
        inside = {piece for row in group for piece in self._members(row)}
        return all(
            index in inside or self.module_of[part.layers[0]] != module for index, part in enumerate(self.network.parts)
        )

    def _word(self, group: list[Row]) -> str:
        words = [self.network.parts[piece].word for row in group for piece in self._members(row)]
        return words[0] if LATER.issuperset(words[1:]) else "block"

    def _items(self, chain: Chain, row: str) -> tuple[Item, ...]:
        return tuple(self._item(item, row) for item in chain)

    def _item(self, item: object, row: str) -> Item:
        if isinstance(item, OutputOf):
            return Item("output of", self.new_names.get(item.row, item.row))
        if isinstance(item, InputOf):
            return Item("input", list(self.network.inputs)[item.number])
        assert hasattr(item, "piece")
        piece: int = item.piece
        part = self.network.parts[piece]
        branches: tuple[tuple[str, tuple[Item, ...]], ...] = ()
        if not isinstance(item, Leaf):
            chains = [(name, self._items(chain, row)) for name, chain in item.branches]  # type: ignore[attr-defined]
            branches = _named([(_short(name, row), chain) for name, chain in chains], part.word)
        name = _short(part.name, row)
        return Item(
            part.word,
            part.meaning.argument,
            tuple(part.settings.items()),
            branches,
            (),
            "1",
            name,
            _label(part.name, row),
            piece,
        )


def _short(name: str, row: str) -> str:
    """A name without the row's in front, and without modules."""
    return name.removeprefix(row).lstrip("/._- ").rpartition("/")[2] or name.rpartition("/")[2]


def _label(name: str, row: str) -> str:
    """The outermost module of a name inside the row: `first` of `conv2_x/first/sum`."""
    inside = name.removeprefix(f"{row}/")
    return inside.partition("/")[0] if "/" in inside and inside != name else ""


def _modules(graph: Graph) -> list[str]:
    """For each layer the row that it stands in; copies of a block stand in rows of their own, if not too many."""
    rows = rows_by_module(graph, fold=False)
    if len(rows) > MOST_ROWS:
        return [layer.row for layer in graph.layers]
    names = [""] * len(graph.layers)
    for row in rows:
        for index in row.layers:
            names[index] = row.name
    return names


def _all(chain: Chain) -> list[Leaf | OutputOf | InputOf]:
    """All items of a chain, those in branches too; a join as the leaf that it ends in."""
    found: list[Leaf | OutputOf | InputOf] = []
    for item in chain:
        if isinstance(item, Leaf | OutputOf | InputOf):
            found.append(item)
        else:
            found += [one for _, branch in item.branches for one in _all(branch)]
            found.append(Leaf(item.piece, ""))
    return found


def _takes_another(row: Row) -> bool:
    return any(isinstance(item, OutputOf | InputOf) for item in row.chain)


def _is_valid(name: str) -> bool:
    return all(VALID.fullmatch(part) for part in name.split("/"))


def _named(chains: list[tuple[str, tuple[Item, ...]]], word: str) -> tuple[tuple[str, tuple[Item, ...]], ...]:
    """Branches under names that a reader knows: `shortcut` and `residual`, or what their last window is."""
    if word in ("sum", "product") and len(chains) == 2:
        lengths = [sum(len(list(item.parts())) for item in chain) for _, chain in chains]
        words = ("shortcut", "residual") if word == "sum" else ("map", "gate")
        short = lengths.index(min(lengths))
        return (words[0], chains[short][1]), (words[1], chains[1 - short][1])
    taken: set[str] = set()
    found = []
    for own, chain in chains:
        name = str(chain[0].argument) if len(chain) == 1 and chain[0].word == "output of" else own
        chosen = base = name if _is_valid(name) and not name.startswith("?") else _window(chain)
        number = 1
        while chosen in taken:
            number += 1
            chosen = f"{base} {number}"
        taken.add(chosen)
        found.append((chosen, chain))
    return tuple(found)


def _window(chain: tuple[Item, ...]) -> str:
    """What a branch without a name is called: `5x5`, `pool`."""
    if not chain:
        return "identity"
    if any(item.word.endswith(" pool") for item in chain):
        return "pool"
    return str(chain[-1].argument) if chain[-1].word.endswith("convolution") else chain[-1].word
