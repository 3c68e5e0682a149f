"""Which layer of one network is which of another: matched by name, then by place and shape.

Rows come first, because a renamed row renames all its layers: by name, then what is left by type and shape, then
by type between the same neighbours. Layers are matched by name inside their row, then by branch and shape, then
anywhere by operator and shape. Every step goes through both lists in order, so its cost grows with their length.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple

from inception_calc.analysis import Analysis, LayerCost
from inception_calc.dims import Dim
from inception_calc.graph import GraphRow


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


def _cells(row: GraphRow) -> Hashable:
    return tuple(str(value) for value in row.cells.values())


def match_layers(before: Analysis, after: Analysis) -> list[Pair]:
    """Every layer of both networks, once: in the order afterwards, each removed layer after the one it followed."""
    old, new = before.layers, after.layers
    rows = match_rows(before.graph.rows, after.graph.rows)
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

    for of in (named, placed, same_name, same_branch):
        matcher.take(
            lambda index, of=of: of(old[index], old[index].layer.row),  # type: ignore[misc]
            lambda index, of=of: (
                of(new[index], rows[new[index].layer.row])  # type: ignore[misc]
                if new[index].layer.row in rows
                else None
            ),
        )
    matcher.take(lambda index: _shaped(before, old[index]), lambda index: _shaped(after, new[index]))
    if are_of_two_kinds(before, after):
        matcher.take(lambda index: counts(old[index]), lambda index: counts(new[index]))
        matcher.take(lambda index: held(old[index]), lambda index: held(new[index]))
    return _ordered(old, new, matcher)


def are_of_two_kinds(before: Analysis, after: Analysis) -> bool:
    """Whether one is a spec and the other is not: they say the same in different words."""
    return (before.graph.known is None) is not (after.graph.known is None)


def counts(cost: LayerCost) -> tuple[Dim | str, ...]:
    """What a layer does and costs, whatever its file says of it."""
    return cost.layer.op.op, cost.params, cost.multiply_adds, cost.element_ops


def held(cost: LayerCost) -> tuple[Dim | str, ...] | None:
    """What a layer does and the params that it holds, at whatever size; None for one without."""
    return None if cost.params == 0 else (cost.layer.op.op, cost.weights, cost.params)


def _shaped(analysis: Analysis, cost: LayerCost) -> Hashable:
    layer = cost.layer
    return layer.op, analysis.graph.inputs_of(layer), layer.output


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
