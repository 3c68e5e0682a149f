"""What a selector holds now, and what it held at the base: no row gets out of a budget by another name or type.

A part that the selector held at the base and holds no longer is looked for: as `comparison` matches rows and layers,
by name, type and shape; then by its place, between the same neighbours. What is found is judged by what it is now.
What may have become one of several is judged by all of them: the budget holds where it holds for each.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from inception_calc.analysis import Analysis, Totals
from inception_calc.budget.match import Selectable, Target, parts
from inception_calc.budget.models import Budget
from inception_calc.comparison.match import match_layers, match_rows


class Unclear(NamedTuple):
    """A part of the base that the selector lost, and what it may be now."""

    before: Target
    candidates: tuple[Target, ...]


class Held(NamedTuple):
    """What one selector holds in one spec, by name, and what is different at the base."""

    id: str
    spec: str
    kind: str
    """row or layer."""
    names: tuple[str, ...]
    pinned: int | None
    found: tuple[tuple[str, str], ...] = ()
    """Those that it lost and that were found: their names at the base and now. They are judged too."""
    unclear: tuple[tuple[str, tuple[str, ...]], ...] = ()
    gone: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    base: str = ""
    """The base's name; empty where there was none to compare with."""
    no_base: str = ""
    """Why."""

    @property
    def lost(self) -> bool:
        """True where it held something at the base that it does not hold now."""
        return bool(self.found or self.unclear or self.gone)


@dataclass(frozen=True)
class Selection:
    """A budget's selector in a network, and in the same network at the base, where there is one."""

    budget: Budget
    now: Analysis
    before: Analysis | None

    @cached_property
    def all_now(self) -> dict[str, Selectable]:
        """Every row or layer."""
        return {part.name: part for part in parts(self.budget, self.now)}

    @cached_property
    def held(self) -> tuple[Target, ...]:
        """What the selector holds now."""
        return tuple(part.target() for part in self.all_now.values() if part.fits)

    @cached_property
    def _all_before(self) -> dict[str, Selectable]:
        if self.before is self.now:
            return self.all_now
        return {} if self.before is None else {part.name: part for part in parts(self.budget, self.before)}

    @cached_property
    def pairs(self) -> dict[str, str]:
        """Name now -> name at the base, of every row or layer that can be told."""
        if self.before is None:
            return {}
        if self.before is self.now:
            return {name: name for name in self.all_now}
        if self.budget.rows is not None:
            found = dict(match_rows(self.before.graph.rows, self.now.graph.rows))
        else:
            found = {
                pair.after.layer.name: pair.before.layer.name
                for pair in match_layers(self.before, self.now)
                if pair.before and pair.after
            }
        found = {new: old for new, old in found.items() if new in self.all_now and old in self._all_before}
        return found | by_place(list(self._all_before), list(self.all_now), found)

    def totals_before(self, name: str) -> Totals | None:
        """The totals at the base of a part that is called `name` now; None for a new one."""
        old = self.pairs.get(name)
        return None if old is None else self._all_before[old].target().totals

    @cached_property
    def _lost(self) -> tuple[Selectable, ...]:
        """What the selector held at the base, without all that it still holds."""
        still = {self.pairs[target.name] for target in self.held if target.name in self.pairs}
        return tuple(part for part in self._all_before.values() if part.fits and part.name not in still)

    @cached_property
    def found(self) -> tuple[Target, ...]:
        """What it lost, as it is now: each knows what it was."""
        now = {old: new for new, old in self.pairs.items()}
        known = [(self.all_now[now[old.name]], old.name) for old in self._lost if old.name in now]
        return tuple(part.target()._replace(was=old) for part, old in known)

    @cached_property
    def unclear(self) -> tuple[Unclear, ...]:
        """What it lost and was not found, where something new is there that it may have become."""
        known = set(self.pairs.values())
        gaps = unpaired_by_gap(list(self._all_before), list(self.all_now), self.pairs)
        free = [self.all_now[name] for _, new in gaps for name in new]
        found = []
        for old in self._lost:
            if old.name not in known:
                near = next(new for olds, new in gaps if old.name in olds)
                candidates = [self.all_now[name] for name in near] or free
                found.append(Unclear(old.target(), tuple(part.target() for part in candidates)))
        return tuple(one for one in found if one.candidates)

    @cached_property
    def gone(self) -> tuple[str, ...]:
        """What it lost, and nothing new is there."""
        known = {target.was for target in self.found} | {one.before.name for one in self.unclear}
        return tuple(old.name for old in self._lost if old.name not in known)

    @cached_property
    def joined(self) -> tuple[str, ...]:
        """What it holds now and did not hold at the base."""
        if self.before is None or self.before is self.now:
            return ()
        fitted = {part.name for part in self._all_before.values() if part.fits}
        return tuple(target.name for target in self.held if self.pairs.get(target.name) not in fitted)


Gap = tuple[Sequence[str], Sequence[str]]


def unpaired_by_gap(before: Iterable[str], after: Iterable[str], pairs: Mapping[str, str]) -> list[Gap]:
    """The names on both sides that have no partner, together where the same pair stands in front of them."""
    gaps: dict[str, tuple[list[str], list[str]]] = {}
    known = {old: new for new, old in pairs.items()}
    for side, names in enumerate((before, after)):
        last = ""
        for name in names:
            partner = known.get(name) if side == 0 else (name if name in pairs else None)
            if partner is None:
                gaps.setdefault(last, ([], []))[side].append(name)
            else:
                last = partner
    return list(gaps.values())


def by_place(before: Iterable[str], after: Iterable[str], pairs: Mapping[str, str]) -> dict[str, str]:
    """Name now -> name before of what stands between the same neighbours, where it is as much as before."""
    found: dict[str, str] = {}
    for old, new in unpaired_by_gap(before, after, pairs):
        if len(old) == len(new):
            found.update(zip(new, old, strict=True))
    return found
