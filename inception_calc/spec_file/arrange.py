"""A graph of named pieces -> the rows of a layer table: what forks and meets again becomes branches.

Other programs' files list layers and the edges between them; a spec has rows, one after the other, whose joins
(`concat`, `sum`, `product`) hold their branches. What forks and meets again in one join, with no edge in or out
between, becomes that join with its branches, down to `MOST_NESTED` joins inside each other. All else is rows of their
own that begin with `output of`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

NETWORK = -1
"""The network's first input, in `Piece.inputs`; further ones count down from it."""
MOST_NESTED = 2
"""Joins inside each other: an inception module within a residual sum. A reader follows no more."""
MOST_INSIDE = 500
"""Pieces between a fork and where it meets again; more are no module."""
WORDS = re.compile(r"[^/._\-]+[/._\-]*")
"""The parts of names such as `inception_3a/5x5_reduce` and `res2a_branch1`, with what stands between them."""


class Piece(NamedTuple):
    """A layer, with what belongs to it alone (a batch norm, an activation)."""

    name: str
    inputs: tuple[int, ...]
    """Earlier pieces by index, or inputs of the network; one only unless it `joins`."""
    joins: bool = False
    module: str = ""
    """Where it is known: a module of several pieces is not put into a join with others."""


class Leaf(NamedTuple):
    """A piece with one input: what stands before it in the chain."""

    piece: int
    name: str


class Join(NamedTuple):
    """A piece with several inputs, and the named branches that lead to them; an empty one passes the input on."""

    piece: int
    branches: tuple[tuple[str, Chain], ...]


class OutputOf(NamedTuple):
    """The output of an earlier row."""

    row: str


class InputOf(NamedTuple):
    """An input of the network, by its number."""

    number: int


Item: TypeAlias = "Leaf | Join | OutputOf | InputOf"
Chain: TypeAlias = "tuple[Item, ...]"


class Row(NamedTuple):
    """A row of the table: its chain takes the output of the row before, unless it begins with another's."""

    name: str
    chain: Chain


def arranged(pieces: Sequence[Piece]) -> tuple[Row, ...]:
    """All pieces in rows, each once.

    Args:
        pieces: in an order in which every piece comes after its inputs.

    """
    return _Table(pieces).rows


