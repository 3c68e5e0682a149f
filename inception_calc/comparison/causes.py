"""What a difference comes from: each edit's whole cost, measured by taking that one edit back.

An edit that leaves no network when it is taken back alone is measured together with as few others as it needs. What
two edits do to each other (a wider layer on a map that another edit made larger) is in the cost of both or of none:
the costs need not add up to the difference, and the rest is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from inception_calc.analysis import Analysis, analyze
from inception_calc.analysis.metrics import COMPARABLE
from inception_calc.comparison.edits import Edited, edits_between
from inception_calc.comparison.match import match_rows
from inception_calc.comparison.model import Account, Cause, Edit, Subject
from inception_calc.dims import Dim, total
from inception_calc.problems import Stop
from inception_calc.spec_file.rebuilt import rebuilt

MOST_EDITS = 60
"""Two specs with more edits are told layer by layer."""
MOST_LAYERS = 60_000
"""Layers of all networks that are counted for one account: some four hundred times GoogLeNet."""

Indices = frozenset[int]


def account_of(reference: Subject, other: Subject) -> Account:
    """The edits that make one spec out of another, each with what it costs."""
    assert reference.loaded is not None
    assert other.loaded is not None
    rows = match_rows(reference.analysis.graph.rows, other.analysis.graph.rows)
    if not _are_related(reference, other, rows):
        return Account(unknown="the two have too few rows in common to tell edits")
    training = any(subject.analysis.setting.training for subject in (reference, other))
    edited = edits_between(reference.loaded.root, other.loaded.root, rows, training)
    measurer = _Measurer(reference, other, edited)
    try:
        return measurer.account()
    except _TooMany:
        return Account(unknown=f"{len(measurer.edits)} edits are too many to measure one by one")


def _are_related(reference: Subject, other: Subject, rows: Mapping[str, str]) -> bool:
    """Whether one may be an edited version of the other: three quarters of the rows of the shorter one are of the same
    type and have the same name or output. Families of networks do; networks that only both have a `conv1` do not.
    """
    old, new = ({row.name: row for row in subject.analysis.graph.rows} for subject in (reference, other))
    kept = sum(
        old[was].type == row.type and (was == name or old[was].output == row.output)
        for name, row in new.items()
        if (was := rows.get(name)) is not None
    )
    few, many = sorted((len(old), len(new)))
    return 4 * kept >= 3 * few or (few - kept <= 2 and (kept > 0 or many <= 3))


def _flat(setting: Mapping[str, Any]) -> dict[tuple[str, ...], Any]:
    """Every argument of `analyze` that says something, each symbol by itself."""
    flat: dict[tuple[str, ...], Any] = {(key,): value for key, value in setting.items() if key != "symbols" and value}
    return flat | {("symbols", name): value for name, value in (setting.get("symbols") or {}).items()}


def _setting(flat: Mapping[tuple[str, ...], Any]) -> dict[str, Any]:
    """The arguments again."""
    symbols = {key[1]: value for key, value in flat.items() if len(key) > 1}
    return {key[0]: value for key, value in flat.items() if len(key) == 1} | {"symbols": symbols}


def _choice(key: tuple[str, ...], before: Mapping[tuple[str, ...], Any], after: Mapping[tuple[str, ...], Any]) -> Edit:
    """What was chosen otherwise when the networks were counted: batch, input, a symbol."""
    old, new = (
        None if key not in side else "free" if side[key] is None else str(side[key]) for side in (before, after)
    )
    kind = "added" if old is None else "removed" if new is None else "changed"
    return Edit(kind, "choice", "setting", key[-1], old, new, None, None)


class _TooMany(Exception):
    """More would have to be counted than anybody waits for."""


class _Measurer:
    """Counts the new network with edits taken back, each set of them once."""

    def __init__(self, reference: Subject, other: Subject, edited: Edited) -> None:
        self.reference, self.other, self.edited = reference, other, edited
        self.settings = _flat(reference.setting), _flat(other.setting)
        before, after = self.settings
        keys = [
            key for key in {**before, **after} if (key in before, before.get(key)) != (key in after, after.get(key))
        ]
        self.edits = (*edited.edits, *(_choice(key, *self.settings) for key in keys))
        self.chosen = dict(enumerate(keys, len(edited.edits)))
        self.all = frozenset(index for index, edit in enumerate(self.edits) if edit.kind != "renamed")
        self.measured: dict[Indices, Analysis | None] = {}

    def account(self) -> Account:
        """Every edit with its cost; nothing is told where taking all of them back is not the reference."""
        now, then = self.other.analysis, self.reference.analysis
        whole = self._without(self.all)
        if whole is None or any(value != 0 for value in _difference(whole, then).values()):
            return Account(unknown="the edits that were found do not lead from the one to the other")
        groups: dict[Indices, int] = {}
        silent = []
        for index in sorted(self.all):
            group = self._needed(index, groups)
            if _is_same(self._network(group), now):
                silent.append(self.edits[index])
            else:
                groups.setdefault(group, index)
        causes = [self._cause(index, group) for group, index in groups.items()]
        rest = {name: value - total(cause.cost(name) for cause in causes)
                for name, value in _difference(now, then).items()}  # fmt: skip
        shared = {name: value for name, value in rest.items() if value != 0}
        causes += [Cause((edit,), {}, now) for edit in self.edits if edit.kind == "renamed"]
        return Account(tuple(sorted(causes, key=_weight)), tuple(silent), shared)

    def _cause(self, index: int, group: Indices) -> Cause:
        needs = (self.edits[other] for other in sorted(group - {index}))
        without = self._network(group)
        return Cause((self.edits[index], *needs), _difference(self.other.analysis, without), without)

    def _needed(self, index: int, known: Iterable[Indices]) -> Indices:
        """The edit with as few others as must be taken back with it: others are left out, half of them at a time."""
        alone = frozenset([index])
        if self._without(alone) is not None:
            return alone
        rest = sorted(min((group for group in known if index in group), key=len, default=self.all) - alone)
        size = len(rest)
        while size:
            size //= 2
            start = 0
            while start < len(rest):
                fewer = rest[:start] + rest[start + max(size, 1) :]
                if self._without(alone.union(fewer)) is not None:
                    rest = fewer
                else:
                    start += max(size, 1)
        return alone.union(rest)

    def _network(self, undone: Indices) -> Analysis:
        found = self._without(undone)
        assert found is not None
        return found

    def _without(self, undone: Indices) -> Analysis | None:
        """The new network without these edits; None where that is none."""
        if undone not in self.measured:
            layers = len(self.measured) * len(self.other.analysis.layers)
            if len(self.edits) > MOST_EDITS or (layers > MOST_LAYERS and len(self.measured) > 3):
                raise _TooMany
            self.measured[undone] = self._counted(undone)
        return self.measured[undone]

    def _counted(self, undone: Indices) -> Analysis | None:
        assert self.other.loaded is not None
        try:
            return analyze(rebuilt(self.other.loaded, self.edited.root(undone)), **self._setting(undone))
        except Stop:
            return None

    def _setting(self, undone: Indices) -> dict[str, Any]:
        """The arguments of `analyze`, those that were chosen otherwise taken back."""
        before, after = self.settings
        back = {self.chosen[index] for index in undone if index in self.chosen}
        return _setting({key: before.get(key) for key in back if key in before}
                        | {key: value for key, value in after.items() if key not in back})  # fmt: skip


def _difference(now: Analysis, then: Analysis) -> dict[str, Dim]:
    """Metric -> now less then, for metrics that are known of both."""
    found = {}
    for name, metric in COMPARABLE.items():
        value, before = metric.of(now), metric.of(then)
        if value is not None and before is not None:
            found[name] = value - before
    return found


def _is_same(one: Analysis, other: Analysis) -> bool:
    """Whether two networks have the same layers at the same costs."""
    sides = [[(cost.layer.name, cost.layer.op, cost.layer.inputs, cost.layer.output, cost.batch, cost.element_size)
              for cost in analysis.layers] for analysis in (one, other)]  # fmt: skip
    return one.graph.input == other.graph.input and sides[0] == sides[1]


def _weight(cause: Cause) -> tuple[int, int]:
    """The largest effect first; a formula counts as larger than any number."""
    sizes = [abs(value) if isinstance(value, int) else 10**30 for value in map(cause.cost, ("multiply_adds", "params"))]
    return -sizes[0], -sizes[1]
