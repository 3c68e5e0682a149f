"""Which layer of one network is which of another: matched by name, then by place and shape.

Rows come first, because a renamed row renames all its layers: by name, then what is left by type and shape, then
by type between the same neighbours. Layers are matched by name inside their row, then by branch and shape, then
anywhere by operator and shape. Every step goes through both lists in order, so its cost grows with their length.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from inception_calc.analysis import Analysis, LayerCost
from inception_calc.dims import Dim, Shape
from inception_calc.graph import GraphRow
from inception_calc.graph.modules import signature


class Pair(NamedTuple):
    """A layer before and after; one of them is None where it was added or removed."""

    before: LayerCost | None
    after: LayerCost | None


class Matcher:
    """Takes pairs out of two lists, key by key."""

    def __init__(self, before: Iterable[int], after: Iterable[int]) -> None:
        self.before = dict.fromkeys(before)
        self.after = dict.fromkeys(after)
        self.pairs: dict[int, int] = {}
        """Index in the second list -> index in the first."""

    def take(self, old_key: Callable[[int], Hashable], new_key: Callable[[int], Hashable]) -> None:
        """Pairs what has the same key, in order; a key of None pairs with nothing."""
        waiting: dict[Hashable, deque[int]] = defaultdict(deque)
        for old in self.before:
            waiting[old_key(old)].append(old)
        for new in tuple(self.after):
            key = new_key(new)
            found = waiting.get(key) if key is not None else None
            if found:
                old = found.popleft()
                self.pairs[new] = old
                del self.before[old], self.after[new]


def match_rows(before: Sequence[GraphRow], after: Sequence[GraphRow]) -> dict[str, str]:
    """Name of a row afterwards -> its name before."""
    matcher = Matcher(range(len(before)), range(len(after)))

    def key(rows: Sequence[GraphRow], of: Callable[[GraphRow], Hashable]) -> Callable[[int], Hashable]:
        return lambda index: of(rows[index])

    for of in (
        lambda row: row.name,
        lambda row: (row.type, row.output, _cells(row)),
        lambda row: (row.type, row.output),
    ):
        matcher.take(key(before, of), key(after, of))

    def neighbour_before(index: int) -> Hashable:
        return before[index].type, index - 1 if index - 1 not in matcher.before else None

    def neighbour_after(index: int) -> Hashable:
        above = -1 if index == 0 else matcher.pairs.get(index - 1)
        return None if above is None else (after[index].type, above)

    matcher.take(neighbour_before, neighbour_after)
    return {after[new].name: before[old].name for new, old in matcher.pairs.items()}


def rows_of(before: Analysis, after: Analysis) -> dict[str, str]:
    """Name of a row afterwards -> its name before, of two networks.

    Rows of files are called as their programs call them: what is left matches by the sizes of the output and by whether
    there are weights, as many as can be without changing the order.
    """
    if before.graph.known is None and after.graph.known is None:
        return match_rows(before.graph.rows, after.graph.rows)
    names = match_rows(before.graph.rows, after.graph.rows)
    keys: list[list[Hashable]]
    old = [row for row in before.rows if row.layers and row.name not in names.values()]
    new = [row for row in after.rows if row.layers and row.name not in names]
    keys = [[(sizes_of(row.output), row.totals.params == 0) for row in rows] for rows in (old, new)]
    for block in SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_matching_blocks():
        names |= {new[block.b + place].name: old[block.a + place].name for place in range(block.size)}
    return names


def sizes_of(shape: Shape | None) -> tuple[Dim, ...]:
    """The sizes of a map without axes of one: 1x64x56x56 of a file is 64x56x56 of a spec."""
    return tuple(size for size in shape or () if not (isinstance(size, int) and size == 1))


def _cells(row: GraphRow) -> Hashable:
    return tuple(str(value) for value in row.cells.values())


def match_layers(before: Analysis, after: Analysis) -> list[Pair]:
    """Every layer of both networks, once: in the order afterwards, each removed layer after the one it followed."""
    old, new = before.layers, after.layers
    rows = rows_of(before, after)
    matcher = Matcher(range(len(old)), range(len(new)))

    def local(cost: LayerCost) -> str:
        return cost.layer.name.removeprefix(cost.layer.row)

    def named(cost: LayerCost, row: str | None) -> Hashable:
        return row, local(cost), cost.layer.op.op

    def placed(cost: LayerCost, row: str | None) -> Hashable:
        return row, cost.layer.branch, cost.layer.op.op, cost.layer.output

    def same_name(cost: LayerCost, row: str | None) -> Hashable:
        return row, local(cost)

    def same_branch(cost: LayerCost, row: str | None) -> Hashable:
        return row, cost.layer.branch, cost.layer.op.op

    two_kinds = are_of_two_kinds(before, after)
    for of in (named,) if two_kinds else (named, placed, same_name, same_branch):
        matcher.take(
            lambda index, of=of: of(old[index], old[index].layer.row),  # type: ignore[misc]
            lambda index, of=of: (
                of(new[index], rows[new[index].layer.row])  # type: ignore[misc]
                if new[index].layer.row in rows
                else None
            ),
        )
    if not two_kinds:
        matcher.take(lambda index: _shaped(before, old[index]), lambda index: _shaped(after, new[index]))
    else:
        matcher.take(lambda index: counts(old[index]), lambda index: counts(new[index]))
        matcher.take(lambda index: held(old[index]), lambda index: held(new[index]))
        matcher.take(lambda index: kernels(old[index]), lambda index: kernels(new[index]))
        matcher.take(
            lambda index: _made(old[index], old[index].layer.row),
            lambda index: _made(new[index], rows[new[index].layer.row]) if new[index].layer.row in rows else None,
        )
    return _ordered(old, new, matcher)


def are_of_two_kinds(before: Analysis, after: Analysis) -> bool:
    """Whether one is a spec and the other is not: they say the same in different words."""
    return (before.graph.known is None) is not (after.graph.known is None)


def _made(cost: LayerCost, row: str) -> Hashable:
    """In which row a layer with weights does what, and the sizes of what it makes."""
    return (row, cost.layer.op.op, sizes_of(cost.layer.output)) if cost.params != 0 else None


def counts(cost: LayerCost) -> tuple[Dim | str, ...]:
    """What a layer does and costs, whatever its file says of it."""
    return cost.layer.op.op, cost.params, cost.multiply_adds, cost.element_ops


def held(cost: LayerCost) -> tuple[Dim | str, ...] | None:
    """What a layer does and the params that it holds, at whatever size; None for one without."""
    return None if cost.params == 0 else (cost.layer.op.op, cost.weights, cost.params)


def kernels(cost: LayerCost) -> tuple[Dim | str, ...] | None:
    """What a layer does and the kernel that it does it with, with a bias or without."""
    return None if cost.weights == 0 else (cost.layer.op.op, cost.weights, cost.multiply_adds)


def _shaped(analysis: Analysis, cost: LayerCost) -> Hashable:
    layer, inputs = cost.layer, analysis.graph.inputs_of(cost.layer)
    of_file = analysis.graph.known is not None  # whose operations hold what they were worked out from
    return signature(layer, inputs) if of_file else layer.op, inputs, layer.output


def _ordered(old: Sequence[LayerCost], new: Sequence[LayerCost], matcher: Matcher) -> list[Pair]:
    gone: dict[int, list[int]] = defaultdict(list)
    last = -1
    for index in range(len(old)):
        if index in matcher.before:
            gone[last].append(index)
        else:
            last = index
    pairs = [Pair(old[index], None) for index in gone[-1]]
    for index, cost in enumerate(new):
        partner = matcher.pairs.get(index)
        pairs.append(Pair(None if partner is None else old[partner], cost))
        if partner is not None:
            pairs += [Pair(old[lost], None) for lost in gone[partner]]
    return pairs