class _Table:
    """The rows so far, and what is known of the graph."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = pieces
        self.users: dict[int, list[int]] = {index: [] for index in range(len(pieces))}
        for index, piece in enumerate(pieces):
            for source in dict.fromkeys(piece.inputs):
                self.users.setdefault(source, []).append(index)
        self.held = Counter(piece.module for piece in pieces)
        self.meets = self._meeting_points()
        self.row_of: dict[int, str] = {}
        self.names: set[str] = {"total"}
        self.placed: set[int] = set()
        self.before = NETWORK
        self.rows: tuple[Row, ...] = tuple(self._rows())

    def _meeting_points(self) -> list[int]:
        """For each piece the first one behind it that every way from it comes through; the number of pieces: none."""
        end = len(self.pieces)
        meets = [end] * end
        for index in reversed(range(end)):
            meets[index] = self._meeting(self.users[index], meets) if self.users[index] else end
        return meets

    def _meeting(self, pieces: Iterable[int], meets: Sequence[int] | None = None) -> int:
        """The first piece that every way from all of these comes through. A later one has a larger index."""
        meets = self.meets if meets is None else meets
        points = set(pieces)
        while len(points) > 1:
            first = min(points)
            points = points - {first} | {meets[first]}
        return points.pop()

    def _rows(self) -> Iterable[Row]:
        yield from self._following(NETWORK)
        for index in range(len(self.pieces)):
            if index not in self.placed:
                chain = self._begun(index)
                yield self._row(index, chain)
                yield from self._following(index)

    def _following(self, end: int) -> Iterable[Row]:
        """The rows that come straight behind one another."""
        while (following := self._absorbed(end, set(self.users.get(end, ())), MOST_NESTED)) is not None:
            end, item = following
            yield self._row(end, (item,))

    def _row(self, end: int, chain: Chain) -> Row:
        members = list(_members(chain))
        name = self.pieces[end].name
        if len(members) > 1:
            name = _shared_words([self.pieces[member].name for member in members]) or name
        name = _unique(name, self.names)
        self.row_of[end] = name
        self.placed.update(members)
        self.before = end
        return Row(name, _shortened(chain, name))

    def _begun(self, index: int) -> Chain:
        """A row that begins at a piece whose inputs are ends of rows."""
        piece = self.pieces[index]

        def taken(source: int) -> Chain:
            if source == self.before:
                return ()
            return (InputOf(NETWORK - source) if source <= NETWORK else OutputOf(self.row_of[source]),)

        if not piece.joins:
            return (*taken(piece.inputs[0]), Leaf(index, piece.name))
        names: set[str] = set()
        branches = []
        for source in piece.inputs:
            chain = taken(source)
            name = self.row_of.get(source, "input") if chain else "identity"
            branches.append((_unique(name, names), chain))
        return (Join(index, tuple(branches)),)

    def _absorbed(self, source: int, users: set[int], nested: int) -> tuple[int, Leaf | Join] | None:
        """What follows a piece, with all that uses it, as one item; its last piece first."""
        if not users:
            return None
        meeting = self._meeting(users)
        if meeting == len(self.pieces):
            return None
        piece = self.pieces[meeting]
        if not piece.joins:
            return (meeting, Leaf(meeting, piece.name)) if users == {meeting} else None
        between = self._between(source, users, meeting)
        if between is None or not nested or self._mixes({*between, meeting}):
            return None
        branches = []
        names: set[str] = set()
        left = set(between)
        for entry in piece.inputs:
            inside = self._behind(entry, between)
            if not inside <= left:
                return None
            left -= inside
            chain = self._chain(source, inside, entry, nested - 1)
            if chain is None:
                return None
            branches.append((_unique(self.pieces[entry].name if chain else "identity", names), chain))
        return None if left else (meeting, Join(meeting, tuple(branches)))

    def _mixes(self, pieces: set[int]) -> bool:
        """Whether pieces are those of several modules, one of which holds several pieces."""
        modules = {self.pieces[index].module for index in pieces}
        return len(modules) > 1 and any(self.held[module] > 1 for module in modules)

    def _between(self, source: int, users: set[int], meeting: int) -> set[int] | None:
        """The pieces on the ways from a piece to where they meet; None where an edge leads in from elsewhere."""
        between: set[int] = set()
        waiting = [user for user in users if user != meeting]
        while waiting:
            index = waiting.pop()
            if index not in between:
                if len(between) == MOST_INSIDE:
                    return None
                between.add(index)
                waiting += [user for user in self.users[index] if user != meeting]
        allowed = between | {source}
        inner = all(allowed.issuperset(self.pieces[index].inputs) for index in (*between, meeting))
        return between if inner else None

    def _behind(self, entry: int, between: set[int]) -> set[int]:
        """A piece and all that leads to it, of those between."""
        found: set[int] = set()
        waiting = [entry]
        while waiting:
            index = waiting.pop()
            if index in between and index not in found:
                found.add(index)
                waiting += self.pieces[index].inputs
        return found

    def _chain(self, source: int, inside: set[int], end: int, nested: int) -> Chain | None:
        """The pieces inside a branch, one after the other."""
        chain: list[Leaf | Join] = []
        at = source
        while at != end and inside:
            following = self._absorbed(at, inside.intersection(self.users[at]), nested)
            if following is None:
                return None
            at, item = following
            chain.append(item)
        return tuple(chain)


def _members(chain: Chain) -> Iterable[int]:
    for item in chain:
        if isinstance(item, Join):
            for _, branch in item.branches:
                yield from _members(branch)
        if isinstance(item, Leaf | Join):
            yield item.piece


def _shared_words(names: Sequence[str]) -> str:
    """The words that all names begin with, without what stands behind the last."""
    words = [WORDS.findall(name) for name in names]
    shared = 0
    while all(len(each) > shared and each[shared] == words[0][shared] for each in words):
        shared += 1
    return "".join(words[0][:shared]).rstrip("/._-")


def _shortened(chain: Chain, begin: str) -> Chain:
    """The chain without the row's name in front of the names in it."""

    def short(name: str) -> str:
        return name.removeprefix(begin).lstrip("/._- ") or name

    def each(item: Item) -> Item:
        if isinstance(item, Leaf):
            return item._replace(name=short(item.name))
        if isinstance(item, Join):
            names: set[str] = set()
            branches = [(_unique(short(name), names), _shortened(branch, begin)) for name, branch in item.branches]
            return item._replace(branches=tuple(branches))
        return item

    return tuple(map(each, chain))


def _unique(name: str, taken: set[str]) -> str:
    """The name, numbered where it is taken; it is taken then."""
    chosen, number = name, 1
    while chosen in taken:
        number += 1
        chosen = f"{name} {number}"
    taken.add(chosen)
    return chosen
