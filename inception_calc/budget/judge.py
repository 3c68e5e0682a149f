"""One budget held against one spec: a judgement for each limit and each thing that it speaks of."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from inception_calc.analysis import Analysis
from inception_calc.analysis.metrics import COMPARABLE
from inception_calc.analysis.model import summed
from inception_calc.budget.case import Case, Number, number_of
from inception_calc.budget.explain import Explained, Part, guilty
from inception_calc.budget.judgement import FAIL, PASS, UNDECIDED, WARN, Judgement, Where
from inception_calc.budget.match import Target
from inception_calc.budget.models import RATIOS, unit_of
from inception_calc.budget.ranges import largest, no_proof
from inception_calc.problems import Location, Problem, Undecided, listed

LOST = "lost-part"
"""The code of what a selector lost and nobody can find."""
NOTHING = summed((), 0, 0)
"""The totals of no layers, for what has no number."""


class Finding(NamedTuple):
    """What came out for one limit and one part."""

    verdict: str
    status: str
    value: Number
    limit: Number | None
    base: Number | None = None
    how: str = ""


@dataclass
class Judge:
    """What comes out where a case is held to its budget."""

    case: Case
    limit_location: Callable[[str, str], Location | None]
    """(section, metric) -> where the limit stands."""

    def judgements(self) -> Iterator[Judgement]:
        """Every limit of the budget against every part of the spec that it speaks of."""
        if self.case.budget.compare is not None:
            yield from self._compared()
        elif self.case.budget.input is not None and not self.case.budget.input.is_fixed:
            yield from self._over_range()
        else:
            for target in self.case.targets(self.case.analysis):
                yield from self._absolute(target)
                yield from self._relative(target)
            yield from self._unclear()

    # -- selectors ---------------------------------------------------------------------------------------------------

    def _unclear(self, values: Mapping[tuple[str, str], int] | None = None) -> Iterator[Judgement]:
        """What the selector lost and may be any of several new parts: undecided, unless the limit holds for each.

        `values` are the numbers of (part, metric) where they are not those of the network as it stands.
        """
        budget = self.case.budget
        for before, candidates in self.case.selection.unclear if budget.selector is not None else ():
            for section, limits in (("max", budget.max), ("change", budget.change)):
                for name in limits:
                    known = {
                        target: self._at_worst(target, name) if values is None else values.get((target.name, name))
                        for target in candidates
                    }
                    over = self._over(section, name, before, known)
                    if over:
                        place = before._replace(location=over[0].location)
                        yield self._undecided(section, name, place, lost(before, over))

    def _at_worst(self, target: Target, name: str) -> Number | None:
        value = self.case.value(target, name)
        return None if value is None else self.case.most(target, name, value)

    def _over(self, section: str, name: str, before: Target, values: Mapping[Target, Number | None]) -> list[Target]:
        """Those that a lost part must not have become; all of them, where together they have risen too far."""
        if section == "max":
            limit: Number = self.case.budget.max[name].value
            return [target for target, value in values.items() if value is None or value > limit]
        then = number_of(self.case.analysis, before, before.totals, name)
        known = [value for value in values.values() if value is not None]
        if not isinstance(then, int) or len(known) < len(values):
            return list(values)
        limit = max(then, self.case.budget.change[name].limit(then))
        return list(values) if sum(known) > limit else []

    # -- kinds of budgets --------------------------------------------------------------------------------------------

    def _absolute(self, target: Target) -> Iterator[Judgement]:
        for name, limit in self.case.budget.max.items():
            value = self.case.value(target, name)
            if value is None:
                yield self._undecided("max", name, target, self.case.no_number(name))
            elif (verdict := self._held(target, name, value, limit.value)) == PASS:
                yield self._made("max", name, target, Finding(PASS, "within", value, limit.value))
            elif verdict == UNDECIDED:
                yield self._incomplete("max", name, target, value)
            else:
                base, how = self.case.base_or_reason(target, name)
                status = "over"
                if self.case.was_over(target, name, value, base):
                    status, verdict = "was over already", WARN
                yield self._made("max", name, target, Finding(verdict, status, value, limit.value, base, how))

    def _held(self, target: Target, name: str, value: Number, limit: Number) -> str:
        """Whether a number keeps to a limit, whatever the unknown nodes of a model add to it."""
        if value > limit:
            return FAIL if name != "share" or self.case.is_exact(target, name, value) else UNDECIDED
        most = self.case.most(target, name, value)
        return PASS if most is not None and most <= limit else UNDECIDED

    def _incomplete(self, section: str, name: str, target: Target, value: Number) -> Judgement:
        return self._undecided(section, name, target, self.case.incomplete(name, value), value)

    def _relative(self, target: Target) -> Iterator[Judgement]:
        for name, allowance in self.case.budget.change.items():
            value = self.case.value(target, name)
            if value is None:
                yield self._undecided("change", name, target, self.case.no_number(name))
                continue
            try:
                self.case.base_name()
                base = self.case.base(target, name)
                tracked = base is not None or self.case.library.is_tracked(self.case.spec)
            except Undecided as stop:
                yield self._undecided("change", name, target, stop.problems[0], value)
                continue
            if base is None:
                verdict = PASS if tracked and self.case.budget.max else WARN
                how = f"new {'on this branch' if tracked else 'and not in git'}: nothing to compare it with"
                yield self._made("change", name, target, Finding(verdict, "new", value, None, None, how))
                continue
            limit = max(allowance.limit(int(base)), base)
            verdict = self._held(target, name, value, limit)
            if self.case.is_unchanged:
                verdict = PASS
            elif verdict == UNDECIDED or not self.case.base_is_complete(target):
                yield self._incomplete("change", name, target, value)
                continue
            status = "risen" if verdict == FAIL else "within"
            yield self._made("change", name, target, Finding(verdict, status, value, allowance.limit(int(base)), base))

    def _compared(self) -> Iterator[Judgement]:
        assert self.case.budget.compare is not None
        against = self.case.library.analysis(self.case.spec, self.case.budget.compare.to, self.case.setting)
        target = Target(
            "compare", f"{self.case.variant} to {self.case.budget.compare.to}", self.case.analysis.totals, None
        )
        for name, limit in self.case.budget.max.items():
            metric = COMPARABLE[RATIOS[name]]
            value, whole = (metric.of(analysis) for analysis in (self.case.analysis, against))
            if not isinstance(value, int) or not isinstance(whole, int) or whole == 0:
                yield self._undecided(
                    "max", name, target, self.case.no_number(name, "or the other variant has none of it")
                )
                continue
            ratio = Fraction(value, whole)
            verdict, status = (PASS, "within") if ratio <= limit.value else (FAIL, "over")
            risen = self.case.risen_reference(metric.name)
            if risen and verdict == PASS:
                verdict, status = WARN, "reference risen"
            yield self._made("max", name, target, Finding(verdict, status, ratio, limit.value, how=risen))

    def _over_range(self) -> Iterator[Judgement]:
        case = self.case
        assert case.budget.input is not None
        names = list(case.budget.max)
        found: dict[str, Target] = {}

        def measure(analysis: Analysis) -> dict[tuple[str, str], Any]:
            chosen = (*case.candidates(analysis), *case.targets(analysis))
            found.update({target.name: target for target in chosen})
            return {(one.name, name): number_of(analysis, one, one.totals, name) for one in chosen for name in names}

        try:
            origin = case.library.origin(case.spec, case.variant)
            result = largest(origin, case.budget.input, case.setting, measure)
        except Undecided as stop:
            for name in names:
                yield self._undecided("max", name, Target("total", "", NOTHING, None), stop.problems[0])
            return
        judged = {target.name for target in case.targets(result.analysis)}
        yield from self._unclear(result.values)
        case.analysis = result.analysis  # the largest size, for the layers that explain
        for part, name in result.unproven:
            if part in judged:
                yield self._undecided("max", name, found[part], no_proof(case.budget.input))
        for (part, name), value in result.values.items():
            if part in judged:
                limit = case.budget.max[name].value
                verdict = self._held(found[part], name, value, limit)
                if verdict == UNDECIDED:
                    yield self._incomplete("max", name, found[part], value)
                    continue
                status = "within" if verdict == PASS else "over"
                yield self._made("max", name, found[part], Finding(verdict, status, value, limit, None, result.how))

    # -- judgements --------------------------------------------------------------------------------------------------

    def _made(self, section: str, name: str, target: Target, found: Finding) -> Judgement:
        is_broken = found.status in ("over", "risen", "was over already")
        explained = self._explained(name, target, found) if is_broken else Explained()
        return self._judgement(
            section,
            name,
            target,
            verdict=WARN if found.verdict == FAIL and self.case.budget.level == "warn" else found.verdict,
            status=found.status,
            value=found.value,
            limit=found.limit,
            base=found.base,
            base_name=self.case.base_name() if found.base is not None else "",
            where=explained.where,
            others=explained.others,
            how=", ".join(filter(None, (found.how, target.was and f"{target.was} at the base: the filter lost it"))),
            location=self._guilty(explained.where, target),
            at_least=isinstance(found.value, int) and not self.case.is_exact(target, name, found.value),
        )

    def _explained(self, name: str, target: Target, found: Finding) -> Explained:
        """What explains a number that is too high."""
        rise = None if found.base is None else found.value - found.base
        return Part(self.case.analysis, target, self.case.since()).explained(
            name, rise if isinstance(rise, int) else None
        )

    def _undecided(
        self, section: str, name: str, target: Target, problem: Problem, value: Number | None = None
    ) -> Judgement:
        return self._judgement(
            section,
            name,
            target,
            verdict=UNDECIDED,
            status="undecided",
            value=value,
            problem=problem,
            location=self._place(target),
        )

    def _judgement(self, section: str, name: str, target: Target, **outcome: Any) -> Judgement:
        """A judgement on a limit and a part: what every one says, and what came out."""
        return Judgement(
            id=self.case.budget.id,
            spec=self.case.spec.name,
            section=section,
            metric=name,
            unit=unit_of(name) or "count",
            part=target.kind,
            name=target.name,
            limit_text=self._written(section, name),
            message=self.case.budget.message,
            limit_location=self.limit_location(section, name),
            **outcome,
        )

    def _written(self, section: str, name: str) -> str:
        return self.case.budget.max[name].text if section == "max" else self.case.budget.change[name].text

    def _guilty(self, where: tuple[Where, ...], target: Target) -> Location | None:
        """The edit, but for a row or layer only one that stands in a row: what many share is not where one of them
        breaks. Else the row or layer itself; else what costs most.
        """
        found = guilty(where)
        if found is None or found.location is None:
            return self._place(target)
        shared = found.cause is not None and not found.cause.edit.row
        if target.kind in ("total", "compare") or (not shared and (found.change or found.cause)):
            return found.location
        return self._place(target)

    def _place(self, target: Target) -> Location:
        """Where the part stands, or the network."""
        return target.location or self.case.library.origin(self.case.spec, self.case.variant).place


def lost(before: Target, over: list[Target]) -> Problem:
    """What is said of a part that the selector lost and that may have become one that breaks the limit."""
    may_be = listed((target.name for target in over), "or", "-f json")
    what = f"{before.name} of the base fits the filter no longer; it may be {may_be} now"
    fix = "let the filter meet what it became, rename and rebuild in two branches, or write a waiver for it"
    return Problem(LOST, what, None, fix)
