"""One budget held against one spec."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from inception_calc.analysis import Analysis, Totals
from inception_calc.analysis.metrics import COMPARABLE
from inception_calc.analysis.model import summed
from inception_calc.budget.explain import Explained, Part, guilty
from inception_calc.budget.judgement import FAIL, PASS, UNDECIDED, WARN, Judgement, Where
from inception_calc.budget.library import Library, Since, Spec, setting_of
from inception_calc.budget.match import Target, targets
from inception_calc.budget.models import RATIOS, Budget, unit_of
from inception_calc.budget.ranges import largest, no_proof
from inception_calc.comparison.match import match_layers, match_rows
from inception_calc.problems import Location, Problem, Stop, Undecided

Number = Fraction | int

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
class Case:
    """A budget, a spec, and what is needed to judge one by the other."""

    budget: Budget
    spec: Spec
    library: Library
    base_name: Callable[[], str]
    """The base's name; raises `Undecided` where there is none or it counted differently."""
    limit_location: Callable[[str, str], Location | None]
    """(section, metric) -> where the limit stands."""

    @cached_property
    def setting(self) -> dict[str, Any]:
        """The setting of `analyze`."""
        return setting_of(self.budget)

    @cached_property
    def analysis(self) -> Analysis:
        """The network as it is now."""
        return self.library.analysis(self.spec, self.variant, self.setting)

    @property
    def variant(self) -> str:
        """The variant under budget."""
        return self.budget.variant if self.budget.compare is None else self.budget.compare.variant

    def judgements(self) -> Iterator[Judgement]:
        """Every limit of the budget against every part of the spec that it speaks of."""
        if self.budget.compare is not None:
            yield from self._compared()
        elif self.budget.input is not None and not self.budget.input.is_fixed:
            yield from self._over_range()
        else:
            for target in targets(self.budget, self.analysis):
                yield from self._absolute(target)
                yield from self._relative(target)

    # -- kinds of budgets --------------------------------------------------------------------------------------------

    def _absolute(self, target: Target) -> Iterator[Judgement]:
        for name, limit in self.budget.max.items():
            value = self._value(target, name)
            if value is None:
                yield self._undecided("max", name, target, self._no_number(name))
            elif value <= limit.value:
                yield self._made("max", name, target, Finding(PASS, "within", value, limit.value))
            else:
                base, how = self._base_or_reason(target, name)
                status, verdict = "over", FAIL
                if self.budget.existing == "warn" and base is not None and value <= base:
                    status, verdict = "was over already", WARN
                yield self._made("max", name, target, Finding(verdict, status, value, limit.value, base, how))

    def _relative(self, target: Target) -> Iterator[Judgement]:
        for name, allowance in self.budget.change.items():
            value = self._value(target, name)
            if value is None:
                yield self._undecided("change", name, target, self._no_number(name))
                continue
            try:
                self.base_name()
                base = self._base(target, name)
                tracked = base is not None or self.library.is_tracked(self.spec)
            except Undecided as stop:
                yield self._undecided("change", name, target, stop.problems[0], value)
                continue
            if base is None:
                verdict = PASS if tracked and self.budget.max else WARN
                how = f"new {'on this branch' if tracked else 'and not in git'}: nothing to compare it with"
                yield self._made("change", name, target, Finding(verdict, "new", value, None, None, how))
                continue
            limit = allowance.limit(int(base))
            risen = value > limit and value > base
            verdict, status = (FAIL, "risen") if risen else (PASS, "within")
            yield self._made("change", name, target, Finding(verdict, status, value, limit, base))

    def _compared(self) -> Iterator[Judgement]:
        assert self.budget.compare is not None
        against = self.library.analysis(self.spec, self.budget.compare.to, self.setting)
        target = Target("compare", f"{self.variant} to {self.budget.compare.to}", self.analysis.totals, ())
        for name, limit in self.budget.max.items():
            metric = COMPARABLE[RATIOS[name]]
            value, whole = (metric.of(analysis) for analysis in (self.analysis, against))
            if not isinstance(value, int) or not isinstance(whole, int) or whole == 0:
                yield self._undecided("max", name, target, self._no_number(name, "or the other variant has none of it"))
                continue
            ratio = Fraction(value, whole)
            verdict, status = (PASS, "within") if ratio <= limit.value else (FAIL, "over")
            yield self._made("max", name, target, Finding(verdict, status, ratio, limit.value))

    def _over_range(self) -> Iterator[Judgement]:
        assert self.budget.input is not None
        names = list(self.budget.max)
        found: dict[str, Target] = {}

        def measure(analysis: Analysis) -> dict[tuple[str, str], Any]:
            chosen = targets(self.budget, analysis)
            found.update({target.name: target for target in chosen})
            numbers = {}
            for target in chosen:
                for name in names:
                    number = number_of(analysis, target, target.totals, name)
                    numbers[target.name, name] = number
            return numbers

        try:
            result = largest(self.library.loaded(self.spec, self.variant), self.budget.input, self.setting, measure)
        except Undecided as stop:
            for name in names:
                yield self._undecided("max", name, Target("total", "", NOTHING, ()), stop.problems[0])
            return
        self.analysis = result.analysis  # the largest size, for the layers that explain
        for part, name in result.unproven:
            yield self._undecided("max", name, found[part], no_proof(self.budget.input))
        for (part, name), value in result.values.items():
            limit = self.budget.max[name].value
            verdict, status = (PASS, "within") if value <= limit else (FAIL, "over")
            yield self._made("max", name, found[part], Finding(verdict, status, value, limit, None, result.how))

    # -- numbers -----------------------------------------------------------------------------------------------------

    def _value(self, target: Target, name: str) -> Number | None:
        """The number of a part; None where a symbol is free or the metric is not counted for it."""
        if name == "share":
            part, whole = target.totals.multiply_adds, self.analysis.totals.multiply_adds
            if not isinstance(part, int) or not isinstance(whole, int):
                return None
            return Fraction(part, whole) if whole else Fraction(0)
        value = number_of(self.analysis, target, target.totals, name)
        return value if isinstance(value, int) else None

    def _no_number(self, name: str, or_else: str = "") -> Problem:
        if self.analysis.free:
            symbols = ", ".join(self.analysis.free)
            first = self.analysis.free[0]
            fix = f"give it a value: set: {{{first}: ...}}, or --set {first}=..."
            return Problem("free-symbol", f"{name} depends on {symbols}, which is left free", None, fix)
        what = f"{name} is not known here{f', {or_else}' if or_else else ''}"
        return Problem("no-number", what, None, "choose another metric, or update inception-calc")

    def _base_or_reason(self, target: Target, name: str) -> tuple[Number | None, str]:
        """The base's number where it is to be had; where it was needed and is not, why."""
        if name == "share":
            return None, ""
        try:
            self.base_name()
            return self._base(target, name), ""
        except Stop as stop:
            needed = self.budget.existing == "warn"
            return None, f"cannot tell whether it was over before: {stop.problems[0].what}" if needed else ""

    def _base(self, target: Target, name: str) -> int | None:
        """The number at the base; None where spec, row or layer is new. Raises `Undecided`."""
        before = self.library.analysis_before(self.spec, self.variant, self.setting)
        if before is None:
            return None
        totals = before.totals if target.kind == "total" else self._parts_before(before).get(target.name)
        if totals is None:
            return None
        value = number_of(before, target, totals, name)
        if not isinstance(value, int):
            raise Undecided(Problem("free-symbol", f"{name} at the base depends on {', '.join(before.free)}"))
        return value

    def _parts_before(self, before: Analysis) -> Mapping[str, Totals]:
        """Name of a row or layer now -> its totals at the base, renamed ones included."""
        if self._known_parts is None:
            if self.budget.rows is not None:
                names = match_rows(before.graph.rows, self.analysis.graph.rows)
                old = {group.name: group.totals for group in before.rows}
                self._known_parts = {new: old[name] for new, name in names.items()}
            else:
                old = {group.name: group.totals for group in before.single_layers}
                pairs = match_layers(before, self.analysis)
                self._known_parts = {
                    pair.after.layer.name: old[pair.before.layer.name] for pair in pairs if pair.before and pair.after
                }
        return self._known_parts

    _known_parts: Mapping[str, Totals] | None = None

    # -- judgements --------------------------------------------------------------------------------------------------

    def _made(self, section: str, name: str, target: Target, found: Finding) -> Judgement:
        is_broken = found.status in ("over", "risen", "was over already")
        explained = self._explained(name, target, found) if is_broken else Explained()
        return replace(
            self._judgement(section, name, target),
            verdict=WARN if found.verdict == FAIL and self.budget.level == "warn" else found.verdict,
            status=found.status,
            value=found.value,
            limit=found.limit,
            base=found.base,
            base_name=self.base_name() if found.base is not None else "",
            where=explained.where,
            others=explained.others,
            how=found.how,
            location=self._guilty(explained.where, target),
        )

    def _explained(self, name: str, target: Target, found: Finding) -> Explained:
        """What explains a number that is too high."""
        rise = None if found.base is None else found.value - found.base
        return Part(self.analysis, target, self._since()).explained(name, rise if isinstance(rise, int) else None)

    def _since(self) -> Since | None:
        """What was edited since the base; a comparison of variants or sizes has none, nor what has no file."""
        is_range = self.budget.input is not None and not self.budget.input.is_fixed
        if self.budget.compare is not None or is_range or self.spec.file is None:
            return None
        try:
            return self.library.since(self.spec, self.variant, self.setting)
        except Stop:
            return None

    def _undecided(
        self, section: str, name: str, target: Target, problem: Problem, value: Number | None = None
    ) -> Judgement:
        return replace(self._judgement(section, name, target), value=value, problem=problem)

    def _judgement(self, section: str, name: str, target: Target) -> Judgement:
        """What every judgement on a limit and a part says, whatever comes out."""
        return Judgement(
            self.budget.id,
            UNDECIDED,
            "undecided",
            self.spec.name,
            section,
            name,
            unit_of(name) or "count",
            target.kind,
            target.name,
            limit_text=self._written(section, name),
            message=self.budget.message,
            location=self._place(target),
            limit_location=self.limit_location(section, name),
        )

    def _written(self, section: str, name: str) -> str:
        return self.budget.max[name].text if section == "max" else self.budget.change[name].text

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

    def _place(self, target: Target) -> Location | None:
        """Where the part stands, or the spec's first row."""
        loaded = self.library.loaded(self.spec, self.variant)
        if not target.path:
            return loaded.location("rows")
        return loaded.location(*target.path, at_key=isinstance(target.path[-1], str))


def number_of(analysis: Analysis, target: Target, totals: Totals, name: str) -> Any:
    """The number of a network, or of the part of it that has these totals."""
    metric = COMPARABLE[name]
    return metric.of_totals(totals) if target.kind in ("row", "layer") else metric.of(analysis)
